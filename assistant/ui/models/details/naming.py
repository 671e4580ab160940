"""A model's name and note, as the person wants them."""

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from assistant.errors import AssistantError
from assistant.models.keeping.details import MAX_NOTE, MAX_TITLE
from assistant.models.keeping.installed import InstalledModel
from assistant.ui import theme
from assistant.ui.labels import label
from assistant.ui.models.keeping import Keeping
from assistant.ui.models.model_facts import file_name_of
from assistant.ui.models.section import Section

_NOTE_LINES = 3


class NamingSection(Section):
    """Two fields; each is kept when it is left. The file keeps its name.

    Args:
        model: which one.
        keeping: where it is kept.
        parent: owner.

    Signals:
        renamed: it has another name or note now.
    """

    renamed = Signal()

    def __init__(
        self, model: InstalledModel, keeping: Keeping, parent: QWidget | None = None
    ) -> None:
        super().__init__("", parent)
        self.heading.setText(self.tr("Name and note"))
        self._keeping = keeping
        self._model = model
        self.name = QLineEdit()
        self.name.setMaxLength(MAX_TITLE)
        self.name.setAccessibleName(self.tr("Your name for the model"))
        self.note = QPlainTextEdit()
        self.note.setAccessibleName(self.tr("Your note on the model"))
        self.note.setPlaceholderText(self.tr("What you want to remember of it"))
        self.note.setTabChangesFocus(True)
        theme.set_role(self.note, "field")
        lines = _NOTE_LINES * self.note.fontMetrics().lineSpacing()
        self.note.setFixedHeight(lines + 6 * theme.SPACE)
        self.column.addWidget(self.name)
        self.column.addWidget(self.note)
        hint = self.tr("The file keeps its own name, so other apps find it.")
        self.column.addWidget(label(hint, "muted"))
        self.name.editingFinished.connect(self._keep)
        self.name.installEventFilter(self)
        self.note.installEventFilter(self)
        self.show_model(model)

    def show_model(self, model: InstalledModel) -> None:
        """Show what is kept, where the person is not writing just now."""
        self._model = model
        self.name.setPlaceholderText(file_name_of(model))
        if not self.name.hasFocus():
            self.name.setText(model.title)
        if not self.note.hasFocus():
            self.note.setPlainText(model.note)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the note when it is left, and take a change of the name back with Esc."""
        if watched is self.note and event.type() is QEvent.Type.FocusOut:
            self._keep()
        elif (
            watched is self.name
            and isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.ShortcutOverride
            and event.matches(QKeySequence.StandardKey.Cancel)
            and self.name.text() != self._model.title
        ):
            self.name.setText(self._model.title)
            event.accept()
            return True
        return super().eventFilter(watched, event)

    def _keep(self) -> None:
        title, note = self.name.text().strip(), self.note.toPlainText().strip()[:MAX_NOTE]
        if (title, note) == (self._model.title, self._model.note):
            return
        try:
            self._model = self._keeping.folder.change(self._model, title=title, note=note)
        except AssistantError as error:
            self.show_error(error)
            return
        self.show_error(None)
        self._keeping.current.refresh()
        self.renamed.emit()
