"""What a search found, a page at a time; the window lives on while the hub is asked."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from assistant.errors import HubError, HubFault, NetworkClosed
from assistant.forecast import Forecast
from assistant.models.finding.search import FoundModel, SearchQuery, search
from assistant.models.hub.client import Hub
from assistant.ui import theme
from assistant.ui.announcing import announce
from assistant.ui.errors_view import Action, ErrorView
from assistant.ui.job import Job
from assistant.ui.labels import counted, label
from assistant.ui.models.finding.foresight import Foresight
from assistant.ui.models.finding.found_card import FoundCard
from assistant.ui.models.finding.gradually import Gradually
from assistant.ui.models.rows import drop, rows, widgets

_AT_ONCE = 5  # cards built before the window is drawn again: as many as it can show
_TO_SETTINGS = {HubFault.NOT_A_HUB, HubFault.WRONG_TOKEN, HubFault.INSECURE}


@dataclass(frozen=True, slots=True)
class _Answer:
    """A page of models with what is foretold of them; `next_page` is empty at the end."""

    models: tuple[FoundModel, ...]
    forecasts: dict[str, Forecast]
    next_page: str


class FindResults(QWidget):
    """Searches, and shows a card for each model that was found.

    Args:
        hub: returns whom to ask.
        foresight: foretells what to expect of the models.
        parent: owner.

    Signals:
        chosen (str): the repository whose page is wanted.
        settings_wanted: the next step after a failure is to be taken in Settings.
        shown: all rows of a page stand there, or what went wrong.
    """

    chosen = Signal(str)
    settings_wanted = Signal()
    shown = Signal()

    def __init__(
        self, hub: Callable[[], Hub], foresight: Foresight, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._hub = hub
        self._foresight = foresight
        self._forecasts: dict[str, Forecast] = {}
        self._query = SearchQuery()
        self._next_page = ""
        self._job: Job | None = None
        self._questions = 0
        self._error: ErrorView | None = None
        self._building = Gradually(_AT_ONCE, self)
        self._building.stepped.connect(self._tell_progress)
        self.words: QLabel = label("", "muted")
        self._column = rows()
        self._foot = rows()
        self.more_button = QPushButton(self.tr("More"))
        self.more_button.setAccessibleName(self.tr("More models"))
        self.more_button.clicked.connect(self._ask_for_more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3 * theme.SPACE)
        layout.addWidget(self.words)
        layout.addLayout(self._column)
        layout.addLayout(self._foot)
        layout.addWidget(self.more_button)
        self.more_button.hide()

    @property
    def is_searching(self) -> bool:
        """Whether the hub has not answered yet, or its answer is not yet all on the page."""
        return self._job is not None or self._building.is_building

    @property
    def error_view(self) -> ErrorView | None:
        """What went wrong, while it is shown."""
        return self._error

    def cards(self) -> list[FoundCard]:
        """Return the cards from top to bottom."""
        return [card for card in widgets(self._column) if isinstance(card, FoundCard)]

    def search(self, query: SearchQuery) -> None:
        """Look for other models than those that are shown."""
        self.stop()
        self._query, self._next_page = query, ""
        for card in self.cards():
            drop(self._column, card)
        self._ask("")

    def stop(self) -> None:
        """Ask no more."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._questions += 1
        self._building.stop()
        self._say()

    def _ask_for_more(self) -> None:
        if self._job is None:  # the button stays enabled, or the keyboard would lose its place
            self._ask(self._next_page)

    def _ask(self, page: str) -> None:
        self._clear_error()
        hub, query, foresight = self._hub(), self._query, self._foresight

        def work(cancel: threading.Event) -> Iterator[_Answer]:
            found = search(hub, query, page, cancel=cancel)
            if found is not None:  # it was not stopped
                forecasts = foresight.of_found(found.models)
                yield _Answer(found.models, forecasts, found.next_page)

        # Functions that know the job would keep it in a circle, and the garbage collector might
        # delete it on another thread.
        self._questions += 1
        self._job = Job(work, self)
        self._job.progressed.connect(partial(self._take, self._questions))
        self._job.failed.connect(partial(self._fail, self._questions))
        self._job.start()
        self._say()

    def _take(self, question: int, answer: _Answer) -> None:
        if question != self._questions:
            return  # it was another question's answer
        self._job = None
        self._next_page = answer.next_page
        self._forecasts |= answer.forecasts
        first_new = len(self.cards())
        was_asked_here = self.window().focusWidget() is self.more_button
        if answer.models:
            self._building.start([partial(self._add, found) for found in answer.models])
        self._say()
        announce(self, self.words.text())
        if was_asked_here and 0 < first_new < len(self.cards()):
            self.cards()[first_new].open_button.setFocus()
        if not answer.models:
            self.shown.emit()

    def _tell_progress(self) -> None:
        self._say()
        if not self._building.is_building:
            self.shown.emit()

    def _add(self, found: FoundModel) -> None:
        card = FoundCard(found, self._forecasts.get(found.repo))
        card.chosen.connect(lambda: self.chosen.emit(found.repo))
        self._column.addWidget(card)

    def _fail(self, question: int, error: Exception) -> None:
        if question != self._questions:
            return
        self._job = None
        self._error = ErrorView(error, self._next_steps(error))
        self._foot.addWidget(self._error)
        self._say()
        announce(self, self._error.accessibleName())
        self.shown.emit()

    def _next_steps(self, error: Exception) -> list[Action]:
        page = self._next_page
        retry = (self.tr("Try again"), lambda: self._ask(page))
        settings = (self.tr("Open Settings"), self.settings_wanted.emit)
        if isinstance(error, NetworkClosed):
            return [settings]
        if isinstance(error, HubError) and error.fault in _TO_SETTINGS:
            return [retry, settings]
        return [retry]

    def _clear_error(self) -> None:
        if self._error is not None:
            drop(self._foot, self._error)
            self._error = None

    def _say(self) -> None:
        """Tell how many there are, or what is being done."""
        count = len(self.cards())
        if self._job is not None and not count:
            words = self.tr("Searching…")
        elif count:
            words = counted(self.tr("%n model(s)", "", count), count)
            if self._next_page:
                words = counted(self.tr("The first %n model(s)", "", count), count)
        elif self._error is None and not self._building.is_building:
            words = self.tr("No model was found. Try fewer words, or other filters.")
        else:
            words = ""
        self.words.setText(words)
        self.words.setVisible(bool(words))
        is_asking = self._job is not None
        self.more_button.setVisible(
            bool(count and self._next_page and not self._building.is_building)
        )
        self.more_button.setText(self.tr("Searching…") if is_asking and count else self.tr("More"))
