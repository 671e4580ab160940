"""The list of conversations as it is clicked, dragged and used by keyboard."""

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QListView,
    QStyleOptionViewItem,
    QWidget,
)

from assistant.ui import theme
from assistant.ui.chat.list_model import RECORD, ROW, ConversationListModel
from assistant.ui.chat.row_delegate import PAD, RowDelegate, more_place
from assistant.ui.chat.row_drag import RowDrag
from assistant.ui.chat.rows import ConversationRow, FolderRow, HeadingRow, Row, Section, folder_of

_SCROLL_MS = 30


class ListView(QListView):
    """Rows that can be dragged onto folders; what is let go of is told, never done here.

    A drag never leaves the list, so it is no drag of the system's.

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
        dragged: a drag is over, wherever it ended.
    """

    row_chosen = Signal(object)
    folding = Signal(int, bool)
    menu_wanted = Signal(QModelIndex, QPoint)
    moved = Signal(list, object)
    pin_wanted = Signal(list)
    folder_moved = Signal(int, int)
    dragged = Signal()

    def __init__(self, model: ConversationListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._delegate = RowDelegate()
        self._press: QPoint | None = None
        self._is_plain = True
        self._is_for_menu = False
        self._is_chosen_late = False
        self._drag: RowDrag | None = None
        self._scrolling = QTimer(self, interval=_SCROLL_MS)
        self._scrolling.timeout.connect(self._scroll_at_edges)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose_activated)

    def selected_ids(self) -> list[int]:
        """Return the conversations that are selected, from top to bottom, each once."""
        ranges = sorted((part.top(), part.bottom()) for part in self._selected_ranges())
        rows = self._model.rows
        chosen = (rows[place] for first, last in ranges for place in range(first, last + 1))
        ids = (row.record.id for row in chosen if isinstance(row, ConversationRow))
        return list(dict.fromkeys(ids))

    def ids_at(self, index: QModelIndex) -> list[int]:
        """Return what is meant by a row: all that is selected if the row is, else itself."""
        record = index.data(RECORD)
        if record is None:
            return []
        selected = self.selected_ids()
        return selected if record.id in selected else [record.id]

    def go_near(self, place: int) -> None:
        """Let the keyboard be at a place, or at the next row that can have it; choose nothing."""
        rows = self._model.rows
        place = max(place, 0)
        by_distance = (*range(place, len(rows)), *range(min(place, len(rows)) - 1, -1, -1))
        nearest = next((i for i in by_distance if not isinstance(rows[i], HeadingRow)), None)
        if nearest is not None:
            self.selectionModel().setCurrentIndex(
                self._model.index(nearest), QItemSelectionModel.SelectionFlag.NoUpdate
            )

    def _selected_ranges(self) -> list[QItemSelectionRange]:
        selection = self.selectionModel().selection()
        return [selection.at(i) for i in range(selection.size())]

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open a row's menu by the sign at its end; all else as in every list."""
        place = event.position().toPoint()
        index = self.indexAt(place)
        is_left = event.button() is Qt.MouseButton.LeftButton
        self._is_plain = is_left and event.modifiers() == Qt.KeyboardModifier.NoModifier
        self._is_for_menu = is_left and self._more_at(index).contains(place)
        # What was selected together is dragged together: a click on it selects when it ends.
        count = sum(part.height() for part in self._selected_ranges())
        is_one_of_several = count > 1 and self.selectionModel().isSelected(index)
        self._is_chosen_late = self._is_plain and is_one_of_several and not self._is_for_menu
        self._press = place if is_left and not self._is_for_menu and index.isValid() else None
        if self._is_for_menu:
            self.menu_wanted.emit(index, self.viewport().mapToGlobal(place))
        elif not self._is_chosen_late:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag what was pressed; do not select what the mouse passes over."""
        place = event.position().toPoint()
        if self._drag is not None:
            self._drag.move(place, self.indexAt(place))
            self.viewport().update()
        elif self._press is not None:
            if (place - self._press).manhattanLength() >= QApplication.startDragDistance():
                self._begin_drag(place)
        else:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go, or choose."""
        drag, is_late = self._drag, self._is_chosen_late
        is_for_menu, self._is_for_menu = self._is_for_menu, False
        self._press, self._is_chosen_late = None, False
        self._end_drag()
        if drag is not None:
            self._is_plain = False  # it was no click, wherever it ends
        if is_late and drag is None:
            index = self.indexAt(event.position().toPoint())
            self.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
            self.row_chosen.emit(index.data(ROW))
        elif not is_for_menu:
            super().mouseReleaseEvent(event)
        if drag is not None and drag.target is not None:
            self._let_go(drag, drag.target)
        if drag is not None:
            self.dragged.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of the row under the mouse; `keyPressEvent` does it for the keyboard."""
        if event.reason() is not QContextMenuEvent.Reason.Keyboard:
            index = self.indexAt(event.pos())
            self.menu_wanted.emit(index, self.viewport().mapToGlobal(event.pos()))

    def _choose(self, index: QModelIndex) -> None:
        """Tell of a click; one with Ctrl or Shift only selects."""
        if self._is_plain:
            self.row_chosen.emit(index.data(ROW))

    def _choose_activated(self, index: QModelIndex) -> None:
        """Take a step of the window's keys; a double click must not turn folders once more."""
        row = index.data(ROW)
        if not isinstance(row, FolderRow):
            self.row_chosen.emit(row)

    def _more_at(self, index: QModelIndex) -> QRect:
        if not index.isValid() or isinstance(index.data(ROW), HeadingRow):
            return QRect()
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        option.rect = self.visualRect(index)
        return more_place(option).adjusted(-theme.SPACE, -PAD, theme.SPACE, PAD)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose with Enter, open and shut folders with the arrows, open the menu."""
        index = self.currentIndex()
        row = index.data(ROW)
        key = event.key()
        is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key == Qt.Key.Key_Escape and self._drag is not None:
            self._end_drag()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and row is not None:
            self.row_chosen.emit(row)
        elif key in {Qt.Key.Key_Left, Qt.Key.Key_Right} and isinstance(row, FolderRow):
            is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
            self.folding.emit(row.folder.id, (key == Qt.Key.Key_Right) != is_mirrored)
        elif (key == Qt.Key.Key_Menu or (key == Qt.Key.Key_F10 and is_shifted)) and row is not None:
            # Not every platform makes an event of its own for these keys.
            place = self.visualRect(index).center()
            self.menu_wanted.emit(index, self.viewport().mapToGlobal(place))
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Let Esc end a drag before it closes the whole list."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self._drag is not None
        ):
            event.accept()
            return True
        return super().event(event)

    # Dragging

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Do not go on with a drag when another window comes to the front."""
        self._end_drag()
        super().focusOutEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows, and what is dragged over them."""
        super().paintEvent(event)
        if self._drag is not None:
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(self.font())
            painter.setLayoutDirection(self.layoutDirection())
            target = self._drag.target
            place = QRect() if target is None else self.visualRect(self._index_of(target))
            self._drag.draw(painter, place, self.viewport().rect())

    def _begin_drag(self, place: QPoint) -> None:
        assert self._press is not None
        index = self.indexAt(self._press)
        row = index.data(ROW)
        self._press = None
        if isinstance(row, FolderRow):
            self._drag = RowDrag(row.folder.name, folder_id=row.folder.id)
        elif isinstance(row, ConversationRow):
            ids = self.ids_at(index)
            words = row.record.title if len(ids) == 1 else self.tr("%n chats", "", len(ids))
            self._drag = RowDrag(words, ids=ids)
        if self._drag is not None:
            self._drag.move(place, self.indexAt(place))
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            self.viewport().update()
            self._scrolling.start()

    def _end_drag(self) -> None:
        if self._drag is not None:
            self._drag = None
            self._scrolling.stop()
            self.viewport().unsetCursor()
            self.viewport().update()

    def _let_go(self, drag: RowDrag, target: Row) -> None:
        if drag.folder_id is not None:
            if isinstance(target, FolderRow):
                self.folder_moved.emit(drag.folder_id, target.folder.id)
        elif getattr(target, "section", None) is Section.PINNED:
            self.pin_wanted.emit(drag.ids)
        else:
            self.moved.emit(drag.ids, folder_of(target))

    def _index_of(self, row: Row) -> QModelIndex:
        return self._model.index_of_key(row.key)

    def _scroll_at_edges(self) -> None:
        if self._drag is None:
            return
        bar, step = self.verticalScrollBar(), max(self.sizeHintForRow(0) // 3, 1)
        place = self._drag.place
        if place.y() < step:
            bar.setValue(bar.value() - step)
        elif place.y() > self.viewport().height() - step:
            bar.setValue(bar.value() + step)
        else:
            return
        self._drag.move(place, self.indexAt(place))
        self.viewport().update()
