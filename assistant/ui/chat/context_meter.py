"""How full the context is, and what happens when it is."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from assistant.ui import theme
from assistant.ui.labels import label, plain_tip

_NEARLY_FULL = 0.75


class ContextMeter(QWidget):
    """A thin bar and a sentence; empty until the model has replied.

    Signals:
        recap_wanted: the person wants to see what older messages were summed up to.
    """

    recap_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_working = False
        self._told = ""
        self.words = label("", "small", wraps=False)
        self.recap_button = QPushButton(self.tr("See the summary"))
        theme.set_role(self.recap_button, "link")
        self.recap_button.clicked.connect(self.recap_wanted)
        self.bar = QProgressBar()
        self.bar.setRange(0, 100)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(24 * theme.SPACE)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.SPACE, 0, theme.SPACE, 0)
        layout.setSpacing(2 * theme.SPACE)
        layout.addStretch(1)
        layout.addWidget(self.words)
        layout.addWidget(self.recap_button)
        layout.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignVCenter)
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self.setFixedHeight(7 * theme.SPACE)
        self.recap_button.hide()
        self.hide()

    def show_use(
        self, used_tokens: int, context_tokens: int, left_out: int, *, has_recap: bool = False
    ) -> None:
        """Show how much of the context the last reply used.

        Args:
            used_tokens: of its prompt and of itself.
            context_tokens: what the context holds; 0 shows nothing.
            left_out: how many of the oldest messages did not fit, with no summary for them.
            has_recap: a summary stands for the oldest messages.
        """
        self.setVisible(context_tokens > 0)
        self.recap_button.setVisible(has_recap and context_tokens > 0)
        if context_tokens <= 0:
            return
        share = 1.0 if left_out else min(1.0, used_tokens / context_tokens)
        percent = round(share * 100)
        self.bar.setValue(percent)
        if left_out:
            text = self.tr("Full: the model no longer sees the oldest messages (%n)", "", left_out)
        elif has_recap:
            text = self.tr("Context {percent}% full · the oldest messages are summed up")
        elif share >= _NEARLY_FULL:
            text = self.tr("Context {percent}% full · soon the oldest messages are summed up")
        else:
            text = self.tr("Context {percent}% full")
        self._told = text.format(percent=percent)
        self._tell()
        tip = self.tr(
            "{used} of {context} tokens. When the context is full, the model sums up the oldest "
            "messages and is given the summary in their place. They stay here, and you can read, "
            "change and undo the summary."
        ).format(used=used_tokens, context=context_tokens)
        self.setToolTip(plain_tip(tip))

    def set_working(self, is_working: bool) -> None:
        """Say that older messages are being summed up in the background, or no longer."""
        self._is_working = is_working
        self._tell()

    def _tell(self) -> None:
        text = self.tr("Summing up the oldest messages…") if self._is_working else self._told
        self.words.setText(text)
        self.bar.setAccessibleName(text)
