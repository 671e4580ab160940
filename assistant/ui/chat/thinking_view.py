"""What a model thought before it replied, folded away."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QToolButton, QVBoxLayout, QWidget

from assistant.ui import icons, theme
from assistant.ui.labels import label
from assistant.ui.markdown.direction import direction_of

# While it grows only its end is shown: wrapping all of it anew each time would take too long.
_SHOWN_WHILE_GROWING = 1500  # characters


class ThinkingView(QWidget):
    """One line that unfolds: "Thinking… 4 s", then "Thought for 4 s"."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._is_going_on = False
        self.button = QToolButton()
        self.button.setCheckable(True)
        self.button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.toggled.connect(self._fold)
        theme.set_role(self.button, "fold")
        self.words = label("", "muted", selectable=True)
        self.words.setContentsMargins(5 * theme.SPACE, 0, 0, 0)
        self.words.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 2 * theme.SPACE)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeading)
        layout.addWidget(self.words)
        self._fold(False)
        self.hide()

    def show_thoughts(self, text: str, seconds: float, *, is_going_on: bool = False) -> None:
        """Show `text`, and for how long the model has thought."""
        self._text, self._is_going_on = text.strip(), is_going_on
        self.setVisible(bool(text))
        count = round(seconds)
        if is_going_on and count < 1:
            title = self.tr("Thinking…")
        elif is_going_on:
            title = self.tr("Thinking… {seconds} s").format(seconds=count)
        elif seconds < 1:
            title = self.tr("Thought for a moment")
        else:
            title = self.tr("Thought for {seconds} s").format(seconds=count)
        if title != self.button.text():
            self.button.setText(title)
            self.button.setAccessibleName(title)
        self._show_text()

    def unfold(self) -> None:
        """Show what was thought."""
        self.button.setChecked(True)

    def _show_text(self) -> None:
        if not self.button.isChecked():
            return
        text = self._text
        if self._is_going_on and len(text) > _SHOWN_WHILE_GROWING:
            text = "… " + text[-_SHOWN_WHILE_GROWING:].split(maxsplit=1)[-1]
        if text != self.words.text():
            self.words.setLayoutDirection(direction_of(text))
            self.words.setText(text)

    def _fold(self, is_open: bool) -> None:
        is_mirrored = QApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
        closed = "chevron-left" if is_mirrored else "chevron-right"
        icons.put(self.button, "chevron-down" if is_open else closed, "text_muted", 16)
        self.words.setVisible(is_open)
        self._show_text()
