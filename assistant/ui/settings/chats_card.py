"""What the person may choose of chats: how long they are kept, the lock, in, out and backup."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from assistant.conversations.retention import Kept, due
from assistant.settings import Settings
from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database
from assistant.ui import theme
from assistant.ui.job import Job
from assistant.ui.labels import counted, label
from assistant.ui.settings.backup_row import BackupRow
from assistant.ui.settings.cards import Choice, card
from assistant.ui.settings.lock_row import LockRow
from assistant.ui.settings.porting_row import PortingRow


class ChatsCard(QWidget):
    """Two cards of choices.

    Args:
        database: where the chats are.
        let_go: ends all work on what is kept, before a backup takes its place.
        parent: owner.

    Signals:
        changed (str, object): the setting of that name has another value.
        imported: there are more chats now.
        restored: everything that is kept is another now.
        lock_wanted: the window should be locked now.
        asked: a question stands in the card now.
    """

    changed = Signal(str, object)
    imported = Signal()
    restored = Signal()
    lock_wanted = Signal()
    asked = Signal()

    def __init__(
        self,
        database: Database,
        let_go: Callable[[], object] = lambda: None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = ConversationStore(database)
        self._kept = Kept.FOREVER
        self.kept = QComboBox()
        for value, text in (
            (Kept.FOREVER, self.tr("For ever")),
            (Kept.DAYS_30, self.tr("For 30 days after the last change")),
            (Kept.SESSION, self.tr("Until Alcove is closed")),
        ):
            self.kept.addItem(text, value)
        self.titles = QCheckBox(self.tr("The model names chats, where it is large enough"))
        self.due = label("", "warning")
        self.due.hide()
        self.porting = PortingRow(database)
        self.backup = BackupRow(database, let_go)
        self.lock = LockRow()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3 * theme.SPACE)
        layout.addWidget(card(self.tr("Chats"), self._choices()))
        layout.addWidget(card(self.tr("Lock"), self._lock_choices()))
        self._connect()

    def show_values(self, settings: Settings) -> None:
        """Show what is chosen, without telling it as a change."""
        chosen = settings.chats_kept
        self._kept = Kept(chosen) if chosen in list(Kept) else Kept.FOREVER
        self.kept.blockSignals(True)
        self.kept.setCurrentIndex(self.kept.findData(self._kept))
        self.kept.blockSignals(False)
        self.titles.blockSignals(True)
        self.titles.setChecked(settings.makes_titles)
        self.titles.blockSignals(False)
        self.lock.show_values(settings)
        self.count_due()

    def count_due(self) -> None:
        """Say how many chats go soon, for that is no surprise anyone should have."""
        kept = self._kept
        self.due.hide()
        if kept is Kept.FOREVER:
            return

        def count(cancel: threading.Event) -> Iterator[int]:
            del cancel
            yield len(due(self._store, kept, datetime.now(UTC)))

        job = Job(count, self)
        job.succeeded.connect(lambda number: self._tell_due(kept, number))
        job.start()

    def _tell_due(self, kept: Kept, number: int) -> None:
        if kept is not self._kept or not number:
            return
        if kept is Kept.SESSION:
            text = self.tr("%n chat(s) will be deleted for good when Alcove is closed.", "", number)
        else:
            text = self.tr(
                "%n older chat(s) will be deleted for good when Alcove starts next.", "", number
            )
        self.due.setText(counted(text, number))
        self.due.show()

    def _choices(self) -> list[Choice]:
        return [
            Choice(
                self.tr("Keep chats"),
                self.kept,
                self.tr(
                    "Then they are deleted for good, with their search entries, drafts and saved "
                    "reading. Pinned chats outlive the 30 days."
                ),
                self.due,
            ),
            Choice(
                self.tr("Titles"),
                self.titles,
                self.tr("In the background, after the first reply. Else the first words are used."),
            ),
            Choice(
                self.tr("Import and export"),
                self.porting,
                self.tr(
                    "Exports of ChatGPT, Claude, LM Studio and GPT4All can be imported. "
                    '"Export all" writes JSON that can be imported again without loss; "to read" '
                    "writes Markdown."
                ),
                is_tall=True,
            ),
            Choice(
                self.tr("Backup"),
                self.backup,
                self.tr(
                    "One file with all chats, documents' texts and summaries. It is not encrypted."
                ),
                is_tall=True,
            ),
        ]

    def _lock_choices(self) -> list[Choice]:
        return [
            Choice(
                self.tr("Password"),
                self.lock,
                self.tr(
                    "It hides this window from people who use the same screen. It does not "
                    "encrypt the disk: whoever can open your files, or a terminal as you, can "
                    "read your chats. Only the system's disk encryption prevents that."
                ),
                is_tall=True,
            )
        ]

    def _connect(self) -> None:
        self.kept.currentIndexChanged.connect(
            lambda _: self.changed.emit("chats_kept", str(self.kept.currentData()))
        )
        self.titles.toggled.connect(lambda is_on: self.changed.emit("makes_titles", is_on))
        self.lock.changed.connect(self.changed)
        self.lock.lock_wanted.connect(self.lock_wanted)
        self.porting.imported.connect(lambda _: self.imported.emit())
        self.porting.imported.connect(lambda _: self.count_due())
        self.backup.restored.connect(self.restored)
        self.backup.restored.connect(self.count_due)
        self.backup.asked.connect(self.asked)
