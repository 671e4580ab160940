"""Replies in a form: as text, as a table, or as JSON that follows a schema."""

import json

import msgspec
from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from assistant.conversations.structured import Shown, form_of
from assistant.errors import AssistantError
from assistant.storage.chat_settings import ChatSettings
from assistant.ui import theme
from assistant.ui.errors_view import explanation
from assistant.ui.labels import label
from assistant.ui.markdown.letters import fixed_font

_CHECK_AFTER_MS = 600
_SCHEMA_LINES = 9
_EXAMPLE = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "date": {"type": "string"},
        "amount": {"type": "number"},
    },
    "required": ["name", "date", "amount"],
}


class FormView(QWidget):
    """Shows the form of a chat's replies; a schema that cannot be followed is told of at once.

    Args:
        parent: owner.

    Signals:
        chosen (str, str): the form, as `ChatSettings.form`, and its schema.
    """

    chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told = ("", "")
        self.box = QComboBox()
        self.box.setAccessibleName(self.tr("Form of replies"))
        self.box.addItem(self.tr("Text"), "")
        self.box.addItem(self.tr("A table"), str(Shown.TABLE))
        self.box.addItem(self.tr("JSON"), str(Shown.JSON))
        self.box.activated.connect(self._choose)
        self.columns = QLineEdit()
        self.columns.setPlaceholderText(self.tr("Columns: name, date, amount"))
        self.columns.setAccessibleName(self.tr("Columns, with commas between; empty leaves them"))
        self.columns.editingFinished.connect(self._choose)
        self.schema = QPlainTextEdit()
        self.schema.setFont(fixed_font())
        self.schema.setTabChangesFocus(True)
        self.schema.setPlaceholderText(self.tr("JSON schema; empty for any JSON"))
        self.schema.setAccessibleName(self.tr("JSON schema"))
        theme.set_role(self.schema, "field")
        height = self.schema.fontMetrics().lineSpacing() * _SCHEMA_LINES
        self.schema.setFixedHeight(height + 4 * theme.SPACE)
        self.example_button = QPushButton(self.tr("Begin with an example"))
        theme.set_role(self.example_button, "link")
        self.example_button.clicked.connect(self._put_example)
        self.fault = label("", "danger")
        self.hint = label("", "small")
        self._timer = QTimer(self, singleShot=True, interval=_CHECK_AFTER_MS)
        self._timer.timeout.connect(self._choose)
        self.schema.textChanged.connect(self._timer.start)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        for part in (
            self.box,
            self.columns,
            self.schema,
            self.example_button,
            self.fault,
            self.hint,
        ):
            layout.addWidget(part)
        self._show()

    def show_settings(self, settings: ChatSettings) -> None:
        """Show what is chosen, without telling it as a change."""
        if (settings.form, settings.schema) == self._told:
            return
        self._told = settings.form, settings.schema
        self.box.setCurrentIndex(max(0, self.box.findData(settings.form)))
        is_table = settings.form == Shown.TABLE
        self.columns.setText(", ".join(_columns_of(settings.schema)) if is_table else "")
        self.schema.blockSignals(True)
        self.schema.setPlainText("" if is_table else settings.schema)
        self.schema.blockSignals(False)
        self._show()

    def _choose(self) -> None:
        self._timer.stop()
        self._show()
        form = str(self.box.currentData())
        schema = ""
        if form == Shown.TABLE:
            schema = _schema_of(self.columns.text())
        elif form == Shown.JSON:
            schema = self.schema.toPlainText().strip()
        if self._is_sound(form, schema) and (form, schema) != self._told:
            self._told = form, schema
            self.chosen.emit(form, schema)

    def _is_sound(self, form: str, schema: str) -> bool:
        """Say what is wrong with a schema; one with a fault is not kept."""
        fault = ""
        try:
            form_of(ChatSettings(form=form, schema=schema))
        except AssistantError as error:
            fault = " ".join(explanation(error))
        self.fault.setText(fault)
        self.fault.setVisible(bool(fault))
        return not fault

    def _show(self) -> None:
        form = self.box.currentData()
        self.columns.setVisible(form == Shown.TABLE)
        self.schema.setVisible(form == Shown.JSON)
        is_empty = not self.schema.toPlainText().strip()
        self.example_button.setVisible(form == Shown.JSON and is_empty)
        self.fault.setVisible(bool(self.fault.text()) and form == Shown.JSON)
        self.hint.setText(
            ""
            if not form
            else self.tr(
                "The model can write nothing else. It does not think before it, and it still "
                "makes mistakes in what it fills in."
            )
        )
        self.hint.setVisible(bool(form))

    def _put_example(self) -> None:
        self.schema.setPlainText(json.dumps(_EXAMPLE, indent=2))
        self.schema.setFocus()
        self._choose()


def _schema_of(columns: str) -> str:
    """Return the schema of a table with these columns; "" leaves them to the model."""
    names = list(dict.fromkeys(name.strip() for name in columns.split(",") if name.strip()))
    if not names:
        return ""
    properties = {name: {"type": "string"} for name in names}
    return json.dumps(
        {"type": "array", "items": {"type": "object", "properties": properties}},
        ensure_ascii=False,
    )


def _columns_of(schema: str) -> list[str]:
    try:
        value = msgspec.json.decode(schema.encode(), type=_TableSchema)
    except msgspec.MsgspecError:
        return []
    return list(value.items.properties)


class _Columns(msgspec.Struct):
    properties: dict[str, object] = {}


class _TableSchema(msgspec.Struct):
    items: _Columns
