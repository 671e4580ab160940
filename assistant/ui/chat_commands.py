"""The commands of the Chat page."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from assistant.ui.commands import Command, Section
from assistant.ui.reach import Reach

if TYPE_CHECKING:
    from assistant.ui.chat.reply_view import ReplyView


class ChatCommands(QObject):
    """Makes the commands that begin a chat, and those for the one that is open.

    Args:
        reach: what they can reach.
        parent: owner.
    """

    def __init__(self, reach: Reach, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reach = reach

    def all(self) -> list[Command]:
        """Return every command."""
        return [*self._beginning(), *self._of_open_chat()]

    def _beginning(self) -> list[Command]:
        return [
            Command(
                key="new-chat",
                title=self.tr("New chat"),
                section=Section.CHAT,
                run=self._begin,
                keys=("Ctrl+N",),
                icon="message-square-plus",
                words=self.tr("begin start conversation"),
                own_page="chat",
            ),
            Command(
                key="temporary-chat",
                title=self.tr("Temporary chat"),
                section=Section.CHAT,
                run=self._begin_temporary,
                keys=("Ctrl+Shift+N",),
                icon="message-square-dashed",
                words=self.tr("private incognito not kept"),
            ),
            Command(
                key="quick-ask",
                title=self.tr("Quick ask"),
                section=Section.CHAT,
                run=self._reach.show_quick,
                keys=("Ctrl+Shift+A",),
                icon="sparkles",
                words=self.tr("small window question temporary"),
            ),
        ]

    def _of_open_chat(self) -> list[Command]:
        return [
            Command(
                key="attach",
                title=self.tr("Attach files to this chat…"),
                section=Section.CHAT,
                run=self._attach,
                keys=("Ctrl+U",),
                icon="paperclip",
                words=self.tr("add document upload"),
                is_offered=self._is_shown,
            ),
            Command(
                key="stop-reply",
                title=self.tr("Stop the reply"),
                section=Section.CHAT,
                run=lambda: self._reach.chat().stop(),
                icon="circle-stop",
                is_offered=lambda: self._is_shown() and self._reach.chat().live_reply is not None,
            ),
            Command(
                key="copy-reply",
                title=self.tr("Copy the last reply"),
                section=Section.CHAT,
                run=self._copy,
                keys=("Ctrl+Shift+C",),
                icon="copy",
                is_offered=lambda: self._last_reply() is not None,
            ),
            Command(
                key="write-again",
                title=self.tr("Write the last reply again"),
                section=Section.CHAT,
                run=self._write_again,
                keys=("Ctrl+Shift+R",),
                icon="refresh-cw",
                words=self.tr("regenerate variant retry"),
                is_offered=lambda: self._last_reply() is not None,
            ),
        ]

    def _begin(self) -> None:
        self._reach.window.show_page("chat")
        self._reach.chat().new_chat()

    def _begin_temporary(self) -> None:
        self._reach.window.show_page("chat")
        self._reach.chat().open_temporary()

    def _attach(self) -> None:
        self._reach.chat().asking.attach_button.choose_files()

    def _is_shown(self) -> bool:
        return self._reach.window.current == "chat"

    def _last_reply(self) -> "ReplyView | None":
        """Return the last reply of the chat that is open, if it is whole."""
        if not self._is_shown() or self._reach.chat().live_reply is not None:
            return None
        replies = self._reach.chat().transcript.replies()
        return replies[-1] if replies else None

    def _copy(self) -> None:
        reply = self._last_reply()
        if reply is not None:
            QGuiApplication.clipboard().setText(reply.text)

    def _write_again(self) -> None:
        reply = self._last_reply()
        if reply is not None:
            self._reach.chat().turns.write_again(reply.message_id)
