"""One turn of a chat in the window: `conversations.turns`, with the summary job beside it.

Questions about the whole of attached documents go there; the conversations know nothing of it.
"""

import threading
from collections.abc import Callable, Iterator

from assistant.conversations.asking.attached import Attached
from assistant.conversations.asking.vectors import PassageVectors
from assistant.conversations.events import RecordedEvent
from assistant.conversations.recording import record
from assistant.conversations.turns import Stores, whole_wish
from assistant.conversations.turns import take_turn as reply_or_answer
from assistant.engine.client import Engine
from assistant.errors import AssistantError
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
    if asking is not None:
        wished = whole_wish(
            stores.conversations, conversation_id, continues=continues, sibling_of=sibling_of
        )
        if wished is not None:
            wish, row = wished
            yield from record(
                answer_whole(parts, asking, wish, is_temporary=stores.is_temporary, cancel=cancel),
                stores.conversations,
                conversation_id,
                describe=describe,
                row=row,
            )
            return
        if parts.meanings is not None and vectors is None:
            for value in parts.meanings.prepare(asking, stores, cancel):
                if isinstance(value, PassageVectors):
                    vectors = value
                else:
                    yield value
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
        writes=False if asking is not None and parts.writer.distrusts_chat else None,
        cancel=cancel,
    )
