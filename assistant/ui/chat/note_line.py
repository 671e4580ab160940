"""What is to be said of a reply that is not whole, and the way to let it go on."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from assistant.ui import theme
from assistant.ui.labels import label


class NoteLine(QWidget):
    """A small line below a reply; empty below one that is whole.

    Signals:
        continue_wanted: the reply is to go on.
    """

    continue_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._can_continue = False
        self.words = label("", "small", wraps=False)
        self.continue_button = QPushButton(self.tr("Continue"))
        theme.set_role(self.continue_button, "link")
        self.continue_button.clicked.connect(self.continue_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self.words)
        layout.addWidget(self.continue_button)
        layout.addStretch(1)
        self.hide()

    def show_note(
        self,
        *,
        is_stopped: bool,
        is_cut: bool,
        left_out: int,
        cuts_recap: bool,
        can_continue: bool,
    ) -> None:
        """Say what happened.

        Args:
            is_stopped: the person stopped it, or a crash did.
            is_cut: it reached its longest length.
            left_out: how many messages the model was not given.
            cuts_recap: of the summary of older ones it was given the beginning alone.
            can_continue: there is something to go on with.
        """
        notes = []
        if is_stopped:
            notes.append(self.tr("Stopped."))
        if is_cut:
            notes.append(self.tr("Cut here: a reply may not be longer, or the context is full."))
        if left_out:
            notes.append(
                self.tr(
                    "Written without the oldest messages (%n): the context is full.", "", left_out
                )
            )
        if cuts_recap:
            notes.append(
                self.tr(
                    "Written with only the beginning of the summary of older messages: it is too"
                    " long for the context. Shorten it, or choose a larger context."
                )
            )
        self._can_continue = (is_stopped or is_cut) and can_continue
        self.words.setText(" ".join(notes))
        self.setVisible(bool(notes))

    def offer(self, is_wanted: bool) -> None:
        """Offer to let the reply go on, if it can."""
        self.continue_button.setVisible(is_wanted and self._can_continue)
