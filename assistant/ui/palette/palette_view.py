"""The palette itself: a field and what is found for it, over the window."""

import threading
from collections.abc import Callable, Iterator

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer
from PySide6.QtGui import QCursor, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QListView, QVBoxLayout, QWidget

from assistant.ui import icons, theme
from assistant.ui.announcing import announce
from assistant.ui.job import Job
from assistant.ui.labels import label
from assistant.ui.overlay import Overlay
from assistant.ui.palette.delegate import PaletteDelegate
from assistant.ui.palette.entry import Entry, Found, Kind, best
from assistant.ui.palette.list_model import FOUND, PaletteListModel
from assistant.ui.palette.matching import words_of

_WIDTH, _HEIGHT, _LEAST = 640, 480, 200
_SHOWN = 60
_RECENT_CHATS, _RECENT_DOCUMENTS = 5, 3  # before anything is typed
_SEARCH_AFTER_MS = 150
_SEARCH_FROM = 2  # characters

Gather = Callable[[threading.Event], Iterator[list[Entry]]]
Search = Callable[[str, threading.Event], Iterator[list[Entry]]]


class Palette(Overlay):
    """Type a few letters, press Enter.

    Commands are there at once; chats and documents follow in a moment, read in the background.
    What is found within chats and documents comes last, below what was found by its title.

    Args:
        window: what it lies over.
        commands: returns what can be done now.
        gather: reads what can be opened.
        search: looks for words in the text of chats and documents.
    """

    def __init__(
        self,
        window: QWidget,
        commands: Callable[[], list[Entry]],
        gather: Gather,
        search: Search,
    ) -> None:
        super().__init__(window, _WIDTH, _HEIGHT)
        self._commands = commands
        self._gather = gather
        self._search = search
        self._entries: list[Entry] = []
        self._words: tuple[str, ...] = ()
        self._gathering: Job | None = None
        self._searching: Job | None = None
        self._pointer = QCursor.pos()
        self.model = PaletteListModel()
        self.field = self._make_field()
        self.view = self._make_view()
        self.nothing = label("", "muted")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._timer = QTimer(self, singleShot=True, interval=_SEARCH_AFTER_MS)
        self._timer.timeout.connect(self._search_texts)
        self._lay_out()

    def open(self) -> None:
        """Show all that can be done, with an empty field."""
        self._entries = self._commands()
        self.field.clear()
        self._pointer = QCursor.pos()
        super().open()
        self._narrow()
        self.field.setFocus()
        self._gathering = Job(self._gather, self)
        self._gathering.succeeded.connect(self._take)
        self._gathering.start()

    def close_panel(self) -> None:
        """Hide it, and end what is looked for."""
        self._stop()
        super().close_panel()

    def choose(self) -> None:
        """Do what the current line says."""
        found: Found | None = self.view.currentIndex().data(FOUND)
        if found is not None:
            self.close_panel()
            found.entry.run()

    @property
    def is_looking(self) -> bool:
        """Whether more lines may follow."""
        jobs = (self._gathering, self._searching)
        return self._timer.isActive() or any(job is not None and job.is_running for job in jobs)

    # What is found

    def _take(self, entries: list[Entry] | None) -> None:
        """Add what can be opened; the line that is marked stays so."""
        if entries and self.isVisible():
            self._entries = [*self._commands(), *entries]
            self._narrow(keep_place=True)

    def _narrow(self, *, keep_place: bool = False) -> None:
        index = self.view.currentIndex()
        current: Found | None = index.data(FOUND) if keep_place and index.row() > 0 else None
        self._words = words_of(self.field.text())
        found = best(self._entries, self._words, _SHOWN) if self._words else self._beginning()
        self.model.show(found)
        row = 0
        if current is not None:
            same = (i for i, one in enumerate(found) if one.entry.key == current.entry.key)
            row = next(same, 0)
        self._mark(row)
        if self._searching is not None:
            self._searching.cancel()
        long_enough = len(self.field.text().strip()) >= _SEARCH_FROM
        self._timer.start() if long_enough else self._timer.stop()
        self._show_whether_found()

    def _beginning(self) -> list[Found]:
        """Return what stands there at first: a new chat, the last ones, and what can be done."""
        opened = {Kind.CHAT, Kind.DOCUMENT}
        commands = [entry for entry in self._entries if entry.kind not in opened]
        recent: list[Entry] = []
        for kind, count in ((Kind.CHAT, _RECENT_CHATS), (Kind.DOCUMENT, _RECENT_DOCUMENTS)):
            recent += [entry for entry in self._entries if entry.kind is kind][:count]
        return [Found(entry) for entry in (*commands[:1], *recent, *commands[1:])]

    def _search_texts(self) -> None:
        words = self.field.text().strip()
        self._searching = Job(lambda cancel: self._search(words, cancel), self)
        self._searching.succeeded.connect(self._add)
        self._searching.finished.connect(self._show_whether_found)
        self._searching.start()

    def _add(self, entries: list[Entry] | None) -> None:
        shown = {(one.entry.kind, one.entry.key) for one in self.model.found}
        new = [Found(e) for e in entries or [] if (e.kind, e.key) not in shown]
        self.model.append(new)
        if not self.view.currentIndex().isValid():
            self._mark(0)
        self._show_whether_found()

    def _fit(self) -> None:
        """Make the panel as high as its lines; the field and the hint keep their places."""
        lines = self.model.rowCount() * max(0, self.view.sizeHintForRow(0))
        layout = self.panel.layout()
        assert layout is not None
        layout.activate()
        above_and_below = self.panel.height() - self.view.height()
        if self.view.isVisible() and above_and_below > 0:
            self.set_height(max(_LEAST, min(_HEIGHT, lines + above_and_below)))

    def _show_whether_found(self) -> None:
        is_empty = not self.model.rowCount()
        self.view.setVisible(not is_empty)
        self.nothing.setVisible(is_empty)
        self.nothing.setText(
            self.tr("Looking…")
            if self.is_looking
            else self.tr("Nothing is called so, and no chat or document has these words.")
        )
        self._fit()

    def _stop(self) -> None:
        self._timer.stop()
        for job in (self._gathering, self._searching):
            if job is not None:
                job.cancel()

    # Keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the keys of the list work while the field has the focus."""
        if (
            watched is self.field
            and isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and self._take_key(event)
        ):
            return True
        return super().eventFilter(watched, event)

    def _take_key(self, event: QKeyEvent) -> bool:
        page = max(1, self.view.viewport().height() // max(1, self.view.sizeHintForRow(0)) - 1)
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Tab: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Backtab: -1,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_PageUp: -page,
        }
        key = Qt.Key(event.key())
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.choose()
            return True
        if key not in steps:
            return False
        self._step(steps[key])
        return True

    def _step(self, by: int) -> None:
        count = self.model.rowCount()
        if not count:
            return
        row = self.view.currentIndex().row() + by
        if abs(by) == 1:
            row %= count  # from the last line to the first
        self._mark(max(0, min(count - 1, row)))

    def _mark(self, row: int) -> None:
        index = self.model.index(row)
        self.view.setCurrentIndex(index)
        if index.isValid():
            self.view.scrollTo(index)
            announce(self.view, str(index.data() or ""))

    # Parts

    def _make_field(self) -> QLineEdit:
        field = QLineEdit()
        theme.set_role(field, "palette")
        field.setPlaceholderText(self.tr("Find a command, a chat, a document or a model"))
        field.setAccessibleName(self.tr("Find anything"))
        field.setAcceptDrops(False)
        field.setMaxLength(200)
        field.textChanged.connect(lambda _: self._narrow())
        field.installEventFilter(self)
        return field

    def _make_view(self) -> QListView:
        view = QListView()
        view.setModel(self.model)
        self._delegate = PaletteDelegate()
        view.setItemDelegate(self._delegate)
        view.setUniformItemSizes(True)
        view.setMouseTracking(True)
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.setAccessibleName(self.tr("Found"))
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setAcceptDrops(False)
        view.entered.connect(self._hover)
        view.clicked.connect(lambda _: self.choose())
        return view

    def _hover(self, index: QModelIndex) -> None:
        """Mark the line under the pointer, unless only the lines moved below it."""
        before, self._pointer = self._pointer, QCursor.pos()
        if self._pointer != before:
            self.view.setCurrentIndex(index)

    def _lay_out(self) -> None:
        sign = QLabel()
        icons.put(sign, "search", "text_muted")
        head = QHBoxLayout()
        head.setContentsMargins(4 * theme.SPACE, 3 * theme.SPACE, 4 * theme.SPACE, 2 * theme.SPACE)
        head.setSpacing(2 * theme.SPACE)
        head.addWidget(sign)
        head.addWidget(self.field, 1)
        line = QWidget()
        line.setFixedHeight(1)
        theme.set_role(line, "rule")
        line.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        hint = label(self.tr("↑ ↓ choose · Enter opens · Esc closes"), "small", wraps=False)
        hint.setContentsMargins(4 * theme.SPACE, theme.SPACE, 4 * theme.SPACE, 2 * theme.SPACE)
        layout = QVBoxLayout(self.panel)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(theme.SPACE)
        layout.addLayout(head)
        layout.addWidget(line)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.nothing, 1)
        layout.addWidget(hint)
