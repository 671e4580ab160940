"""Where everything on the chat page stands: the messages, and a column below them to write in."""

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from assistant.ui import theme
from assistant.ui.chat.composer import Composer
from assistant.ui.chat.message_list import column_margins
from assistant.ui.chat.start_view import StartView
from assistant.ui.chat.transcript import Transcript
from assistant.ui.errors_view import ErrorView


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
        layout = QVBoxLayout(self)
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
