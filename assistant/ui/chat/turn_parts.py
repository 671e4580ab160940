"""What a turn is made with, and the reply that comes of it."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject

from assistant.conversations.events import RecordedEvent
from assistant.engine.client import Engine
from assistant.storage.conversations import MessageRecord
from assistant.ui.asking.desk import AskingDesk
from assistant.ui.asking.turn import take_turn
from assistant.ui.chat.chat_choices import ChatChoices
from assistant.ui.chat.live_reply import LiveReply
from assistant.ui.chat.replies import Replies
from assistant.ui.chat.shelf import Chat
from assistant.ui.current_model import CurrentModel
from assistant.ui.documents.parts import Parts
from assistant.ui.errors_view import explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnParts:
    """What a turn is made with."""

    engine: Engine
    current_model: CurrentModel
    parts: Parts
    asking: AskingDesk
    choices: ChatChoices
    replies: Replies

    def prepare(
        self,
        chat: Chat,
        *,
        sibling_of: int | None,
        continues: MessageRecord | None,
        answers_anyway: bool,
        parent: QObject,
    ) -> LiveReply:
        """Return a reply to the last message of `chat` that is yet to begin.

        Args:
            chat: whose message it is.
            sibling_of: the reply that it is to stand beside.
            continues: the reply to go on with; None begins one.
            answers_anyway: as `assistant.conversations.turns.take_turn` says.
            parent: owner.
        """
        self.current_model.use_for(self.choices.value.model)  # another chat may have changed it
        attached = self.asking.attached()

        def work(cancel: threading.Event) -> Iterator[RecordedEvent]:
            return take_turn(
                self.engine,
                chat.shelf.stores,
                chat.id,
                parts=self.parts,
                describe=lambda error: " ".join(explanation(error)),
                asking=attached,
                continues=continues.id if continues is not None else None,
                sibling_of=sibling_of,
                answers_anyway=answers_anyway,
                cancel=cancel,
            )

        model = self.current_model.model
        return LiveReply(
            chat,
            work,
            model_name=model.name if model else "",
            form="" if attached is not None else self.choices.value.form,
            sibling_of=sibling_of,
            continues=continues.id if continues is not None else None,
            text=continues.content if continues is not None else "",
            thinking=continues.thinking if continues is not None else "",
            parent=parent,
        )
