"""A chat template as text: read, changed, or compared line by line."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from assistant.models.keeping.template_comparison import DiffLine, LineKind
from assistant.ui import theme
from assistant.ui.markdown.letters import fixed_font

_LEAST_LINES, _MOST_LINES = 5, 18
_MARKS = {LineKind.SAME: " ", LineKind.ADDED: "+", LineKind.REMOVED: "-", LineKind.PLACE: ""}


class TemplateText(QPlainTextEdit):
    """Shows a template in letters of one width, from left to right in every language.

    Args:
        name: told by screen readers.
        parent: owner.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        theme.set_role(self, "field")
        self.setFont(fixed_font())
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)
        self.setReadOnly(True)
        self.document().blockCountChanged.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        """Be as high as the text, within bounds."""
        lines = min(_MOST_LINES, max(_LEAST_LINES, self.document().blockCount() + 1))
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 6 * theme.SPACE)

    def changeEvent(self, event: QEvent) -> None:
        """A place to read has a cursor, too, so that it can be read with the keyboard."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.ReadOnlyChange and self.isReadOnly():
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )


class DiffText(TemplateText):
    """Shows how one text differs from another: lines with "+" and "-", coloured besides."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._colors = _DiffColors(self.document())

    def show_lines(self, lines: Sequence[DiffLine]) -> int:
        """Show the lines of a comparison, and return how many differ."""
        self.setPlainText("\n".join(f"{_MARKS[line.kind]}{line.text}" for line in lines))
        return sum(line.kind in {LineKind.ADDED, LineKind.REMOVED} for line in lines)


class _DiffColors(QSyntaxHighlighter):
    """Colours lines by their first letter."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)

    def highlightBlock(self, text: str) -> None:
        colors = theme.colors()
        color = {"+": colors.success, "-": colors.danger, "@": colors.text_muted}.get(text[:1])
        if color is not None:
            form = QTextCharFormat()
            form.setForeground(color)
            self.setFormat(0, len(text), form)
