"""What a model thought before it replied, folded away."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from assistant.ui import icons, theme
from assistant.ui.labels import label
from assistant.ui.markdown.direction import direction_of


class ThinkingView(QWidget):
    """One line that unfolds: "Thinking…", then "Thought for 4 s"."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = QToolButton()
        self.button.setCheckable(True)
        self.button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.toggled.connect(self._fold)
        theme.set_role(self.button, "fold")
        self.words = label("", "muted", selectable=True)
        self.words.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 2 * theme.SPACE)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeading)
        layout.addWidget(self.words)
        self._fold(False)
        self.hide()

    def show_thoughts(self, text: str, seconds: float | None) -> None:
        """Show `text`; `seconds` is None while the model still thinks."""
        self.setVisible(bool(text))
        if seconds is None:
            self.button.setText(self.tr("Thinking…"))
        elif seconds < 1:
            self.button.setText(self.tr("Thought for a moment"))
        else:
            self.button.setText(self.tr("Thought for {seconds} s").format(seconds=round(seconds)))
        self.button.setAccessibleName(self.button.text())
        if self.words.isVisible() or seconds is not None:
            self.words.setLayoutDirection(direction_of(text))
            self.words.setText(text.strip())

    def _fold(self, is_open: bool) -> None:
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        closed = "chevron-left" if is_mirrored else "chevron-right"
        icons.put(self.button, "chevron-down" if is_open else closed, "text_muted", 16)
        self.words.setVisible(is_open)
