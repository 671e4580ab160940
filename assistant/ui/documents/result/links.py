"""Finds a link where it stands in a text."""

from PySide6.QtGui import QTextCursor, QTextDocument


def find_link(document: QTextDocument, address: str) -> QTextCursor | None:
    """Return a cursor with the text of the first link to `address` selected."""
    block = document.begin()
    while block.isValid():
        pieces = block.begin()
        while not pieces.atEnd():
            piece = pieces.fragment()
            if piece.charFormat().anchorHref() == address:
                cursor = QTextCursor(document)
                cursor.setPosition(piece.position())
                end = piece.position() + piece.length()
                cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
                return cursor
            pieces += 1
        block = block.next()
    return None
