"""What came of an import or an export, in words. English; the window translates the templates."""

from collections.abc import Iterator

from assistant.conversations.porting.report import (
    App,
    ExportReport,
    ImportReport,
    LeftOut,
    SkipReason,
)
from assistant.wording import Explanation, size


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802 - the name lupdate looks for
    """Mark `text` for translation in `context`, and return it."""
    del context
    return text


CONTEXT = "porting"
_LISTED_TITLES = 5

_APPS = {
    App.ALCOVE: "Alcove",
    App.CHATGPT: "ChatGPT",
    App.LM_STUDIO: "LM Studio",
    App.GPT4ALL: "GPT4All",
    App.CLAUDE: "Claude",
}
_IMPORTED = QT_TRANSLATE_NOOP("porting", "Imported {chats} chats with {messages} messages.")
_IMPORTED_ONE = QT_TRANSLATE_NOOP("porting", "Imported 1 chat with {messages} messages.")
_IMPORTED_FROM = QT_TRANSLATE_NOOP(
    "porting", "Imported {chats} chats with {messages} messages from {app}."
)
_IMPORTED_ONE_FROM = QT_TRANSLATE_NOOP(
    "porting", "Imported 1 chat with {messages} messages from {app}."
)
_IMPORTED_NONE = QT_TRANSLATE_NOOP("porting", "Nothing was imported.")

# For each reason: of one chat, of more.
_SKIPPED = {
    SkipReason.ALREADY_HERE: (
        QT_TRANSLATE_NOOP("porting", "1 chat was here already."),
        QT_TRANSLATE_NOOP("porting", "{count} chats were here already."),
    ),
    SkipReason.EMPTY: (
        QT_TRANSLATE_NOOP("porting", "1 chat had no messages in it."),
        QT_TRANSLATE_NOOP("porting", "{count} chats had no messages in them."),
    ),
    SkipReason.DAMAGED: (
        QT_TRANSLATE_NOOP("porting", "1 chat is damaged and was not imported: {titles}."),
        QT_TRANSLATE_NOOP("porting", "{count} chats are damaged and were not imported: {titles}."),
    ),
    SkipReason.TOO_LARGE: (
        QT_TRANSLATE_NOOP("porting", "1 chat is too large and was not imported: {titles}."),
        QT_TRANSLATE_NOOP(
            "porting", "{count} chats are too large and were not imported: {titles}."
        ),
    ),
}
_LEFT_OUT = {
    LeftOut.PICTURES: (
        QT_TRANSLATE_NOOP("porting", "1 picture was left out; [picture] stands in its place."),
        QT_TRANSLATE_NOOP(
            "porting", "{count} pictures were left out; [picture] stands in their place."
        ),
    ),
    LeftOut.FILES: (
        QT_TRANSLATE_NOOP("porting", "1 attached file was left out; its name is kept."),
        QT_TRANSLATE_NOOP(
            "porting", "{count} attached files or sources were left out; names are kept."
        ),
    ),
    LeftOut.SOUND: (
        QT_TRANSLATE_NOOP("porting", "1 recording was left out."),
        QT_TRANSLATE_NOOP("porting", "{count} recordings were left out."),
    ),
    LeftOut.TOOLS: (
        QT_TRANSLATE_NOOP("porting", "1 call of a tool or its result was left out."),
        QT_TRANSLATE_NOOP("porting", "{count} calls of tools and their results were left out."),
    ),
    LeftOut.HIDDEN: (
        QT_TRANSLATE_NOOP("porting", "1 message that its app never showed was left out."),
        QT_TRANSLATE_NOOP("porting", "{count} messages that their app never showed were left out."),
    ),
    LeftOut.UNKNOWN: (
        QT_TRANSLATE_NOOP("porting", "1 part of a kind that Alcove does not know was left out."),
        QT_TRANSLATE_NOOP(
            "porting", "{count} parts of kinds that Alcove does not know were left out."
        ),
    ),
    LeftOut.DOCUMENTS: (
        QT_TRANSLATE_NOOP(
            "porting",
            "1 attached document is not in the library here; what was quoted from it is kept.",
        ),
        QT_TRANSLATE_NOOP(
            "porting",
            "{count} attached documents are not in the library here; what was quoted from them "
            "is kept.",
        ),
    ),
}
_CUT = QT_TRANSLATE_NOOP(
    "porting",
    "The file ends in the middle: what stood before that is here. Export it again for the rest; "
    "nothing is imported twice.",
)
_STOPPED = QT_TRANSLATE_NOOP(
    "porting", "It was stopped. Import the same file again to go on; nothing is imported twice."
)
_EXPORTED = QT_TRANSLATE_NOOP(
    "porting", "Wrote {chats} chats with {messages} messages to {path} ({size})."
)
_EXPORTED_ONE = QT_TRANSLATE_NOOP(
    "porting", "Wrote 1 chat with {messages} messages to {path} ({size})."
)


def app_name(app: App) -> str:
    """Return what an app is called; "" for no app in particular."""
    return _APPS.get(app, "")


def told_of_import(report: ImportReport) -> tuple[Explanation, ...]:
    """Return what was imported and what was not, a sentence each."""
    return tuple(_told(report))


def told_of_export(report: ExportReport) -> Explanation:
    """Return what was written."""
    facts = {
        "chats": f"{report.conversations:,}",
        "messages": f"{report.messages:,}",
        "path": str(report.path),
        "size": size(report.size_bytes),
    }
    return Explanation(_EXPORTED_ONE if report.conversations == 1 else _EXPORTED, "", facts)


def _told(report: ImportReport) -> Iterator[Explanation]:
    count = len(report.conversations)
    facts = {
        "chats": f"{count:,}",
        "messages": f"{report.messages:,}",
        "app": app_name(report.app),
    }
    if not count:
        template = _IMPORTED_NONE
    elif facts["app"]:
        template = _IMPORTED_ONE_FROM if count == 1 else _IMPORTED_FROM
    else:
        template = _IMPORTED_ONE if count == 1 else _IMPORTED
    yield Explanation(template, "", facts)
    for reason, (one, more) in _SKIPPED.items():
        if number := report.skips.get(reason):
            facts = {"count": f"{number:,}", "titles": _titles(report, reason)}
            yield Explanation(one if number == 1 else more, "", facts)
    for what, (one, more) in _LEFT_OUT.items():
        if number := report.left_out.get(what):
            yield Explanation(one if number == 1 else more, "", {"count": f"{number:,}"})
    if report.is_cut:
        yield Explanation(_CUT, "", {})
    if report.was_stopped:
        yield Explanation(_STOPPED, "", {})


def _titles(report: ImportReport, reason: SkipReason) -> str:
    """Return which chats were not imported: by their titles, else by where they stand."""
    skipped = [one for one in report.skipped if one.reason is reason]
    names = [
        f"“{one.title}”" if one.title else f"{one.file}, no. {one.number}"
        for one in skipped[:_LISTED_TITLES]
    ]
    return ", ".join(names) + (" …" if report.skips[reason] > len(names) else "")
