"""The queue: what waits, what is under way, what is done, and what failed and why."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QProgressBar,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from assistant.batches.digests import decode_digest
from assistant.documents.reading import ReadingProgress
from assistant.errors import AssistantError
from assistant.storage.queue import BatchRecord, ItemState, Priority, QueueItem
from assistant.storage.watched_folders import WatchedFolder
from assistant.summaries.digest import Digest
from assistant.ui import icons, theme
from assistant.ui.batches.list_model import FILE, ITEM, STATE, QueueModel
from assistant.ui.batches.offer import BatchOffer
from assistant.ui.batches.queue_work import QueueWork
from assistant.ui.errors_view import ErrorView
from assistant.ui.labels import counted, label, plain_tip

_AnyIndex = QModelIndex | QPersistentModelIndex


class _Roomy(QStyledItemDelegate):
    """Gives rows the height of those of other lists."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _AnyIndex) -> QSize:
        return super().sizeHint(option, index) + QSize(0, 3 * theme.SPACE)


class QueueView(QWidget):
    """Shows one batch, or the files of all, and lets a person steer them.

    Args:
        work: does what is asked.
        parent: owner.

    Signals:
        opened (int): the row of a document that is to be shown.
        digest_wanted (object, str): a digest is to be shown, and its batch's name.
        files_wanted, folder_wanted: more are to be chosen.
        watch_wanted: a folder to be watched is to be chosen.
    """

    opened = Signal(int)
    digest_wanted = Signal(object, str)
    files_wanted = Signal()
    folder_wanted = Signal()
    watch_wanted = Signal()

    def __init__(self, work: QueueWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._batches: list[BatchRecord] = []
        self.model = QueueModel(self)
        self.offer = BatchOffer()
        self.offer.hide()
        self.status = label("", "muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.chooser = QComboBox()
        self.chooser.setAccessibleName(self.tr("Batch"))
        self.errors = QVBoxLayout()
        self.table = self._make_table()
        self._make_buttons()
        self._lay_out()
        self._connect()

    def refresh(self) -> None:
        """Show what the queue is at."""
        try:
            self._batches = self._work.queue.batches()
            shown = self._shown_batch()
            self.model.show_items(self._work.queue.items(shown.id if shown else None))
        except AssistantError as error:
            self._show_error(error)
            return
        self._show_error(self._work.error)
        self._show_chooser()
        self._show_state()

    def show_batch(self, batch_id: int) -> None:
        """Show one batch."""
        self.refresh()
        self.chooser.setCurrentIndex(max(0, self.chooser.findData(batch_id)))

    # What is shown

    def _shown_batch(self) -> BatchRecord | None:
        wanted = self.chooser.currentData()
        return next((batch for batch in self._batches if batch.id == wanted), None)

    def _show_chooser(self) -> None:
        wanted = self.chooser.currentData()
        self.chooser.blockSignals(True)
        self.chooser.clear()
        self.chooser.addItem(self.tr("All files"), 0)
        for batch in reversed(self._batches):
            self.chooser.addItem(self._batch_name(batch), batch.id)
        self.chooser.setCurrentIndex(max(0, self.chooser.findData(wanted)))
        self.chooser.blockSignals(False)
        self.chooser.setVisible(len(self._batches) > 1)

    def _batch_name(self, batch: BatchRecord) -> str:
        count = sum(batch.counts.values())
        number = counted(self.tr("%n file(s)", "", count), count)
        when = batch.added_at.astimezone().strftime("%H:%M")
        return f"{batch.name or self.tr('Files of {time}').format(time=when)} · {number}"

    def _show_state(self) -> None:
        shown = self._shown_batch()
        batches = [shown] if shown else self._batches
        counts = {
            state: sum(batch.counts.get(state, 0) for batch in batches) for state in ItemState
        }
        total = sum(counts.values())
        done, failed = counts[ItemState.DONE], counts[ItemState.FAILED]
        told = [self.tr("{done} of {total} done").format(done=done, total=total)]
        if failed:
            told.append(self.tr("{n} failed").format(n=failed))
        if self._work.is_paused:
            told.append(self.tr("paused"))
        self.status.setText(" · ".join(told) if total else self.tr("Nothing is in the queue."))
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(done + failed)
        self.bar.setVisible(total > 0)
        self.table.setVisible(total > 0)
        has_more = counts[ItemState.WAITING] + counts[ItemState.RUNNING] > 0
        self.pause_button.setVisible(self._work.is_working and not self._work.is_paused)
        self.resume_button.setVisible(has_more and not self.pause_button.isVisibleTo(self))
        self.stop_button.setVisible(self._work.is_working)
        self.digest_button.setVisible(any(batch.has_digest for batch in batches))
        self._show_progress()

    def _show_progress(self) -> None:
        progress = self._work.progress
        if progress is None or not self._work.item_id:
            self.model.show_progress(self._work.item_id, "")
            return
        if isinstance(progress, ReadingProgress):
            if progress.pages_total:
                text = self.tr("Reading page {done} of {total}")
                words = text.format(done=progress.pages_done, total=progress.pages_total)
            else:
                words = self.tr("Reading")
        elif progress.page:
            words = self.tr("Summarising, page {page}").format(page=progress.page)
        else:
            words = self.tr("Summarising")
        self.model.show_progress(self._work.item_id, words)

    def _show_error(self, error: Exception | None) -> None:
        while (item := self.errors.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        if error is not None:
            self.errors.addWidget(ErrorView(error))

    # What is done

    def _open(self, index: QModelIndex) -> None:
        item = index.data(ITEM)
        if isinstance(item, QueueItem) and item.document_id is not None:
            self.opened.emit(item.document_id)

    def _selected(self) -> list[QueueItem]:
        rows = self.table.selectionModel().selectedRows(FILE)
        items = (row.data(ITEM) for row in rows)
        return [item for item in items if isinstance(item, QueueItem)]

    def _steer(self, action: str) -> None:
        """Do something with the files that are selected."""
        queue = self._work.queue
        try:
            for item in self._selected():
                match action:
                    case "retry":
                        queue.retry(item.id)
                    case "first":
                        queue.prioritize(item.id, Priority.HIGH)
                    case "later":
                        queue.prioritize(item.id, Priority.LOW)
                    case "hold":
                        queue.hold(item.id, is_held=item.state is not ItemState.HELD)
                    case "remove" if item.state is not ItemState.RUNNING:
                        queue.remove(item.id)
        except AssistantError as error:
            self._show_error(error)
            return
        self.refresh()
        if action == "retry":
            self._work.start()

    def _clear_done(self) -> None:
        """Take the batches that are over out of the queue; documents and summaries stay.

        Of a watched folder the files go alone: it goes on with its batch.
        """
        queue = self._work.queue
        try:
            watched = {folder.batch_id for folder in self._work.watched.list()}
            for batch in self._batches:
                if not (batch.is_over and batch.counts):
                    continue
                if batch.id not in watched:
                    queue.remove_batch(batch.id)
                    continue
                for item in queue.items(batch.id):
                    queue.remove(item.id)
        except AssistantError as error:
            self._show_error(error)
        self.refresh()

    def _read_digest(self) -> None:
        shown = self._shown_batch()
        batches = [shown] if shown else [b for b in reversed(self._batches) if b.has_digest]
        if not batches:
            return
        content = self._work.queue.digest(batches[0].id)
        digest = decode_digest(content) if content else None
        if isinstance(digest, Digest):
            self.digest_wanted.emit(digest, batches[0].name)

    def _leave(self, folder: WatchedFolder) -> None:
        try:
            self._work.leave_folder(folder)
        except AssistantError as error:
            self._show_error(error)

    def _show_menu(self, place: QPoint) -> None:
        if not self._selected():
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        states = {item.state for item in self._selected()}
        for text, action, wanted in (
            (self.tr("Try again"), "retry", {ItemState.FAILED, ItemState.DONE}),
            (self.tr("Next"), "first", {ItemState.WAITING}),
            (self.tr("Later"), "later", {ItemState.WAITING}),
            (self.tr("Pass over, or not"), "hold", {ItemState.WAITING, ItemState.HELD}),
            (self.tr("Remove from the queue"), "remove", set(ItemState) - {ItemState.RUNNING}),
        ):
            entry = QAction(text, menu)
            entry.setEnabled(bool(states & wanted))
            entry.triggered.connect(lambda _=False, action=action: self._steer(action))
            menu.addAction(entry)
        menu.popup(self.table.viewport().mapToGlobal(place))

    def _fill_menu(self) -> None:
        """Name the folders that are watched, each to be left."""
        self.menu.clear()
        for text, act in (
            (self.tr("Add documents…"), self.files_wanted.emit),
            (self.tr("Add a folder…"), self.folder_wanted.emit),
            (self.tr("Watch a folder…"), self.watch_wanted.emit),
            (self.tr("Clear what is done"), self._clear_done),
        ):
            entry = QAction(text, self.menu)
            entry.triggered.connect(lambda _=False, act=act: act())
            self.menu.addAction(entry)
        folders = self._work.watched.list()
        if folders:
            self.menu.addSeparator()
        for folder in folders:
            text = self.tr("Stop watching {name}").format(name=folder.path.name)
            if left_out := self._work.left_out.get(folder.id, 0):
                more = counted(
                    self.tr("%n file(s) too many, not looked at", "", left_out), left_out
                )
                text = f"{text} ({more})"
            entry = QAction(text.replace("&", "&&"), self.menu)
            entry.setToolTip(plain_tip(str(folder.path)))
            entry.triggered.connect(lambda _=False, folder=folder: self._leave(folder))
            self.menu.addAction(entry)

    # Parts

    def _make_table(self) -> QTreeView:
        table = QTreeView()
        table.setModel(self.model)
        table.setItemDelegate(_Roomy(table))
        table.setRootIsDecorated(False)
        table.setUniformRowHeights(True)
        table.setAllColumnsShowFocus(True)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setAccessibleName(self.tr("Files in the queue"))
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._show_menu)
        table.activated.connect(self._open)
        head = table.header()
        head.setStretchLastSection(True)
        head.setSectionResizeMode(FILE, QHeaderView.ResizeMode.Interactive)
        head.resizeSection(FILE, 320)
        head.resizeSection(STATE, 320)
        return table

    def _make_buttons(self) -> None:
        self.pause_button = QPushButton(self.tr("Pause"))
        self.resume_button = QPushButton(self.tr("Go on"))
        theme.set_role(self.resume_button, "primary")
        self.stop_button = QPushButton(self.tr("Stop"))
        self.digest_button = QPushButton(self.tr("Read the digest"))
        self.menu_button = QToolButton()
        icons.put(self.menu_button, "ellipsis")
        self.menu_button.setAccessibleName(self.tr("More: add, watch, clear"))
        self.menu_button.setToolTip(self.tr("More"))
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.menu_button)
        self.menu.setToolTipsVisible(True)
        self.menu_button.setMenu(self.menu)
        self._fill_menu()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(2 * theme.SPACE)
        head.addWidget(label(self.tr("Queue"), "title"), 1)
        for button in (
            self.digest_button,
            self.stop_button,
            self.pause_button,
            self.resume_button,
            self.menu_button,
        ):
            head.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(6 * theme.SPACE,) * 4)
        layout.setSpacing(3 * theme.SPACE)
        layout.addLayout(head)
        layout.addWidget(self.offer)
        layout.addWidget(self.status)
        layout.addWidget(self.bar)
        layout.addLayout(self.errors)
        layout.addWidget(self.chooser)
        layout.addWidget(self.table, 1)
        layout.addStretch(0)

    def _connect(self) -> None:
        self._work.changed.connect(self.refresh)
        self._work.progressed.connect(self._show_progress)
        self._work.failed.connect(self._show_error)
        self.chooser.currentIndexChanged.connect(self.refresh)
        self.pause_button.clicked.connect(self._work.pause)
        self.resume_button.clicked.connect(self._work.start)
        self.stop_button.clicked.connect(self._work.stop)
        self.digest_button.clicked.connect(self._read_digest)
        self.menu.aboutToShow.connect(self._fill_menu)
        remove = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.table)
        remove.setContext(Qt.ShortcutContext.WidgetShortcut)
        remove.activated.connect(lambda: self._steer("remove"))
