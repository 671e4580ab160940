"""Everything that is kept in one file, and back; asked in place before anything is replaced."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from assistant.storage.backup import BackupContents, CopyProgress, backup, restore
from assistant.storage.database import Database
from assistant.ui import theme
from assistant.ui.labels import counted, label
from assistant.ui.settings.activity import Activity
from assistant.wording import size


class BackupRow(QWidget):
    """Back up and restore.

    Args:
        database: what is copied, and replaced.
        let_go: ends all work on what is kept, before it is replaced.
        parent: owner.

    Signals:
        asked: the question stands below the buttons now.
        restored: everything is another now.
    """

    asked = Signal()
    restored = Signal()

    def __init__(
        self,
        database: Database,
        let_go: Callable[[], object] = lambda: None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._database = database
        self._let_go = let_go
        self._path = Path()
        self.backup_button = QPushButton(self.tr("Back up…"))
        self.restore_button = QPushButton(self.tr("Restore…"))
        self.question, self.words = self._make_question()
        self.activity = Activity()
        self.backup_button.clicked.connect(self._choose_target)
        self.restore_button.clicked.connect(self._choose_backup)
        self.activity.started.connect(lambda: self._enable(False))
        self.activity.ended.connect(lambda: self._enable(True))
        self.activity.succeeded.connect(self._tell)
        self._lay_out()

    def back_up_to(self, path: Path) -> None:
        """Write everything to a file."""

        def work(cancel: threading.Event) -> Iterator[Any]:
            yield from backup(self._database, path, cancel)

        self.activity.start(self.tr("Backing up"), work, self._far)

    def offer(self, path: Path) -> None:
        """Ask whether a backup should take the place of everything."""
        self.activity.clear()
        self._path = path
        self.words.setText(
            self.tr(
                "{name} takes the place of all chats, documents' texts and summaries. What is "
                "here now is gone then, and cannot be brought back; settings and models stay. "
                "The file is checked from beginning to end first."
            ).format(name=path.name)
        )
        self.question.show()
        self.keep_button.setFocus()
        self.asked.emit()

    def restore_now(self) -> None:
        """Put the backup in place of everything."""
        self.question.hide()
        self._let_go()
        path = self._path

        def work(cancel: threading.Event) -> Iterator[Any]:
            contents = None
            for event in restore(path, self._database, cancel):
                contents = _Restored(event) if isinstance(event, BackupContents) else None
                yield contents or event

        self.activity.start(self.tr("Restoring"), work, self._far)

    def _far(self, value: object) -> tuple[float, str] | None:
        if isinstance(value, CopyProgress):
            words = self.tr("Checking") if value.is_checking else size(value.done_bytes)
            return value.done_bytes / max(1, value.total_bytes), words
        return None

    def _tell(self, result: object) -> None:
        if isinstance(result, _Restored):
            told = self.tr("Restored {what}.").format(what=self._what(result.contents))
            self.activity.tell([told])
            self.restored.emit()
        elif isinstance(result, BackupContents):
            told = self.tr("Wrote {what} to {path} ({size}).").format(
                what=self._what(result), path=result.path, size=size(result.size_bytes)
            )
            secret = self.tr("It is not encrypted: keep it where only you can read it.")
            self.activity.tell([told, secret])

    def _what(self, contents: BackupContents) -> str:
        chats, documents = contents.conversations, contents.documents
        return self.tr("{chats} and {documents}").format(
            chats=counted(self.tr("%n chat(s)", "", chats), chats),
            documents=counted(self.tr("%n document(s)", "", documents), documents),
        )

    def _make_question(self) -> tuple[QFrame, QLabel]:
        question = QFrame()
        theme.set_role(question, "error")
        words = label("")
        self.keep_button = QPushButton(self.tr("Keep what is here"))
        self.keep_button.clicked.connect(self._keep)
        self.sure_button = QPushButton(self.tr("Replace everything"))
        theme.set_role(self.sure_button, "danger")
        self.sure_button.clicked.connect(self.restore_now)
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * theme.SPACE)
        buttons.addWidget(self.keep_button)
        buttons.addWidget(self.sure_button)
        buttons.addStretch(1)
        column = QVBoxLayout(question)
        column.setContentsMargins(*(3 * theme.SPACE,) * 4)
        column.setSpacing(2 * theme.SPACE)
        column.addWidget(words)
        column.addLayout(buttons)
        question.hide()
        return question, words

    def _keep(self) -> None:
        self.question.hide()
        self.restore_button.setFocus()

    def _enable(self, is_enabled: bool) -> None:
        self.backup_button.setEnabled(is_enabled)
        self.restore_button.setEnabled(is_enabled)

    def _choose_target(self) -> None:
        suggested = Path(_home()) / f"alcove-{datetime.now().astimezone():%Y-%m-%d}.backup"
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Back up"), str(suggested))
        if name:
            self.back_up_to(Path(name))

    def _choose_backup(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Restore a backup"), _home())
        if name:
            self.offer(Path(name))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(2 * theme.SPACE)
        row.addWidget(self.backup_button)
        row.addWidget(self.restore_button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addLayout(row)
        column.addWidget(self.question)
        column.addWidget(self.activity)


class _Restored:
    """What was restored, in contrast to what was backed up."""

    def __init__(self, contents: BackupContents) -> None:
        self.contents = contents


def _home() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
