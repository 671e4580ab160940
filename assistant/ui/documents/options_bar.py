"""How a document is summarised: kind, length, and what it is to be about."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QPushButton, QWidget

from assistant.summaries.summary import Length, Mode
from assistant.ui import theme


class OptionsBar(QWidget):
    """Two choosers and a field; every choice takes effect at once.

    Signals:
        changed (Mode, Length, str): another kind, length or focus was chosen.
    """

    changed = Signal(object, object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mode = Mode.KEY_POINTS
        self._length = Length.MEDIUM
        self._focus = ""
        self.mode_button, self.mode_actions = self._chooser(
            self.tr("Kind of summary"), list(Mode), self._choose_mode
        )
        self.length_button, self.length_actions = self._chooser(
            self.tr("Length"), list(Length), self._choose_length
        )
        self.focus = QLineEdit()
        self.focus.setPlaceholderText(self.tr("About something in particular? (Enter)"))
        self.focus.setAccessibleName(self.tr("What the summary is to be about"))
        self.focus.setClearButtonEnabled(True)
        self.focus.setMaxLength(300)
        self.focus.editingFinished.connect(self._choose_focus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * theme.SPACE)
        layout.addWidget(self.mode_button)
        layout.addWidget(self.length_button)
        layout.addWidget(self.focus, 1)
        self.show_model("", is_experimental=False)

    def show_options(self, mode: Mode, length: Length, focus: str) -> None:
        """Show what holds for the document, without telling anyone."""
        self._mode, self._length, self._focus = mode, length, focus
        self.mode_actions[mode].setChecked(True)
        self.length_actions[length].setChecked(True)
        self.focus.setText(focus)
        self._show_choices()

    def show_model(self, name: str, *, is_experimental: bool) -> None:
        """Say which model would write; "" if there is none."""
        self.mode_actions[Mode.KEY_POINTS].setText(
            self.tr("Key points: sentences of the document, no model")
        )
        if not name:
            quick = self.tr("Quick summary: needs a model")
        elif is_experimental:
            quick = self.tr("Quick summary (experimental): {model} makes mistakes")
        else:
            quick = self.tr("Quick summary: written by {model} from a selection of the text")
        action = self.mode_actions[Mode.QUICK]
        action.setText(quick.format(model=name).replace("&", "&&"))
        action.setEnabled(bool(name))
        for length, words in (
            (Length.SHORT, self.tr("Short: about {words} words")),
            (Length.MEDIUM, self.tr("Medium: about {words} words")),
            (Length.LONG, self.tr("Long: about {words} words")),
        ):
            self.length_actions[length].setText(words.format(words=length.words))
        self._show_choices()

    def _chooser(
        self, name: str, values: list[Mode] | list[Length], chosen: Callable[..., None]
    ) -> tuple[QPushButton, dict[Mode | Length, QAction]]:
        button = QPushButton()
        button.setProperty("menu", True)
        button.setAccessibleName(name)
        menu = QMenu(button)
        group = QActionGroup(menu)
        actions: dict[Mode | Length, QAction] = {}
        for value in values:
            action = QAction(menu)
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, value=value: chosen(value))
            group.addAction(action)
            menu.addAction(action)
            actions[value] = action
        button.setMenu(menu)
        return button, actions

    def _show_choices(self) -> None:
        modes = {Mode.KEY_POINTS: self.tr("Key points"), Mode.QUICK: self.tr("Quick summary")}
        lengths = {
            Length.SHORT: self.tr("Short"),
            Length.MEDIUM: self.tr("Medium"),
            Length.LONG: self.tr("Long"),
        }
        for button, text in (
            (self.mode_button, modes[self._mode]),
            (self.length_button, lengths[self._length]),
        ):
            button.setText(text)
            button.setAccessibleDescription(text)

    def _choose_mode(self, mode: Mode) -> None:
        if mode is not self._mode:
            self._mode = mode
            self._tell()

    def _choose_length(self, length: Length) -> None:
        if length is not self._length:
            self._length = length
            self._tell()

    def _choose_focus(self) -> None:
        focus = self.focus.text().strip()
        if focus != self._focus:
            self._focus = focus
            self._tell()

    def _tell(self) -> None:
        self._show_choices()
        self.changed.emit(self._mode, self._length, self._focus)
