"""What went wrong with a reply at an earlier time."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout

from assistant.ui import theme
from assistant.ui.labels import label


class StoredError(QFrame):
    """Shows the words that were kept with the reply.

    Args:
        words: what happened.
        retry: tries again.
    """

    def __init__(self, words: str, retry: Callable[[], object]) -> None:
        super().__init__()
        theme.set_role(self, "error")
        button = QPushButton(self.tr("Try again"))
        button.clicked.connect(lambda: retry())  # noqa: PLW0108 - without `checked`
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(3 * theme.SPACE,) * 4)
        layout.setSpacing(2 * theme.SPACE)
        layout.addWidget(label(words or self.tr("The reply failed."), selectable=True))
        layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeading)
