"""All checked models side by side: what to use for what, a plot, a table, and both as files."""

import threading
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QPushButton, QVBoxLayout, QWidget

from assistant.checkups.advising import advise
from assistant.checkups.card import VERSION, ScoreCard
from assistant.checkups.comparing import plot_points, ranked, to_csv, to_json
from assistant.checkups.fingerprints import fingerprint_of
from assistant.errors import AssistantError
from assistant.models.keeping.defaults import Task
from assistant.models.keeping.installed import InstalledModel
from assistant.paths import whole_file
from assistant.ui import theme
from assistant.ui.errors_view import ErrorView
from assistant.ui.job import Job
from assistant.ui.labels import label
from assistant.ui.models.checkups.advice import AdviceRow
from assistant.ui.models.checkups.checkup_row import CheckupRow
from assistant.ui.models.checkups.checkup_run import CheckupRun
from assistant.ui.models.checkups.comparison_plot import ComparisonPlot
from assistant.ui.models.checkups.comparison_table import ComparisonTable
from assistant.ui.models.keeping import Keeping
from assistant.ui.models.model_facts import name_of
from assistant.ui.models.rows import drop, rows, widgets
from assistant.ui.models.section import button_row, quiet

_Found = tuple[tuple[ScoreCard, ...], dict[str, InstalledModel]]


class ComparisonPage(QWidget):
    """Shows what the check-ups found; offers, and never switches by itself.

    Args:
        keeping: the score cards, the models, and which does what.
        parent: owner.

    Signals:
        checkup_wanted (object): the person wants a model checked.
    """

    checkup_wanted = Signal(object)

    def __init__(self, keeping: Keeping, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keeping = keeping
        self.cards: tuple[ScoreCard, ...] = ()
        self._here: dict[str, InstalledModel] = {}
        self._job: Job | None = None
        self._work, self.advice, self.unchecked = rows(), rows(), rows()
        self.nothing = label(self.tr("No model was checked on this computer yet."), "muted")
        self.plot = ComparisonPlot()
        self.legend = label(
            self.tr(
                "Higher: more right answers, with the range in which they likely lie. Further "
                "along: faster. Larger: a larger file."
            ),
            "muted",
        )
        self.table = ComparisonTable()
        self.chat_button = QPushButton(self.tr("Use for chat"))
        self.summaries_button = QPushButton(self.tr("Use for summaries"))
        self.csv_button = quiet(self.tr("Save as CSV…"))
        self.json_button = quiet(self.tr("Save as JSON…"))
        self._errors = rows()
        self._lay_out()
        self._connect()
        self.refresh()

    def refresh(self) -> None:
        """Read the cards anew, and tell which of their models are here."""
        models = self._keeping.current.installed()
        if self._job is not None:
            self._job.cancel()

        def read(cancel: threading.Event) -> Iterator[_Found]:
            here: dict[str, InstalledModel] = {}
            for model in models:
                if cancel.is_set():
                    return
                try:
                    here.setdefault(fingerprint_of(model.path), model)
                except AssistantError:  # it went away since
                    continue
            yield ranked(self._keeping.cards.all()), here

        self._job = Job(read, self)
        self._job.succeeded.connect(self._take)
        self._job.failed.connect(self._tell)
        self._job.start()

    def follow(self, run: CheckupRun | None) -> None:
        """Show a check-up that is under way."""
        for widget in widgets(self._work):
            drop(self._work, widget)
        if run is None or not run.is_running:
            return
        row = CheckupRow(run)
        row.dismissed.connect(lambda: drop(self._work, row))
        self._work.addWidget(row)
        run.ended.connect(self.refresh)

    # Showing

    def _take(self, found: _Found | None) -> None:
        if found is None:
            return
        self.cards, self._here = found
        self.plot.show_points(plot_points(self.cards))
        self.table.show_cards(self.cards, set(self._here))
        has_any = bool(self.cards)
        self.nothing.setVisible(not has_any)
        has_points = bool(plot_points(self.cards))
        self.plot.setVisible(has_points)
        self.legend.setVisible(has_points)
        self.table.setVisible(has_any)
        self.csv_button.setVisible(has_any)
        self.json_button.setVisible(has_any)
        self._show_advice()
        self._show_unchecked()
        self._show_choice()

    def _show_advice(self) -> None:
        for widget in widgets(self.advice):
            drop(self.advice, widget)
        here = [card for card in self.cards if card.fingerprint in self._here]
        for task in (Task.CHAT, Task.SUMMARIES):
            found = advise(task, here)
            if not found:
                continue
            row = AdviceRow(task, found, self._in_use(task))
            row.use_wanted.connect(lambda chosen, task=task: self._use(task, chosen))
            self.advice.addWidget(row)

    def _show_unchecked(self) -> None:
        for widget in widgets(self.unchecked):
            drop(self.unchecked, widget)
        checked = {card.fingerprint for card in self.cards if card.version == VERSION}
        for known, model in self._here.items():
            if known in checked or model.is_for_embeddings:
                continue
            button = quiet(self.tr("Check up {name}").format(name=name_of(model)))
            button.clicked.connect(lambda _=False, model=model: self.checkup_wanted.emit(model))
            self.unchecked.addWidget(button, 0, Qt.AlignmentFlag.AlignLeading)
        self._unchecked_words.setVisible(bool(self.unchecked.count()))

    def _show_choice(self) -> None:
        chosen = self.table.chosen
        is_here = chosen is not None and chosen.fingerprint in self._here
        for button, task in (
            (self.chat_button, Task.CHAT),
            (self.summaries_button, Task.SUMMARIES),
        ):
            button.setVisible(bool(self.cards))
            is_used = chosen is not None and self._in_use(task) == chosen.fingerprint
            button.setEnabled(is_here and not is_used)

    def _in_use(self, task: Task) -> str:
        """Return the fingerprint of the model that does `task` now; "" if it has none."""
        used = self._keeping.current.model
        if task is Task.SUMMARIES:
            used = self._keeping.summaries.model
        return next((f for f, m in self._here.items() if used and m.path == used.path), "")

    # Choosing

    def _choose(self, fingerprint_: str) -> None:
        self.plot.choose(fingerprint_)
        self.table.choose(fingerprint_)
        self._show_choice()

    def _use(self, task: Task, fingerprint_: str) -> None:
        model = self._here.get(fingerprint_)
        if model is None:
            return
        try:
            if task is Task.CHAT:
                self._keeping.current.select(model)
            else:
                self._keeping.summaries.select(model)
        except AssistantError as error:
            self._tell(error)
        self._show_advice()
        self._show_choice()

    def _use_chosen(self, task: Task) -> None:
        if self.table.chosen is not None:
            self._use(task, self.table.chosen.fingerprint)

    # Files

    def _save(self, ending: str) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save the check-ups"), f"check-ups.{ending}", f"*.{ending}"
        )
        if name:
            self.export(Path(name))

    def export(self, path: Path) -> None:
        """Write all cards to a file: CSV or JSON, by its ending."""
        text = to_csv(self.cards) if path.suffix == ".csv" else to_json(self.cards)

        def write(_: threading.Event) -> Iterator[Path]:
            with whole_file(path) as file:
                file.write(text.encode("utf-8"))
            yield path

        job = Job(write, self)
        job.failed.connect(self._tell)
        job.start()

    def _tell(self, error: Exception) -> None:
        view = ErrorView(error, is_dismissible=True)
        self._errors.addWidget(view)

    # Parts

    def _connect(self) -> None:
        self.plot.chosen.connect(self._choose)
        self.table.model_chosen.connect(self._choose)
        self.chat_button.clicked.connect(lambda: self._use_chosen(Task.CHAT))
        self.summaries_button.clicked.connect(lambda: self._use_chosen(Task.SUMMARIES))
        self.csv_button.clicked.connect(lambda: self._save("csv"))
        self.json_button.clicked.connect(lambda: self._save("json"))
        self._keeping.summaries.changed.connect(self.refresh)

    def _lay_out(self) -> None:
        self._unchecked_words = label(self.tr("Not checked yet"), "heading")
        self._unchecked_words.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4 * theme.SPACE)
        layout.addWidget(label(self.tr("Checked models"), "title"))
        layout.addLayout(self._errors)
        layout.addLayout(self._work)
        layout.addWidget(self.nothing)
        layout.addLayout(self.advice)
        layout.addWidget(self.plot)
        layout.addWidget(self.legend)
        layout.addWidget(self.table)
        layout.addLayout(
            button_row(self.chat_button, self.summaries_button, self.csv_button, self.json_button)
        )
        layout.addWidget(self._unchecked_words)
        layout.addLayout(self.unchecked)
        for part in (
            self.plot,
            self.legend,
            self.table,
            self.chat_button,
            self.summaries_button,
            self.csv_button,
            self.json_button,
        ):
            part.hide()
