"""The models of the catalog, with filters by use, size and licence."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from assistant.forecast import Forecast, Verdict
from assistant.models.finding.catalog import CatalogModel
from assistant.models.finding.licences import terms_of
from assistant.ui import theme
from assistant.ui.labels import label
from assistant.ui.models.finding.access import HubAccess
from assistant.ui.models.finding.gradually import Gradually
from assistant.ui.models.finding.offer_card import OfferCard
from assistant.ui.models.rows import heading, rows
from assistant.ui.models.verdict import Fit, Memory, fit_of_offer

_AT_ONCE = 4  # cards built before the window is drawn again
_FREE = "free"
_FITS = "fits"


class Offers(QWidget):
    """Shows the catalog. Its cards are built when it is first shown.

    Args:
        models: what is offered.
        memory: this computer's.
        access: the hub they come from.
        parent: owner.

    Signals:
        download_wanted (object): the `CatalogModel` that the person agreed to download.
        page_wanted (str): the repository whose page the person wants to see.
        built: all cards stand there.
    """

    download_wanted = Signal(object)
    page_wanted = Signal(str)
    built = Signal()

    def __init__(
        self,
        models: Sequence[CatalogModel],
        memory: Memory,
        access: HubAccess,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._models = models
        self._memory = memory
        self._access = access
        self._forecasts: dict[str, Forecast] = {}
        self._hidden: set[tuple[str, str]] = set()
        self.cards: list[OfferCard] = []
        self._building = Gradually(_AT_ONCE, self)
        self.use = self._filter_box(
            self.tr("Show models for"),
            (self.tr("Any use"), ""),
            (self.tr("Chat"), "chat"),
            (self.tr("Summaries"), "summaries"),
            (self.tr("Many languages"), "many languages"),
            (self.tr("Arabic"), "Arabic"),
            (self.tr("Code"), "code"),
            (self.tr("Comparing texts"), "embeddings"),
        )
        self.size_box = self._filter_box(
            self.tr("Show models of this size"),
            (self.tr("Any size"), ""),
            (self.tr("That run well here"), _FITS),
        )
        self.licence = self._filter_box(
            self.tr("Show models under these terms"),
            (self.tr("Any licence"), ""),
            (self.tr("Paid work allowed"), _FREE),
        )
        self.nothing = label(self.tr("No model of the selection fits these choices."), "muted")
        self._column = rows()
        self._lay_out()
        self._building.stepped.connect(self._filter)

    def build(self) -> None:
        """Make the cards, if they are not there yet."""
        if not self.cards and not self._building.is_building:
            self._building.start([partial(self._add, model) for model in self._models])

    def hide_models(self, repos_and_files: set[tuple[str, str]]) -> None:
        """Leave out the models that are here already or are being downloaded."""
        self._hidden = repos_and_files
        self._filter()

    def show_forecasts(self, forecasts: dict[str, Forecast]) -> None:
        """Tell what to expect of the models here, by their ids."""
        self._forecasts = forecasts
        for card in self.cards:
            self._foretell(card)
        self._filter()

    def _foretell(self, card: OfferCard) -> None:
        seen = self._forecasts.get(card.model.id)
        if seen is not None:
            card.show_forecast(seen)

    def _runs_well(self, model: CatalogModel) -> bool:
        seen = self._forecasts.get(model.id)
        if seen is not None:
            return seen.verdict is Verdict.WELL
        return fit_of_offer(model, self._memory) is Fit.WELL

    def _filter_box(self, name: str, *choices: tuple[str, str]) -> QComboBox:
        made = QComboBox()
        made.setAccessibleName(name)
        for text, value in choices:
            made.addItem(text, value)
        made.currentIndexChanged.connect(self._filter)
        return made

    def _lay_out(self) -> None:
        filters = QHBoxLayout()
        filters.setSpacing(2 * theme.SPACE)
        for box in (self.use, self.size_box, self.licence):
            filters.addWidget(box)
        filters.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3 * theme.SPACE)
        layout.addWidget(heading(self.tr("A selection, by use")))
        layout.addLayout(filters)
        layout.addWidget(self.nothing)
        layout.addLayout(self._column)

    def _add(self, model: CatalogModel) -> None:
        card = OfferCard(model, fit_of_offer(model, self._memory), self._access)
        card.download_wanted.connect(self.download_wanted)
        card.page_wanted.connect(self.page_wanted)
        self._foretell(card)
        self._column.addWidget(card)
        card.setVisible(self._suits(model))
        self.cards.append(card)

    def _filter(self) -> None:
        shown = 0
        for card in self.cards:
            is_shown = self._suits(card.model)
            card.setVisible(is_shown)
            shown += is_shown
        is_complete = bool(self.cards) and not self._building.is_building
        self.nothing.setVisible(is_complete and not shown)
        if is_complete:
            self.built.emit()

    def _suits(self, model: CatalogModel) -> bool:
        use = self.use.currentData()
        if use and use not in model.good_for:
            return False
        if self.size_box.currentData() == _FITS and not self._runs_well(model):
            return False
        if self.licence.currentData() == _FREE and not terms_of(model.licence).allows_commercial:
            return False
        return (model.repo, model.file) not in self._hidden
