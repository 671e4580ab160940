"""A result of headings, lines and tables as text to read, in the colours of the window."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, QUrl, Signal
from PySide6.QtGui import (
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextListFormat,
    QTextTable,
    QTextTableFormat,
)
from PySide6.QtWidgets import QTextEdit, QWidget

from assistant.summaries.exporting.parts import (
    Heading,
    Line,
    Part,
    Rule,
    Run,
    Runs,
    Table,
    Tone,
    spaced,
)
from assistant.summaries.exporting.plain_text import visible, visible_run
from assistant.ui import theme
from assistant.ui.documents.result.formats import block, body, editing, heading, link, muted
from assistant.ui.markdown.browser import SafeBrowser
from assistant.ui.markdown.direction import direction_of

_INDENT = 5 * theme.SPACE  # px


class PartsView(SafeBrowser):
    """Shows the parts that every export is made of; places in it are links.

    Signals:
        followed (str): the address of a place that was chosen.
    """

    followed = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: tuple[Part, ...] = ()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        self.document().setIndentWidth(_INDENT)
        self.anchorClicked.connect(self._follow)

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show `parts` from their beginning."""
        self._parts = tuple(parts)
        self._write()
        self.verticalScrollBar().setValue(0)

    def mark(self, address: str) -> None:
        """Mark the link that was followed; "" marks none."""
        found = self._find(address) if address else None
        if found is None:
            self.setExtraSelections([])
            return
        marked = QTextEdit.ExtraSelection()
        marked.cursor = found
        marked.format.setBackground(theme.colors().accent_soft)
        self.setExtraSelections([marked])

    def changeEvent(self, event: QEvent) -> None:
        """Write anew in the colours of the other theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._parts:
            scrolled = self.verticalScrollBar().value()
            self._write()
            self.verticalScrollBar().setValue(scrolled)

    def _follow(self, address: QUrl) -> None:
        self.mark(address.toString())
        self.followed.emit(address.toString())

    def _find(self, address: str) -> QTextCursor | None:
        part = self.document().begin()
        while part.isValid():
            pieces = part.begin()
            while not pieces.atEnd():
                piece = pieces.fragment()
                if piece.charFormat().anchorHref() == address:
                    cursor = QTextCursor(self.document())
                    cursor.setPosition(piece.position())
                    end = piece.position() + piece.length()
                    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
                    return cursor
                pieces += 1
            part = part.next()
        return None

    def _write(self) -> None:
        self.setExtraSelections([])
        self.clear()
        cursor = QTextCursor(self.document())
        with editing(cursor):
            writer = _Writer(cursor)
            for part in self._parts:
                writer.write(part)


class _Writer:
    """Writes parts at a cursor, as plain text with formats."""

    def __init__(self, cursor: QTextCursor) -> None:
        self._cursor = cursor
        self._root = cursor.currentFrame()
        self._is_first = True

    def write(self, part: Part) -> None:
        if isinstance(part, Heading):
            self._heading(part)
        elif isinstance(part, Line):
            self._line(part)
        elif isinstance(part, Table) and part.headings:
            self._table(part)
        elif isinstance(part, Rule):
            self._rule()

    def _begin(self, gap: int, words: str) -> QTextBlockFormat:
        shape = block(0 if self._is_first else gap)
        shape.setLayoutDirection(direction_of(words))
        if self._is_first:
            self._cursor.setBlockFormat(shape)
            self._is_first = False
        else:
            self._cursor.insertBlock(shape, body())
        return shape

    def _heading(self, part: Heading) -> None:
        text = visible(part.text)
        self._begin(6 if part.level <= 2 else 3, text)
        form = heading()
        form.setProperty(QTextFormat.Property.FontSizeAdjustment, max(0, 3 - part.level))
        self._cursor.insertText(text, form)

    def _line(self, part: Line) -> None:
        words = "".join(run.text for run in part.runs)
        is_muted = all(run.tone is Tone.MUTED for run in part.runs)
        self._begin(1 if is_muted else 2, words)
        if part.is_item:
            bullets = QTextListFormat()
            bullets.setStyle(QTextListFormat.Style.ListDisc)
            bullets.setIndent(1)
            self._cursor.createList(bullets)
        self._runs(part.runs)

    def _rule(self) -> None:
        shape = block(3)
        width = QTextLength(QTextLength.Type.PercentageLength, 100)
        shape.setProperty(QTextFormat.Property.BlockTrailingHorizontalRulerWidth, width)
        self._cursor.insertBlock(shape, body())

    def _table(self, part: Table) -> None:
        self._begin(1, "")
        table = self._cursor.insertTable(len(part.rows) + 1, len(part.headings), _grid())
        for column, title in enumerate(part.headings):
            self._cell(table, 0, column, (Run(title, Tone.STRONG),))
        for row, cells in enumerate(part.rows, start=1):
            for column, runs in enumerate(cells):
                self._cell(table, row, column, runs)
        self._cursor.setPosition(self._root.lastPosition())

    def _cell(self, table: QTextTable, row: int, column: int, runs: Runs) -> None:
        outside, self._cursor = self._cursor, table.cellAt(row, column).firstCursorPosition()
        shape = block(0)
        shape.setLayoutDirection(direction_of("".join(run.text for run in runs)))
        self._cursor.setBlockFormat(shape)
        self._runs(runs)
        self._cursor = outside

    def _runs(self, runs: Runs) -> None:
        for gap, run in spaced(runs):
            self._cursor.insertText(gap, body())
            self._cursor.insertText(visible_run(run.text), _look(run))


def _look(run: Run) -> QTextCharFormat:
    if run.address:
        return link(run.address)
    form = muted(
        {Tone.MUTED: "text_muted", Tone.PLACE: "text_muted", Tone.MARK: "warning"}.get(
            run.tone, "text"
        )
    )
    colors = theme.colors()
    if run.tone is Tone.STRONG:
        form.setFontWeight(QFont.Weight.DemiBold)
    elif run.tone is Tone.REMOVED:
        form.setBackground(colors.danger_soft)
        form.setFontStrikeOut(True)  # not by colour alone
    elif run.tone is Tone.ADDED:
        form.setBackground(colors.accent_soft)
        form.setFontUnderline(True)
    return form


def _grid() -> QTextTableFormat:
    grid = QTextTableFormat()
    grid.setHeaderRowCount(1)
    grid.setCellPadding(theme.SPACE)
    grid.setCellSpacing(0)
    grid.setBorder(1)
    grid.setBorderBrush(theme.colors().border)
    grid.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    grid.setBorderCollapse(True)
    grid.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    return grid
