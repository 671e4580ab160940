"""The commands for the last reply of the chat that is open."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton

from assistant.ui.commands import Command, Section
from assistant.ui.reach import Reach

if TYPE_CHECKING:
    from assistant.ui.chat.reply_view import ReplyView


class ReplyCommands(QObject):
    """Makes them: with the keyboard all can be done that the buttons below the reply do.

    Args:
        reach: what they can reach.
        parent: owner.
    """

    def __init__(self, reach: Reach, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reach = reach

    def all(self) -> list[Command]:
        """Return every command."""
        return [
            Command(
                key="copy-reply",
                title=self.tr("Copy the last reply"),
                section=Section.CHAT,
                run=self._copy,
                keys=("Ctrl+Shift+C",),
                icon="copy",
                is_offered=lambda: self._reply() is not None,
            ),
            Command(
                key="write-again",
                title=self.tr("Write the last reply again"),
                section=Section.CHAT,
                run=self._write_again,
                keys=("Ctrl+Shift+R",),
                icon="refresh-cw",
                words=self.tr("regenerate variant retry"),
                is_offered=lambda: self._reply() is not None,
            ),
            self._pressing(
                "continue-reply",
                self.tr("Let the last reply go on"),
                "play",
                self.tr("continue stopped cut"),
                lambda reply: reply.notes.continue_button,
            ),
            self._pressing(
                "earlier-variant",
                self.tr("Show the variant before of the last reply"),
                "chevron-left",
                self.tr("previous version"),
                lambda reply: reply.variants.earlier,
            ),
            self._pressing(
                "later-variant",
                self.tr("Show the next variant of the last reply"),
                "chevron-right",
                self.tr("version"),
                lambda reply: reply.variants.later,
            ),
            self._pressing(
                "branch",
                self.tr("Go on from the last reply in a new chat"),
                "git-branch",
                self.tr("branch fork copy"),
                lambda reply: reply.branch_button,
            ),
        ]

    def _pressing(
        self,
        key: str,
        title: str,
        icon: str,
        words: str,
        button_of: Callable[["ReplyView"], QAbstractButton],
    ) -> Command:
        """Return a command that presses a button of the last reply, where it can be pressed."""

        def button() -> QAbstractButton | None:
            reply = self._reply()
            if reply is None:
                return None
            found = button_of(reply)
            return found if found.isVisibleTo(reply) and found.isEnabled() else None

        def press() -> None:
            found = button()
            if found is not None:
                found.click()

        return Command(
            key=key,
            title=title,
            section=Section.CHAT,
            run=press,
            icon=icon,
            words=words,
            is_offered=lambda: button() is not None,
        )

    def _reply(self) -> "ReplyView | None":
        """Return the last reply of the chat that is open, if it is whole."""
        if self._reach.window.current != "chat" or self._reach.chat().live_reply is not None:
            return None
        replies = self._reach.chat().transcript.replies()
        return replies[-1] if replies else None

    def _copy(self) -> None:
        reply = self._reply()
        if reply is not None:
            QGuiApplication.clipboard().setText(reply.text)

    def _write_again(self) -> None:
        reply = self._reply()
        if reply is not None:
            self._reach.chat().turns.write_again(reply.message_id)
