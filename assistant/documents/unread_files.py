"""Says in a few words why a file inside a document was not read.

English, with a hook for translation, as in `places.py`.
"""

from collections.abc import Callable, Iterable

from assistant.documents.cleaning import fold
from assistant.documents.document import Attachment
from assistant.documents.places import QT_TRANSLATE_NOOP
from assistant.errors import FileFault

CONTEXT = "unread-files"
_MOST_NAMED = 10
_LOCKED = QT_TRANSLATE_NOOP("unread-files", "locked with a password")
_TOO_LARGE = QT_TRANSLATE_NOOP("unread-files", "passes a limit")
_LIMIT = QT_TRANSLATE_NOOP("unread-files", "passes a limit: {limit}")
_REASONS = {
    FileFault.EMPTY: QT_TRANSLATE_NOOP("unread-files", "empty"),
    FileFault.UNKNOWN_TYPE: QT_TRANSLATE_NOOP("unread-files", "of a kind that cannot be read"),
    FileFault.DAMAGED: QT_TRANSLATE_NOOP("unread-files", "damaged"),
    FileFault.PASSWORD_NEEDED: _LOCKED,
    FileFault.PASSWORD_WRONG: _LOCKED,
    FileFault.ENCRYPTED: QT_TRANSLATE_NOOP("unread-files", "encrypted"),
    FileFault.NO_TEXT: QT_TRANSLATE_NOOP("unread-files", "without text"),
    FileFault.NEEDS_OCR: QT_TRANSLATE_NOOP("unread-files", "a picture of text"),
    FileFault.TOO_LARGE: _TOO_LARGE,
    FileFault.READER_CRASHED: QT_TRANSLATE_NOOP("unread-files", "made the reader stop"),
}


def _as_it_is(template: str) -> str:
    return template


def why_unread(attachment: Attachment, translate: Callable[[str], str] = _as_it_is) -> str:
    """Return "damaged" or "passes a limit: pages 10000"; "" for what is not text by its kind.

    Args:
        attachment: a file that was not read.
        translate: turns a template of the context `CONTEXT` into another language.
    """
    if attachment.limit:
        return translate(_LIMIT).format(limit=attachment.limit)
    known = attachment.fault in set(FileFault)
    return translate(_REASONS.get(FileFault(attachment.fault), "")) if known else ""


def unread_files(attachments: Iterable[Attachment]) -> tuple[Attachment, ...]:
    """Return those of `attachments` that were not read."""
    return tuple(attachment for attachment in attachments if not attachment.is_read)


def listed(unread: Iterable[Attachment]) -> str:
    """Return "a.pdf (locked with a password), b.png and 3 more", in English."""
    named = []
    for attachment in unread:
        why = why_unread(attachment)
        name = fold("".join(c if c.isprintable() else " " for c in attachment.name))
        named.append(f"{name} ({why})" if why else name)
    more = len(named) - _MOST_NAMED
    return ", ".join(named[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
