"""More models of the catalog, behind one button, with a filter by use."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assistant.models.catalog import CatalogModel
from assistant.ui import icons, theme
from assistant.ui.labels import label
from assistant.ui.models.offer_card import OfferCard
from assistant.ui.models.verdict import Memory, fit_of_offer


class MoreOffers(QWidget):
    """Builds its cards when it is first unfolded.

    Args:
        models: what is offered.
        memory: this computer's.
        hub_name: says where models come from.
        parent: owner.

    Signals:
        asked: the person is told what the hub would learn of them.
        download_wanted (object): the `CatalogModel` that the person agreed to download.
    """

    asked = Signal()
    download_wanted = Signal(object)

    def __init__(
        self,
        models: Sequence[CatalogModel],
        memory: Memory,
        hub_name: Callable[[], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._models = models
        self._memory = memory
        self._hub_name = hub_name
        self._hidden: set[tuple[str, str]] = set()
        self.cards: list[OfferCard] = []
        self.button = QPushButton(self.tr("More models"))
        self.button.setCheckable(True)
        theme.set_role(self.button, "quiet")
        self.button.toggled.connect(self._unfold)
        self.filter = QComboBox()
        self.filter.setAccessibleName(self.tr("Show models for"))
        for text, use in (
            (self.tr("Any use"), ""),
            (self.tr("Chat"), "chat"),
            (self.tr("Summaries"), "summaries"),
            (self.tr("Many languages"), "many languages"),
            (self.tr("Arabic"), "Arabic"),
            (self.tr("Code"), "code"),
        ):
            self.filter.addItem(text, use)
        self.filter.currentIndexChanged.connect(self._filter)
        self.nothing = label(self.tr("No other model for this use."), "muted")
        self._column = QVBoxLayout()
        self._column.setSpacing(3 * theme.SPACE)
        self._lay_out()
        self._unfold(False)

    def hide_models(self, repos_and_files: set[tuple[str, str]]) -> None:
        """Leave out the models that are here already or are being downloaded."""
        self._hidden = repos_and_files
        self._filter()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.button)
        head.addStretch(1)
        head.addWidget(self.filter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3 * theme.SPACE)
        layout.addLayout(head)
        layout.addWidget(self.nothing)
        layout.addLayout(self._column)

    def _unfold(self, is_open: bool) -> None:
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        closed = "chevron-left" if is_mirrored else "chevron-right"
        icons.put(self.button, "chevron-down" if is_open else closed, "", 16)
        self.filter.setVisible(is_open)
        if is_open and not self.cards:
            self.cards = [self._card(model) for model in self._models]
        self._filter()

    def _card(self, model: CatalogModel) -> OfferCard:
        card = OfferCard(model, fit_of_offer(model, self._memory), self._hub_name)
        card.asked.connect(self.asked)
        card.download_wanted.connect(lambda: self.download_wanted.emit(model))
        self._column.addWidget(card)
        return card

    def _filter(self) -> None:
        use = self.filter.currentData()
        is_open = self.button.isChecked()
        shown = 0
        for card in self.cards:
            is_wanted = not use or use in card.model.good_for
            is_new = (card.model.repo, card.model.file) not in self._hidden
            card.setVisible(is_open and is_wanted and is_new)
            shown += is_wanted and is_new
        self.nothing.setVisible(is_open and not shown)
        self._column.setAlignment(Qt.AlignmentFlag.AlignTop)
