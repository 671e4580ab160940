"""The panel beside a chat: what was chosen for it, simple first, the rest under Advanced."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from assistant.models.keeping.installed import InstalledModel
from assistant.storage.presets import PresetStore
from assistant.ui import icons, theme
from assistant.ui.chat.chat_choices import ChatChoices
from assistant.ui.chat.message_field import FRAME, MessageField
from assistant.ui.chat.options.form_view import FormView
from assistant.ui.chat.options.preset_row import PresetRow
from assistant.ui.chat.options.preset_work import PresetWork
from assistant.ui.chat.options.sampling_view import SamplingView
from assistant.ui.labels import label
from assistant.ui.model_words import display_name
from assistant.ui.models.fold import Fold

WIDTH = 320  # px
_PROMPT_LINES = 10
_KEEP_AFTER_MS = 500


class OptionsView(QFrame):
    """Shows and changes the choices of the open conversation.

    Args:
        choices: what is chosen.
        presets: the person's own presets.
        parent: owner.

    Signals:
        closed: the panel is to go.
        failed (object): an AssistantError; nothing was changed.
    """

    closed = Signal()
    failed = Signal(object)

    def __init__(
        self, choices: ChatChoices, presets: PresetStore, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._choices = choices
        theme.set_role(self, "list")
        self.setMinimumWidth(WIDTH)
        self.setAccessibleName(self.tr("Settings of this chat"))
        self.preset = PresetRow()
        self.work = PresetWork(self.preset, choices, presets, self)
        self.work.failed.connect(self.failed)
        self.prompt = MessageField(_PROMPT_LINES, FRAME)
        theme.set_role(self.prompt, "field")
        self.prompt.setAccessibleName(self.tr("Instructions"))
        self.prompt.setPlaceholderText(
            self.tr("What the model is to keep in mind here. Empty: the usual instructions.")
        )
        self._timer = QTimer(self, singleShot=True, interval=_KEEP_AFTER_MS)
        self._timer.timeout.connect(self._take_prompt)
        self.prompt.textChanged.connect(self._timer.start)
        self.model = QComboBox()
        self.model.setAccessibleName(self.tr("Model of this chat"))
        self.model.activated.connect(self._take_model)
        self.form = FormView()
        self.form.chosen.connect(self._take_form)
        self.advanced = Fold(self.tr("Advanced"), self._make_sampling)
        self._lay_out()
        choices.changed.connect(self._show)
        self._show()

    def show_models(self, models: Sequence[InstalledModel]) -> None:
        """Show the models that can converse."""
        self.model.blockSignals(True)
        self.model.clear()
        self.model.addItem(self.tr("The one in use"), "")
        for model in models:
            if model.has_chat_template and not model.is_for_embeddings:
                self.model.addItem(display_name(model.shown_name), model.name)
        self.model.blockSignals(False)
        self._show()

    def _show(self) -> None:
        value = self._choices.value
        prompt = value.system_prompt or ""
        if prompt != self.prompt.toPlainText().strip():
            self.prompt.blockSignals(True)
            self.prompt.setPlainText(prompt)
            self.prompt.blockSignals(False)
        self._timer.stop()
        place = self.model.findData(value.model)
        if place < 0 and self.model.count():
            missing = self.tr("{name} (not here)").format(name=display_name(value.model))
            self.model.addItem(missing, value.model)
            place = self.model.count() - 1
        self.model.setCurrentIndex(place)
        self.form.show_settings(value)
        if isinstance(self.advanced.content, SamplingView):
            self.advanced.content.show_settings(value)

    def _take_prompt(self) -> None:
        text = self.prompt.toPlainText().strip()
        self._change(system_prompt=text or None)

    def _take_model(self) -> None:
        self._change(model=str(self.model.currentData()))

    def _take_form(self, form: str, schema: str) -> None:
        self._change(form=form, schema=schema)

    def _take_sampling(self, name: str, value: float | None) -> None:
        sampling = dict(self._choices.value.sampling)
        if value is None:
            sampling.pop(name, None)
        else:
            sampling[name] = value
        self._change(sampling=sampling)

    def _change(self, **changes: object) -> None:
        if self._timer.isActive():  # of another field, such as the instructions
            self._timer.stop()
            changes = {"system_prompt": self.prompt.toPlainText().strip() or None} | changes
        self._choices.change(msgspec.structs.replace(self._choices.value, **changes))

    def _make_sampling(self) -> QWidget:
        view = SamplingView()
        view.chosen.connect(self._take_sampling)
        view.length_chosen.connect(lambda tokens: self._change(max_tokens=tokens))
        view.show_settings(self._choices.value)
        return view

    def _lay_out(self) -> None:
        self.close_button = QToolButton()
        icons.put(self.close_button, "x", "text_muted")
        self.close_button.setAccessibleName(self.tr("Close"))
        self.close_button.setToolTip(self.tr("Close (Esc)"))
        self.close_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.close_button.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.setContentsMargins(4 * theme.SPACE, 3 * theme.SPACE, 2 * theme.SPACE, theme.SPACE)
        head.addWidget(label(self.tr("This chat"), "heading", wraps=False), 1)
        head.addWidget(self.close_button)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(4 * theme.SPACE, theme.SPACE, 4 * theme.SPACE, 4 * theme.SPACE)
        column.setSpacing(2 * theme.SPACE)
        for title, part in (
            (self.tr("Preset"), self.preset),
            (self.tr("Instructions"), self.prompt),
            (self.tr("Model"), self.model),
            (self.tr("Replies as"), self.form),
        ):
            column.addWidget(label(title, "subject"))
            column.addWidget(part)
            column.addSpacing(theme.SPACE)
        column.addWidget(self.advanced)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(area, 1)

    def sizeHint(self) -> QSize:
        """Ask for the panel's width."""
        return QSize(WIDTH, super().sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
