"""One turn of a chat in the window: `conversations.turns`, with the summary job beside it.

Questions about the whole of attached documents go there; the conversations know nothing of it.
"""

import threading
from collections.abc import Callable, Iterator

from assistant.conversations.asking.attached import Attached
from assistant.conversations.asking.intents import WholeWish, is_about_whole
from assistant.conversations.asking.vectors import PassageVectors
from assistant.conversations.events import RecordedEvent
from assistant.conversations.recording import record
from assistant.conversations.turns import Stores
from assistant.conversations.turns import take_turn as reply_or_answer
from assistant.engine.client import Engine
from assistant.engine.protocol import Role
from assistant.errors import AssistantError
from assistant.storage.conversations import ConversationStore
from assistant.ui.asking.whole import answer_whole
from assistant.ui.documents.parts import Parts


def take_turn(
    engine: Engine,
    stores: Stores,
    conversation_id: int,
    *,
    parts: Parts,
    describe: Callable[[AssistantError], str],
    asking: Attached | None = None,
    vectors: PassageVectors | None = None,
    thinking: bool | None = None,
    continues: int | None = None,
    sibling_of: int | None = None,
    answers_anyway: bool = False,
    cancel: threading.Event,
) -> Iterator[RecordedEvent]:
    """Reply to the last message, as `conversations.turns.take_turn` does.

    It takes that one's arguments, and `parts`, which documents are summarised with.
    """
    wish = None
    if asking is not None and continues is None:
        wish = _wish(stores.conversations, conversation_id, sibling_of)
    if wish is None or asking is None:
        yield from reply_or_answer(
            engine,
            stores,
            conversation_id,
            describe=describe,
            asking=asking,
            vectors=vectors,
            thinking=thinking,
            continues=continues,
            sibling_of=sibling_of,
            answers_anyway=answers_anyway,
            cancel=cancel,
        )
        return
    yield from record(
        answer_whole(parts, asking, wish, is_temporary=stores.is_temporary, cancel=cancel),
        stores.conversations,
        conversation_id,
        describe=describe,
        sibling_of=sibling_of,
    )


def _wish(
    store: ConversationStore, conversation_id: int, sibling_of: int | None
) -> WholeWish | None:
    """Return what the message that is replied to wants of the whole, if that is what it asks."""
    path = store.messages(conversation_id)
    if sibling_of is not None:
        ids = [message.id for message in path]
        path = path[: ids.index(sibling_of)] if sibling_of in ids else path
    questions = [message.content for message in path if message.role == Role.USER]
    return is_about_whole(questions[-1]) if questions else None
