"""A card with a heading, as a model's details are made of."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assistant.ui import theme
from assistant.ui.errors_view import Action, ErrorView
from assistant.ui.labels import label


class Section(QFrame):
    """A card with a heading and what stands below it, with room for one error at its foot.

    Args:
        title: its heading.
        parent: owner.
    """

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.error_view: ErrorView | None = None
        theme.set_role(self, "card")
        self.heading = label(title, "heading")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(*(4 * theme.SPACE,) * 4)
        self.column.setSpacing(2 * theme.SPACE)
        self.column.addWidget(self.heading)

    def show_error(self, error: Exception | None, *actions: Action) -> None:
        """Say what went wrong here, in place of what was said before; None takes it away."""
        if self.error_view is not None:
            self.error_view.hide()
            self.error_view.deleteLater()
            self.error_view = None
        if error is not None:
            put_away = (self.tr("Put away"), lambda: self.show_error(None))
            self.error_view = ErrorView(error, [*actions, put_away])
            self.column.addWidget(self.error_view)


def button_row(*buttons: QWidget) -> QHBoxLayout:
    """Return buttons side by side, at the line's beginning."""
    row = QHBoxLayout()
    row.setSpacing(2 * theme.SPACE)
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return row


def quiet(text: str) -> QPushButton:
    """Return a button without a frame."""
    made = QPushButton(text)
    theme.set_role(made, "quiet")
    return made
