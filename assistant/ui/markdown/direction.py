"""Which way a message is written, and each paragraph of it."""

import unicodedata

from PySide6.QtCore import Qt

from assistant.ui.markdown.leaf import Kind, Leaf

_RIGHT_TO_LEFT = {"R", "AL"}
_LOOKED_AT = 2000  # characters


def direction_of(text: str) -> Qt.LayoutDirection:
    """Return the direction of the first letter of `text` that has one (Unicode's rule P2)."""
    for character in text[:_LOOKED_AT]:
        kind = unicodedata.bidirectional(character)
        if kind in _RIGHT_TO_LEFT:
            return Qt.LayoutDirection.RightToLeft
        if kind == "L":
            return Qt.LayoutDirection.LeftToRight
    return Qt.LayoutDirection.LeftToRight


def leaf_direction(leaf: Leaf, message: Qt.LayoutDirection) -> Qt.LayoutDirection:
    """Return the direction of one paragraph.

    It is that of its letters where they are all of one kind, such as a translation below an
    English sentence. Where they are mixed it is the message's, and so it is for items and
    headings of a message from right to left: foreign names stand among them.
    """
    if leaf.kind is Kind.FORMULA:
        return Qt.LayoutDirection.LeftToRight
    found = {unicodedata.bidirectional(character) for character in leaf.text[:_LOOKED_AT]}
    has_left, has_right = "L" in found, bool(found & _RIGHT_TO_LEFT)
    if has_right and not has_left:
        return Qt.LayoutDirection.RightToLeft
    if has_left and not has_right and leaf.kind is Kind.PARAGRAPH and not leaf.depth:
        return Qt.LayoutDirection.LeftToRight
    return message
