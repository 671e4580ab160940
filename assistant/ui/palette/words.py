"""What the palette calls its entries, and text of others made fit for one line of it."""

import unicodedata

from PySide6.QtCore import QCoreApplication

from assistant.ui.palette.entry import Kind

_LONGEST = 200  # characters


def kind_word(kind: Kind) -> str:
    """Return what an entry is, in a word; empty for a command."""
    return {
        Kind.COMMAND: "",
        Kind.PAGE: QCoreApplication.translate("palette", "Page"),
        Kind.CHAT: QCoreApplication.translate("palette", "Chat"),
        Kind.DOCUMENT: QCoreApplication.translate("palette", "Document"),
        Kind.MODEL: QCoreApplication.translate("palette", "Model"),
    }[kind]


def one_line(text: str) -> str:
    """Return `text` of a document, a chat or a model in one bounded line.

    Control characters, and those that turn the direction of what follows, are left out: a title
    must not look like another line.
    """
    kept = (c if not unicodedata.category(c).startswith("C") else " " for c in text[:_LONGEST])
    return " ".join("".join(kept).split())
