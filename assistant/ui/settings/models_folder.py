"""Where models are: moved safely, or looked for elsewhere; and further folders."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from assistant.errors import AssistantError
from assistant.models.keeping.adding import CopyProgress
from assistant.models.keeping.folders import (
    add_folder,
    forget_folder,
    further_folders,
    main_folder,
    move_note,
    switch_folder,
)
from assistant.models.keeping.moved_files import MoveNote, files_to_move
from assistant.models.keeping.moving import move_models
from assistant.paths import Folders
from assistant.settings import SettingsFile
from assistant.ui import theme
from assistant.ui.errors_view import ErrorView
from assistant.ui.job import Job
from assistant.ui.labels import counted, label
from assistant.wording import size

_PARTS = 1000


class ModelsFolder(QWidget):
    """The folder that models are put into, and those that are only read from.

    Args:
        settings: where both are kept.
        folders: the app's folders.
        let_go: lets the engines close the model files; called before files are deleted.
        opener: a button that shows the folder.
        parent: owner.

    Signals:
        changed: models are looked for elsewhere.
    """

    changed = Signal()

    def __init__(
        self,
        settings: SettingsFile,
        folders: Folders,
        let_go: Callable[[], object],
        opener: QPushButton,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._folders = folders
        self._let_go = let_go
        self._target = Path()
        self._job: Job | None = None
        self._note: MoveNote = move_note(folders)
        self.path = label("", selectable=True)
        self.choose_button = QPushButton(self.tr("Choose…"))
        self.choose_button.setAccessibleName(self.tr("Choose the folder of the models"))
        self.choose_button.clicked.connect(self._choose)
        self.words = label()
        self.bar = QProgressBar()
        self.bar.setRange(0, _PARTS)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Moving the models"))
        self.move_button = QPushButton(self.tr("Move them there"))
        theme.set_role(self.move_button, "primary")
        self.move_button.clicked.connect(self.move_models)
        self.only_use_button = QPushButton(self.tr("Only look there from now on"))
        self.only_use_button.clicked.connect(lambda: self.use(self._target))
        self.cancel_button = QPushButton(self.tr("Cancel"))
        self.cancel_button.clicked.connect(self._end)
        self.stop_button = QPushButton(self.tr("Stop"))
        self.stop_button.clicked.connect(self.stop)
        self.add_button = QPushButton(self.tr("Add a folder…"))
        theme.set_role(self.add_button, "quiet")
        self.add_button.clicked.connect(self._choose_further)
        self._further = QVBoxLayout()
        self._errors = QVBoxLayout()
        self._lay_out(opener)
        self._end()

    def refresh(self) -> None:
        """Show the folders that are chosen, and a move that was stopped."""
        settings = self._settings.value
        self.path.setText(str(main_folder(settings, self._folders)))
        _clear(self._further)
        for folder in further_folders(settings):
            self._further.addWidget(self._row(folder))
        begun = self._note.read()
        if begun is not None and self._job is None:
            self._target = Path(begun.folder_to)
            text = self.tr("A move to {folder} was stopped; nothing is lost.")
            self._ask(text.format(folder=begun.folder_to), self.tr("Go on with it"))

    def offer(self, folder: Path) -> None:
        """Ask what to do with `folder`; take it at once where there is nothing to move."""
        _clear(self._errors)
        now = main_folder(self._settings.value, self._folders)
        if folder == now:
            return
        files = files_to_move(now)
        if not files:
            self.use(folder)
            return
        self._target = folder
        count = sum(file.suffix == ".gguf" for file in files)
        total = sum(file.stat().st_size for file in files)
        here = counted(self.tr("The folder has %n model file(s) now, {size}.", "", count), count)
        question = self.tr("Take them along to {folder}?").format(folder=folder)
        self._ask(f"{here.format(size=size(total))} {question}", self.tr("Move them there"))
        self.move_button.setFocus()

    def use(self, folder: Path) -> None:
        """Put models into `folder` from now on; those that are elsewhere stay there."""
        self._try(lambda: switch_folder(folder, self._settings))
        self._end()

    def move_models(self) -> None:
        """Move all models; the old folder is in use until the new one is whole."""
        if self._job is not None:
            return
        _clear(self._errors)
        target = self._target
        self._job = job = Job(lambda cancel: self._move(target, cancel), self)
        job.progressed.connect(self._take)
        job.failed.connect(self._fail)
        job.succeeded.connect(lambda _: self.changed.emit())
        job.finished.connect(self._finish)
        for button in (self.move_button, self.only_use_button, self.cancel_button):
            button.hide()
        self.choose_button.setEnabled(False)
        self.words.setText(self.tr("Looking what is to be moved…"))
        self.words.show()
        self.bar.show()
        self.stop_button.show()
        self.stop_button.setFocus()
        job.start()

    def stop(self) -> None:
        """End a move; what is copied is kept for the next try, and the old folder is in use."""
        if self._job is not None:
            self._job.cancel()

    def add(self, folder: Path) -> None:
        """Use the models in `folder`, too."""
        self._try(lambda: add_folder(folder, self._settings))

    def forget(self, folder: Path) -> None:
        """Use the models in `folder` no more."""
        self._try(lambda: forget_folder(folder, self._settings))
        self.add_button.setFocus()

    def _move(self, target: Path, cancel: threading.Event) -> Iterator[CopyProgress | Path]:
        self._let_go()  # Windows deletes no file that an engine has open
        yield from move_models(
            main_folder(self._settings.value, self._folders),
            target,
            note=self._note,
            switch=lambda folder: switch_folder(folder, self._settings),
            cancel=cancel,
        )

    def _take(self, event: CopyProgress | Path) -> None:
        if isinstance(event, CopyProgress):
            self.bar.setValue(round(_PARTS * event.done_bytes / max(1, event.total_bytes)))
            done, total = size(event.done_bytes), size(event.total_bytes)
            self.words.setText(self.tr("{done} of {total}").format(done=done, total=total))
            self.bar.setAccessibleDescription(self.words.text())

    def _fail(self, error: Exception) -> None:
        self._errors.addWidget(ErrorView(error, is_dismissible=True))

    def _finish(self) -> None:
        self._job = None
        self._end()
        self.refresh()

    def _try(self, change: Callable[[], object]) -> None:
        """Change the folders and tell of it, or say why not."""
        _clear(self._errors)
        try:
            change()
        except AssistantError as error:
            self._fail(error)
        self.changed.emit()
        self.refresh()

    def _ask(self, words: str, button: str) -> None:
        self.words.setText(words)
        self.move_button.setText(button)
        for part in (self.words, self.move_button, self.only_use_button, self.cancel_button):
            part.show()

    def _end(self) -> None:
        """Show neither a question nor progress."""
        self.choose_button.setEnabled(True)
        for part in (
            self.words,
            self.bar,
            self.move_button,
            self.only_use_button,
            self.cancel_button,
            self.stop_button,
        ):
            part.hide()

    def _choose(self) -> None:
        name = self._folder(self.tr("Folder of the models"))
        if name:
            self.offer(Path(name))

    def _choose_further(self) -> None:
        name = self._folder(self.tr("A further folder with models"))
        if name:
            self.add(Path(name))

    def _folder(self, title: str) -> str:
        return QFileDialog.getExistingDirectory(self, title, self.path.text())

    def _row(self, folder: Path) -> QWidget:
        made = QWidget()
        button = QPushButton(self.tr("Take out"))
        theme.set_role(button, "quiet")
        button.setAccessibleName(self.tr("Take {folder} out").format(folder=folder))
        button.clicked.connect(lambda: self.forget(folder))
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * theme.SPACE)
        row.addWidget(label(str(folder), selectable=True), 1)
        row.addWidget(button)
        return made

    def _lay_out(self, opener: QPushButton) -> None:
        head = QHBoxLayout()
        head.setSpacing(2 * theme.SPACE)
        head.addWidget(self.path, 1)
        head.addWidget(self.choose_button)
        head.addWidget(opener)
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * theme.SPACE)
        for button in (
            self.move_button,
            self.only_use_button,
            self.cancel_button,
            self.stop_button,
        ):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * theme.SPACE)
        column.addLayout(head)
        column.addWidget(self.words)
        column.addWidget(self.bar)
        column.addLayout(buttons)
        column.addLayout(self._errors)
        column.addLayout(self._further)
        foot = QHBoxLayout()
        foot.addWidget(self.add_button)
        foot.addStretch(1)
        column.addLayout(foot)


def _clear(column: QVBoxLayout) -> None:
    while (item := column.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
