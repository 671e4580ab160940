"""An honest line on what was read of a document, and by whom."""

from PySide6.QtCore import QCoreApplication, QLocale

from assistant.documents import left_out
from assistant.documents.document import Attachment, Document
from assistant.documents.unread_files import CONTEXT as UNREAD_CONTEXT
from assistant.documents.unread_files import why_unread
from assistant.summaries.summary import Mode, Summary
from assistant.ui.documents import places

translate = QCoreApplication.translate

_PAGES_NAMED = 12
_FILES_NAMED = 20


def receipt(document: Document, summary: Summary | None) -> list[str]:
    """Return the facts of the line below the title."""
    total = len(document.pages)
    if total > 1:
        facts = [f"{QLocale().toString(total)} {places.units(document, total)}"]
    else:
        words = QLocale().toString(document.word_count)
        facts = [translate("Receipt", "{words} words").format(words=words)]
    if summary is not None and summary.mode is not Mode.KEY_POINTS:
        facts.append(_given(document, summary))
    elif summary is not None and total > 1:
        ranked = summary.coverage.pages_ranked
        facts.append(translate("Receipt", "{n} ranked, no model").format(n=ranked))
    if missing := len(document.pages_without_text):
        facts.append(translate("Receipt", "{n} without text").format(n=missing))
    recognised = sum(page.confidence is not None for page in document.pages)
    if recognised:
        facts.append(translate("Receipt", "{n} read from pictures").format(n=recognised))
    if document.attachments:
        facts.append(_attachments(document))
    return facts + [
        translate("Receipt", "not read: {what}").format(what=what)
        for what in left_out.in_words(document.notes, _left_out)
    ]


def details(document: Document, summary: Summary | None) -> str:
    """Return all of it, in sentences."""
    parts = [_coverage(summary)] if summary is not None else []
    parts += [_files(document)] if document.attachments else []
    return "\n".join(parts)


def _given(document: Document, summary: Summary) -> str:
    """Say how much the model saw: in Quick it is a selection, never the whole."""
    coverage = summary.coverage
    given, total = coverage.pages_given_to_model, coverage.pages_total
    if not given:
        return translate("Receipt", "model given nothing yet")
    if summary.mode is Mode.QUICK:
        if total == 1:
            return translate("Receipt", "model given a selection")
        return translate("Receipt", "model given a selection from {n} {units}").format(
            n=given, units=places.units(document, given)
        )
    if given >= coverage.pages_ranked and not coverage.unread and not coverage.shortened:
        return translate("Receipt", "model given all text")
    if total == 1:
        return translate("Receipt", "model given a part")
    return translate("Receipt", "model given {n} {units}").format(
        n=given, units=places.units(document, given)
    )


def _coverage(summary: Summary) -> str:
    coverage = summary.coverage
    text = translate(
        "Receipt",
        "Of {total} pages the text of {parsed} was read and the sentences of {ranked} were ranked.",
    ).format(total=coverage.pages_total, parsed=coverage.pages_parsed, ranked=coverage.pages_ranked)
    given = {
        Mode.KEY_POINTS: translate("Receipt", "No model was given any of them."),
        Mode.QUICK: translate(
            "Receipt", "The model was given sentences of {given}; it saw no others."
        ),
        Mode.THOROUGH: translate("Receipt", "The model was given the text of {given}."),
    }[summary.mode]
    text += " " + given.format(given=coverage.pages_given_to_model)
    if coverage.shortened:
        text += " " + translate("Receipt", "Lists, given in part: {pages}.").format(
            pages=_numbers(coverage.shortened)
        )
    if coverage.unreadable:
        text += " " + translate("Receipt", "Without text: {pages}.").format(
            pages=_numbers(coverage.unreadable)
        )
    return text


def _attachments(document: Document) -> str:
    count = len(document.attachments)
    unread = sum(not attachment.is_read for attachment in document.attachments)
    text = (
        translate("Receipt", "1 attached file")
        if count == 1
        else translate("Receipt", "{n} attached files").format(n=count)
    )
    if unread:
        return translate("Receipt", "{files}, {n} not read").format(files=text, n=unread)
    return text


def _files(document: Document) -> str:
    # What was not read is told first: it may be what somebody looks for.
    files = sorted(document.attachments, key=lambda attachment: attachment.is_read)
    named = [_file(attachment) for attachment in files[:_FILES_NAMED]]
    more = "…" if len(document.attachments) > _FILES_NAMED else ""
    return ", ".join(named) + more


def _file(attachment: Attachment) -> str:
    """Say whether a file in the document was read, and why if it was not."""
    why = why_unread(attachment, lambda template: translate(UNREAD_CONTEXT, template))
    if attachment.is_read:
        line = translate("Receipt", "{name}: read")
    elif why:
        line = translate("Receipt", "{name}: not read ({why})")
    else:
        line = translate("Receipt", "{name}: not read")
    return line.format(name=" ".join(attachment.name.split()), why=why)


def _numbers(pages: tuple[int, ...]) -> str:
    named = ", ".join(str(page) for page in pages[:_PAGES_NAMED])
    return f"{named}…" if len(pages) > _PAGES_NAMED else named


def _left_out(template: str) -> str:
    return translate(left_out.CONTEXT, template)
