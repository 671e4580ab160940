"""How full the context is, and what happens when it is."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from assistant.ui import theme
from assistant.ui.labels import label, plain_tip

_NEARLY_FULL = 0.75


class ContextMeter(QWidget):
    """A thin bar and a sentence; empty until the model has replied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = label("", "small", wraps=False)
        self.bar = QProgressBar()
        self.bar.setRange(0, 100)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(24 * theme.SPACE)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.SPACE, 0, theme.SPACE, 0)
        layout.setSpacing(2 * theme.SPACE)
        layout.addStretch(1)
        layout.addWidget(self.words)
        layout.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignVCenter)
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self.setFixedHeight(6 * theme.SPACE)
        self.hide()

    def show_use(self, used_tokens: int, context_tokens: int, left_out: int) -> None:
        """Show how much of the context the last reply used.

        Args:
            used_tokens: of its prompt and of itself.
            context_tokens: what the context holds; 0 shows nothing.
            left_out: how many of the oldest messages did not fit.
        """
        self.setVisible(context_tokens > 0)
        if context_tokens <= 0:
            return
        share = 1.0 if left_out else min(1.0, used_tokens / context_tokens)
        self.bar.setValue(round(share * 100))
        if left_out:
            text = self.tr("Full: the model no longer sees the oldest messages (%n)", "", left_out)
        elif share >= _NEARLY_FULL:
            text = self.tr("Soon the model no longer sees the oldest messages")
        else:
            text = self.tr("Context {percent}% full").format(percent=round(share * 100))
        self.words.setText(text)
        self.bar.setAccessibleName(text)
        tip = self.tr(
            "{used} of {context} tokens. When the context is full, the oldest messages are left "
            "out of what the model reads; they stay here."
        ).format(used=used_tokens, context=context_tokens)
        self.setToolTip(plain_tip(tip))
