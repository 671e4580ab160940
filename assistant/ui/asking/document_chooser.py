"""Choose among the documents that were read before, to ask one in a chat."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListView, QVBoxLayout, QWidget

from assistant.ui import icons, theme
from assistant.ui.documents.list_model import ROW, SUBTITLE, DocumentListModel, Row
from assistant.ui.labels import label
from assistant.ui.overlay import Overlay
from assistant.ui.two_lines import TwoLines

_WIDTH, _HEIGHT = 520, 440
_MOVES = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}


class DocumentChooser(Overlay):
    """A field and the documents that fit it; Enter or a click takes one.

    Args:
        window: what it lies over.
        rows: reads the documents, the last opened first.

    Signals:
        chosen (int): the row of a document.
    """

    chosen = Signal(int)

    def __init__(self, window: QWidget, rows: Callable[[], list[Row]]) -> None:
        super().__init__(window, _WIDTH, _HEIGHT)
        self._rows = rows
        self.model = DocumentListModel()
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Search the documents"))
        self.field.setAccessibleName(self.tr("Search the documents"))
        self.field.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self._delegate = TwoLines(SUBTITLE)
        self.list = self._make_list()
        self.nothing = label("", "muted")
        layout = QVBoxLayout(self.panel)
        layout.setContentsMargins(*(4 * theme.SPACE,) * 4)
        layout.setSpacing(3 * theme.SPACE)
        layout.addWidget(label(self.tr("Attach a document"), "heading", wraps=False))
        layout.addWidget(self.field)
        layout.addWidget(self.nothing)
        layout.addWidget(self.list, 1)

    def choose(self) -> None:
        """Show what there is."""
        self.model.set_rows(self._rows())
        self.field.clear()
        self._search("")
        self.open()
        self.field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move in the list and choose from the field."""
        if watched is not self.field or event.type() is not QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        assert isinstance(event, QKeyEvent)
        if event.key() in _MOVES:
            self.list.keyPressEvent(event)
            return True
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._take(self.list.currentIndex())
            return True
        return super().eventFilter(watched, event)

    def _search(self, words: str) -> None:
        self.model.search(words)
        count = self.model.rowCount()
        if count:
            self.list.setCurrentIndex(self.model.index(0))
        self.nothing.setVisible(not count)
        self.nothing.setText(
            self.tr("No document has these words in its name.")
            if words
            else self.tr("No document was read yet. Attach a file instead.")
        )

    def _take(self, index: QModelIndex) -> None:
        row = index.data(ROW)
        if row is not None and isinstance(row.key, int):
            self.close_panel()
            self.chosen.emit(row.key)

    def _make_list(self) -> QListView:
        view = QListView()
        view.setModel(self.model)
        view.setItemDelegate(self._delegate)
        view.setAccessibleName(self.tr("Documents, the last opened first"))
        view.setUniformItemSizes(True)
        view.setMouseTracking(True)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.clicked.connect(self._take)
        view.activated.connect(self._take)
        return view
