"""Deleting conversations for good: says what goes, and asks once, in place."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assistant.ui import theme
from assistant.ui.announcing import announce
from assistant.ui.labels import counted, label


class EraseQuestion(QFrame):
    """A card below the list; hidden while nothing is asked.

    Signals:
        confirmed (list[int]): delete these for good.
        asked: the question stands on the page.
        closed: it is off the page.
    """

    confirmed = Signal(list)
    asked = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ids: list[int] = []
        theme.set_role(self, "error")
        self.words = label()
        self.erase_button = QPushButton(self.tr("Delete for good"))
        theme.set_role(self.erase_button, "danger")
        self.erase_button.clicked.connect(self._confirm)
        self.keep_button = QPushButton(self.tr("Keep"))
        self.keep_button.clicked.connect(self.keep)
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * theme.SPACE)
        buttons.addWidget(self.keep_button)
        buttons.addWidget(self.erase_button, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(3 * theme.SPACE,) * 4)
        layout.setSpacing(2 * theme.SPACE)
        layout.addWidget(self.words)
        layout.addLayout(buttons)
        self.hide()

    def ask(self, ids: Sequence[int], title: str, messages: int) -> None:
        """Ask whether conversations are to go.

        Args:
            ids: whose.
            title: that of the only one.
            messages: how many messages they have, with all variants.
        """
        self._ids = list(ids)
        count = len(self._ids)
        if count == 1:
            asked = self.tr("Delete “{title}” for good?").format(title=title)
        else:
            asked = self.tr("Delete %n chats for good?", "", count)
        gone = counted(self.tr("%n message(s)", "", messages), messages)
        words = self.tr(
            "This deletes {messages} with all variants, the draft, summaries of older turns, "
            "their words in the search and what the model kept of them. Attached documents stay. "
            "It cannot be undone."
        ).format(messages=gone)
        self.words.setText(f"{asked}\n\n{words}")
        self.setAccessibleName(self.words.text())
        self.show()
        self.asked.emit()
        self.keep_button.setFocus()
        announce(self.words, self.words.text())

    def keep(self) -> None:
        """Take the question away."""
        self._ids = []
        self.hide()

    def _confirm(self) -> None:
        ids = self._ids
        self.keep()
        self.confirmed.emit(ids)

    def event(self, event: QEvent) -> bool:
        """Keep everything on Esc, before it closes the whole list."""
        if (
            event.type() in {QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress}
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            if event.type() is QEvent.Type.KeyPress:
                self.keep()
            return True
        return super().event(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Give the keyboard back."""
        super().hideEvent(event)
        self.closed.emit()
