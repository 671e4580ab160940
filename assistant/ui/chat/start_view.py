"""The chat page before the first message."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assistant.conversations.presets import ChatPreset
from assistant.ui import theme
from assistant.ui.chat.message_list import column_margins
from assistant.ui.chat.options.preset_words import name_of, use_of
from assistant.ui.labels import label, plain_tip

_IN_A_ROW = 5
_MOST_PRESETS = 10
_LONGEST_NAME = 22  # characters


class StartView(QWidget):
    """Says what this is, and offers presets and questions to begin with.

    Signals:
        example_chosen (str): a question to put into the composer.
        preset_chosen (object): a `ChatPreset` to begin with; None for none.
    """

    example_chosen = Signal(str)
    preset_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presets: Sequence[ChatPreset] = ()
        self.title = label("", "title")
        self.title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.privacy = label("", "muted")
        self.privacy.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.preset_buttons: list[QPushButton] = []
        self._preset_rows = QVBoxLayout()
        self._preset_rows.setSpacing(2 * theme.SPACE)
        examples = (
            self.tr("Write a friendly letter to my landlord about a broken heater."),
            self.tr("Explain in plain words what a power of attorney is."),
            self.tr("Give me five questions to ask my doctor about a new medicine."),
        )
        self.buttons = [self._example(text) for text in examples]
        self._lay_out()
        self.show_temporary(False)

    def show_temporary(self, is_temporary: bool) -> None:
        """Say what becomes of the chat that begins here."""
        if is_temporary:
            self.title.setText(self.tr("Temporary chat"))
            text = self.tr(
                "Nothing of this chat is written to the disk. It goes when you close it or Alcove."
            )
        else:
            self.title.setText(self.tr("What is on your mind?"))
            text = self.tr(
                "The model runs on this computer. What you write is never sent anywhere. Drop a "
                "document here to ask about it."
            )
        self.privacy.setText(text)

    def show_presets(self, presets: Sequence[ChatPreset], current: str) -> None:
        """Offer presets, one of them as the chosen one."""
        if [(p.key, p.name) for p in presets] != [(p.key, p.name) for p in self._presets]:
            self._presets = tuple(presets)
            self._make_presets()
        for preset, button in zip(self._presets, self.preset_buttons, strict=False):
            button.setChecked(preset.name == current)

    def _make_presets(self) -> None:
        for button in self.preset_buttons:
            button.hide()
            button.deleteLater()
        while self._preset_rows.count():
            self._preset_rows.takeAt(0)
        shown = self._presets[:_MOST_PRESETS]
        self.preset_buttons = [self._preset(preset) for preset in shown]
        for first in range(0, len(shown), _IN_A_ROW):
            row = QHBoxLayout()
            row.setSpacing(2 * theme.SPACE)
            row.addStretch(1)
            for button in self.preset_buttons[first : first + _IN_A_ROW]:
                row.addWidget(button)
            row.addStretch(1)
            self._preset_rows.addLayout(row)

    def _preset(self, preset: ChatPreset) -> QPushButton:
        name = name_of(preset)
        short = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
        button = QPushButton(short)
        button.setCheckable(True)
        theme.set_role(button, "pill")
        button.setAccessibleName(self.tr("Preset: {name}").format(name=name))
        button.setToolTip(plain_tip(use_of(preset) or preset.system_prompt[:300] or name))
        button.clicked.connect(lambda is_on: self.preset_chosen.emit(preset if is_on else None))
        return button

    def _example(self, text: str) -> QPushButton:
        button = QPushButton(text)
        theme.set_role(button, "example")
        button.clicked.connect(lambda: self.example_chosen.emit(text))
        return button

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        left, right = column_margins()
        layout.setContentsMargins(left, 6 * theme.SPACE, right, 6 * theme.SPACE)
        layout.setSpacing(2 * theme.SPACE)
        layout.addStretch(2)
        layout.addWidget(self.title)
        layout.addWidget(self.privacy)
        layout.addSpacing(4 * theme.SPACE)
        layout.addLayout(self._preset_rows)
        layout.addSpacing(2 * theme.SPACE)
        column = QVBoxLayout()
        column.setSpacing(2 * theme.SPACE)
        for button in self.buttons:
            column.addWidget(button)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addLayout(column)
        row.addStretch(1)
        layout.addLayout(row)
        layout.addStretch(3)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many examples as there is room for: documents above the composer take some."""
        super().resizeEvent(event)
        each = self.buttons[0].sizeHint().height() + 2 * theme.SPACE
        shown = sum(not button.isHidden() for button in self.buttons)
        rest = self.minimumSizeHint().height() - shown * each
        fitting = max(0, (self.height() - rest) // each)
        for number, button in enumerate(self.buttons):
            button.setVisible(number < fitting)
