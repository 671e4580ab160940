"""The ways through the window: to a page, and to a chat, a document or a file on it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.conversations.porting.names import is_export
from assistant.errors import AssistantError
from assistant.storage.chat_search import Part
from assistant.storage.database import Database
from assistant.ui.main_window import MainWindow
from assistant.ui.wish import StartWish

if TYPE_CHECKING:
    from assistant.ui.chat.chat_page import ChatPage
    from assistant.ui.chat.shelf import Chat
    from assistant.ui.documents.documents_page import DocumentsPage
    from assistant.ui.models.models_page import ModelsPage
    from assistant.ui.quick_ask import QuickAsk
    from assistant.ui.settings.settings_page import SettingsPage


class Ways:
    """Shows what is asked for. Pages are made when they are first asked for.

    Args:
        window: the window.
        database: where chats are kept.
        chat, documents, models: return the pages.
    """

    def __init__(
        self,
        window: MainWindow,
        database: Database,
        *,
        chat: "Callable[[], ChatPage]",
        documents: "Callable[[], DocumentsPage]",
        models: "Callable[[], ModelsPage]",
    ) -> None:
        self._window = window
        self._database = database
        self._chat = chat
        self._documents = documents
        self._models = models

    def show_models(self) -> None:
        """Show the models."""
        self._window.show_page("models")

    def come_to(self, page: str) -> None:
        """Bring the window to the front with a page."""
        self._window.show_page(page)
        self._window.come_to_front()

    def come_for(self, wanted: StartWish) -> None:
        """Bring the window to the front for what another start wants."""
        self._window.come_to_front()
        self.serve(wanted)

    def serve(self, wanted: StartWish) -> None:
        """Open the files of a start, or summarise them."""
        if wanted.is_summary:
            self.summarize(wanted.files)
        elif wanted.files:
            self.open_files(wanted.files)

    def settings(self) -> "SettingsPage":
        """Show Settings, and return them."""
        from assistant.ui.settings.settings_page import SettingsPage  # noqa: PLC0415 - lazy

        self._window.show_page("settings")
        page = self._window.page("settings")
        assert isinstance(page, SettingsPage)
        return page

    # Chats

    def new_chat(self) -> None:
        """Bring the window to the front with a new chat."""
        self.come_to("chat")
        self._chat().new_chat()

    def open_chat(self, conversation_id: int) -> None:
        """Show a chat."""
        self._window.show_page("chat")
        self._chat().open_conversation(conversation_id)

    def open_message(self, conversation_id: int, message_id: int, part: Part) -> None:
        """Show a message of a chat, or a part of it."""
        self._window.show_page("chat")
        self._chat().show_message(conversation_id, message_id, part)

    def ask_document(self, document_id: int) -> None:
        """Begin a chat about a document."""
        self._window.show_page("chat")
        self._chat().ask_documents([document_id])

    def keep_quick(self, quick: "QuickAsk", chat: "Chat", goes_on: bool) -> None:
        """Put what was asked in the quick ask window among the chats, and go on with it there.

        Args:
            quick: the quick ask window.
            chat: what was asked.
            goes_on: whether its reply was stopped only for that.
        """
        from assistant.conversations.keeping import keep  # noqa: PLC0415 - seldom needed

        try:
            kept = keep(chat.shelf.stores, chat.id, self._database)
        except AssistantError as error:
            quick.show_error(error)
            return
        begun = quick.composer.text
        quick.begin_anew()
        self.come_to("chat")
        quick.close()
        if kept is not None:
            page = self._chat()
            page.refresh_list()
            page.open_conversation(kept)
            page.composer.set_text(begun)
            if goes_on:
                page.turns.go_on_last()

    # Documents and files

    def open_document(self, document_id: int) -> None:
        """Show a document."""
        self._window.show_page("documents")
        self._documents().open_record(document_id)

    def open_files(self, files: Sequence[Path]) -> None:
        """Open documents in Documents, models in Models; import exported chats."""
        models = [file for file in files if file.suffix.lower() == ".gguf"]
        exports = [file for file in files if is_export(file)]
        documents = [file for file in files if file not in (*models, *exports)]
        if exports:
            self.settings().import_chats(exports)
        if models:
            self._window.show_page("models")
            for file in models:
                self._models().add_file(file)
        if documents:
            self._window.show_page("documents")
            self._documents().open_files(documents)

    def summarize(self, files: Sequence[Path]) -> None:
        """Summarise files as documents; many of them, and folders, go to the queue."""
        self._window.show_page("documents")
        self._documents().open_files(files)

    def take_dropped(self, files: list[Path]) -> None:
        """Attach documents to the chat that is shown, else open them in Documents."""
        documents = [f for f in files if f.suffix.lower() != ".gguf" and not is_export(f)]
        if self._window.current == "chat" and documents:
            self._chat().attach(documents)
            files = [file for file in files if file not in documents]
        if files:
            self.open_files(files)
