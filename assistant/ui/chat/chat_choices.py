"""What the person chose for the open conversation: preset, instructions, model, sampling, form."""

from PySide6.QtCore import QObject, Signal

from assistant.errors import AssistantError
from assistant.storage.chat_settings import ChatSettings
from assistant.ui.chat.shelf import Shelf


class ChatChoices(QObject):
    """The settings of the open conversation; those of one that has not begun wait here.

    Signals:
        changed: another conversation is open, or something else was chosen.
        failed (object): an AssistantError; the choice holds until another chat is opened.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shelf: Shelf | None = None
        self._conversation_id: int | None = None
        self._value = ChatSettings()

    @property
    def value(self) -> ChatSettings:
        """What is chosen now."""
        return self._value

    def open(self, shelf: Shelf, conversation_id: int | None) -> None:
        """Show the choices of another conversation; None for one that has not begun.

        Raises:
            DamagedData, CannotWrite: they cannot be read.
        """
        self._shelf, self._conversation_id = shelf, conversation_id
        if conversation_id is None:
            self._value = ChatSettings()
        else:
            self._value = shelf.conversations.settings(conversation_id)
        self.changed.emit()

    def begin(self, conversation_id: int) -> None:
        """Keep the choices with the conversation, which has got its row."""
        if self._conversation_id != conversation_id:
            self._conversation_id = conversation_id
            if self._value != ChatSettings():
                self._keep()

    def change(self, value: ChatSettings) -> None:
        """Choose something else."""
        if value != self._value:
            self._value = value
            self._keep()
            self.changed.emit()

    def _keep(self) -> None:
        if self._shelf is None or self._conversation_id is None:
            return
        try:
            self._shelf.conversations.set_settings(self._conversation_id, self._value)
        except AssistantError as error:
            self.failed.emit(error)
