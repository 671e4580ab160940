"""Small buttons below a message, seen when the pointer or the focus is there."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from assistant.ui import icons, theme

_ICON = 16  # px


class ActionRow(QWidget):
    """Keeps its place when it is not seen, so that nothing jumps.

    The buttons are never hidden from the keyboard or a screen reader: without pointer or focus
    they are only drawn without colour.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: list[QToolButton] = []
        self._extras: list[QWidget] = []
        self._is_hovered = False
        self._is_kept = False
        self._has_focus = False
        self._is_seen = False
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(theme.SPACE // 2)
        self.setFixedHeight(_ICON + 3 * theme.SPACE)

    def add(self, icon: str, name: str, slot: Callable[[], object]) -> QToolButton:
        """Add a button that is called `name` and does `slot`."""
        button = QToolButton()
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda: slot())  # noqa: PLW0108 - without `checked`
        button.installEventFilter(self)
        button.setProperty("action_icon", icon)
        self.buttons.append(button)
        self._layout.addWidget(button)
        self._draw_button(button)
        return button

    def add_widget(self, widget: QWidget) -> None:
        """Add something behind the buttons, such as a label."""
        policy = widget.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        widget.setSizePolicy(policy)
        self._extras.append(widget)
        self._layout.addWidget(widget)
        widget.setVisible(self._is_seen)

    def set_hovered(self, is_hovered: bool) -> None:
        """Show the buttons while the pointer is over the message."""
        self._is_hovered = is_hovered
        self._draw_changed()

    def set_kept(self, is_kept: bool) -> None:
        """Show the buttons always, as below the last reply."""
        self._is_kept = is_kept
        self._draw_changed()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show the buttons while one of them has the focus."""
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self._has_focus = event.type() is QEvent.Type.FocusIn
            self._draw_changed()
        return super().eventFilter(watched, event)

    def _draw_changed(self) -> None:
        is_seen = self._is_hovered or self._is_kept or self._has_focus
        if is_seen == self._is_seen:
            return
        self._is_seen = is_seen
        for extra in self._extras:
            extra.setVisible(is_seen)
        for button in self.buttons:
            self._draw_button(button)

    def _draw_button(self, button: QToolButton) -> None:
        icon = button.property("action_icon") if self._is_seen else "blank"
        icons.put(button, icon, "text_muted", _ICON)
