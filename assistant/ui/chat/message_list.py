"""The messages of a conversation, scrolled as one page."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from assistant.ui import icons, theme

SCROLL_BAR = 12  # px, as in theme.qss; its room is kept, so that lines never break anew
_NEAR_END = 24  # px
_ABOVE = 40  # px, above a view that is brought into sight


def column_margins() -> tuple[int, int]:
    """Return the room left and right of what stands in one line with the messages.

    The messages stand in the middle of what their scroll bar leaves, whichever side it is on.
    """
    beside = 6 * theme.SPACE
    if QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft:
        return beside + SCROLL_BAR, beside
    return beside, beside + SCROLL_BAR


class MessageList(QScrollArea):
    """A column that follows what is written while its end is in sight, and never jumps else.

    Signals:
        earlier_wanted: the person wants the messages before those shown.
    """

    earlier_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._follows = True
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setAccessibleName(self.tr("Messages"))
        self.earlier_button = QPushButton(self.tr("Show earlier messages"))
        theme.set_role(self.earlier_button, "link")
        self.earlier_button.clicked.connect(self.earlier_wanted)
        self.earlier_button.hide()
        self._messages = QVBoxLayout()
        self._messages.setSpacing(2 * theme.SPACE)
        self.setWidget(self._make_page())
        self.viewport().setAutoFillBackground(False)
        self.latest_button = QToolButton(self)
        icons.put(self.latest_button, "arrow-down")
        self.latest_button.setAccessibleName(self.tr("Go to the latest message"))
        self.latest_button.setToolTip(self.latest_button.accessibleName())
        theme.set_role(self.latest_button, "float")
        self.latest_button.clicked.connect(self.go_to_end)
        self.latest_button.hide()
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._keep_end)
        bar.valueChanged.connect(self._note_place)

    @property
    def follows(self) -> bool:
        """Whether the end is in sight, and stays so."""
        return self._follows

    def add(self, view: QWidget) -> None:
        """Append a message."""
        self._messages.addWidget(view)

    def put_first(self, views: list[QWidget]) -> None:
        """Put messages above the others; what is in sight stays where it is."""
        before = self.verticalScrollBar().maximum() - self.verticalScrollBar().value()
        for i, view in enumerate(views):
            self._messages.insertWidget(i, view)
        if self._follows:
            return  # the end stays in sight by itself
        self.widget().layout().activate()  # type: ignore[union-attr]
        QTimer.singleShot(0, self, lambda: self._restore(before))

    def put_behind(self, message: QWidget, view: QWidget) -> None:
        """Put a view behind a message that is there."""
        self._messages.insertWidget(self._messages.indexOf(message) + 1, view)

    def show_view(self, view: QWidget) -> None:
        """Bring a view into sight, near the top."""
        self._follows = False
        self.widget().layout().activate()  # type: ignore[union-attr]
        QTimer.singleShot(0, view, lambda: self._scroll_to(view))

    def remove(self, view: QWidget) -> None:
        """Take a message away."""
        self._messages.removeWidget(view)
        view.hide()
        view.deleteLater()

    def views(self) -> list[QWidget]:
        """Return the messages from top to bottom."""
        items = (self._messages.itemAt(i) for i in range(self._messages.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [widget for widget in widgets if widget is not None]

    def clear(self) -> None:
        """Take all messages away."""
        for view in self.views():
            self.remove(view)
        self._follows = True
        self.latest_button.hide()

    def go_to_end(self) -> None:
        """Show the end, and follow it."""
        self._follows = True
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())
        self._note_place()

    def _make_page(self) -> QWidget:
        column = QWidget()
        column.setMaximumWidth(theme.READING_WIDTH)
        inside = QVBoxLayout(column)
        inside.setContentsMargins(0, 6 * theme.SPACE, 0, 4 * theme.SPACE)
        inside.setSpacing(3 * theme.SPACE)
        inside.addWidget(self.earlier_button, 0, Qt.AlignmentFlag.AlignHCenter)
        inside.addLayout(self._messages)
        inside.addStretch(1)
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(6 * theme.SPACE, 0, 6 * theme.SPACE, 0)
        row.addStretch(1)
        row.addWidget(column, 1000)
        row.addStretch(1)
        return page

    def _scroll_to(self, view: QWidget) -> None:
        page = self.widget()
        if page is not None:
            top = view.mapTo(page, view.rect().topLeft()).y()
            self.verticalScrollBar().setValue(top - _ABOVE)

    def _restore(self, below: int) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum() - below)

    def _keep_end(self) -> None:
        """Follow the end when the page grew; a page that the person scrolled up stays."""
        bar = self.verticalScrollBar()
        bar.setEnabled(bar.maximum() > 0)
        if self._follows:
            bar.setValue(bar.maximum())
        self.latest_button.setVisible(not self._is_at_end())

    def _note_place(self) -> None:
        self._follows = self._is_at_end()
        self.latest_button.setVisible(not self._follows)

    def _is_at_end(self) -> bool:
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - _NEAR_END

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the button above the end of the column."""
        super().resizeEvent(event)
        size = self.latest_button.sizeHint()
        self.latest_button.resize(size)
        self.latest_button.move(
            (self.width() - size.width()) // 2, self.height() - size.height() - 2 * theme.SPACE
        )
