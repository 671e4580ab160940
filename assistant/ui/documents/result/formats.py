"""How the text of a result looks, in the colours of the moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtGui import QFont, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextFormat

from assistant.ui import theme


@contextmanager
def editing(cursor: QTextCursor) -> Iterator[None]:
    """Make several changes one; a change left open by an error would crash the layout later."""
    cursor.beginEditBlock()
    try:
        yield
    finally:
        cursor.endEditBlock()


INDENT = 4 * theme.SPACE  # px; what a document's `indentWidth` is set to


def block(gap: int, indent: int = 0, hang: int = 0) -> QTextBlockFormat:
    """Return a paragraph with so many steps of 4 px above it and so many steps of 16 px in.

    Its first line begins `hang` steps further out. In a right-to-left text "in" is from the right.
    """
    shape = QTextBlockFormat()
    shape.setLineHeight(
        theme.LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
    )
    shape.setTopMargin(gap * theme.SPACE)
    shape.setIndent(indent)
    shape.setTextIndent(-INDENT * hang)
    return shape


def body() -> QTextCharFormat:
    """Return text that is read."""
    return muted("text")


def heading() -> QTextCharFormat:
    """Return the text of a heading."""
    form = body()
    form.setFontWeight(QFont.Weight.DemiBold)
    form.setProperty(QTextFormat.Property.FontSizeAdjustment, 1)
    return form


def muted(role: str = "text_muted") -> QTextCharFormat:
    """Return text in a colour of `theme.Colors`."""
    form = QTextCharFormat()
    form.setForeground(getattr(theme.colors(), role))
    return form


def link(address: str, *, is_small: bool = False) -> QTextCharFormat:
    """Return a link; a small one stands back behind those to pages."""
    form = muted("text_muted" if is_small else "accent")
    form.setAnchor(True)
    form.setAnchorHref(address)
    form.setFontUnderline(is_small)
    form.setFontWeight(QFont.Weight.Normal if is_small else QFont.Weight.DemiBold)
    return form
