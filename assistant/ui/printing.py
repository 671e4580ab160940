"""Lays a result out on pages, as a PDF or for a printer.

The pages are built from the parts that every export has, and never from markup: what stands in a
document or was written by a model is inserted as plain text.
"""

from collections.abc import Iterable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QFontDatabase,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextListFormat,
    QTextTable,
    QTextTableFormat,
)

from assistant.summaries.exporting.parts import (
    Heading,
    Line,
    Part,
    Rule,
    Runs,
    Table,
    Tone,
    spaced,
)
from assistant.summaries.exporting.plain_text import visible, visible_run
from assistant.ui.markdown.direction import direction_of

_POINTS = 10.5
_HEADING_POINTS = {1: 18.0, 2: 13.5, 3: 11.5}
_FOOTER_POINTS = 8.0
_MARGIN_MM = 18.0
_RESOLUTION = 96  # of the layout; the painter scales it to the paper's own
_INK, _GREY, _BLUE = QColor(0x1A, 0x1A, 0x1A), QColor(0x66, 0x66, 0x66), QColor(0x0A, 0x5F, 0xB4)
_MARKED, _REMOVED, _ADDED = (
    QColor(0xFD, 0xEF, 0xC8),
    QColor(0xF8, 0xD5, 0xD5),
    QColor(0xD3, 0xEE, 0xD9),
)


def to_pdf(parts: Iterable[Part], title: str) -> bytes:
    """Return `parts` as a PDF on A4, with page numbers.

    Args:
        parts: what it says.
        title: the file's own title, and what stands at the foot of its pages.
    """
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(visible(title))
    writer.setCreator("Alcove")
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    writer.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    paint(parts, title, writer)
    buffer.close()
    return bytes(data.data())


def paint(parts: Iterable[Part], title: str, device: QPagedPaintDevice) -> int:
    """Draw `parts` on the pages of `device`; return how many there are, 0 if it cannot be drawn on.

    Args:
        parts: what is drawn.
        title: what stands at the foot of each page.
        device: a printer or a PDF, its paper and margins set.
    """
    painter = QPainter()
    if not painter.begin(device):
        return 0
    scale = device.logicalDpiY() / _RESOLUTION
    area = device.pageLayout().paintRectPixels(_RESOLUTION)
    foot = 2.2 * _FOOTER_POINTS * _RESOLUTION / 72
    text = lay_out(parts)
    text.setPageSize(QSizeF(area.width(), area.height() - foot))
    pages = text.pageCount()
    for number in range(pages):
        if number:
            device.newPage()
        painter.save()
        painter.scale(scale, scale)
        _draw_page(painter, text, number)
        rectangle = QRectF(0, area.height() - foot, area.width(), foot)
        _draw_foot(painter, rectangle, title, f"{number + 1} / {pages}")
        painter.restore()
    painter.end()
    return pages


def _draw_page(painter: QPainter, text: QTextDocument, number: int) -> None:
    size = text.pageSize()
    painter.save()
    painter.translate(0, -number * size.height())
    context = QAbstractTextDocumentLayout.PaintContext()
    context.clip = QRectF(0, number * size.height(), size.width(), size.height())
    context.palette.setColor(QPalette.ColorRole.Text, _INK)
    painter.setClipRect(context.clip)
    text.documentLayout().draw(painter, context)
    painter.restore()


def _draw_foot(painter: QPainter, rectangle: QRectF, title: str, number: str) -> None:
    font = _font(_FOOTER_POINTS)
    painter.setFont(font)
    painter.setPen(_GREY)
    bottom = Qt.AlignmentFlag.AlignBottom
    painter.drawText(rectangle, Qt.AlignmentFlag.AlignRight | bottom, number)
    metrics = painter.fontMetrics()
    room = rectangle.width() - 2 * metrics.horizontalAdvance(number)
    shown = metrics.elidedText(visible(title), Qt.TextElideMode.ElideRight, int(room))
    painter.drawText(rectangle, Qt.AlignmentFlag.AlignLeft | bottom, shown)


def lay_out(parts: Iterable[Part]) -> QTextDocument:
    """Return `parts` as a document whose text is in black on white, whatever the window's theme."""
    text = QTextDocument()
    text.setDefaultFont(_font(_POINTS))
    text.setDocumentMargin(0)
    text.setIndentWidth(1.6 * _POINTS)
    text.setUndoRedoEnabled(False)
    cursor = QTextCursor(text)
    writer = _Writer(cursor)
    for part in parts:
        writer.write(part)
    return text


def _font(points: float) -> QFont:
    """Return the system's font at a size in points, in the pixels of the layout."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    font.setPixelSize(round(points * _RESOLUTION / 72))
    return font


class _Writer:
    """Writes parts at a cursor, each in a block, list or table of its own."""

    def __init__(self, cursor: QTextCursor) -> None:
        self._cursor = cursor
        self._root = cursor.currentFrame()
        self._is_first = True

    def write(self, part: Part) -> None:
        if isinstance(part, Heading):
            self._heading(part)
        elif isinstance(part, Line):
            self._line(part)
        elif isinstance(part, Table):
            self._table(part)
        elif isinstance(part, Rule):
            self._rule()

    def _block(self, shape: QTextBlockFormat) -> None:
        if self._is_first:
            self._cursor.setBlockFormat(shape)
            self._is_first = False
        else:
            self._cursor.insertBlock(shape, _look(Tone.PLAIN))  # a bullet looks like its block

    def _heading(self, part: Heading) -> None:
        points = _HEADING_POINTS.get(part.level, _POINTS)
        shape = _shape(part.text)
        shape.setTopMargin(0 if part.level == 1 else points)
        shape.setBottomMargin(0.4 * points)
        shape.setHeadingLevel(part.level)
        self._block(shape)
        look = _look(Tone.STRONG)
        look.setFont(
            _font(points), QTextCharFormat.FontPropertiesInheritanceBehavior.FontPropertiesAll
        )
        look.setFontWeight(QFont.Weight.DemiBold)
        self._cursor.insertText(visible(part.text), look)

    def _line(self, part: Line) -> None:
        words = "".join(run.text for run in part.runs)
        shape = _shape(words)
        is_muted = all(run.tone is Tone.MUTED for run in part.runs)
        shape.setBottomMargin(0.25 * _POINTS if part.is_item or is_muted else 0.7 * _POINTS)
        if part.is_item:
            self._block(shape)
            bullets = QTextListFormat()
            bullets.setStyle(QTextListFormat.Style.ListDisc)
            bullets.setIndent(1)
            self._cursor.createList(bullets)
        else:
            self._block(shape)
        self._runs(part.runs)

    def _rule(self) -> None:
        shape = QTextBlockFormat()
        shape.setProperty(
            QTextFormat.Property.BlockTrailingHorizontalRulerWidth,
            QTextLength(QTextLength.Type.PercentageLength, 100),
        )
        self._block(shape)

    def _table(self, part: Table) -> None:
        if not part.headings:
            return
        self._block(QTextBlockFormat())
        table = self._cursor.insertTable(len(part.rows) + 1, len(part.headings), _grid())
        for column, heading in enumerate(part.headings):
            look = _look(Tone.STRONG)
            table.cellAt(0, column).firstCursorPosition().insertText(visible(heading), look)
        for row, cells in enumerate(part.rows, start=1):
            for column, runs in enumerate(cells):
                self._cell(table, row, column, runs)
        self._cursor.setPosition(self._root.lastPosition())

    def _cell(self, table: QTextTable, row: int, column: int, runs: Runs) -> None:
        outside, self._cursor = self._cursor, table.cellAt(row, column).firstCursorPosition()
        self._cursor.setBlockFormat(_shape("".join(run.text for run in runs)))
        self._runs(runs)
        self._cursor = outside

    def _runs(self, runs: Runs) -> None:
        for gap, run in spaced(runs):
            self._cursor.insertText(gap, _look(Tone.PLAIN))
            self._cursor.insertText(visible_run(run.text), _look(run.tone))


def _shape(words: str) -> QTextBlockFormat:
    """Return the form of a paragraph that runs in the direction of its own words."""
    shape = QTextBlockFormat()
    shape.setLayoutDirection(direction_of(words))
    shape.setLineHeight(130, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    return shape


def _grid() -> QTextTableFormat:
    grid = QTextTableFormat()
    grid.setHeaderRowCount(1)
    grid.setCellPadding(4)
    grid.setCellSpacing(0)
    grid.setBorder(1)
    grid.setBorderBrush(QColor(0xBB, 0xBB, 0xBB))
    grid.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    grid.setBorderCollapse(True)
    grid.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    grid.setBottomMargin(_POINTS)
    return grid


def _look(tone: Tone) -> QTextCharFormat:
    look = QTextCharFormat()
    look.setForeground(_INK)
    match tone:
        case Tone.STRONG:
            look.setFontWeight(QFont.Weight.DemiBold)
        case Tone.MUTED:
            look.setForeground(_GREY)
        case Tone.PLACE:
            look.setForeground(_BLUE)
        case Tone.MARK:
            look.setBackground(_MARKED)
        case Tone.REMOVED:
            look.setBackground(_REMOVED)
            look.setFontStrikeOut(True)
        case Tone.ADDED:
            look.setBackground(_ADDED)
        case Tone.PLAIN:
            pass
    return look
