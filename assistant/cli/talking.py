"""One conversation in the terminal: its turns, streamed."""

import threading
from collections.abc import Iterator
from contextlib import suppress

from assistant.cli.model_notes import tell_of_thinking
from assistant.cli.reply_output import ReplyOutput
from assistant.cli.terminal import say, say_error
from assistant.cli.whole_turn import take_whole_turn
from assistant.conversations.asking.answer import Preparing
from assistant.conversations.asking.attached import Attached
from assistant.conversations.asking.vectors import PassageVectors
from assistant.conversations.events import RecordedEvent
from assistant.conversations.titles import title_from
from assistant.conversations.turns import Stores, after_turn, take_turn, whole_wish
from assistant.engine.client import Engine
from assistant.engine.protocol import ModelInfo
from assistant.errors import AssistantError
from assistant.storage.conversations import MessageRecord
from assistant.wording import explain


class Talk:
    """A conversation under way.

    Args:
        engine: with the model chosen.
        stores: where the conversation is.
        conversation_id: which one.
        asking: the documents that are attached; None for none.
        vectors: of an embedding model, to search them with; None where there is none.
        model: the name of the one that was chosen.
        writes: whether it may sum up documents, and answer from them, in its own words.
        answers_anyway: a question is answered although it means a document and none is attached,
            or no passage is close to it.
        is_json: each reply is printed as a line of JSON.
        is_verbose: what a reply took is told after it.

    Attributes:
        stores: where the conversation is.
        conversation_id: which one goes on.
    """

    def __init__(
        self,
        engine: Engine,
        stores: Stores,
        conversation_id: int,
        *,
        asking: Attached | None,
        vectors: PassageVectors | None = None,
        model: str,
        writes: bool,
        answers_anyway: bool = False,
        is_json: bool,
        is_verbose: bool,
    ) -> None:
        self._engine = engine
        self.stores = stores
        self.conversation_id = conversation_id
        self._asking = asking
        self._vectors = vectors
        self._is_told_of_thinking = False
        self._model = model
        self._writes = writes
        self._answers_anyway = answers_anyway
        self._is_json = is_json
        self._is_verbose = is_verbose
        self._after: threading.Thread | None = None
        self._after_is_over = threading.Event()

    def ask(self, text: str, cancel: threading.Event) -> bool:
        """Ask and print the reply.

        Returns:
            False if it was not answered, since it means a document and none is attached.

        Raises:
            AssistantError: there is no reply.
        """
        store = self.stores.conversations
        record = store.get(self.conversation_id)
        if record is not None and not record.title:
            store.set_title(self.conversation_id, title_from(text), record.title_by)
        store.add_message(self.conversation_id, "user", text)
        return self._turn(cancel)

    def again(self, cancel: threading.Event) -> None:
        """Reply to the last question once more; both replies are kept. Or reply to it at all."""
        path = self.path()
        if path and path[-1].role == "user":  # a branch may end with it
            self._turn(cancel)
        elif (last := self._last_reply()) is not None:
            self._turn(cancel, sibling_of=last.id)

    def go_on(self, cancel: threading.Event) -> None:
        """Go on with the last reply."""
        if (last := self._last_reply()) is not None:
            self._turn(cancel, continues=last.id)

    def ask_changed(self, question: MessageRecord, text: str, cancel: threading.Event) -> None:
        """Ask one of the questions in other words; the earlier ones are kept with their replies."""
        asked = self.stores.conversations.add_message(
            self.conversation_id, "user", text, parent_id=question.parent_id
        )
        if asked is not None:
            self._turn(cancel)

    def path(self) -> list[MessageRecord]:
        """Return what was said, on the branch that goes on."""
        return self.stores.conversations.messages(self.conversation_id)

    def variants(self) -> dict[int, tuple[int, ...]]:
        """Return the variants of each message of the path that has some, itself included."""
        return self.stores.conversations.siblings(self.conversation_id)

    def choose(self, message_id: int) -> None:
        """Go on with a variant, and with what followed it."""
        self.rest()
        self.stores.conversations.choose(message_id)

    def branch(self, message: MessageRecord) -> int | None:
        """Go on in a new conversation with what was said up to `message`.

        Returns:
            its number; None if it is not kept.
        """
        self.rest()
        store = self.stores.conversations
        record = store.get(self.conversation_id)
        made = store.branch(message.id, record.title if record is not None else "")
        if made is not None:
            self.conversation_id = made
        return None if self.stores.is_temporary else self.conversation_id

    def take_back(self) -> None:
        """Delete the last question, whose reply failed, with what there is of that."""
        store = self.stores.conversations
        path = store.messages(self.conversation_id)
        while path and path[-1].role != "user":
            failed = path.pop()
            if failed.content or failed.thinking:
                return
            store.remove_message(failed.id)
        if path and store.leaf(self.conversation_id) == path[-1].id:  # else it has another reply
            store.remove_message(path[-1].id)

    def prepare_next(self) -> None:
        """Name the conversation and sum up what is old, while the person reads and writes."""

        def work() -> None:
            with suppress(AssistantError):
                for _ in after_turn(
                    self._engine, self.stores, self.conversation_id, cancel=self._after_is_over
                ):
                    pass

        self._after_is_over.clear()
        self._after = threading.Thread(target=work, name="after the reply")
        self._after.start()

    def rest(self) -> None:
        """End what `prepare_next` began."""
        self._after_is_over.set()
        if self._after is not None:
            self._after.join()
            self._after = None

    def _last_reply(self) -> MessageRecord | None:
        path = self.stores.conversations.messages(self.conversation_id)
        if not path or path[-1].role != "assistant":
            say("alcove: there is no reply yet.")
            return None
        return path[-1]

    def _turn(
        self,
        cancel: threading.Event,
        *,
        continues: int | None = None,
        sibling_of: int | None = None,
    ) -> bool:
        self.rest()
        store = self.stores.conversations
        wished = whole_wish(store, self.conversation_id, continues=continues, sibling_of=sibling_of)
        if self._asking is not None and wished is not None:
            wish, row = wished
            events = take_whole_turn(
                self.stores,
                self.conversation_id,
                self._asking,
                wish,
                row=row,
                engine=self._engine if self._writes else None,
                model=self._model,
                describe=_described,
                cancel=cancel,
            )
        else:
            events = self._reply(cancel, continues=continues, sibling_of=sibling_of)
        return self._print(events)

    def _reply(
        self, cancel: threading.Event, *, continues: int | None, sibling_of: int | None
    ) -> Iterator[RecordedEvent]:
        yield from self._prepare_vectors(cancel)
        yield from take_turn(
            self._engine,
            self.stores,
            self.conversation_id,
            describe=_described,
            asking=self._asking,
            vectors=self._vectors,
            continues=continues,
            sibling_of=sibling_of,
            writes=self._writes,
            answers_anyway=self._answers_anyway,
            cancel=cancel,
        )

    def _prepare_vectors(self, cancel: threading.Event) -> Iterator[Preparing]:
        """Make the vectors that are missing; without them words and letters find passages."""
        if self._asking is None or self._vectors is None:
            return
        try:
            yield from self._vectors.prepare(self._asking, cancel=cancel)
        except AssistantError as error:
            self._vectors = None
            say_error(error)
            say("alcove: passages are found by their words alone.")

    def _print(self, events: Iterator[RecordedEvent]) -> bool:
        """Print a reply; False if a document is wanted in its place."""
        kept = None if self.stores.is_temporary else self.conversation_id
        output = ReplyOutput(is_json=self._is_json, is_verbose=self._is_verbose, kept_in=kept)
        try:
            for event in events:
                output.take(event)
                if isinstance(event, ModelInfo) and not self._is_told_of_thinking:
                    self._is_told_of_thinking = True
                    wanted = self.stores.conversations.settings(self.conversation_id).thinking
                    tell_of_thinking(event, wanted)
        finally:
            output.end()
        return not output.wants_document


def _described(error: AssistantError) -> str:
    return str(explain(error))
