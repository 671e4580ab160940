"""How the letters of a message look: size, weight, colour, raised or not."""

from PySide6.QtGui import QColor, QFont, QFontDatabase, QTextCharFormat

from assistant.ui import theme
from assistant.ui.markdown.leaf import Kind, Leaf, Run

NOTE_SCHEME = "note:"  # of an anchor that refers to a footnote; it is never opened
_HEADING_SCALE = {1: 1.4, 2: 1.25, 3: 1.12}
_NOTE_SCALE = 0.92
_SCRIPT = {
    1: QTextCharFormat.VerticalAlignment.AlignSuperScript,
    -1: QTextCharFormat.VerticalAlignment.AlignSubScript,
}


def fixed_font() -> QFont:
    """Return the system's font for code."""
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)


def base_letters(leaf: Leaf, font: QFont) -> QTextCharFormat:
    """Return how the letters of `leaf` look where no style of their own is asked for."""
    letters = QTextCharFormat()
    if leaf.kind is Kind.HEADING:
        letters.setFontWeight(QFont.Weight.DemiBold)
        letters.setFontPointSize(font.pointSizeF() * _HEADING_SCALE.get(leaf.level, 1))
    if leaf.kind is Kind.NOTE:
        letters.setFontPointSize(font.pointSizeF() * _NOTE_SCALE)
    if leaf.quotes or leaf.kind is Kind.NOTE:
        letters.setForeground(theme.colors().text_muted)
    return letters


def run_letters(run: Run, base: QTextCharFormat) -> QTextCharFormat:
    """Return how the letters of `run` look, on top of `base`."""
    letters = QTextCharFormat(base)
    if run.is_bold:
        letters.setFontWeight(QFont.Weight.Bold)
    letters.setFontItalic(run.is_italic)
    letters.setFontStrikeOut(run.is_struck)
    if run.is_code:
        letters.setFontFamilies(fixed_font().families())
        letters.setBackground(_faint(theme.colors()))
    if run.script:
        letters.setVerticalAlignment(_SCRIPT[run.script])
    if run.link or run.note:
        letters.setAnchor(True)
        letters.setAnchorHref(run.link or NOTE_SCHEME + run.note)
        letters.setForeground(theme.colors().accent)
        letters.setFontUnderline(bool(run.link))
        letters.setToolTip("")
    return letters


def _faint(colors: theme.Colors) -> QColor:
    return colors.hover if colors.is_dark else colors.code
