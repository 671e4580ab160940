"""A panel over the window: the page below is dimmed, Esc or a press beside the panel closes it."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from assistant.ui import theme

_DIM = 0.32  # of black
_AROUND = 4 * theme.SPACE


class Overlay(QWidget):
    """Lies over its whole window while it is shown, and gives the focus back where it was.

    Args:
        window: what it lies over.
        width, height: of the panel in px; less where the window is smaller.
    """

    def __init__(self, window: QWidget, width: int, height: int) -> None:
        super().__init__(window)
        self._window = window
        self._size = (width, height)
        self._before: QWidget | None = None
        self.panel = QFrame(self)
        theme.set_role(self.panel, "panel")
        self.hide()
        window.installEventFilter(self)

    def open(self) -> None:
        """Show it; the focus is for the caller to set."""
        if self.isVisible():
            return
        self._before = QApplication.focusWidget()
        self._place()
        self.show()
        self.raise_()
        QApplication.instance().focusChanged.connect(self._follow_focus)  # type: ignore[union-attr]

    def close_panel(self) -> None:
        """Hide it, and let the keyboard go on where it was."""
        if not self.isVisible():
            return
        QApplication.instance().focusChanged.disconnect(self._follow_focus)  # type: ignore[union-attr]
        before, self._before = self._before, None
        self.hide()
        if before is not None and _is_there(before):
            before.setFocus()

    def set_height(self, height: int) -> None:
        """Make the panel as high as what is in it."""
        self._size = (self._size[0], height)
        self._place()

    def _follow_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Close when the keyboard went to the page below, as a page's shortcut does."""
        if new is not None and new.window() is self._window and not self.isAncestorOf(new):
            self._before = None
            self.close_panel()

    def _place(self) -> None:
        self.setGeometry(self._window.rect())
        width = min(self._size[0], self.width() - 2 * _AROUND)
        height = min(self._size[1], self.height() - 2 * _AROUND)
        top = max(_AROUND, min(self.height() // 8, (self.height() - height) // 2))
        self.panel.setGeometry((self.width() - width) // 2, top, width, height)

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the window."""
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with Esc; nothing that is typed here reaches the page below."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Close with a press beside the panel."""
        if not self.panel.geometry().contains(event.position().toPoint()):
            self.close_panel()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dim the page."""
        del event
        color = QColor(Qt.GlobalColor.black)
        color.setAlphaF(_DIM)
        painter = QPainter(self)
        painter.fillRect(self.rect(), color)
        painter.end()


def _is_there(widget: QWidget) -> bool:
    """Whether a widget that had the focus is still to be seen."""
    try:
        return widget.isVisible() and widget.isEnabled()
    except RuntimeError:  # Qt deleted it meanwhile
        return False
