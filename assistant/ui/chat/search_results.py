"""The places that a search in the conversations found, in the list's stead."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QVBoxLayout, QWidget

from assistant.ui import theme
from assistant.ui.announcing import announce
from assistant.ui.chat.hit_delegate import HitDelegate
from assistant.ui.chat.hits_model import FOUND, Found, HitsModel
from assistant.ui.labels import counted, label


class SearchResults(QWidget):
    """Titles first, then messages, the newest first.

    Signals:
        chosen (object): a `Found` that the person wants to see.
        more_wanted: the end is in sight, and there may be more.
        left: the person goes up from the first place, back to the words.
        shown: an answer stands here, in stead of the one before.
    """

    chosen = Signal(object)
    more_wanted = Signal()
    left = Signal()
    shown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = HitsModel()
        self.words = label(role="muted")
        self.words.setContentsMargins(2 * theme.SPACE, 0, 2 * theme.SPACE, 0)
        self.view = _View()
        self.view.setModel(self.model)
        self.view.setAccessibleName(self.tr("What was found"))
        self.view.chosen.connect(lambda index: self.chosen.emit(index.data(FOUND)))
        self.view.left.connect(self.left)
        self.view.verticalScrollBar().valueChanged.connect(self._look_for_end)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * theme.SPACE)
        layout.addWidget(self.words)
        layout.addWidget(self.view, 1)

    def show_found(self, found: Sequence[Found], *, is_complete: bool) -> None:
        """Show places in stead of those of the search before."""
        self.model.is_complete = is_complete
        self.model.show(found)
        self.view.scrollToTop()
        self._tell()
        self.shown.emit()

    def add_found(self, found: Iterable[Found], *, is_complete: bool) -> None:
        """Show further places of the same search."""
        self.model.is_complete = is_complete
        self.model.add(list(found))
        self._tell()

    def show_fault(self, words: str) -> None:
        """Say why nothing can be found."""
        self.model.is_complete = True
        self.model.show([])
        self.words.setText(words)
        self.shown.emit()

    def choose_first(self) -> None:
        """Choose the first place, if there is one."""
        if self.model.rowCount():
            self.view.setCurrentIndex(self.model.index(0))
            self.chosen.emit(self.model.found[0])

    def enter(self) -> None:
        """Give the keyboard to the first place, if there is one."""
        if self.model.rowCount():
            self.view.setFocus()
            self.view.setCurrentIndex(self.model.index(0))

    def _tell(self) -> None:
        count = self.model.rowCount()
        if not count:
            words = self.tr("No chat has these words.")
        elif self.model.is_complete:
            words = counted(self.tr("%n place(s)", "", count), count)
        else:
            words = self.tr("The last %n places", "", count)
        self.words.setText(words)
        announce(self.words, words)

    def _look_for_end(self, value: int) -> None:
        bar = self.view.verticalScrollBar()
        if not self.model.is_complete and value > bar.maximum() - bar.pageStep():
            self.more_wanted.emit()


class _View(QListView):
    """Rows of one height; Enter and a click choose, Up from the first one leaves."""

    chosen = Signal(QModelIndex)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._delegate = HitDelegate()
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.clicked.connect(self.chosen)
        self.activated.connect(self.chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose, leave, or move as in every list."""
        index = self.currentIndex()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and index.isValid():
            self.chosen.emit(index)
        elif event.key() == Qt.Key.Key_Up and index.row() <= 0:
            self.left.emit()
        else:
            super().keyPressEvent(event)
