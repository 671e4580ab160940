"""The models page: those that are on this computer, and finding others."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from assistant.errors import AssistantError
from assistant.forecast import Forecast, SpeedRecords
from assistant.models.finding.catalog import CatalogModel, catalog, recommendation
from assistant.models.hub.connections import ConnectionLog
from assistant.models.keeping.installed import InstalledModel, ModelFolder
from assistant.settings import SettingsFile
from assistant.ui import icons, theme
from assistant.ui.chat.link_question import LinkQuestion
from assistant.ui.current_model import CurrentModel
from assistant.ui.errors_view import ErrorView
from assistant.ui.job import Job
from assistant.ui.model_words import display_name
from assistant.ui.models.downloads.download_list import DownloadList
from assistant.ui.models.downloads.downloads import Downloads, Wanted
from assistant.ui.models.finding.access import HubAccess
from assistant.ui.models.finding.find_view import FindView
from assistant.ui.models.finding.foresight import Foresight, quickest_choice
from assistant.ui.models.finding.offer_card import OfferCard
from assistant.ui.models.finding.offer_words import faster_reason, reasons_in_words
from assistant.ui.models.finding.remote_page import RemotePage
from assistant.ui.models.importing import ImportRow
from assistant.ui.models.keeping import Keeping
from assistant.ui.models.models_head import ModelsHead
from assistant.ui.models.rows import drop, heading, rows
from assistant.ui.models.shelf import Shelf
from assistant.ui.models.verdict import Memory, fit_of_offer
from assistant.ui.models.views import Views
from assistant.ui.reading_order import follow_layout
from assistant.ui.undo_bar import UndoBar

_NOT_OFFERED = {"trying out"}


class ModelsPage(QWidget):
    """Shows models, finds and downloads others, and copies files in.

    Args:
        current_model: which one is in use, and which are here.
        folder: where they are kept.
        connections: where every connection is listed.
        settings: names the hub.
        offers: the models to be had, the recommended one first; the catalog's if not given.
        log: takes what llama.cpp says while a model is made faster.
        speeds: the file of what was measured on this computer.
        keeping: what details and check-ups work with; without it there are none.
        parent: owner.

    Signals:
        settings_wanted: the next step is to be taken in Settings.
    """

    settings_wanted = Signal()

    def __init__(
        self,
        current_model: CurrentModel,
        folder: ModelFolder,
        connections: ConnectionLog,
        settings: SettingsFile,
        *,
        offers: Sequence[CatalogModel] | None = None,
        log: Path | None = None,
        speeds: Path | None = None,
        keeping: Keeping | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._current = current_model
        self._folder = folder
        self._foresight = Foresight(
            SpeedRecords(speeds),
            lambda: current_model.model.size_bytes if current_model.model else 0,
        )
        self._memory = Memory.now()
        if offers is None:
            offers = [recommendation(self._memory.total_bytes).model, *catalog()]
        self._offers = [m for m in dict.fromkeys(offers) if not _NOT_OFFERED & set(m.good_for)]
        self._has_foretold = False
        self.title = self.tr("Models")
        self.sidebar = None
        self.access = HubAccess(settings, connections, self)
        self.downloads = Downloads(folder, self.access.hub, self)
        self.undo_bar = UndoBar()
        self.shelf = Shelf(
            current_model, folder, self.undo_bar, log, keeping=keeping, access=self.access
        )
        self.offer = self._make_offer()
        self.find_view = FindView(
            self._make_offer(),
            sorted(self._offers, key=lambda model: model.recommended_ram_gb or 0),
            self._memory,
            self.access,
            foresight=self._foresight,
        )
        self.views = Views()
        self._order = QTimer(self, singleShot=True, interval=0)
        self._order.timeout.connect(lambda: follow_layout(self))
        self._work_rows = rows()
        self._errors = rows()
        self._lay_out()
        self._connect()
        self.downloads.find_unfinished(self._title_of)
        self._show_offers()
        self.show_installed()
        self.views.add_root(self.find_view)

    def show_installed(self) -> None:
        """Show the models on this computer."""
        self.head.here_button.setChecked(True)
        self.views.show_root(self._here)

    def show_find(self) -> None:
        """Show what can be found."""
        self.head.find_button.setChecked(True)
        self.views.show_root(self.find_view)

    def open_model(self, repo: str) -> RemotePage:
        """Open the page of a model on the hub; the person has agreed that it is asked."""
        page = RemotePage(
            repo,
            self.access,
            self.downloads,
            self.undo_bar,
            foresight=self._foresight,
            is_here=self._is_here,
        )
        page.repo_wanted.connect(self.open_model)
        page.link_wanted.connect(self._ask_about_link)
        page.settings_wanted.connect(self.settings_wanted)
        page.use_wanted.connect(self._use)
        page.shown.connect(self._order.start)
        self.shelf.changed.connect(page.refresh)
        self.views.open_above(page)
        page.load()
        return page

    def add_file(self, path: Path) -> ImportRow:
        """Copy a model file in; the page shows how far it is, or why it was refused."""
        self.show_installed()
        row = ImportRow(path, self._folder)
        row.completed.connect(self._current.refresh)
        row.dismissed.connect(lambda: drop(self._work_rows, row))
        self._work_rows.addWidget(row)
        row.start()
        return row

    def close_page(self) -> None:
        """Pause downloads and end removals before the window closes."""
        self._stop_connecting()
        for row in self.findChildren(ImportRow):
            row.stop()
        self.shelf.stop()
        self.undo_bar.settle()

    def follow_network(self) -> None:
        """Reach the hub as Settings say now; with "Never connect" what runs is stopped."""
        self.access.refresh()
        if self.access.is_closed:
            self._stop_connecting()

    def _leave_other_hub(self) -> None:
        """Close pages of a hub that was chosen before: the new one was not agreed to."""
        if self.access.is_closed or self.access.is_agreed():
            return
        while isinstance(self.views.top, RemotePage):
            self.views.back()

    def _stop_connecting(self) -> None:
        self.downloads.pause_all()
        self.shelf.stop_connecting()
        self.find_view.stop()
        for page in self.findChildren(RemotePage):
            page.stop()

    def showEvent(self, event: QShowEvent) -> None:
        """Follow what was changed in Settings meanwhile."""
        super().showEvent(event)
        self.access.refresh()
        self._show_offers()
        if not self._has_foretold:
            self._has_foretold = True
            self._foretell_offers()

    def _show_offers(self) -> None:
        """Offer what is neither here nor on its way."""
        taken = {_origin(model) for model in self.shelf.models()}
        taken |= {
            (one.wanted.repo, one.wanted.file)
            for one in self.downloads.all()
            if not one.is_set_aside
        }
        self.find_view.hide_models(taken)
        model = self.offer.model
        is_offered = (model.repo, model.file) not in taken and not self.access.is_closed
        self._offer_heading.setVisible(is_offered)
        self.offer.setVisible(is_offered)

    def _foretell_offers(self) -> None:
        """Tell how the catalog's models will go here; this computer is looked at in a job."""
        foresight, models = self._foresight, self._offers

        def work(_: threading.Event) -> Iterator[dict[str, Forecast]]:
            yield foresight.of_offers(models)

        job = Job(work, self)
        job.progressed.connect(self._take_forecasts)
        job.start()

    def _take_forecasts(self, forecasts: dict[str, Forecast]) -> None:
        """Show them, and recommend another model if the first would be slow here."""
        chosen = quickest_choice(self._offers, forecasts)
        for card in (self.offer, self.find_view.offer):
            if chosen is not card.model:
                card.show_model(chosen, faster_reason())
            card.show_forecast(forecasts[chosen.id])
        self.find_view.offers.show_forecasts(forecasts)
        self._show_offers()

    def _download(self, model: CatalogModel) -> None:
        self.downloads.start(
            Wanted(
                repo=model.repo,
                file=model.file,
                title=model.name,
                revision=model.revision,
                sha256=model.sha256,
                size_bytes=model.size_bytes or 0,
            )
        )

    def _use(self, model: InstalledModel) -> None:
        self.shelf.use(model)

    def _is_here(self, repo: str, file: str) -> bool:
        return (repo, file) in {_origin(model) for model in self.shelf.models()}

    def _tell(self, error: AssistantError) -> None:
        view = ErrorView(error, [(self.tr("Put away"), lambda: drop(self._errors, view))])
        self._errors.addWidget(view)

    def _ask_about_link(self, address: str) -> None:
        """Show an address below what is read, and ask before it is opened."""
        for question in self.findChildren(LinkQuestion):
            question.deleteLater()
        question = LinkQuestion(address)
        self._errors.addWidget(question)
        question.open_button.setFocus()

    def _title_of(self, repo: str, file: str) -> str:
        known = (m.name for m in self._offers if (m.repo, m.file) == (repo, file))
        return next(known, display_name(file))

    def _choose_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("Add a model file"), "", self.tr("Models (*.gguf)")
        )
        if name:
            self.add_file(Path(name))

    def _make_offer(self) -> OfferCard:
        model = self._offers[0]
        told = recommendation(self._memory.total_bytes)
        reason = self.tr("Chosen for this computer's memory.")
        if told.model is model:
            reason = reasons_in_words(told)
        fit = fit_of_offer(model, self._memory)
        card = OfferCard(model, fit, self.access, reason=reason)
        card.download_wanted.connect(self._download)
        card.page_wanted.connect(self.open_model)
        return card

    def _make_downloads(self) -> DownloadList:
        made = DownloadList(self.downloads, self.undo_bar, self.access)
        made.use_wanted.connect(self._use)
        made.settings_wanted.connect(self.settings_wanted)
        made.terms.failed.connect(self._tell)
        return made

    def _connect(self) -> None:
        self.shelf.changed.connect(self._show_offers)
        self.shelf.failed.connect(self._tell)
        self.shelf.view_wanted.connect(self.views.open_above)
        self.shelf.back_wanted.connect(self.views.back)
        self.find_view.page_wanted.connect(self.open_model)
        self.find_view.download_wanted.connect(self._download)
        self.find_view.settings_wanted.connect(self.settings_wanted)
        self.find_view.failed.connect(self._tell)
        self.access.changed.connect(self._leave_other_hub)
        self.access.changed.connect(self._show_offers)
        self.downloads.moved.connect(self._show_offers)
        self.downloads.added.connect(self._show_offers)
        self.downloads.completed.connect(self.shelf.keep)
        self.downloads.completed.connect(self._current.refresh)
        self.views.changed.connect(self._show_head)
        for changed in (
            self.views.changed,
            self.shelf.changed,
            self.downloads.moved,
            self.find_view.results.shown,
            self.find_view.offers.built,
        ):
            changed.connect(self._order.start)

    def _show_head(self) -> None:
        """Above a model's own page there is only its Back button."""
        self.head.setVisible(self.views.is_at_root)

    def _lay_out(self) -> None:
        self.head = ModelsHead()
        self.head.here_wanted.connect(self.show_installed)
        self.head.find_wanted.connect(self.show_find)
        self.head.add_wanted.connect(self._choose_file)
        self._offer_heading = heading(self.tr("Get a better model"))
        self._here = QWidget()
        column = rows()
        column.addWidget(self._make_downloads())
        column.addLayout(self._work_rows)
        for part in (self.shelf, self._offer_heading, self.offer, self._more_line()):
            column.addWidget(part)
        column.addStretch(1)
        self._here.setLayout(column)
        self.find_view.add_downloads(self._make_downloads())
        foot = QVBoxLayout()
        foot.setContentsMargins(6 * theme.SPACE, 0, 6 * theme.SPACE, 2 * theme.SPACE)
        foot.setSpacing(2 * theme.SPACE)
        foot.addLayout(self._errors)
        foot.addWidget(self.undo_bar)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(self.views, 1)
        layout.addLayout(foot)

    def _more_line(self) -> QWidget:
        """Return the way from the models that are here to the others."""
        self.more_button = QPushButton(self.tr("Find more models"))
        theme.set_role(self.more_button, "quiet")
        icons.put(self.more_button, "search", "", 16)
        self.more_button.clicked.connect(self.show_find)
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.more_button)
        row.addStretch(1)
        return line


def _origin(model: InstalledModel) -> tuple[str, str]:
    """Return the repository and the file in it that a model came from."""
    return model.repo, model.file or f"{model.path.stem}.gguf"
