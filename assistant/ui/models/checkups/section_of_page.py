"""The check-up of a model, on its page: what it is worth here, or how to find that out."""

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from assistant.checkups.card import ScoreCard
from assistant.errors import AssistantError
from assistant.models.keeping.installed import InstalledModel
from assistant.ui import theme
from assistant.ui.labels import label, show_if
from assistant.ui.models.checkups.checkup_row import CheckupRow
from assistant.ui.models.checkups.checkup_run import CheckupRun, RunState
from assistant.ui.models.checkups.score_card import ScoreCardView
from assistant.ui.models.keeping import Keeping
from assistant.ui.models.model_facts import name_of
from assistant.ui.models.section import Section, button_row, quiet


class CheckupSection(Section):
    """Shows the score card, or says what a check-up does; and one that is under way.

    Args:
        model: which one.
        keeping: where score cards are.
        parent: owner.

    Signals:
        checkup_wanted: the person wants to begin one.
        comparison_wanted: the person wants to see all checked models.
    """

    checkup_wanted = Signal()
    comparison_wanted = Signal()

    def __init__(
        self, model: InstalledModel, keeping: Keeping, parent: QWidget | None = None
    ) -> None:
        super().__init__("", parent)
        self.heading.setText(self.tr("Check-up"))
        self._model = model
        self._keeping = keeping
        self._run: CheckupRun | None = None
        self.row: CheckupRow | None = None
        self.card_view: ScoreCardView | None = None
        self.words = label(checkup_in_words(), "muted")
        self.button = QPushButton(self.tr("Check up"))
        self.button.setAccessibleName(self.tr("Check up {name}").format(name=name_of(model)))
        self.button.setAccessibleDescription(self.words.text())
        self.button.clicked.connect(self.checkup_wanted)
        self.compare_button = quiet(self.tr("Compare with the others"))
        self.compare_button.clicked.connect(self.comparison_wanted)
        self.column.addWidget(self.words)
        self.column.addLayout(button_row(self.button, self.compare_button))
        self.show_model(model)

    def show_model(self, model: InstalledModel) -> None:
        """Show the card that is kept of the model."""
        self._model = model
        show_if(self, not model.is_for_embeddings)
        try:
            self._show_card(self._keeping.cards.of(model.path))
        except AssistantError as error:
            self.show_error(error)

    def follow(self, run: CheckupRun | None) -> None:
        """Show a check-up that is under way somewhere: this model's, or another's."""
        if self.row is not None:
            self.row.hide()
            self.row.deleteLater()
            self.row = None
        self._run = run
        self.button.setEnabled(run is None or not run.is_running)
        if run is None or run.model.path != self._model.path or not run.is_running:
            return
        self.row = CheckupRow(run)
        theme.set_role(self.row, "")
        self.row.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]
        self.column.insertWidget(1, self.row)
        run.ended.connect(self._end)

    def _end(self) -> None:
        run = self._run
        if run is not None and run.state is RunState.FAILED:
            self.button.setEnabled(True)
            return  # its row says why
        self.follow(None)
        self.show_model(self._model)

    def _show_card(self, card: ScoreCard | None) -> None:
        if self.card_view is not None and self.card_view.card == card:
            return
        if self.card_view is not None:
            self.card_view.hide()
            self.card_view.deleteLater()
            self.card_view = None
        self.words.setVisible(card is None)
        self.button.setText(self.tr("Check up") if card is None else self.tr("Check up again"))
        if card is not None:
            self.card_view = ScoreCardView(card)
            self.column.insertWidget(self.column.indexOf(self.words) + 1, self.card_view)


def checkup_in_words() -> str:
    """Return what a check-up does and takes."""
    return QCoreApplication.translate(
        "checkup",
        "Measures how fast the model is on this computer, and asks it short questions whose "
        "answers are known. It takes two to five minutes, works offline, and nothing leaves this "
        "computer. The chat rests meanwhile.",
    )
