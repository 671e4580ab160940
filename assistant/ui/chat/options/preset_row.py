"""Choose a preset, keep what is chosen as one, or remove one."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from assistant.conversations.presets import ChatPreset
from assistant.ui import theme
from assistant.ui.chat.options.preset_words import name_of
from assistant.ui.undo_bar import UndoBar

_LONGEST = 60  # characters of a name


class PresetRow(QWidget):
    """A choice of presets, and what can be done with them.

    Args:
        parent: owner.

    Signals:
        chosen (object): a `ChatPreset`, or None for none.
        save_wanted (str): what is chosen now is to be kept as a preset of this name.
        update_wanted (object): it is to be kept in this preset of the person's.
        remove_wanted (object): this preset of the person's is to go.
    """

    chosen = Signal(object)
    save_wanted = Signal(str)
    update_wanted = Signal(object)
    remove_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presets: Sequence[ChatPreset] = ()
        self.box = QComboBox()
        self.box.setAccessibleName(self.tr("Preset"))
        self.box.activated.connect(self._choose)
        self.save_button = self._link(self.tr("Keep as a preset…"))
        self.save_button.clicked.connect(self._ask_name)
        self.update_button = self._link(self.tr("Keep the changes in it"))
        self.update_button.clicked.connect(lambda: self.update_wanted.emit(self._current()))
        self.remove_button = self._link(self.tr("Remove it"))
        self.remove_button.clicked.connect(lambda: self.remove_wanted.emit(self._current()))
        self.name_field = QLineEdit()
        self.name_field.setMaxLength(_LONGEST)
        self.name_field.setPlaceholderText(self.tr("Name of the preset"))
        self.name_field.setAccessibleName(self.tr("Name of the preset"))
        self.name_field.returnPressed.connect(self._save)
        self.keep_button = QPushButton(self.tr("Keep"))
        self.keep_button.clicked.connect(self._save)
        self.undo_bar = UndoBar()
        naming = QHBoxLayout()
        naming.setSpacing(2 * theme.SPACE)
        naming.addWidget(self.name_field, 1)
        naming.addWidget(self.keep_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self.box)
        for button in (self.save_button, self.update_button, self.remove_button):
            layout.addWidget(button)
        layout.addLayout(naming)
        layout.addWidget(self.undo_bar)
        self._show_naming(False)

    def show_presets(
        self, presets: Sequence[ChatPreset], current: str, *, is_changed: bool, can_keep: bool
    ) -> None:
        """Show the presets.

        Args:
            presets: all there are.
            current: the name of the one the chat was begun with, or "".
            is_changed: something else was chosen since.
            can_keep: there is something to keep as a preset.
        """
        self._presets = presets
        self.box.blockSignals(True)
        self.box.clear()
        self.box.addItem(self.tr("None"), "")
        for preset in presets:
            is_this = is_changed and preset.name == current
            name = name_of(preset)
            shown = self.tr("{name} (changed)").format(name=name) if is_this else name
            self.box.addItem(shown, preset.key)
        known = next((p for p in presets if p.name == current), None)
        self.box.setCurrentIndex(self.box.findData(known.key) if known is not None else 0)
        self.box.blockSignals(False)
        is_own = known is not None and known.id is not None
        self.update_button.setVisible(is_own and is_changed)
        self.remove_button.setVisible(is_own)
        self.save_button.setVisible(can_keep and self.name_field.isHidden())

    def _current(self) -> ChatPreset | None:
        key = self.box.currentData()
        return next((preset for preset in self._presets if preset.key == key), None)

    def _choose(self) -> None:
        self.chosen.emit(self._current())

    def _ask_name(self) -> None:
        self._show_naming(True)
        self.name_field.setFocus()

    def _show_naming(self, is_wanted: bool) -> None:
        self.name_field.setVisible(is_wanted)
        self.keep_button.setVisible(is_wanted)
        self.save_button.setVisible(not is_wanted)

    def _save(self) -> None:
        name = " ".join(self.name_field.text().split())
        if name:
            self._show_naming(False)
            self.name_field.clear()
            self.save_wanted.emit(name)
            self.box.setFocus()

    def _link(self, text: str) -> QPushButton:
        button = QPushButton(text)
        theme.set_role(button, "link")
        return button
