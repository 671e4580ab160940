"""What went wrong with a document, on its page, with the next steps."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assistant.errors import (
    AssistantError,
    CrashedLastTime,
    DocumentError,
    EngineDied,
    FileFault,
    ModelError,
    ModelTooLarge,
)
from assistant.ui import theme
from assistant.ui.documents.password_field import PasswordField
from assistant.ui.documents.session import DocumentSession
from assistant.ui.errors_view import Action, ErrorView

_LOCKED = {FileFault.PASSWORD_NEEDED, FileFault.PASSWORD_WRONG}


class DocumentErrors(QWidget):
    """Shows the errors of one document; takes no room while there are none.

    Signals:
        password_entered (str): the person gave the document's password.
        read_again_wanted: the file is to be read anew.
        choose_again_wanted: the person wants to choose a file.
        remove_wanted: the document is to leave the list.
        models_wanted: the person wants to choose another model.
        summary_wanted (bool): write again; True loads even a model that crashed last time.
    """

    password_entered = Signal(str)
    read_again_wanted = Signal()
    choose_again_wanted = Signal()
    remove_wanted = Signal()
    models_wanted = Signal()
    summary_wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._views: list[ErrorView] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2 * theme.SPACE)
        self.hide()

    def show_errors(self, session: DocumentSession) -> None:
        """Show what went wrong with this document, and nothing of another."""
        for view in self._views:
            view.hide()  # at once: it is deleted a little later
            self._layout.removeWidget(view)
            view.deleteLater()
        self._views.clear()
        if session.error is not None:
            self._add(session.error)
        if session.storage_error is not None:
            self._views.append(ErrorView(session.storage_error))
        for view in self._views:
            self._layout.addWidget(view)
            view.show()
        self.setVisible(bool(self._views))
        for view in self._views:
            if field := view.findChild(PasswordField):
                field.setFocus()

    def _add(self, error: Exception) -> None:
        view = ErrorView(error, self._next_steps(error))
        if isinstance(error, DocumentError) and error.fault in _LOCKED:
            field = PasswordField()
            field.entered.connect(self.password_entered)
            view.words.addWidget(field)
        self._views.append(view)

    def _next_steps(self, error: Exception) -> list[Action]:
        """Return the buttons of an error, the likeliest step first."""
        if isinstance(error, DocumentError):
            return self._next_steps_for_file(error.fault)
        if not isinstance(error, AssistantError):
            return []
        again: Action = (self.tr("Try again"), lambda: self.summary_wanted.emit(False))
        models: Action = (self.tr("Choose another model"), self.models_wanted.emit)
        if isinstance(error, CrashedLastTime):
            once_more = self.tr("Try it once more")
            return [models, (once_more, lambda: self.summary_wanted.emit(True))]
        if isinstance(error, ModelError | ModelTooLarge):
            return [models, again]
        return [again, models] if isinstance(error, EngineDied) else [again]

    def _next_steps_for_file(self, fault: FileFault) -> list[Action]:
        if fault in _LOCKED:
            return []  # the field for the password is the next step
        remove: Action = (self.tr("Remove from the list"), self.remove_wanted.emit)
        if fault in {FileFault.MISSING, FileFault.DIRECTORY}:
            return [(self.tr("Choose the file…"), self.choose_again_wanted.emit), remove]
        if fault in {FileFault.READER_CRASHED, FileFault.READER_TIMED_OUT}:
            return [(self.tr("Try again"), self.read_again_wanted.emit), remove]
        return [remove]
