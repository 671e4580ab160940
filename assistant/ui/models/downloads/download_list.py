"""The downloads below each other, in the order in which they run."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assistant.ui.models.downloads.download_row import DownloadRow
from assistant.ui.models.downloads.downloads import Download, Downloads, Wanted
from assistant.ui.models.finding.access import HubAccess
from assistant.ui.models.finding.terms import HubTerms
from assistant.ui.models.rows import drop, rows, widgets
from assistant.ui.undo_bar import UndoBar


class DownloadList(QWidget):
    """Shows the downloads there are; several lists may show the same ones.

    Args:
        downloads: what is shown.
        undo_bar: where a discarded download can be taken back.
        access: the hub: one that was not agreed to is asked about before a download goes on.
        shows: which of them; all if not given.
        parent: owner.

    Signals:
        use_wanted (object): the model that came is to be used.
        settings_wanted: the next step is to be taken in Settings.
    """

    use_wanted = Signal(object)
    settings_wanted = Signal()

    def __init__(
        self,
        downloads: Downloads,
        undo_bar: UndoBar,
        access: HubAccess,
        shows: Callable[[Wanted], bool] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._downloads = downloads
        self._undo_bar = undo_bar
        self._shows = shows
        self.terms = HubTerms(access)
        self._column = rows()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._column)
        layout.addWidget(self.terms)
        downloads.added.connect(self._add)
        downloads.removed.connect(self._remove)
        downloads.moved.connect(self._arrange)
        for one in downloads.all():
            self._add(one)
        self._show_if_any()

    def rows(self) -> list[DownloadRow]:
        """Return the rows from top to bottom, without those that were set aside."""
        return [row for row in self._rows() if not row.download.is_set_aside]

    def _rows(self) -> list[DownloadRow]:
        return [row for row in widgets(self._column) if isinstance(row, DownloadRow)]

    def _add(self, download: Download) -> None:
        if self._shows is not None and not self._shows(download.wanted):
            return
        row = DownloadRow(download)
        row.discard_wanted.connect(lambda: self._discard(download))
        row.use_wanted.connect(lambda: self._use(download))
        row.dismissed.connect(lambda: self._downloads.forget(download))
        row.start_wanted.connect(lambda: self._start(download))
        row.start_now_wanted.connect(lambda: self._downloads.start_now(download))
        row.move_wanted.connect(lambda by: self._move(row, by))
        row.settings_wanted.connect(self.settings_wanted)
        download.changed.connect(self._show_if_any)
        self._column.addWidget(row)
        self._arrange()

    def _remove(self, download: Download) -> None:
        for row in self._rows():
            if row.download is download:
                download.changed.disconnect(row.show_state)
                download.changed.disconnect(self._show_if_any)
                drop(self._column, row)
        self._show_if_any()

    def _start(self, download: Download) -> None:
        """Go on; an earlier run, or the terminal, may have begun it with another hub."""
        wanted = download.wanted
        what = self.tr("It fetches what is missing of {name}.").format(name=wanted.title)
        self.terms.before(download.start, what, endpoint=wanted.endpoint)

    def _move(self, row: DownloadRow, by: int) -> None:
        self._downloads.move(row.download, by)
        button = row.up_button if by < 0 else row.down_button
        (button if button.isEnabled() else row.now_button).setFocus()

    def _arrange(self) -> None:
        """Bring the rows into the order of the downloads, and tell which can be moved."""
        order = {id(one): place for place, one in enumerate(self._downloads.all())}
        shown = self._rows()
        wanted = sorted(shown, key=lambda row: order.get(id(row.download), -1))
        if wanted != shown:
            for row in shown:
                self._column.removeWidget(row)
            for row in wanted:
                self._column.addWidget(row)
        for row in wanted:
            row.show_moves(
                can_rise=self._downloads.can_move(row.download, -1),
                can_sink=self._downloads.can_move(row.download, 1),
            )
        self._show_if_any()

    def _show_if_any(self) -> None:
        for row in self._rows():
            row.setVisible(not row.download.is_set_aside)
        if not self.rows():
            self.hide()
        elif self.parentWidget() is not None:  # without a place it would be a window of its own
            self.show()

    def _discard(self, download: Download) -> None:
        """Take a download off the page now, and throw away what came when that is final."""
        download.set_aside(True)
        text = self.tr("Discarded the download of {name}").format(name=download.wanted.title)
        self._undo_bar.offer(
            text, lambda: download.set_aside(False), lambda: self._finish(download)
        )

    def _finish(self, download: Download) -> None:
        if download.is_set_aside:  # it was not begun again in the meantime
            self._downloads.discard(download)

    def _use(self, download: Download) -> None:
        model = download.model
        self._downloads.forget(download)
        if model is not None:
            self.use_wanted.emit(model)
