"""A score card on the page: plain words first, then every figure with its interval."""

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assistant.checkups.card import VERSION, Ability, AbilityScore, ScoreCard, Share
from assistant.ui import theme
from assistant.ui.labels import label
from assistant.ui.models.checkups import words
from assistant.ui.models.checkups.plain_table import Cell, PlainTable
from assistant.ui.models.details.fact_grid import FactGrid


class ScoreCardView(QWidget):
    """Shows one score card.

    Args:
        card: which one.
        parent: owner.
    """

    def __init__(self, card: ScoreCard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card = card
        self.sentences = label("\n".join(words.in_plain_words(card)))
        self.figures = FactGrid(words.figures(card))
        self.abilities = self._make_abilities()
        self.languages = self._make_languages()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3 * theme.SPACE)
        layout.addWidget(self.sentences)
        if card.version != VERSION:
            text = self.tr("The questions have changed since: check it again to compare it.")
            layout.addWidget(label(text, "warning"))
        layout.addWidget(self.figures)
        for table in (self.abilities, self.languages):
            layout.addWidget(table)
            table.setVisible(table.rowCount() > 0)
        if card.abilities:
            layout.addWidget(label(self._limits(), "muted"))

    def _make_abilities(self) -> PlainTable:
        table = PlainTable(
            self.tr("Right answers by what was asked"),
            [self.tr("What was asked"), self.tr("Right"), self.tr("Share"), self.tr("Likely")],
        )
        rows = [self._ability(one) for one in self.card.by_ability()]
        rows += [
            [Cell(_capital(words.ability_in_words(one))), Cell(self.tr("not asked")), _NO, _NO]
            for one in self.card.not_asked
        ]
        table.show_rows(rows)
        return table

    def _ability(self, score: AbilityScore) -> list[Cell]:
        name = _capital(words.ability_in_words(score.ability))
        if score.ability is Ability.JSON_FORM:
            name = self.tr("{name} (not counted)").format(name=name)
        right = self.tr("{right} of {of}").format(right=score.right, of=score.of)
        return [
            Cell(name),
            Cell(right, score.right),
            Cell(words.percent(score.share), score.share),
            Cell(words.interval_in_words(score.low, score.high), score.low),
        ]

    def _make_languages(self) -> PlainTable:
        table = PlainTable(
            self.tr("Right answers by language"),
            [self.tr("Language"), self.tr("Share"), self.tr("Likely")],
        )
        asked = self.card.languages
        shares = [(code, self.card.in_language(code)) for code in asked] if len(asked) > 1 else []
        table.show_rows([self._language(code, share) for code, share in shares])
        return table

    def _language(self, code: str, share: Share) -> list[Cell]:
        return [
            Cell(_capital(words.language_in_words(code))),
            Cell(words.percent(share.value), share.value),
            Cell(words.interval_in_words(share.low, share.high), share.low),
        ]

    def _limits(self) -> str:
        asked = sum(one.of for one in self.card.abilities)
        return self.tr(
            "{count} answers, checked by rule and never by a model. “Likely” is where the share "
            "would lie 19 times of 20 if it were asked many more. It tells what a model can do in "
            "small, not what it knows."
        ).format(count=QLocale().toString(asked))


_NO = Cell("–", 0.0)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
