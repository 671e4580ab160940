"""A label of one line that ends in dots where it has too little room."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from assistant.ui import theme
from assistant.ui.markdown.direction import direction_of

_LEAST_WIDTH = 40


class ElidedLabel(QLabel):
    """Shows plain text; `text` and those who hear it get all of it.

    Args:
        role: a role of `theme` for QLabel.
        parent: owner.
    """

    def __init__(self, role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        if role:
            theme.set_role(self, role)

    def minimumSizeHint(self) -> QSize:
        """Return the least it makes do with."""
        return QSize(_LEAST_WIDTH, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw as much as there is room for."""
        del event
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, room.width()
        )
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if is_mirrored else Qt.AlignmentFlag.AlignLeft
        painter = QPainter(self)
        painter.setLayoutDirection(direction_of(self.text()))  # its own, on whatever side it is
        self.style().drawItemText(
            painter,
            room,
            int(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter),
            self.palette(),
            self.isEnabled(),
            shown,
            self.foregroundRole(),
        )
