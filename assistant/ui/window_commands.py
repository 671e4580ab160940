"""The commands of this window: what they are called, their keys, and what they do."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from assistant.settings import Theme
from assistant.ui import keyboard
from assistant.ui.chat_commands import ChatCommands
from assistant.ui.commands import Command, Section
from assistant.ui.reach import Reach

if TYPE_CHECKING:
    from assistant.ui.documents.documents_page import DocumentsPage
    from assistant.ui.models.models_page import ModelsPage


_FURTHER_KEYS = {"settings": ("Ctrl+,",)}


class WindowCommands(QObject):
    """Makes the commands, in the order in which the sheet and the empty palette list them.

    Args:
        reach: what they can reach.
        show_palette, show_sheet: bring these over the window.
        parent: owner.
    """

    def __init__(
        self,
        reach: Reach,
        *,
        show_palette: Callable[[], object],
        show_sheet: Callable[[], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._reach = reach
        self._show_palette = show_palette
        self._show_sheet = show_sheet
        self._chat = ChatCommands(reach, self)

    def all(self) -> list[Command]:
        """Return every command."""
        return [
            *self._chat.all(),
            *self._documents(),
            *self._models(),
            *self._lists(),
            *self._pages(),
            *self._settings(),
            *self._looks(),
            *self._window(),
        ]

    def presets(self) -> list[Command]:
        """Return the commands that the presets of chats make, which come and go."""
        return self._chat.presets()

    def _documents(self) -> list[Command]:
        def on_documents(act: Callable[["DocumentsPage"], object]) -> Callable[[], object]:
            def run() -> None:
                self._reach.window.show_page("documents")
                act(self._reach.documents())

            return run

        return [
            Command(
                key="ask-document",
                title=self.tr("Ask about this document"),
                section=Section.DOCUMENTS,
                run=self._ask_document,
                icon="message-square-plus",
                words=self.tr("question chat with"),
                is_offered=lambda: self._shown_document() is not None,
            ),
            Command(
                key="open-document",
                title=self.tr("Open a document…"),
                section=Section.DOCUMENTS,
                run=on_documents(lambda page: page.choose_files()),
                keys=("Ctrl+O",),
                icon="file-plus",
                words=self.tr("read summarise file PDF"),
                own_page="documents",
            ),
            Command(
                key="open-folder",
                title=self.tr("Summarise a folder…"),
                section=Section.DOCUMENTS,
                run=on_documents(lambda page: page.desk.choose_folder()),
                keys=("Ctrl+Shift+O",),
                icon="folder-open",
                words=self.tr("queue batch many files"),
            ),
            Command(
                key="queue",
                title=self.tr("Show the queue of documents"),
                section=Section.DOCUMENTS,
                run=on_documents(lambda page: page.show_queue()),
                icon="list",
            ),
            Command(
                key="sample",
                title=self.tr("Try the sample document"),
                section=Section.DOCUMENTS,
                run=on_documents(lambda page: page.open_sample()),
                icon="file-text",
            ),
        ]

    def _shown_document(self) -> int | None:
        """Return the row of the document that is shown, if there is one."""
        if self._reach.window.current != "documents":
            return None
        session = self._reach.documents().session
        return session.record_id if session is not None else None

    def _ask_document(self) -> None:
        document_id = self._shown_document()
        if document_id is not None:
            self._reach.ask_document(document_id)

    def _models(self) -> list[Command]:
        def on_models(act: Callable[["ModelsPage"], object]) -> Callable[[], object]:
            def run() -> None:
                self._reach.window.show_page("models")
                act(self._reach.models())

            return run

        return [
            Command(
                key="find-models",
                title=self.tr("Find models"),
                run=on_models(lambda page: page.show_find()),
                icon="search",
                words=self.tr("download better hub"),
            ),
            Command(
                key="installed-models",
                title=self.tr("Models on this computer"),
                run=on_models(lambda page: page.show_installed()),
                icon="hard-drive",
                words=self.tr("installed remove"),
            ),
        ]

    def _lists(self) -> list[Command]:
        return [
            Command(
                key="search-list",
                title=self.tr("Search the list"),
                section=Section.LISTS,
                run=lambda: keyboard.search_list(self._reach.window),
                keys=("Ctrl+F",),
                icon="search",
                words=self.tr("find filter chats documents"),
            ),
            Command(
                key="next-row",
                title=self.tr("Next chat or document"),
                section=Section.LISTS,
                run=lambda: keyboard.step_in_list(self._reach.window, 1),
                keys=("Ctrl+Tab",),
                icon="arrow-down",
            ),
            Command(
                key="previous-row",
                title=self.tr("Previous chat or document"),
                section=Section.LISTS,
                run=lambda: keyboard.step_in_list(self._reach.window, -1),
                keys=("Ctrl+Shift+Tab",),
                icon="arrow-up",
            ),
        ]

    def _pages(self) -> list[Command]:
        window = self._reach.window
        return [
            Command(
                key=f"page-{entry.key}",
                title=self.tr("Go to {page}").format(page=entry.title),
                run=partial(window.show_page, entry.key),
                keys=(f"Ctrl+{number}", *_FURTHER_KEYS.get(entry.key, ())),
                icon=entry.icon,
                words=self.tr("options preferences") if entry.key == "settings" else "",
            )
            for number, entry in enumerate(window.entries, 1)
        ]

    def _settings(self) -> list[Command]:
        parts = (
            ("engine", self.tr("Settings of the engine"), self.tr("threads memory GPU battery")),
            ("work", self.tr("Settings of long work"), self.tr("sleep notification")),
            (
                "chats",
                self.tr("Settings of chats"),
                self.tr("keep lock password backup restore import export"),
            ),
            ("quick", self.tr("Settings of quick ask"), self.tr("tray close window")),
            ("folders", self.tr("Folders of Alcove"), self.tr("data models move disk")),
            ("network", self.tr("Settings of the network"), self.tr("proxy never connect mirror")),
            ("erase", self.tr("Erase everything…"), self.tr("delete all data privacy")),
            ("about", self.tr("About Alcove"), self.tr("version licence parts crash report qt")),
        )
        icons = {"network": "globe", "folders": "folder", "erase": "trash-2"}
        made = [
            Command(
                key=f"settings-{key}",
                title=title,
                run=partial(self._reach.show_settings, key),
                icon=icons.get(key, "settings"),
                words=words,
            )
            for key, title, words in parts
        ]
        connections = Command(
            key="connections",
            title=self.tr("Connections since the start"),
            run=self._reach.show_connections,
            icon="shield",
            words=self.tr("privacy network shield"),
        )
        return [*made, connections]

    def _window(self) -> list[Command]:
        window = self._reach.window
        return [
            Command(
                key="palette",
                title=self.tr("Find anything"),
                run=self._show_palette,
                keys=("Ctrl+K",),
            ),
            Command(
                key="sheet",
                title=self.tr("Keyboard shortcuts"),
                run=self._show_sheet,
                keys=("Ctrl+/", "F1", "?"),
                icon="circle-question-mark",
                words=self.tr("help keys"),
            ),
            Command(
                key="next-area",
                title=self.tr("Next part of the window"),
                run=lambda: keyboard.step_area(window, 1),
                keys=("F6",),
            ),
            Command(
                key="previous-area",
                title=self.tr("Previous part of the window"),
                run=lambda: keyboard.step_area(window, -1),
                keys=("Shift+F6",),
            ),
            Command(
                key="lock",
                title=self.tr("Lock the window"),
                run=self._reach.lock,
                keys=("Ctrl+L",),
                icon="lock",
                words=self.tr("password hide"),
            ),
            Command(
                key="quit",
                title=self.tr("Quit Alcove"),
                run=self._reach.leave,
                keys=("Ctrl+Q",),
                icon="x",
            ),
        ]

    def _looks(self) -> list[Command]:
        return [
            Command(
                key=f"theme-{theme}",
                title=title,
                run=partial(self._reach.choose_theme, theme),
                icon=icon,
                words=self.tr("theme colours look dark light"),
            )
            for theme, title, icon in (
                (Theme.LIGHT, self.tr("Light colours"), "sun"),
                (Theme.DARK, self.tr("Dark colours"), "moon"),
                (Theme.SYSTEM, self.tr("Colours as the system"), "monitor"),
            )
        ]
