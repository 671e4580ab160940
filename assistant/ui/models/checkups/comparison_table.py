"""The table of all checked models, a row each."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtWidgets import QWidget

from assistant.checkups.card import VERSION, ScoreCard
from assistant.ui.models.checkups.plain_table import Cell, PlainTable
from assistant.ui.models.checkups.words import share_in_words, words_per_s
from assistant.wording import size


class ComparisonTable(PlainTable):
    """Sorted by any column; one row may be chosen.

    Args:
        parent: owner.

    Signals:
        model_chosen (str): the fingerprint of the model in the row that was chosen.
    """

    model_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", ["", "", "", "", "", "", ""], parent)
        self.setAccessibleName(self.tr("Checked models"))
        self.setHorizontalHeaderLabels(
            [
                self.tr("Model"),
                self.tr("Right (likely)"),
                self.tr("Words/s"),
                self.tr("Reads words/s"),
                self.tr("Memory"),
                self.tr("File"),
                self.tr("Checked"),
            ]
        )
        self._cards: Sequence[ScoreCard] = ()
        self.setSortingEnabled(True)
        self.horizontalHeader().setSortIndicator(1, Qt.SortOrder.DescendingOrder)
        self.itemSelectionChanged.connect(self._tell)

    @property
    def chosen(self) -> ScoreCard | None:
        """The card of the row that is chosen."""
        selected = self.selectionModel().selectedRows()
        number = self.row_of_source(selected[0].row()) if selected else -1
        return self._cards[number] if 0 <= number < len(self._cards) else None

    def show_cards(self, cards: Sequence[ScoreCard], here: AbstractSet[str]) -> None:
        """Show cards; those whose models are not `here` any more say so."""
        chosen = self.chosen
        self.blockSignals(True)
        self._cards = cards
        self.show_rows([self._row(card, is_here=card.fingerprint in here) for card in cards])
        self.blockSignals(False)
        if chosen is not None:
            self.choose(chosen.fingerprint)

    def choose(self, fingerprint: str) -> None:
        """Choose the row of a model."""
        now = self.chosen
        if now is not None and now.fingerprint == fingerprint:
            return
        for row in range(self.rowCount()):
            if self._cards[self.row_of_source(row)].fingerprint == fingerprint:
                self.selectRow(row)

    def _row(self, card: ScoreCard, *, is_here: bool) -> list[Cell]:
        share = card.overall
        reads, writes = card.prompt_tokens_per_s, card.tokens_per_s
        moment = QDateTime.fromSecsSinceEpoch(int(card.at.timestamp()))
        when = QLocale().toString(moment.date(), QLocale.FormatType.ShortFormat)
        if card.version != VERSION:
            when = self.tr("{when}, older questions").format(when=when)
        elif not card.is_complete:
            when = self.tr("{when}, stopped").format(when=when)
        name = card.model if is_here else self.tr("{name} (not here)").format(name=card.model)
        return [
            Cell(name),
            Cell(share_in_words(share), share.value if share else -1.0),
            Cell(words_per_s(writes) or "–", writes),
            Cell(words_per_s(reads) or "–", reads),
            Cell(size(card.peak_bytes) if card.peak_bytes else "–", card.peak_bytes),
            Cell(size(card.size_bytes), card.size_bytes),
            Cell(when, card.at.timestamp()),
        ]

    def _tell(self) -> None:
        chosen = self.chosen
        if chosen is not None:
            self.model_chosen.emit(chosen.fingerprint)
