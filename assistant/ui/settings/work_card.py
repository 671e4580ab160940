"""What the person may choose for long work on documents."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from assistant.settings import Settings
from assistant.ui.settings.cards import Choice, card


class WorkCard(QWidget):
    """A card of choices.

    Args:
        parent: owner.

    Signals:
        changed (str, object): the setting of that name has another value.
    """

    changed = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.awake = QCheckBox(self.tr("Do not sleep while documents are being summarised"))
        self.tells = QCheckBox(self.tr("Say when it is done, if another window is in front"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(
            card(
                self.tr("Long work"),
                [
                    Choice(
                        self.tr("Computer"),
                        self.awake,
                        self.tr("The screen may go dark. What is finished is never lost."),
                    ),
                    Choice(
                        self.tr("Notification"),
                        self.tells,
                        self.tr("It names no document."),
                    ),
                ],
            )
        )
        self.awake.toggled.connect(lambda is_on: self.changed.emit("stays_awake", is_on))
        self.tells.toggled.connect(lambda is_on: self.changed.emit("tells_of_end", is_on))

    def show_values(self, settings: Settings) -> None:
        """Show what is chosen, without telling it as a change."""
        for box, is_on in (
            (self.awake, settings.stays_awake),
            (self.tells, settings.tells_of_end),
        ):
            box.blockSignals(True)
            box.setChecked(is_on)
            box.blockSignals(False)
