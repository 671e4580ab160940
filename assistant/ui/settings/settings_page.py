"""The Settings page: few choices, each of which takes effect at once."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from assistant import autostart
from assistant.crash_reports import Reports
from assistant.errors import AssistantError
from assistant.models.hub.tokens import TokenStore
from assistant.models.keeping.folders import main_folder
from assistant.paths import Folders
from assistant.settings import SettingsFile, Theme
from assistant.storage.database import Database
from assistant.ui import theme
from assistant.ui.errors_view import ErrorView
from assistant.ui.labels import label
from assistant.ui.settings.about_card import AboutCard
from assistant.ui.settings.cards import Choice, card, row
from assistant.ui.settings.chats_card import ChatsCard
from assistant.ui.settings.engine_card import EngineCard
from assistant.ui.settings.erase_view import EraseView
from assistant.ui.settings.models_folder import ModelsFolder
from assistant.ui.settings.network_card import NetworkCard
from assistant.ui.settings.quick_card import QuickCard
from assistant.ui.settings.saved_reading import SavedReading
from assistant.ui.settings.work_card import WorkCard

_WIDTH = theme.READING_WIDTH


class SettingsPage(QWidget):
    """Looks, engine, folders, network, and erasing.

    Args:
        settings: what is changed.
        folders: the app's folders.
        erase: deletes everything (whether the models, too); raises an `AssistantError`.
        forget: deletes what the engine keeps of what it has read.
        parent: owner.
        tokens: the system's keyring.
        let_go: lets the engines close the model files, before they are moved.
        database: where the chats are; without it there are no choices about them.
        pause_all: ends all work on what is kept, before a backup takes its place.

    Signals:
        theme_changed (Theme): other colours were chosen.
        engine_changed: the engine is to work in another way.
        model_folder_changed: models are looked for elsewhere.
        tray_changed: the tray's sign is wanted, or not.
        network_changed: the hub is reached in another way, or never.
        erased: everything is gone.
        chats_imported: there are more chats now.
        restored: everything that is kept is another now.
        lock_wanted: the window should be locked now.
        lock_changed: it should be locked at other times.
    """

    theme_changed = Signal(object)
    engine_changed = Signal()
    model_folder_changed = Signal()
    tray_changed = Signal()
    network_changed = Signal()
    erased = Signal()
    chats_imported = Signal()
    restored = Signal()
    lock_wanted = Signal()
    lock_changed = Signal()

    sidebar: QWidget | None = None

    def __init__(
        self,
        settings: SettingsFile,
        folders: Folders,
        erase: Callable[[bool], None],
        forget: Callable[[], None],
        parent: QWidget | None = None,
        *,
        tokens: TokenStore | None = None,
        let_go: Callable[[], object] = lambda: None,
        database: Database | None = None,
        pause_all: Callable[[], object] = lambda: None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._folders = folders
        self.saved_reading = SavedReading(folders.states, forget)
        self.engine_card = EngineCard()
        self.engine_card.changed.connect(self._change_engine)
        self.work_card = WorkCard()
        self.work_card.changed.connect(
            lambda name, value: self._change(lambda: None, **{name: value})
        )
        self.chats_card = ChatsCard(database, pause_all) if database else None
        self.quick_card = QuickCard()
        self.quick_card.changed.connect(
            lambda name, value: self._change(self.tray_changed.emit, **{name: value})
        )
        self.quick_card.autostart_wanted.connect(self._switch_autostart)
        self.network_card = NetworkCard(tokens)
        self.network_card.changed.connect(self._change_network)
        open_models = self._opener(self.tr("Open the folder of the models"), self._model_path)
        self.models_folder = ModelsFolder(settings, folders, let_go, open_models)
        self.models_folder.changed.connect(self.model_folder_changed)
        self.title = self.tr("Settings")
        self._column = QVBoxLayout()
        self._column.setSpacing(3 * theme.SPACE)
        self._errors = QVBoxLayout()
        self._build()
        self.erase_view = EraseView(folders, erase)
        self.erase_view.erased.connect(self._show_values)
        self.erase_view.erased.connect(self.saved_reading.refresh)
        self.erase_view.erased.connect(self.erased)
        self._column.addWidget(self.erase_view)
        self._add_about()
        self._column.addStretch(1)
        self._lay_out()
        self._show_values()
        self._connect()

    def show_network(self) -> None:
        """Bring the choices of the network into view, when the page has its place."""

        def show() -> None:
            self._area.ensureWidgetVisible(self.network_card)
            self.network_card.never.setFocus()

        QTimer.singleShot(0, self, show)

    def show_part(self, key: str) -> None:
        """Bring one part to the top and give it the keyboard, when the page has its place.

        Args:
            key: "look", "engine", "work", "chats", "quick", "folders", "network", "erase" or
                "about".
        """
        parts: dict[str, QWidget | None] = {
            "look": self.theme,
            "engine": self.engine_card,
            "work": self.work_card,
            "chats": self.chats_card,
            "quick": self.quick_card,
            "folders": self.models_folder,
            "network": self.network_card,
            "erase": self.erase_view,
            "about": self.about_card,
        }
        part = parts.get(key)
        if part is not None:
            QTimer.singleShot(0, self, lambda: self._show_at_top(part))

    def _show_at_top(self, part: QWidget) -> None:
        page = self._area.widget()
        assert page is not None
        top = part.mapTo(page, part.rect().topLeft()).y()
        self._area.verticalScrollBar().setValue(top - 4 * theme.SPACE)
        for widget in (part, *part.findChildren(QWidget)):
            takes_keys = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            if takes_keys and widget.isVisible() and widget.isEnabled():
                widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return

    def import_chats(self, files: Sequence[Path]) -> None:
        """Import exported chats, and bring what came of it into view."""
        card = self.chats_card
        if card is None:
            return
        card.porting.import_from(*files)
        QTimer.singleShot(0, self, lambda: self._area.ensureWidgetVisible(card.porting))

    def show_lock(self) -> None:
        """Bring the choice of a password into view, when the page has its place."""
        card = self.chats_card
        if card is None:
            return

        def show() -> None:
            self._area.ensureWidgetVisible(card.lock)
            card.lock.set_button.setFocus()

        QTimer.singleShot(0, self, show)

    def _build(self) -> None:
        self._column.addWidget(label(self.tr("Settings"), "title"))
        self._column.addLayout(self._errors)
        for made in (
            self._make_look(),
            self.engine_card,
            self.work_card,
            self.quick_card,
            self.chats_card,
            self._make_folders(),
            self.network_card,
        ):
            if made is not None:
                self._column.addWidget(made)

    def _make_look(self) -> QFrame:
        self.theme = QComboBox()
        for value, text in (
            (Theme.SYSTEM, self.tr("As the system")),
            (Theme.LIGHT, self.tr("Light")),
            (Theme.DARK, self.tr("Dark")),
        ):
            self.theme.addItem(text, value)
        return card(self.tr("Look"), [Choice(self.tr("Colours"), self.theme)])

    def _make_folders(self) -> QFrame:
        open_data = self._opener(self.tr("Open the folder of the data"), lambda: self._folders.data)
        data = label(str(self._folders.data), selectable=True)
        return card(
            self.tr("Folders"),
            [
                Choice(
                    self.tr("Models"),
                    self.models_folder,
                    self.tr("Models in further folders are used where they are."),
                ),
                Choice(
                    self.tr("Documents and chats"),
                    row(data, open_data),
                    self.tr("What was read and written, in one database only you can read."),
                ),
                Choice(
                    self.tr("Saved reading"),
                    self.saved_reading,
                    self.tr(
                        "So that a model does not read a chat or document twice. It is deleted "
                        "with the chat or document."
                    ),
                ),
            ],
        )

    def _add_about(self) -> None:
        self.about_card = AboutCard(self._folders)
        self.about_card.parts_wanted.connect(self.show_parts)
        self.about_card.reports_wanted.connect(self.show_reports)
        self.erase_view.erased.connect(self.about_card.refresh)
        self._column.addWidget(self.about_card)

    def show_parts(self) -> None:
        """Show all parts of Alcove with their licences."""
        from assistant.ui.settings.about_parts import PartsDialog  # noqa: PLC0415 - seldom needed

        PartsDialog(self.window()).show()

    def show_reports(self) -> None:
        """Show the crash reports."""
        from assistant.ui.crash_view import CrashView  # noqa: PLC0415 - seldom needed

        view = CrashView(Reports.of(self._folders), self.window())
        view.finished.connect(self.about_card.refresh)
        view.show()

    def showEvent(self, event: QShowEvent) -> None:
        """Show how many crash reports there are now."""
        super().showEvent(event)
        self.about_card.refresh()

    # Values

    def _show_values(self) -> None:
        value = self._settings.value
        self.theme.blockSignals(True)
        self.theme.setCurrentIndex(self.theme.findData(value.theme))
        self.theme.blockSignals(False)
        self.engine_card.show_values(value)
        self.work_card.show_values(value)
        self.quick_card.show_values(value)
        self.network_card.show_values(value)
        if self.chats_card:
            self.chats_card.show_values(value)
        self.models_folder.refresh()

    def _model_path(self) -> Path:
        return main_folder(self._settings.value, self._folders)

    def _connect(self) -> None:
        self.theme.currentIndexChanged.connect(
            lambda _: self._change_theme(Theme(self.theme.currentData()))
        )
        card = self.chats_card
        if card is not None:
            card.changed.connect(self._change_chats)
            card.imported.connect(self.chats_imported)
            card.restored.connect(self.restored)
            card.restored.connect(self.saved_reading.refresh)
            card.lock_wanted.connect(self.lock_wanted)
            card.asked.connect(
                lambda: QTimer.singleShot(0, lambda: self._area.ensureWidgetVisible(card.backup))
            )

    def _change(self, told: Callable[[], object], **changes: Any) -> None:
        """Store a choice and tell whom it concerns; what goes wrong is said above."""
        self._clear_errors()
        try:
            self._settings.change(**changes)
        except AssistantError as error:
            self._show_error(error)
        told()

    def _switch_autostart(self, is_on: bool) -> None:
        self._clear_errors()
        try:
            autostart.switch(is_on=is_on)
        except AssistantError as error:
            self._show_error(error)
            self.quick_card.show_values(self._settings.value)

    def _change_engine(self, name: str, value: object) -> None:
        self._change(self.engine_changed.emit, **{name: value})

    def _change_chats(self, name: str, value: object) -> None:
        self._change(self.lock_changed.emit, **{name: value})
        if self.chats_card:
            self.chats_card.show_values(self._settings.value)

    def _change_theme(self, chosen: Theme) -> None:
        self._change(lambda: self.theme_changed.emit(chosen), theme=chosen)

    def _change_network(self, name: str, value: object) -> None:
        self._change(self.network_changed.emit, **{name: value})
        self.network_card.show_values(self._settings.value)

    # Parts

    def _opener(self, name: str, folder: Callable[[], Path]) -> QPushButton:
        button = QPushButton(self.tr("Open"))
        button.setAccessibleName(name)
        button.clicked.connect(
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(_nearest(folder()))))
        )
        return button

    def _show_error(self, error: AssistantError) -> None:
        self._errors.addWidget(ErrorView(error))

    def _clear_errors(self) -> None:
        while (item := self._errors.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()

    def _lay_out(self) -> None:
        inner = QWidget()
        theme.set_role(inner, "page")
        inner.setMaximumWidth(_WIDTH)
        self._column.setContentsMargins(*(6 * theme.SPACE,) * 4)
        inner.setLayout(self._column)
        middle = QWidget()
        theme.set_role(middle, "page")
        sides = QHBoxLayout(middle)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.addStretch(1)
        sides.addWidget(inner, 100)
        sides.addStretch(1)
        self._area = area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(middle)
        # When the question has its place, a moment later, it is brought into view.
        self.erase_view.asked.connect(
            lambda: QTimer.singleShot(0, lambda: area.ensureWidgetVisible(self.erase_view))
        )
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)


def _nearest(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that is there."""
    return next((place for place in (folder, *folder.parents) if place.is_dir()), folder)
