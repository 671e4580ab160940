"""The list of documents: the window's middle column."""

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListView,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from assistant.storage.search_words import Pieces
from assistant.ui import icons, theme
from assistant.ui.documents.list_model import ROW, DocumentListModel, Row
from assistant.ui.labels import label
from assistant.ui.library.delegate import LibraryDelegate


class DocumentList(QWidget):
    """Search by name and by text, choose, remove.

    Signals:
        chosen (object): the key of a document.
        search_wanted (str): words to look for in the text of the documents; "" for none.
        ask_wanted (object): the key of a document to be asked.
        remove_wanted (object): the key of a document.
        open_wanted: the person wants to choose a file.
        folder_wanted: the person wants to choose a folder.
        queue_wanted: the person wants to see the queue.
    """

    chosen = Signal(object)
    search_wanted = Signal(str)
    ask_wanted = Signal(object)
    remove_wanted = Signal(object)
    open_wanted = Signal()
    folder_wanted = Signal()
    queue_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = DocumentListModel()
        self.add_button = QToolButton()
        icons.put(self.add_button, "plus")
        self.add_button.setAccessibleName(self.tr("Open a document"))
        self.add_button.setToolTip(self.tr("Open a document (Ctrl+O)"))
        self.add_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.add_button.clicked.connect(self.open_wanted)
        self.folder_button = QToolButton()
        icons.put(self.folder_button, "folder-open")
        self.folder_button.setAccessibleName(self.tr("Summarise a folder"))
        self.folder_button.setToolTip(self.tr("Summarise a folder"))
        self.folder_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.folder_button.clicked.connect(self.folder_wanted)
        self.queue_button = QPushButton()
        icons.put(self.queue_button, "list")
        self.queue_button.clicked.connect(self.queue_wanted)
        self.show_queue("")
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setAccessibleName(self.tr("Search the documents"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.textChanged.connect(self._search)
        self._delegate = LibraryDelegate()
        self.view = self._make_view()
        self.nothing = label(self.tr("No document has these words."), "muted")
        self._selected: int | str | None = None
        self.nothing.hide()
        self._lay_out()
        remove = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.view)
        remove.setContext(Qt.ShortcutContext.WidgetShortcut)
        remove.activated.connect(self._remove_current)

    def show_rows(self, rows: list[Row], selected: int | str | None) -> None:
        """Show documents, one of them as selected."""
        self.model.set_rows(rows)
        self.search.setVisible(len(rows) > 1 or bool(self.search.text()))
        self._show_whether_found(bool(rows))
        self._selected = selected
        self._select()

    def show_found(self, words: str, found: Mapping[int | str, Pieces]) -> None:
        """Show documents whose text has `words`, if that is still what is looked for."""
        if words == self.search.text().strip():
            self.model.show_found(found)
            self._show_whether_found(is_expected=True)
            self._select()

    def _select(self) -> None:
        index = self.model.index_of(self._selected)
        if index.isValid():
            self.view.setCurrentIndex(index)
        else:
            self.view.clearSelection()
            self.view.setCurrentIndex(QModelIndex())

    def show_queue(self, words: str) -> None:
        """Say what the queue is at, "3 of 40 done"; "" where there is none."""
        self.queue_button.setText(self.tr("Queue: {words}").format(words=words) if words else "")
        self.queue_button.setVisible(bool(words))

    def _make_view(self) -> QListView:
        view = QListView()
        view.setModel(self.model)
        view.setItemDelegate(self._delegate)
        view.setAccessibleName(self.tr("Documents, the newest first"))
        view.setMouseTracking(True)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._show_menu)
        view.clicked.connect(self._choose)
        view.activated.connect(self._choose)
        return view

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(2 * theme.SPACE, 0, 0, 0)
        head.addWidget(label(self.tr("Documents"), "heading", wraps=False), 1)
        head.addWidget(self.folder_button)
        head.addWidget(self.add_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * theme.SPACE, 3 * theme.SPACE, 2 * theme.SPACE, 0)
        layout.setSpacing(2 * theme.SPACE)
        layout.addLayout(head)
        layout.addWidget(self.search)
        layout.addWidget(self.queue_button)
        layout.addWidget(self.nothing)
        layout.addWidget(self.view, 1)

    def _search(self, words: str) -> None:
        self.model.search(words)
        self._show_whether_found(bool(words))
        self._select()
        self.search_wanted.emit(words)

    def _show_whether_found(self, is_expected: bool) -> None:
        self.nothing.setVisible(is_expected and self.model.rowCount() == 0)

    def _choose(self, index: QModelIndex) -> None:
        row = index.data(ROW)
        if row is not None:
            self.chosen.emit(row.key)

    def _remove_current(self) -> None:
        row = self.view.currentIndex().data(ROW)
        if row is not None:
            self.remove_wanted.emit(row.key)

    def _show_menu(self, place: QPoint) -> None:
        row = self.view.indexAt(place).data(ROW)
        if row is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if isinstance(row.key, int):
            ask = QAction(self.tr("Ask about it"), menu)
            ask.triggered.connect(lambda: self.ask_wanted.emit(row.key))
            menu.addAction(ask)
            menu.addSeparator()
        remove = QAction(self.tr("Remove with everything of it"), menu)
        remove.triggered.connect(lambda: self.remove_wanted.emit(row.key))
        menu.addAction(remove)
        menu.popup(self.view.viewport().mapToGlobal(place))
