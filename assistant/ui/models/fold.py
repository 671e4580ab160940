"""A part of a page that is folded away until it is wanted, and only then built."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QToolButton, QVBoxLayout, QWidget

from assistant.ui import icons, theme


class Fold(QWidget):
    """A heading with an arrow, and what it hides.

    Args:
        title: the heading.
        build: makes what is folded away, when it is first wanted.
        parent: owner.
    """

    def __init__(
        self, title: str, build: Callable[[], QWidget], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.build = build
        self.content: QWidget | None = None
        self.button = QToolButton()
        self.button.setText(title)
        self.button.setAccessibleName(title)
        self.button.setCheckable(True)
        self.button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.toggled.connect(self._fold)
        theme.set_role(self.button, "fold")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2 * theme.SPACE)
        self._layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeading)
        self._fold(False)

    def _fold(self, is_open: bool) -> None:
        is_mirrored = QApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
        closed = "chevron-left" if is_mirrored else "chevron-right"
        icons.put(self.button, "chevron-down" if is_open else closed, "text_muted", 16)
        if is_open and self.content is None:
            self.content = self.build()
            self._layout.addWidget(self.content)
        if self.content is not None:
            self.content.setVisible(is_open)
