"""A page's picture with the cited sentence marked on it."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from assistant.ui import theme
from assistant.ui.documents.page_pictures import Picture

# The page is white in either theme, and so is the marker's yellow (theme.LIGHT.highlight).
_MARKER = QColor("#ffe48f")
_MARKER_EDGE = QColor("#b78a00")


class _Sheet(QWidget):
    """The picture at its size on the screen."""

    def __init__(self) -> None:
        super().__init__()
        self.picture: Picture | None = None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the page, then the marker over it as a real one would be."""
        del event
        if self.picture is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.rect(), self.picture.image)
        scale = self.width() / max(1, self.picture.image.width())
        for found in self.picture.highlights:
            place = QRectF(
                found.x() * scale, found.y() * scale, found.width() * scale, found.height() * scale
            ).adjusted(-1, -1, 1, 1)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
            painter.fillRect(place, _MARKER)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            painter.setPen(QPen(_MARKER_EDGE, 1))
            painter.drawLine(place.bottomLeft(), place.bottomRight())
        painter.setPen(QPen(theme.colors(self).border, 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class PictureView(QScrollArea):
    """Shows a page as wide as the view, or wider and scrolled.

    Signals:
        resized: the view has another width: a picture of another size is wanted.
        zoom_wanted (int): Ctrl and the wheel, one step in (1) or out (-1).
    """

    resized = Signal()
    zoom_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet = _Sheet()
        self._zoom = 1.0
        self.setWidget(self._sheet)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def picture(self) -> Picture | None:
        """What is shown."""
        return self._sheet.picture

    def sheet_width(self, zoom: float) -> int:
        """Return how wide a page is on the screen with `zoom`, in px."""
        bar = self.verticalScrollBar().sizeHint().width()  # its room is kept, shown or not
        return max(80, round((self.width() - bar - 2) * zoom))

    def show_picture(self, picture: Picture, zoom: float, description: str) -> None:
        """Show a page; its first highlight comes into view."""
        is_other = self._sheet.picture is not picture
        self._sheet.picture = picture
        self._zoom = zoom
        self._sheet.setAccessibleName(description)
        self._fit()
        self._sheet.update()
        if is_other:
            self._bring_into_view()

    def clear(self) -> None:
        """Show nothing."""
        self._sheet.picture = None
        self._sheet.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stretch the picture until a sharp one is there."""
        super().resizeEvent(event)
        self._fit()
        if event.oldSize().width() != event.size().width():
            self.resized.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel zoom."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.angleDelta().y():
                self.zoom_wanted.emit(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
            return
        super().wheelEvent(event)

    def _fit(self) -> None:
        picture = self._sheet.picture
        if picture is None:
            return
        width = self.sheet_width(self._zoom)
        height = round(width * picture.image.height() / max(1, picture.image.width()))
        self._sheet.resize(QSize(width, height))

    def _bring_into_view(self) -> None:
        picture = self._sheet.picture
        assert picture is not None
        if not picture.highlights:
            self.verticalScrollBar().setValue(0)
            return
        scale = self._sheet.width() / max(1, picture.image.width())
        first = picture.highlights[0]
        self.ensureVisible(
            round(first.center().x() * scale),
            round(first.center().y() * scale),
            0,
            self.viewport().height() // 3,
        )
