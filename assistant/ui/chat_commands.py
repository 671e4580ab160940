"""The commands of the Chat page."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from assistant.ui.chat.options.preset_words import name_of, use_of
from assistant.ui.commands import Command, Section
from assistant.ui.labels import one_line
from assistant.ui.reach import Reach
from assistant.ui.reply_commands import ReplyCommands

if TYPE_CHECKING:
    from assistant.ui.chat.options.options_desk import OptionsDesk


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
        return [
            *self._beginning(),
            *self._of_open_chat(),
            *ReplyCommands(self._reach, self).all(),
        ]

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
                key="chat-settings",
                title=self.tr("Preset and settings of this chat"),
                section=Section.CHAT,
                run=self._toggle_settings,
                icon="sliders-horizontal",
                words=self.tr("instructions system prompt model sampling temperature form"),
                is_offered=self._is_shown,
            ),
            Command(
                key="think-first",
                title=self.tr("Let the model think before it replies"),
                section=Section.CHAT,
                run=self._switch_thinking,
                icon="brain",
                words=self.tr("reasoning on"),
                is_offered=lambda: self._can_choose_thinking(is_on=False),
            ),
            Command(
                key="reply-at-once",
                title=self.tr("Let the model reply at once, without thinking"),
                section=Section.CHAT,
                run=self._switch_thinking,
                icon="brain",
                words=self.tr("reasoning off"),
                is_offered=lambda: self._can_choose_thinking(is_on=True),
            ),
        ]

    def presets(self) -> list[Command]:
        """Return what begins or goes on with a preset, for those that there are now."""
        if not self._is_shown():
            return []
        work = self._options().view.work
        names = [(name_of(preset), preset) for preset in work.presets]
        chosen = [
            Command(
                key=f"preset-{preset.key}",
                title=self.tr("Use the preset {name}").format(name=one_line(name)),
                section=Section.CHAT,
                run=partial(work.choose, preset),
                icon="sliders-horizontal",
                words=one_line(use_of(preset)),
            )
            for name, preset in names
        ]
        none = Command(
            key="no-preset",
            title=self.tr("Use no preset"),
            section=Section.CHAT,
            run=partial(work.choose, None),
            icon="sliders-horizontal",
        )
        return [*chosen, none]

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

    def _options(self) -> "OptionsDesk":
        return self._reach.chat().options

    def _toggle_settings(self) -> None:
        self._options().options_button.toggle()

    def _switch_thinking(self) -> None:
        self._options().think_button.click()

    def _can_choose_thinking(self, *, is_on: bool) -> bool:
        """Whether the model can think, and does so now as `is_on` says."""
        if not self._is_shown():
            return False
        button = self._options().think_button
        return not button.isHidden() and button.isChecked() == is_on
