"""What the window's commands can reach."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.settings import Theme
from assistant.ui.main_window import MainWindow

if TYPE_CHECKING:
    from assistant.ui.chat.chat_page import ChatPage
    from assistant.ui.documents.documents_page import DocumentsPage
    from assistant.ui.models.models_page import ModelsPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What commands can reach. Pages are made when they are first asked for.

    Attributes:
        window: the window.
        chat, documents, models: the pages.
        show_quick: brings the quick ask window to the front.
        ask_document: begins a chat about a document.
        show_connections: lists every connection there has been.
        show_settings: opens Settings at one of its parts, as `SettingsPage.show_part` names them.
        choose_theme: changes the colours.
        leave: ends the app.
        lock: covers the window until the app's password is given.
    """

    window: MainWindow
    chat: Callable[[], "ChatPage"]
    documents: Callable[[], "DocumentsPage"]
    models: Callable[[], "ModelsPage"]
    show_quick: Callable[[], object]
    ask_document: Callable[[int], object]
    show_connections: Callable[[], object]
    show_settings: Callable[[str], object]
    choose_theme: Callable[[Theme], object]
    leave: Callable[[], object]
    lock: Callable[[], object]
