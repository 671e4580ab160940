"""A page's text with the cited sentence marked, for documents that have no picture."""

from PySide6.QtGui import QPalette, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit, QWidget

from assistant.documents.document import BlockKind, Page, Span
from assistant.ui import theme
from assistant.ui.documents.result.formats import editing
from assistant.ui.markdown.browser import SafeBrowser


class PageText(SafeBrowser):
    """Shows plain text; headings stand out, nothing else is interpreted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document().setDocumentMargin(2 * theme.SPACE)
        self._page: Page | None = None

    def show_page(self, page: Page, span: Span | None) -> None:
        """Show `page`, with the passage `span` of it marked and in view."""
        if page is not self._page:
            self._page = page
            self._write(page)
        self._mark(page, span)

    def clear(self) -> None:
        """Show nothing."""
        self._page = None
        self.setExtraSelections([])
        super().clear()

    def _write(self, page: Page) -> None:
        self.setPlainText(page.text)
        cursor = QTextCursor(self.document())
        shape = QTextBlockFormat()
        shape.setLineHeight(
            theme.LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
        )
        heading = QTextCharFormat()
        heading.setFontWeight(600)
        with editing(cursor):
            cursor.select(QTextCursor.SelectionType.Document)
            cursor.mergeBlockFormat(shape)
            for block in page.blocks:
                if block.kind is BlockKind.HEADING:
                    self._select(cursor, page.text, block.start, block.end)
                    cursor.mergeCharFormat(heading)

    def _mark(self, page: Page, span: Span | None) -> None:
        if span is None:
            self.setExtraSelections([])
            self.verticalScrollBar().setValue(0)
            return
        marked = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document())
        self._select(cursor, page.text, span.start, span.end)
        colors = theme.colors(self)
        marked.cursor = cursor
        marked.format.setBackground(colors.highlight)
        marked.format.setForeground(self.palette().color(QPalette.ColorRole.Text))
        self.setExtraSelections([marked])
        place = QTextCursor(cursor)
        place.setPosition(cursor.selectionStart())
        self.setTextCursor(place)
        below_top = self.cursorRect(place).top() - self.viewport().height() // 3
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + below_top)

    def _select(self, cursor: QTextCursor, text: str, start: int, end: int) -> None:
        """Select a stretch counted in code points; Qt counts UTF-16 units."""
        begin = _units(text[:start])
        cursor.setPosition(begin)
        cursor.setPosition(begin + _units(text[start:end]), QTextCursor.MoveMode.KeepAnchor)


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
