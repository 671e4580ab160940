"""The list of conversations: the window's middle column."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QFont,
    QFontMetrics,
    QKeySequence,
    QPainter,
    QPen,
    QShortcut,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from assistant.storage.conversations import ConversationRecord
from assistant.ui import icons, theme
from assistant.ui.chat.list_model import RECORD, ConversationListModel
from assistant.ui.labels import label
from assistant.ui.markdown.direction import direction_of
from assistant.ui.undo_bar import UndoBar

_PAD = 2 * theme.SPACE


class ConversationList(QWidget):
    """New chat, search, choose, rename, delete.

    Signals:
        chosen (int): the id of a conversation.
        new_wanted: the person wants to begin another one.
        renamed (int, str): an id and its new title.
        delete_wanted (int): the id of a conversation.
    """

    chosen = Signal(int)
    new_wanted = Signal()
    renamed = Signal(int, str)
    delete_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = ConversationListModel()
        self.model.renamed.connect(self.renamed)
        self.new_button = QToolButton()
        icons.put(self.new_button, "message-square-plus")
        self.new_button.setAccessibleName(self.tr("New chat"))
        self.new_button.setToolTip(self.tr("New chat (Ctrl+N)"))
        self.new_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.new_button.clicked.connect(self.new_wanted)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setAccessibleName(self.tr("Search the chats"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(self._search)
        self._delegate = _RowDelegate()
        self.view = self._make_view()
        self.nothing = label(self.tr("No chat has these words in its title."), "muted")
        self.nothing.hide()
        self.undo_bar = UndoBar()
        self._lay_out()
        for key, slot in (("Delete", self._delete_current), ("F2", self._rename_current)):
            shortcut = QShortcut(QKeySequence(key), self.view)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(slot)

    def show_records(self, records: list[ConversationRecord], current: int | None) -> None:
        """Show conversations, one of them as the one that is open."""
        self.model.set_records(records)
        self.search.setVisible(len(records) > 1 or bool(self.search.text()))
        self.nothing.setVisible(bool(self.search.text()) and not self.model.rowCount())
        self.select(current)

    def select(self, conversation_id: int | None) -> None:
        """Mark the conversation that is open."""
        index = self.model.index_of(conversation_id)
        if index.isValid():
            self.view.setCurrentIndex(index)
        else:
            self.view.clearSelection()
            self.view.setCurrentIndex(QModelIndex())

    def _make_view(self) -> QListView:
        view = QListView()
        view.setModel(self.model)
        view.setItemDelegate(self._delegate)
        view.setAccessibleName(self.tr("Chats, the last one first"))
        view.setMouseTracking(True)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._show_menu)
        view.clicked.connect(self._choose)
        view.activated.connect(self._choose)
        return view

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(2 * theme.SPACE, 0, 0, 0)
        head.addWidget(label(self.tr("Chats"), "heading", wraps=False), 1)
        head.addWidget(self.new_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(2 * theme.SPACE, 3 * theme.SPACE, 2 * theme.SPACE, _PAD))
        layout.setSpacing(2 * theme.SPACE)
        layout.addLayout(head)
        layout.addWidget(self.search)
        layout.addWidget(self.nothing)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.undo_bar)

    def _search(self, words: str) -> None:
        record = self.view.currentIndex().data(RECORD)
        self.model.search(words)
        self.nothing.setVisible(bool(words) and not self.model.rowCount())
        self.select(record.id if record else None)

    def _choose(self, index: QModelIndex) -> None:
        record = index.data(RECORD)
        if record is not None:
            self.chosen.emit(record.id)

    def _delete_current(self) -> None:
        record = self.view.currentIndex().data(RECORD)
        if record is not None:
            self.delete_wanted.emit(record.id)

    def _rename_current(self) -> None:
        if self.view.currentIndex().isValid():
            self.view.edit(self.view.currentIndex())

    def _show_menu(self, place: QPoint) -> None:
        index = self.view.indexAt(place)
        record = index.data(RECORD)
        if record is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        rename = QAction(self.tr("Rename"), menu)
        rename.setShortcut("F2")
        rename.triggered.connect(lambda: self.view.edit(self.model.index_of(record.id)))
        delete = QAction(self.tr("Delete"), menu)
        delete.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))
        delete.triggered.connect(lambda: self.delete_wanted.emit(record.id))
        menu.addActions([rename, delete])
        menu.popup(self.view.viewport().mapToGlobal(place))


class _RowDelegate(QStyledItemDelegate):
    """Draws headings muted and titles plainly, whatever is in them."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """One line of text; a heading keeps away from what is above it."""
        line = QFontMetrics(option.font).height()
        above = 0 if index.data(RECORD) or not index.row() else 2 * theme.SPACE
        return QSize(80, line + 2 * _PAD + above)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw a row."""
        colors = theme.colors()
        state = option.state
        rect: QRect = option.rect.adjusted(0, 1, 0, -1)
        font = QFont(option.font)
        is_heading = index.data(RECORD) is None
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if is_heading:
            font.setPointSizeF(font.pointSizeF() * 0.9)
            rect.setTop(rect.bottom() - QFontMetrics(font).height() - _PAD)
        else:
            _draw_ground(painter, rect, state)
        painter.setFont(font)
        painter.setPen(colors.text_muted if is_heading else colors.text)
        inner = rect.adjusted(_PAD, 0, -_PAD, 0)
        text = " ".join(str(index.data(Qt.ItemDataRole.DisplayRole) or "").split())
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        is_mirrored = option.direction is Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if is_mirrored else Qt.AlignmentFlag.AlignLeft
        painter.setLayoutDirection(direction_of(text))  # a title's own, wherever it stands
        place = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, place | Qt.TextFlag.TextSingleLine, shown)
        painter.restore()


def _draw_ground(painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:
    colors = theme.colors()
    is_selected = bool(state & QStyle.StateFlag.State_Selected)
    painter.setPen(Qt.PenStyle.NoPen)
    if is_selected or state & QStyle.StateFlag.State_MouseOver:
        painter.setBrush(colors.accent_soft if is_selected else colors.hover)
        painter.drawRoundedRect(rect, theme.RADIUS, theme.RADIUS)
    if state & QStyle.StateFlag.State_HasFocus:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colors.accent, 2))
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), theme.RADIUS, theme.RADIUS)
