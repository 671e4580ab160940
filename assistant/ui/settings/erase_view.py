"""Erase everything: says what goes, and asks once, in place."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assistant.errors import AssistantError
from assistant.paths import Folders
from assistant.ui import theme
from assistant.ui.errors_view import ErrorView
from assistant.ui.labels import label


class EraseView(QFrame):
    """A card with the question inside it; nothing is deleted before the second press.

    Args:
        folders: the app's folders, to be named.
        erase: deletes everything; its argument is whether the models go, too.
        parent: owner.

    Signals:
        asked: the question stands below the button now.
        erased: everything is gone.
    """

    asked = Signal()
    erased = Signal()

    def __init__(
        self, folders: Folders, erase: Callable[[bool], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._erase = erase
        theme.set_role(self, "card")
        self.ask_button = QPushButton(self.tr("Erase everything…"))
        theme.set_role(self.ask_button, "danger")
        self.ask_button.clicked.connect(self._ask)
        self._question = self._make_question(folders)
        self.done = label(self.tr("Everything was erased."), "muted")
        self.done.hide()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(*(4 * theme.SPACE,) * 4)
        self._layout.setSpacing(2 * theme.SPACE)
        self._layout.addWidget(label(self.tr("Erase"), "heading"))
        self._layout.addWidget(
            label(self.tr("Start as on the first day. Your own files are never touched."), "muted")
        )
        row = QHBoxLayout()
        row.addWidget(self.ask_button)
        row.addWidget(self.done, 1)
        row.addStretch(1)
        self._layout.addLayout(row)
        self._layout.addWidget(self._question)
        self._fault: ErrorView | None = None

    def _make_question(self, folders: Folders) -> QWidget:
        question = QFrame()
        theme.set_role(question, "error")
        text = self.tr(
            "This deletes all documents' texts, summaries, chats, settings, logs and the list of "
            "connections in {folder}. It cannot be undone."
        ).format(folder=folders.data)
        self.models_too = QCheckBox(self.tr("Delete the downloaded models, too"))
        self.erase_button = QPushButton(self.tr("Erase for good"))
        theme.set_role(self.erase_button, "danger")
        self.erase_button.clicked.connect(self._erase_now)
        self.keep_button = QPushButton(self.tr("Keep everything"))
        self.keep_button.clicked.connect(self._keep)
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * theme.SPACE)
        buttons.addWidget(self.keep_button)
        buttons.addWidget(self.erase_button)
        buttons.addStretch(1)
        layout = QVBoxLayout(question)
        layout.setContentsMargins(*(3 * theme.SPACE,) * 4)
        layout.setSpacing(2 * theme.SPACE)
        layout.addWidget(label(text))
        layout.addWidget(self.models_too)
        layout.addLayout(buttons)
        question.hide()
        return question

    def _ask(self) -> None:
        self.done.hide()
        self._question.show()
        self.ask_button.setEnabled(False)
        self.keep_button.setFocus()
        self.asked.emit()

    def _keep(self) -> None:
        self._question.hide()
        self.ask_button.setEnabled(True)
        self.ask_button.setFocus()

    def _erase_now(self) -> None:
        if self._fault is not None:
            self._fault.deleteLater()
            self._fault = None
        try:
            self._erase(self.models_too.isChecked())
        except AssistantError as error:
            self._fault = ErrorView(error)
            self._layout.addWidget(self._fault)
        else:
            self.done.show()
        self._keep()
        self.erased.emit()
