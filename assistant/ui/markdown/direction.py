"""Which way a message is written."""

import unicodedata

from PySide6.QtCore import Qt

_RIGHT_TO_LEFT = {"R", "AL"}


def direction_of(text: str) -> Qt.LayoutDirection:
    """Return the direction of the first letter of `text` that has one (Unicode's rule P2)."""
    for character in text[:2000]:
        kind = unicodedata.bidirectional(character)
        if kind in _RIGHT_TO_LEFT:
            return Qt.LayoutDirection.RightToLeft
        if kind == "L":
            return Qt.LayoutDirection.LeftToRight
    return Qt.LayoutDirection.LeftToRight
