"""One passage behind an answer: where it stands, how it begins, and the way to its page."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from assistant.conversations.asking.answer import Passage
from assistant.ui import theme
from assistant.ui.asking.words import name_of, row_name
from assistant.ui.documents.elided_label import ElidedLabel
from assistant.ui.labels import label

_SHOWN = 320  # characters


class PassageRow(QFrame):
    """A card that is one button: a click, Enter or Space opens the page.

    Args:
        passage: what it shows.
        parent: owner.

    Signals:
        chosen (object): the `Passage` is to be shown on its page.
    """

    chosen = Signal(object)

    def __init__(self, passage: Passage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.passage = passage
        name = name_of(passage)
        heading = " ".join(passage.heading.split())
        words = " ".join(passage.text.split())
        if len(words) > _SHOWN:
            words = f"{words[:_SHOWN].rsplit(None, 1)[0]} …"
        theme.set_role(self, "passage")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Open {name}").format(name=name))
        self.setAccessibleDescription(words)
        self.name = ElidedLabel()
        self.name.setText(row_name(passage))
        font = self.name.font()
        font.setWeight(font.Weight.DemiBold)
        self.name.setFont(font)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(
            3 * theme.SPACE, 2 * theme.SPACE, 3 * theme.SPACE, 2 * theme.SPACE
        )
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self.name)
        if heading:
            place = ElidedLabel("muted")
            place.setText(heading)
            layout.addWidget(place)
        self.words = label(words, "muted")
        layout.addWidget(self.words)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the page."""
        super().mouseReleaseEvent(event)
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(
            event.position().toPoint()
        ):
            self.chosen.emit(self.passage)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the page by key."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.chosen.emit(self.passage)
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be pressed."""
        super().enterEvent(event)
        self._show_hover(True)

    def leaveEvent(self, event: QEvent) -> None:
        """Show it as the others."""
        super().leaveEvent(event)
        self._show_hover(False)

    def _show_hover(self, is_hovered: bool) -> None:
        self.setProperty("hovered", is_hovered)
        self.style().unpolish(self)
        self.style().polish(self)
