"""A model's card, in its publisher's words: Markdown without pictures, built bit by bit."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from assistant.ui import theme
from assistant.ui.labels import label
from assistant.ui.markdown import MarkdownView
from assistant.ui.models.rows import heading

_FIRST_CHARACTERS = 2500  # about what people read before they decide
_STEP_CHARACTERS = 1500  # laid out in a few milliseconds


class RemoteCard(QWidget):
    """Shows the beginning of a card, and the rest when it is wanted.

    Args:
        text: Markdown of a stranger's.
        parent: owner.

    Signals:
        link_chosen (str): an http or https address in it was activated.
    """

    link_chosen = Signal(str)

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self._shown = self._wanted = _break_before(text, _FIRST_CHARACTERS)
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._grow)
        self.view = MarkdownView(text[: self._shown])
        self.view.setAccessibleName(self.tr("What the publisher says"))
        self.view.link_chosen.connect(self.link_chosen)
        self.more_button = QPushButton(self.tr("Read on"))
        self.more_button.clicked.connect(self.show_all)
        if self._shown == len(text):
            self.more_button.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3 * theme.SPACE)
        layout.addWidget(heading(self.tr("What the publisher says")))
        layout.addWidget(
            label(self.tr("Alcove has checked none of this. Pictures are left out."), "muted")
        )
        layout.addWidget(self.view)
        layout.addWidget(self.more_button)
        if not text.strip():
            self.hide()

    def show_all(self) -> None:
        """Show the whole card, a piece at a time."""
        self._wanted = len(self._text)
        self.more_button.hide()
        self._timer.start()

    def _grow(self) -> None:
        if self._shown >= self._wanted:
            self._timer.stop()
            return
        rest = self._text[self._shown :]
        self._shown += _break_before(rest, _STEP_CHARACTERS)
        self.view.set_text(self._text[: self._shown])


def _break_before(text: str, limit: int) -> int:
    """Return where to cut `text`: after a paragraph, if one ends before `limit`."""
    if len(text) <= limit:
        return len(text)
    return text.rfind("\n\n", limit // 2, limit) + 1 or limit
