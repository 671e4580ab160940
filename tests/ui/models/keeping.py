"""What the tests of a model's details and check-ups share: the whole app, and its shelf."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from assistant.models.keeping.installed import InstalledModel
from assistant.ui.app import Alcove
from assistant.ui.models.details.details_page import DetailsPage
from assistant.ui.models.model_card import ModelCard
from assistant.ui.models.models_page import ModelsPage

SLOW = 120_000  # ms; other work may keep the machine busy


class Desk:
    """Drives the Models page of the whole app as a person does."""

    def __init__(self, alcove: Alcove, qtbot: QtBot) -> None:
        self.alcove = alcove
        self.qtbot = qtbot
        alcove.window.resize(1180, 760)
        alcove.window.activateWindow()
        self.wait(alcove.window.isActiveWindow)
        alcove.window.show_page("models")
        self.page: ModelsPage = alcove.models_page
        self.settle()

    def wait(self, until: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(until()), timeout=SLOW)

    def settle(self) -> None:
        """Wait until each model's card says how it goes here."""
        cards = self.page.shelf.cards

        def is_settled() -> bool:
            is_shown = all(one.isVisible() for one in cards()) or not self.page.views.is_at_root
            return bool(cards()) and is_shown and all(one.state.forecast for one in cards())

        self.wait(is_settled)

    def click(self, button: QAbstractButton) -> None:
        """Press a button where it is, as a mouse does; it must be there to be pressed."""
        assert button.isVisible(), f"{button.text()} is not shown"
        assert button.isEnabled(), f"{button.text()} cannot be pressed"
        middle = QPoint(button.width() // 2, button.height() // 2)
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=middle)

    def press(self, widget: QWidget, key: Qt.Key = Qt.Key.Key_Space) -> None:
        """Press a key on a widget."""
        assert widget.isVisible()
        widget.setFocus()
        self.qtbot.keyClick(widget, key)

    def models(self) -> dict[str, InstalledModel]:
        return {model.name: model for model in self.alcove.current_model.installed()}

    def card(self, name: str = "SmolLM2 135M Instruct") -> ModelCard:
        (found,) = (one for one in self.page.shelf.cards() if one.title.text() == name)
        return found

    def details(self, name: str = "SmolLM2 135M Instruct") -> DetailsPage:
        self.settle()
        self.click(self.card(name).details_button)
        page = self.page.shelf.details
        assert page is not None
        assert page.isVisible()
        return page

    def refresh(self) -> None:
        with self.qtbot.waitSignal(self.alcove.current_model.changed, timeout=SLOW):
            self.alcove.current_model.refresh()
        self.settle()

    def add(self, path: Path, content: bytes) -> Path:
        """Put a model file into the person's folder."""
        folder = self.alcove.model_folder.folder
        folder.mkdir(exist_ok=True, parents=True)
        target = folder / path
        target.write_bytes(content)
        self.refresh()
        return target


class WindowWatch(QObject):
    """Notes every widget that appears as a window of its own."""

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self.windows: list[str] = []
        self._app = app
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.windows.append(f"{type(watched).__name__} {watched.accessibleName()}")
        return False

    def end(self) -> None:
        self._app.removeEventFilter(self)
