"""The plot of all checked models: speed across, quality up, size as area.

The table beside it says the same in words; with the keyboard the arrows go from point to point.
"""

import math
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from assistant.checkups.comparing import PlotPoint
from assistant.ui import theme
from assistant.ui.labels import counted, plain_tip
from assistant.ui.models.checkups.plot_scale import steps
from assistant.ui.models.checkups.words import interval_in_words, percent, words_per_s
from assistant.wording import size

_WORDS_PER_TOKEN = 0.75
_LARGEST, _SMALLEST = 20.0, 5.0  # px, radius
_GAP = 6.0


class ComparisonPlot(QWidget):
    """Draws the points; one of them may be chosen.

    Args:
        points: what is drawn.
        parent: owner.

    Signals:
        chosen (str): the fingerprint of the model whose point was pressed or reached.
    """

    chosen = Signal(str)

    def __init__(self, points: Sequence[PlotPoint] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: list[PlotPoint] = []
        self._chosen = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)
        self.show_points(points)

    def show_points(self, points: Sequence[PlotPoint]) -> None:
        """Draw other points."""
        self._points = sorted(points, key=lambda point: point.tokens_per_s)
        count = len(points)
        text = self.tr("Speed against quality of %n model(s); the table says the same", "", count)
        self.setAccessibleName(counted(text, count))
        self._tell()
        self.update()

    def choose(self, fingerprint: str) -> None:
        """Mark the point of a model."""
        if fingerprint != self._chosen:
            self._chosen = fingerprint
            self._tell()
            self.update()

    def centre_of(self, fingerprint: str) -> QPointF:
        """Return where the point of a model is, in px.

        Raises:
            StopIteration: it has none.
        """
        return self._place(next(p for p in self._points if p.fingerprint == fingerprint))

    def sizeHint(self) -> QSize:
        """As high as it needs to keep a few points apart."""
        return QSize(480, 20 * self.fontMetrics().height())

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw axes, then points from the largest to the smallest, then their names."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_axes(painter)
        for point in sorted(self._points, key=lambda point: -point.size_bytes):
            self._draw_point(painter, point)
        self._draw_names(painter)
        if self.hasFocus():
            painter.setPen(QPen(theme.colors(self).accent, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            rect = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(rect, theme.RADIUS, theme.RADIUS)
        painter.end()

    def _draw_axes(self, painter: QPainter) -> None:
        colors, area = theme.colors(self), self._area()
        metrics = QFontMetricsF(self.font())
        for share in (0.0, 0.25, 0.5, 0.75, 1.0):
            y = area.bottom() - share * area.height()
            painter.setPen(QPen(colors.border, 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(colors.text_muted)
            self._text(painter, percent(share), self._beside_axis(y, metrics.height()))
        step, most = self._across()
        painter.setPen(colors.text_muted)
        for number in range(round(most / step) + 1):
            speed = number * step
            x = self._x(speed)
            place = QRectF(x - 40, area.bottom() + _GAP, 80, metrics.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self._number(speed))
        below = QRectF(
            area.left(), area.bottom() + _GAP + metrics.height(), area.width(), metrics.height()
        )
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self.tr("words a second"))
        above = QRectF(0, _GAP, self.width(), metrics.height()).adjusted(_GAP, 0, -_GAP, 0)
        self._text(painter, self.tr("right answers"), above)

    def _draw_point(self, painter: QPainter, point: PlotPoint) -> None:
        colors, area, place = theme.colors(self), self._area(), self._place(point)
        low = area.bottom() - point.quality.low * area.height()
        high = area.bottom() - point.quality.high * area.height()
        painter.setPen(QPen(colors.accent, 1.5))
        painter.drawLine(QPointF(place.x(), low), QPointF(place.x(), high))
        for end in (low, high):
            painter.drawLine(QPointF(place.x() - 4, end), QPointF(place.x() + 4, end))
        fill = QColor(colors.accent)
        fill.setAlphaF(0.35)
        is_chosen = point.fingerprint == self._chosen
        painter.setBrush(fill)
        painter.setPen(QPen(colors.text if is_chosen else colors.accent, 3 if is_chosen else 1.5))
        radius = self._radius(point)
        painter.drawEllipse(place, radius, radius)

    def _draw_names(self, painter: QPainter) -> None:
        """Write each name beside its point, where no other name or point is in the way."""
        metrics = QFontMetricsF(self.font())
        taken = [self._disc(point) for point in self._points]
        painter.setPen(theme.colors(self).text)
        for point in self._points:
            font = QFont(self.font())
            font.setBold(point.fingerprint == self._chosen)
            painter.setFont(font)
            widest = self.width() / 2
            name = metrics.elidedText(point.model, Qt.TextElideMode.ElideRight, widest)
            width = QFontMetricsF(font).horizontalAdvance(name) + 2
            place = self._free_place(point, width, metrics.height(), taken)
            if place is not None:
                taken.append(place)
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, name)

    def _free_place(
        self, point: PlotPoint, width: float, height: float, taken: list[QRectF]
    ) -> QRectF | None:
        at, radius = self._place(point), self._radius(point) + 4
        middle = at.y() - height / 2
        starts = (
            QPointF(at.x() + radius, middle),
            QPointF(at.x() - radius - width, middle),
            QPointF(at.x() + 6, at.y() - radius - height),
            QPointF(at.x() + 6, at.y() + radius),
            QPointF(at.x() - width - 6, at.y() - radius - height),
            QPointF(at.x() - width - 6, at.y() + radius),
        )
        inside = QRectF(self.rect())
        for start in starts:
            place = QRectF(start.x(), start.y(), width, height)
            own = self._disc(point)
            others = [one for one in taken if one != own]
            if inside.contains(place) and not any(place.intersects(one) for one in others):
                return place
        return None

    def _text(self, painter: QPainter, text: str, place: QRectF) -> None:
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if is_mirrored else Qt.AlignmentFlag.AlignLeft
        flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, flags, text)

    # Places

    def _area(self) -> QRectF:
        """Return where points can be: between the axes."""
        line = QFontMetricsF(self.font()).height()
        beside = QFontMetricsF(self.font()).horizontalAdvance(percent(1.0)) + 3 * _GAP
        left, right = beside, _LARGEST + _GAP
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            left, right = right, left
        top, bottom = line + 3 * _GAP, 2 * line + 3 * _GAP
        return QRectF(self.rect()).adjusted(left, top, -right, -bottom)

    def _beside_axis(self, y: float, height: float) -> QRectF:
        area = self._area()
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            return QRectF(area.right() + _GAP, y - height / 2, self.width(), height).intersected(
                QRectF(self.rect()).adjusted(0, 0, -_GAP, 0)
            )
        return QRectF(_GAP, y - height / 2, area.left(), height)

    def _across(self) -> tuple[float, float]:
        fastest = max((point.tokens_per_s for point in self._points), default=10.0)
        return steps(fastest * _WORDS_PER_TOKEN)

    def _x(self, words: float) -> float:
        area, (_, most) = self._area(), self._across()
        along = words / most * area.width()
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        return area.right() - along if is_mirrored else area.left() + along

    def _place(self, point: PlotPoint) -> QPointF:
        area = self._area()
        y = area.bottom() - point.quality.value * area.height()
        return QPointF(self._x(point.tokens_per_s * _WORDS_PER_TOKEN), y)

    def _radius(self, point: PlotPoint) -> float:
        largest = max(other.size_bytes for other in self._points)
        return max(_SMALLEST, _LARGEST * math.sqrt(point.size_bytes / max(1, largest)))

    def _disc(self, point: PlotPoint) -> QRectF:
        at, radius = self._place(point), self._radius(point)
        return QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius)

    def _number(self, speed: float) -> str:
        return self.locale().toString(speed, "f", 0 if speed == round(speed) else 1)

    # Choosing

    def _at(self, position: QPointF) -> PlotPoint | None:
        for point in sorted(self._points, key=lambda point: point.size_bytes):
            offset = self._place(point) - position
            if math.hypot(offset.x(), offset.y()) <= max(self._radius(point), 10):
                return point
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the point that was pressed."""
        point = self._at(event.position())
        if point is not None:
            self.choose(point.fingerprint)
            self.chosen.emit(point.fingerprint)
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the next faster or slower model."""
        is_mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        ahead = Qt.Key.Key_Left if is_mirrored else Qt.Key.Key_Right
        back = Qt.Key.Key_Right if is_mirrored else Qt.Key.Key_Left
        by = {ahead: 1, Qt.Key.Key_Up: 1, back: -1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if by is None or not self._points:
            super().keyPressEvent(event)
            return
        known = [point.fingerprint for point in self._points]
        now = known.index(self._chosen) if self._chosen in known else (-1 if by > 0 else 0)
        self.choose(known[(now + by) % len(known)])
        self.chosen.emit(self._chosen)

    def event(self, event: QEvent) -> bool:
        """Tell what the point under the mouse is."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            point = self._at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), plain_tip(_words(point)) if point else "", self)
            return True
        return super().event(event)

    def _tell(self) -> None:
        """Tell a screen reader which point is chosen."""
        point = next((p for p in self._points if p.fingerprint == self._chosen), None)
        self.setAccessibleDescription(_words(point) if point else "")
        told = QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
        QAccessible.updateAccessibility(told)


def _words(point: PlotPoint) -> str:
    """Return a point in words."""
    share = point.quality
    text = QCoreApplication.translate(
        "checkup", "{model}: right in {share} ({likely}), {words} words a second, {size}"
    )
    return text.format(
        model=point.model,
        share=percent(share.value),
        likely=interval_in_words(share.low, share.high),
        words=words_per_s(point.tokens_per_s),
        size=size(point.size_bytes),
    )
