"""Buttons below the composer's field: the chat's settings, and whether the model thinks first."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QToolButton, QWidget

from assistant.ui import icons, theme
from assistant.ui.labels import plain_tip

TOOL_ICON = 18  # px


class OptionsButton(QToolButton):
    """Opens the chat's settings, and names the preset."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        icons.put(self, "sliders-horizontal", "text_muted", TOOL_ICON)
        theme.set_role(self, "tool")
        self.show_preset("", is_own=False)

    def show_preset(self, name: str, *, is_own: bool) -> None:
        """Show the name of the preset; `is_own` if something else was chosen for this chat."""
        shown = name or (self.tr("Changed") if is_own else "")
        self.setText(shown)
        has_text = bool(shown)
        beside = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        self.setToolButtonStyle(beside if has_text else Qt.ToolButtonStyle.ToolButtonIconOnly)
        title = self.tr("Preset and settings of this chat")
        self.setToolTip(plain_tip(f"{title}: {shown}" if shown else title))
        self.setAccessibleName(f"{title}: {shown}" if shown else title)


class ThinkButton(QToolButton):
    """Shown for models whose template knows reasoning.

    Signals:
        chosen (bool): the model is to think first, or not.
    """

    chosen = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setText(self.tr("Think"))
        icons.put(self, "brain", "text_muted", TOOL_ICON)
        theme.set_role(self, "tool")
        self.clicked.connect(self.chosen)
        self.hide()

    def show_state(self, *, can_think: bool, is_on: bool) -> None:
        """Show whether the model thinks first; hidden where it cannot."""
        self.setVisible(can_think)
        self.setChecked(is_on)
        if is_on:
            words = self.tr("The model thinks before it replies: better, and slower")
        else:
            words = self.tr("The model replies at once")
        self.setToolTip(plain_tip(words))
        self.setAccessibleName(self.tr("Think first"))
        self.setAccessibleDescription(words)
