"""What the person may choose for quick questions: the tray, and a key of the whole system."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from assistant import autostart
from assistant.settings import Settings
from assistant.ui import theme
from assistant.ui.labels import label
from assistant.ui.settings.cards import Choice, card
from assistant.ui.tray import Tray

_COMMAND = "alcove quick"


class QuickCard(QWidget):
    """A card of choices.

    Args:
        parent: owner.

    Signals:
        changed (str, object): the setting of that name has another value.
        autostart_wanted (bool): the system shall start Alcove at the login, or not.
    """

    changed = Signal(str, object)
    autostart_wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tray = QCheckBox(self.tr("Show an icon in the tray"))
        self.stays = QCheckBox(self.tr("Stay there when the window is closed"))
        self.autostart = QCheckBox(self.tr("Start with the computer, put away"))
        can_start = autostart.is_possible()
        self.autostart.setEnabled(can_start)
        self.autostart.toggled.connect(self.autostart_wanted)
        self.command = label(_COMMAND, wraps=False, selectable=True)
        theme.set_role(self.command, "key")
        has_tray = Tray.is_available()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(
            card(
                self.tr("Quick ask"),
                [
                    Choice(
                        self.tr("Tray"),
                        self.tray,
                        self.tr("A click on it opens the small window.")
                        if has_tray
                        else self.tr("This desktop has no tray."),
                    ),
                    Choice(
                        self.tr("Closing"),
                        self.stays,
                        self.tr(
                            "Alcove goes on with its work, and is there at once. Quit it from the "
                            "icon, or with Ctrl+Q."
                        ),
                    ),
                    Choice(
                        self.tr("Login"),
                        self.autostart,
                        self.tr("Then it waits in the tray, or minimised where there is none.")
                        if can_start
                        else self.tr("A portable copy leaves no such entry on the computer."),
                    ),
                    Choice(
                        self.tr("From anywhere"),
                        self._beside(self.command),
                        self.tr(
                            "Give this command a key in your system's settings. With text behind "
                            "it, that is asked at once."
                        ),
                    ),
                ],
            )
        )
        self._has_tray = has_tray
        self.tray.setEnabled(has_tray)
        self.tray.toggled.connect(self._choose_tray)
        self.stays.toggled.connect(lambda is_on: self.changed.emit("stays_in_tray", is_on))

    def show_values(self, settings: Settings) -> None:
        """Show what is chosen, without telling it as a change."""
        for box, is_on in (
            (self.tray, settings.shows_tray),
            (self.stays, settings.stays_in_tray),
            (self.autostart, autostart.is_on()),
        ):
            box.blockSignals(True)
            box.setChecked(is_on)
            box.blockSignals(False)
        self.stays.setEnabled(self._has_tray and settings.shows_tray)

    def _beside(self, widget: QWidget) -> QWidget:
        """Let a widget keep its size at the beginning of its row."""
        made = QWidget()
        layout = QHBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addStretch(1)
        return made

    def _choose_tray(self, is_on: bool) -> None:
        self.stays.setEnabled(is_on)
        self.changed.emit("shows_tray", is_on)
