"""The models page: those that are here, and better ones to be had."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from assistant.errors import AssistantError
from assistant.models.catalog import CatalogModel, catalog, recommended
from assistant.models.connections import ConnectionLog
from assistant.models.installed import ModelFolder
from assistant.settings import SettingsFile
from assistant.ui import theme
from assistant.ui.current_model import CurrentModel
from assistant.ui.errors_view import ErrorView
from assistant.ui.job import Job
from assistant.ui.labels import label
from assistant.ui.model_words import display_name
from assistant.ui.models.download_row import DownloadRow
from assistant.ui.models.downloads import Download, Downloads, Wanted
from assistant.ui.models.importing import ImportRow
from assistant.ui.models.offer_card import OfferCard
from assistant.ui.models.offers import MoreOffers
from assistant.ui.models.rows import drop, heading, rows
from assistant.ui.models.shelf import Shelf
from assistant.ui.models.verdict import Memory, fit_of_offer
from assistant.ui.undo_bar import UndoBar

_WIDTH = 820  # px
_NOT_OFFERED = {"embeddings", "trying out"}


class ModelsPage(QWidget):
    """Shows models, downloads them and copies files in.

    Args:
        current_model: which one is in use, and which are here.
        folder: where they are kept.
        connections: where every connection is listed.
        settings: names the hub.
        offers: the models to be had, the recommended one first; the catalog's if not given.
        log: takes what llama.cpp says while a model is made faster.
        parent: owner.
    """

    def __init__(
        self,
        current_model: CurrentModel,
        folder: ModelFolder,
        connections: ConnectionLog,
        settings: SettingsFile,
        *,
        offers: Sequence[CatalogModel] | None = None,
        log: Path | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._current = current_model
        self._folder = folder
        self._settings = settings
        self._memory = Memory.now()
        if offers is None:
            offers = [recommended(self._memory.total_bytes), *catalog()]
        self._offers = [m for m in dict.fromkeys(offers) if not _NOT_OFFERED & set(m.good_for)]
        self._hub_host = ""
        self.title = self.tr("Models")
        self.sidebar = None
        self.downloads = Downloads(folder, connections, lambda: settings.value.hub_endpoint, self)
        self.undo_bar = UndoBar()
        self.shelf = Shelf(current_model, folder, self.undo_bar, log)
        self.offer = self._make_offer(self._offers[0])
        self.more = MoreOffers(self._offers[1:], self._memory, self._hub_name)
        self._work_rows = rows()
        self._lay_out()
        self.shelf.changed.connect(self._show_offers)
        self.shelf.failed.connect(self._tell)
        self.more.download_wanted.connect(self._download)
        self.more.asked.connect(self._learn_hub_name)
        self.downloads.added.connect(self._add_row)
        self.downloads.completed.connect(current_model.refresh)
        self.downloads.find_unfinished(self._title_of)
        self._show_offers()

    def add_file(self, path: Path) -> ImportRow:
        """Copy a model file in; the page shows how far it is, or why it was refused."""
        row = ImportRow(path, self._folder)
        row.completed.connect(self._current.refresh)
        row.dismissed.connect(lambda: drop(self._work_rows, row))
        self._work_rows.addWidget(row)
        row.start()
        return row

    def close_page(self) -> None:
        """Pause downloads and end removals before the window closes."""
        self.downloads.pause_all()
        for row in self.findChildren(ImportRow):
            row.stop()
        self.shelf.stop()
        self.undo_bar.settle()

    def _show_offers(self) -> None:
        """Offer what is neither here nor on its way."""
        taken = {(model.repo, f"{model.path.stem}.gguf") for model in self.shelf.models()}
        taken |= {(d.wanted.repo, d.wanted.file) for d in self.downloads.all()}
        self.more.hide_models(taken)
        is_offered = (self.offer.model.repo, self.offer.model.file) not in taken
        self._offer_heading.setVisible(is_offered)
        self.offer.setVisible(is_offered)

    def _download(self, model: CatalogModel) -> None:
        self.downloads.start(
            Wanted(
                repo=model.repo,
                file=model.file,
                title=model.name,
                revision=model.revision,
                sha256=model.sha256,
            )
        )
        self._show_offers()

    def _add_row(self, download: Download) -> None:
        row = DownloadRow(download)
        row.discard_wanted.connect(lambda: self._discard(row, download))
        row.use_wanted.connect(lambda: self._use(row, download))
        self._work_rows.addWidget(row)

    def _discard(self, row: DownloadRow, download: Download) -> None:
        """Throw away what came, when it can no longer be undone."""
        row.hide()

        def finish() -> None:
            drop(self._work_rows, row)
            self.downloads.discard(download)
            self._show_offers()

        text = self.tr("Discarded the download of {name}").format(name=download.wanted.title)
        self.undo_bar.offer(text, row.show, finish)

    def _use(self, row: DownloadRow, download: Download) -> None:
        if download.model is not None:
            self.shelf.use(download.model)
        drop(self._work_rows, row)
        self.downloads.forget(download)
        self._show_offers()

    def _tell(self, error: AssistantError) -> None:
        view = ErrorView(error, [(self.tr("Put away"), lambda: drop(self._work_rows, view))])
        self._work_rows.addWidget(view)

    def _title_of(self, repo: str, file: str) -> str:
        known = (m.name for m in self._offers if (m.repo, m.file) == (repo, file))
        return next(known, display_name(file))

    def _hub_name(self) -> str:
        if self._hub_host:
            return self.tr("the model hub ({host})").format(host=self._hub_host)
        return self.tr("the model hub")

    def _learn_hub_name(self) -> None:
        """Ask the hub's library for its address, when that is to be shown.

        Importing the library takes half a second, and connects to nothing.
        """
        if self._hub_host:
            return

        def ask(_: threading.Event) -> Iterator[str]:
            yield self.downloads.hub().host

        job = Job(ask, self)
        job.succeeded.connect(self._take_hub_name)
        job.start()

    def _take_hub_name(self, host: str) -> None:
        self._hub_host = host
        for card in self.findChildren(OfferCard):
            card.say_what_the_hub_learns()

    def _choose_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("Add a model file"), "", self.tr("Models (*.gguf)")
        )
        if name:
            self.add_file(Path(name))

    def _make_offer(self, model: CatalogModel) -> OfferCard:
        memory = self.tr("{count} GB").format(count=round(self._memory.total_bytes / 1e9))
        reason = self.tr(
            "Chosen for a computer with {memory} of memory: it writes better summaries, and "
            "makes fewer things up."
        ).format(memory=memory)
        fit = fit_of_offer(model, self._memory)
        card = OfferCard(model, fit, self._hub_name, reason=reason)
        card.asked.connect(self._learn_hub_name)
        card.download_wanted.connect(lambda: self._download(model))
        return card

    def _lay_out(self) -> None:
        self.add_button = QPushButton(self.tr("Add a .gguf file…"))
        self.add_button.clicked.connect(self._choose_file)
        head = QHBoxLayout()
        head.addWidget(label(self.tr("Models"), "title", wraps=False), 1)
        head.addWidget(self.add_button)
        self._offer_heading = heading(self.tr("Get a better model"))
        column = rows()
        column.addLayout(head)
        column.addLayout(self._work_rows)
        for part in (self.shelf, self._offer_heading, self.offer, self.more):
            column.addWidget(part)
        column.addStretch(1)
        foot = QHBoxLayout()
        foot.setContentsMargins(6 * theme.SPACE, 0, 6 * theme.SPACE, 2 * theme.SPACE)
        foot.addWidget(self.undo_bar)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(_scrolled(column), 1)
        layout.addLayout(foot)


def _scrolled(column: QVBoxLayout) -> QScrollArea:
    inner = QWidget()
    inner.setMaximumWidth(_WIDTH)
    inner.setLayout(column)
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(*(6 * theme.SPACE,) * 4)
    row.addStretch(1)
    row.addWidget(inner, 1000)
    row.addStretch(1)
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    bar = area.verticalScrollBar()
    bar.rangeChanged.connect(lambda _, most: bar.setEnabled(most > 0))
    area.viewport().setAutoFillBackground(False)
    area.setWidget(page)
    return area
