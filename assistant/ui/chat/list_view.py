"""The list of conversations as it is clicked, dragged and used by keyboard."""

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QMimeData, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyleOptionViewItem, QWidget

from assistant.ui import theme
from assistant.ui.chat.list_model import RECORD, ROW, ConversationListModel
from assistant.ui.chat.row_delegate import PAD, RowDelegate, draw_line, more_place
from assistant.ui.chat.rows import ConversationRow, FolderRow, HeadingRow, Row, Section

CHATS = "application/x-alcove-chats"  # the ids of conversations, with commas between
FOLDER = "application/x-alcove-chat-folder"  # the id of a folder

_PLAIN = Qt.KeyboardModifier.NoModifier


class ListView(QListView):
    """Rows that can be dragged onto folders; what is let go of is told, never done here.

    Args:
        model: the rows.
        parent: owner.

    Signals:
        row_chosen (object): a row was clicked without Ctrl or Shift, or Enter pressed on it.
        folding (int, bool): a folder is to be opened or shut, by the arrow keys.
        menu_wanted (QModelIndex, QPoint): the menu of a row, at a place of the screen.
        moved (list[int], object): conversations were let go on a folder's id, or on None.
        pin_wanted (list[int]): conversations were let go on those that are pinned.
        folder_moved (int, int): a folder is to stand where another one stands now.
    """

    row_chosen = Signal(object)
    folding = Signal(int, bool)
    menu_wanted = Signal(QModelIndex, QPoint)
    moved = Signal(list, object)
    pin_wanted = Signal(list)
    folder_moved = Signal(int, int)

    def __init__(self, model: ConversationListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delegate = RowDelegate()
        self._target: QRect | None = None
        self._is_plain = True
        self._is_for_menu = False
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setProperty("takes_own_drops", True)  # files go to the window all the same
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.clicked.connect(self._choose)

    def selected_ids(self) -> list[int]:
        """Return the conversations that are selected, from top to bottom, each once."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        records = (self.model().index(row, 0).data(RECORD) for row in rows)
        return list(dict.fromkeys(record.id for record in records if record is not None))

    def ids_at(self, index: QModelIndex) -> list[int]:
        """Return what is meant by a row: all that is selected if the row is, else itself."""
        record = index.data(RECORD)
        if record is None:
            return []
        selected = self.selected_ids()
        return selected if record.id in selected else [record.id]

    # Mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open a row's menu by the sign at its end; all else as in every list."""
        place = event.position().toPoint()
        index = self.indexAt(place)
        is_left = event.button() is Qt.MouseButton.LeftButton
        self._is_plain = is_left and event.modifiers() == _PLAIN
        self._is_for_menu = is_left and self._more_at(index).contains(place)
        if self._is_for_menu:
            self.menu_wanted.emit(index, self.viewport().mapToGlobal(place))
        else:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Leave a click on the sign for the menu at that."""
        if not self._is_for_menu:
            super().mouseReleaseEvent(event)
        self._is_for_menu = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose with Enter, open and shut folders with the arrows along the line."""
        row = self.currentIndex().data(ROW)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and row is not None:
            self.row_chosen.emit(row)
            return
        if event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right} and isinstance(row, FolderRow):
            is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
            self.folding.emit(row.folder.id, (event.key() == Qt.Key.Key_Right) != is_mirrored)
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of the row under the mouse, or of the one with the keyboard."""
        by_keyboard = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_keyboard else self.indexAt(event.pos())
        place = self.visualRect(index).center() if by_keyboard else event.pos()
        self.menu_wanted.emit(index, self.viewport().mapToGlobal(place))

    def _more_at(self, index: QModelIndex) -> QRect:
        if index.data(RECORD) is None:
            return QRect()
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        option.rect = self.visualRect(index)
        return more_place(option).adjusted(-theme.SPACE, -PAD, theme.SPACE, PAD)

    def _choose(self, index: QModelIndex) -> None:
        """Tell of a click; one with Ctrl or Shift only selects."""
        if self._is_plain:
            self.row_chosen.emit(index.data(ROW))

    # Dragging

    def startDrag(self, supported: Qt.DropAction) -> None:
        """Take the selected conversations along, or a folder."""
        del supported
        row = self.currentIndex().data(ROW)
        data, words = QMimeData(), ""
        if isinstance(row, FolderRow):
            data.setData(FOLDER, QByteArray(str(row.folder.id).encode()))
            words = row.folder.name
        elif isinstance(row, ConversationRow):
            ids = self.ids_at(self.currentIndex())
            data.setData(CHATS, QByteArray(",".join(map(str, ids)).encode()))
            words = row.record.title if len(ids) == 1 else self.tr("%n chats", "", len(ids))
        if not words:
            return
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.setPixmap(self._picture(words))
        drag.setHotSpot(QPoint(-3 * theme.SPACE, -2 * theme.SPACE))
        drag.exec(Qt.DropAction.MoveAction)
        self._aim(None)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Let the window have everything that is not from this list."""
        if self._is_ours(event):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where it would go."""
        place = event.position().toPoint()
        index = self.indexAt(place)
        is_possible = self._is_ours(event) and self._can_take(event.mimeData(), index)
        self._aim(self.visualRect(index) if is_possible else None)
        self._scroll_at_edges(place)
        event.setAccepted(is_possible)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Take the sign away."""
        self._aim(None)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell what was let go where."""
        self._aim(None)
        data = event.mimeData()
        index = self.indexAt(event.position().toPoint())
        if not self._is_ours(event) or not self._can_take(data, index):
            event.ignore()
            return
        event.acceptProposedAction()
        row: Row = index.data(ROW)
        if data.hasFormat(FOLDER) and isinstance(row, FolderRow):
            self.folder_moved.emit(_ids(data, FOLDER)[0], row.folder.id)
        elif _section(row) is Section.PINNED:
            self.pin_wanted.emit(_ids(data, CHATS))
        else:
            self.moved.emit(_ids(data, CHATS), _folder_of(row))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows, and a frame around the one that would take what is dragged."""
        super().paintEvent(event)
        if self._target is not None:
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colors().accent, 2, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(self._target.adjusted(1, 2, -1, -2), *(theme.RADIUS,) * 2)

    def _is_ours(self, event: QDropEvent) -> bool:
        data = event.mimeData()
        return event.source() is self and (data.hasFormat(CHATS) or data.hasFormat(FOLDER))

    def _can_take(self, data: QMimeData, index: QModelIndex) -> bool:
        row = index.data(ROW)
        if data.hasFormat(FOLDER):
            return isinstance(row, FolderRow) and row.folder.id != _ids(data, FOLDER)[0]
        return isinstance(row, FolderRow | ConversationRow | HeadingRow)

    def _aim(self, target: QRect | None) -> None:
        if target != self._target:
            self._target = target
            self.viewport().update()

    def _scroll_at_edges(self, place: QPoint) -> None:
        bar, step = self.verticalScrollBar(), self.sizeHintForRow(0) // 2
        if place.y() < step:
            bar.setValue(bar.value() - step)
        elif place.y() > self.viewport().height() - step:
            bar.setValue(bar.value() + step)

    def _picture(self, words: str) -> QPixmap:
        metrics = self.fontMetrics()
        width = min(metrics.horizontalAdvance(words), 200) + 2 * PAD
        ratio = self.devicePixelRatioF()
        size = QRect(0, 0, width, metrics.height() + 2 * theme.SPACE)
        picture = QPixmap(size.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        painter.setPen(theme.colors().border_strong)
        painter.setBrush(theme.colors().surface_raised)
        painter.drawRoundedRect(size.adjusted(1, 1, -1, -1), theme.RADIUS, theme.RADIUS)
        painter.setPen(theme.colors().text)
        draw_line(painter, size.adjusted(PAD, 0, -PAD, 0), words)
        painter.end()
        return picture


def _ids(data: QMimeData, kind: str) -> Sequence[int]:
    return [int(part) for part in bytes(data.data(kind).data()).split(b",")]


def _section(row: Row) -> Section | None:
    return row.section if isinstance(row, ConversationRow | HeadingRow) else None


def _folder_of(row: Row) -> int | None:
    """Return the folder that a row belongs to; None for what stands by day."""
    if isinstance(row, FolderRow):
        return row.folder.id
    if isinstance(row, ConversationRow) and row.section is Section.FOLDERS:
        return row.record.folder_id
    return None
