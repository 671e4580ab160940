"""The way to attach documents: files, a folder, or what was read before."""

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMenu, QToolButton, QWidget

from assistant.ui import icons


class AttachButton(QToolButton):
    """A paper clip with a menu; to be placed in the composer, before its field.

    Args:
        parent: owner.

    Signals:
        files_chosen (object): a list of `Path`: files or folders.
        library_wanted: the person wants to choose among the documents read before.
    """

    files_chosen = Signal(object)
    library_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        icons.put(self, "paperclip")
        self.setAccessibleName(self.tr("Attach documents"))
        self.setToolTip(self.tr("Attach documents (Ctrl+U)"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_of_sources = QMenu(self)
        self.files_action = self._action("file-plus", self.tr("Files…"))
        self.files_action.triggered.connect(self.choose_files)
        self.folder_action = self._action("folder-open", self.tr("A folder…"))
        self.folder_action.triggered.connect(self.choose_folder)
        self.library_action = self._action("file-text", self.tr("From Documents…"))
        self.library_action.triggered.connect(self.library_wanted)
        self.setMenu(self.menu_of_sources)

    def choose_files(self) -> None:
        """Let the person choose files."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        names, _ = QFileDialog.getOpenFileNames(self.window(), self.tr("Attach documents"), folder)
        if names:
            self.files_chosen.emit([Path(name) for name in names])

    def choose_folder(self) -> None:
        """Let the person choose a folder."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = QFileDialog.getExistingDirectory(
            self.window(), self.tr("Attach the documents of a folder"), folder
        )
        if name:
            self.files_chosen.emit([Path(name)])

    def _action(self, icon: str, text: str) -> QAction:
        action = QAction(icons.icon(icon), text, self.menu_of_sources)
        self.menu_of_sources.addAction(action)
        return action
