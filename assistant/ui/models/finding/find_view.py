"""Finding models: the one for this computer, a selection by use, and a search on the hub."""

import re
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from assistant.models.finding.catalog import CatalogModel
from assistant.ui import icons, theme
from assistant.ui.labels import label
from assistant.ui.models.finding.access import HubAccess
from assistant.ui.models.finding.filters import FindFilters
from assistant.ui.models.finding.foresight import Foresight
from assistant.ui.models.finding.offer_card import OfferCard
from assistant.ui.models.finding.offers import Offers
from assistant.ui.models.finding.results import FindResults
from assistant.ui.models.finding.terms import HubTerms
from assistant.ui.models.rows import heading
from assistant.ui.models.verdict import Memory

# "https://hub/owner/name/tree/main" → "owner/name": what a person copies from a browser.
_ADDRESS = re.compile(r"https?://[^/\s]+/([\w.-]+/[\w.-]+)(?:[/?#]\S*)?", re.ASCII)


class FindView(QWidget):
    """The "Find models" view. It asks nothing of a hub before the person agreed to it.

    Args:
        offer: the card of the model that is recommended; None if there is none to be had.
        models: the catalog.
        memory: this computer's.
        access: the hub.
        foresight: foretells what to expect of models.
        parent: owner.

    Signals:
        page_wanted (str): the repository whose page is wanted.
        download_wanted (object): the `CatalogModel` that the person agreed to download.
        settings_wanted: Settings are wanted.
        failed (Exception): a choice could not be kept.
    """

    page_wanted = Signal(str)
    download_wanted = Signal(object)
    settings_wanted = Signal()
    failed = Signal(Exception)

    def __init__(
        self,
        offer: OfferCard,
        models: Sequence[CatalogModel],
        memory: Memory,
        access: HubAccess,
        *,
        foresight: Foresight,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._access = access
        self._has_results = False
        self.offer = offer
        self.offers = Offers(models, memory, access)
        self.filters = FindFilters()
        self.terms = HubTerms(access)
        self.results = FindResults(access.hub, foresight)
        self.closed_card = self._make_closed_card()
        self.field = self._make_field()
        self.search_button = QPushButton(self.tr("Search"))
        self.filters_button = QPushButton(self.tr("Filters"))
        self.clear_button = QPushButton(self.tr("Back to the selection"))
        self._search_part = self._make_search_part()
        self._results_part = self._make_results_part()
        self._start_part = self._make_start_part()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3 * theme.SPACE)
        for part in (self.closed_card, self._search_part, self._results_part, self._start_part):
            layout.addWidget(part)
        layout.addStretch(1)
        self._connect()
        self._show_results(False)
        self.refresh()

    def refresh(self) -> None:
        """Show what the settings allow; what another hub said leads to no question of the new."""
        is_open = not self._access.is_closed
        if is_open and self._has_results and not self._access.is_agreed():
            self._has_results = False
            self.results.stop()
        self.closed_card.setVisible(not is_open)
        self._search_part.setVisible(is_open)
        self._results_part.setVisible(is_open and self._has_results)
        self._start_part.setVisible(is_open and not self._has_results)
        if not is_open:
            self.results.stop()

    def hide_models(self, repos_and_files: set[tuple[str, str]]) -> None:
        """Do not offer what is here already or on its way."""
        model = self.offer.model
        is_offered = (model.repo, model.file) not in repos_and_files
        self.offer.setVisible(is_offered)
        self._offer_heading.setVisible(is_offered)
        self.offers.hide_models({*repos_and_files, (model.repo, model.file)})

    def add_downloads(self, downloads: QWidget) -> None:
        """Show what is being downloaded below the search."""
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(layout.indexOf(self._search_part) + 1, downloads)

    def submit(self) -> None:
        """Search, after the person agreed; an address of a model's page opens that page."""
        words = " ".join(self.field.text().split())
        address = _ADDRESS.fullmatch(words)
        if address is not None:
            self.terms.before(lambda: self.page_wanted.emit(address[1]))
        else:
            self.terms.before(self._search)

    def stop(self) -> None:
        """Ask no more, as the window closes."""
        self.results.stop()

    def showEvent(self, event: QShowEvent) -> None:
        """Build what is looked at, and load the hub's library before it is needed."""
        super().showEvent(event)
        self.refresh()
        self._access.prepare()
        self.offers.build()

    def _search(self) -> None:
        words = " ".join(self.field.text().split())
        self._show_results(True)
        self.results.search(self.filters.query(words))

    def _show_results(self, has_results: bool) -> None:
        self._has_results = has_results
        self.refresh()

    def _leave_results(self) -> None:
        self.results.stop()
        self.field.clear()
        self._show_results(False)
        self.field.setFocus()

    def _filter(self) -> None:
        self._name_filters()
        if self._has_results:
            self._search()

    def _name_filters(self) -> None:
        count = self.filters.count
        text = self.tr("Filters ({count})").format(count=count) if count else self.tr("Filters")
        self.filters_button.setText(text)

    def _connect(self) -> None:
        self.field.returnPressed.connect(self.submit)
        self.search_button.clicked.connect(self.submit)
        self.filters_button.toggled.connect(self.filters.setVisible)
        self.filters.changed.connect(self._filter)
        self.clear_button.clicked.connect(self._leave_results)
        self.results.chosen.connect(self.page_wanted)
        self.results.settings_wanted.connect(self.settings_wanted)
        self.terms.failed.connect(self.failed)
        self.offers.page_wanted.connect(self.page_wanted)
        self.offers.download_wanted.connect(self.download_wanted)
        self._access.changed.connect(self.refresh)

    def _make_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(self.tr("Search the model hub, or paste a model's address"))
        field.setAccessibleName(self.tr("Search the model hub"))
        field.setClearButtonEnabled(True)
        field.setMaxLength(200)
        return field

    def _make_search_part(self) -> QWidget:
        theme.set_role(self.search_button, "primary")
        theme.set_role(self.filters_button, "quiet")
        icons.put(self.filters_button, "sliders-horizontal", "", 16)
        self.filters_button.setCheckable(True)
        self.filters.hide()
        row = QHBoxLayout()
        row.setSpacing(2 * theme.SPACE)
        row.addWidget(self.field, 1)
        row.addWidget(self.search_button)
        row.addWidget(self.filters_button)
        part = QWidget()
        layout = QVBoxLayout(part)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3 * theme.SPACE)
        layout.addLayout(row)
        layout.addWidget(self.filters)
        layout.addWidget(self.terms)
        return part

    def _make_results_part(self) -> QWidget:
        theme.set_role(self.clear_button, "quiet")
        icons.put(self.clear_button, "x", "", 16)
        row = QHBoxLayout()
        row.addWidget(self.clear_button)
        row.addStretch(1)
        row.addWidget(self.filters.sort)
        part = QWidget()
        layout = QVBoxLayout(part)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3 * theme.SPACE)
        layout.addLayout(row)
        layout.addWidget(self.results)
        return part

    def _make_start_part(self) -> QWidget:
        self._offer_heading = heading(self.tr("Recommended for this computer"))
        part = QWidget()
        layout = QVBoxLayout(part)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3 * theme.SPACE)
        for widget in (self._offer_heading, self.offer, self.offers):
            layout.addWidget(widget)
        return part

    def _make_closed_card(self) -> QFrame:
        made = QFrame()
        theme.set_role(made, "card")
        sign = label()
        icons.put(sign, "shield-check", "success")
        words = label(
            self.tr(
                "“Never connect” is on in Settings, so models cannot be searched for or "
                "downloaded. Everything else works as usual, and you can add a .gguf file from "
                "this computer."
            )
        )
        self.settings_button = QPushButton(self.tr("Open Settings"))
        self.settings_button.clicked.connect(self.settings_wanted)
        head = QHBoxLayout()
        head.setSpacing(3 * theme.SPACE)
        head.addWidget(sign)
        head.addWidget(words, 1)
        head.addWidget(self.settings_button)
        layout = QVBoxLayout(made)
        layout.setContentsMargins(*(4 * theme.SPACE,) * 4)
        layout.addLayout(head)
        return made
