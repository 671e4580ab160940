"""Where everything on the chat page stands: the messages, and a column below them to write in."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from assistant.ui import theme
from assistant.ui.chat.composer import Composer
from assistant.ui.chat.message_list import column_margins
from assistant.ui.chat.start_view import StartView
from assistant.ui.chat.transcript import Transcript
from assistant.ui.errors_view import ErrorView

_BOTH = 700  # px; below it a panel takes the place of the messages
_UNBOUNDED = 16_777_215  # px, Qt's own


class ChatLayout(QWidget):
    """Either the start or the messages, above the composer.

    Args:
        start: what is shown of a conversation that has not begun.
        transcript: its messages.
        composer: where the person writes.
        parent: owner.
    """

    def __init__(
        self,
        start: StartView,
        transcript: Transcript,
        composer: Composer,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.error: ErrorView | None = None
        self._start = start
        self._transcript = transcript
        self._pages = QStackedWidget()
        self._pages.addWidget(start)
        self._pages.addWidget(transcript)
        self._above = QVBoxLayout()
        self._above.setContentsMargins(0, 0, 0, 0)
        self._below = QVBoxLayout()
        self._below.setContentsMargins(0, 0, 0, 0)
        self._below.setSpacing(theme.SPACE)
        self._below.addWidget(composer)
        self._composer = composer
        self._main = QWidget()
        self._side: QWidget | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self._main, 1)
        layout = QVBoxLayout(self._main)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._above)
        layout.addWidget(self._pages, 1)
        below = QWidget()
        below.setLayout(self._below)
        layout.addLayout(centred(below, 0))

    def put_above(self, part: QWidget) -> None:
        """Put something above the messages, as wide as they are."""
        self._above.addLayout(centred(part, 2))

    def put_over_composer(self, part: QWidget) -> None:
        """Put something right above the composer."""
        self._below.insertWidget(self._below.indexOf(self._composer), part)

    def put_below(self, part: QWidget) -> None:
        """Put something below the composer."""
        self._below.addWidget(part)

    def put_beside(self, panel: QWidget) -> None:
        """Put a panel beside all this; where there is no room for both it takes the place."""
        self._side = panel
        self._row.addWidget(panel)
        panel.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Make room when the panel comes, and take it back when it goes."""
        if watched is self._side and event.type() in {QEvent.Type.Show, QEvent.Type.Hide}:
            self._share_room()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width anew."""
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        is_beside = self._side is not None and not self._side.isHidden()
        is_narrow = self.width() < _BOTH
        self._main.setVisible(not (is_beside and is_narrow))
        if self._side is not None:
            self._side.setMaximumWidth(_UNBOUNDED if is_narrow else self._side.sizeHint().width())

    def show_start(self, is_start: bool, *, is_temporary: bool) -> None:
        """Show the start, or the messages."""
        self._start.show_temporary(is_temporary)
        self._pages.setCurrentWidget(self._start if is_start else self._transcript)

    def show_error(self, error: Exception | None) -> None:
        """Say above the composer what went wrong, in place of what was said before."""
        if self.error is not None:
            self.error.hide()
            self.error.deleteLater()
            self.error = None
        if error is not None:
            self.error = ErrorView(error, is_dismissible=True)
            self.error.destroyed.connect(self._forget_error)
            self._below.insertWidget(0, self.error)

    def _forget_error(self) -> None:
        self.error = None


def centred(widget: QWidget, around: int) -> QHBoxLayout:
    """Put `widget` into a column as wide as the messages, `around` steps away from others."""
    widget.setMaximumWidth(theme.READING_WIDTH)
    row = QHBoxLayout()
    left, right = column_margins()
    row.setContentsMargins(left, around * theme.SPACE, right, around * theme.SPACE)
    row.addStretch(1)
    row.addWidget(widget, 1000)
    row.addStretch(1)
    return row
