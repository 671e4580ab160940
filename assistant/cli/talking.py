"""One conversation in the terminal: its turns, streamed, and what they are told with."""

import argparse
import threading
from contextlib import ExitStack, suppress
from pathlib import Path

import msgspec

from assistant.cli import inputs
from assistant.cli.documents import read_document
from assistant.cli.reply_output import ReplyOutput
from assistant.cli.terminal import Progress, say
from assistant.cli.workplace import Workplace, workplace
from assistant.conversations.asking.attached import Attached, AttachedDocument
from assistant.conversations.presets import all_presets, applied, find
from assistant.conversations.replying import is_small
from assistant.conversations.sampling import RANGES
from assistant.conversations.structured import Shown, form_of
from assistant.conversations.titles import title_from
from assistant.conversations.turns import Stores, after_turn, take_turn
from assistant.documents.document import Document
from assistant.documents.reading import Reader
from assistant.engine.client import Engine
from assistant.engine.speed_record import SpeedWatch
from assistant.engine.wishes import idle_s, wished
from assistant.errors import AssistantError, ModelNotFound
from assistant.storage.chat_settings import ChatSettings
from assistant.storage.conversations import ConversationStore, MessageRecord
from assistant.storage.database import Database
from assistant.storage.presets import PresetStore
from assistant.storage.recaps import RecapStore
from assistant.summaries.keeping import Keeping
from assistant.wording import explain

_SCHEMA_BYTES = 256 * 1024


class Refused(Exception):  # noqa: N818 - named for what happened
    """What the command line asks for is not there; the words say what."""


class Talk:
    """A conversation under way.

    Args:
        engine: with the model chosen.
        stores: where the conversation is.
        conversation_id: which one.
        asking: the documents that are attached; None for none.
        is_json: each reply is printed as a line of JSON.
        is_verbose: what a reply took is told after it.
    """

    def __init__(
        self,
        engine: Engine,
        stores: Stores,
        conversation_id: int,
        *,
        asking: Attached | None,
        is_json: bool,
        is_verbose: bool,
    ) -> None:
        self._engine = engine
        self._stores = stores
        self._id = conversation_id
        self._asking = asking
        self._is_json = is_json
        self._is_verbose = is_verbose
        self._after: threading.Thread | None = None
        self._after_is_over = threading.Event()

    def ask(self, text: str, cancel: threading.Event) -> None:
        """Ask and print the reply.

        Raises:
            AssistantError: there is no reply.
        """
        store = self._stores.conversations
        record = store.get(self._id)
        if record is not None and not record.title:
            store.set_title(self._id, title_from(text), record.title_by)
        store.add_message(self._id, "user", text)
        self._turn(cancel)

    def again(self, cancel: threading.Event) -> None:
        """Reply to the last question once more; both replies are kept."""
        if (last := self._last_reply()) is not None:
            self._turn(cancel, sibling_of=last.id)

    def go_on(self, cancel: threading.Event) -> None:
        """Go on with the last reply."""
        if (last := self._last_reply()) is not None:
            self._turn(cancel, continues=last.id)

    def take_back(self) -> None:
        """Delete the last question, whose reply failed, with what there is of that."""
        store = self._stores.conversations
        path = store.messages(self._id)
        while path and path[-1].role != "user":
            failed = path.pop()
            if failed.content or failed.thinking:
                return
            store.remove_message(failed.id)
        if path:
            store.remove_message(path[-1].id)

    def prepare_next(self) -> None:
        """Name the conversation and sum up what is old, while the person reads and writes."""

        def work() -> None:
            with suppress(AssistantError):
                for _ in after_turn(
                    self._engine, self._stores, self._id, cancel=self._after_is_over
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
        path = self._stores.conversations.messages(self._id)
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
    ) -> None:
        self.rest()
        kept = None if self._stores.is_temporary else self._id
        output = ReplyOutput(is_json=self._is_json, is_verbose=self._is_verbose, kept_in=kept)
        try:
            for event in take_turn(
                self._engine,
                self._stores,
                self._id,
                describe=lambda error: str(explain(error)),
                asking=self._asking,
                continues=continues,
                sibling_of=sibling_of,
                cancel=cancel,
            ):
                output.take(event)
        finally:
            output.end()


def opened(options: argparse.Namespace, stack: ExitStack, cancel: threading.Event) -> Talk:
    """Return the conversation that the options of `alcove chat` ask for.

    Args:
        options: of the command line.
        stack: closes what is opened here.
        cancel: ends the reading of attached documents.

    Raises:
        Refused: there is no such conversation, preset or schema.
        AssistantError: a document or a model cannot be used.
        Stopped: `cancel` was set.
    """
    work = workplace()
    is_kept = options.save or options.continued is not None
    kept = Database(work.folders.data / "alcove.db")
    stack.callback(kept.close)
    database = kept if is_kept else Database.in_memory()
    stack.callback(database.close)
    stores = Stores(ConversationStore(database), RecapStore(database), is_temporary=not is_kept)
    conversation_id = _conversation(stores.conversations, options.continued)
    settings = _settings(options, stores.conversations.settings(conversation_id), kept)
    form_of(settings)
    stores.conversations.set_settings(conversation_id, settings)
    engine = _engine(work, options.model, settings, stack, is_kept=is_kept)
    asking = _asking(options, stores.conversations, conversation_id, database, cancel)
    talk = Talk(
        engine,
        stores,
        conversation_id,
        asking=asking,
        is_json=options.json,
        is_verbose=options.verbose,
    )
    stack.callback(talk.rest)
    return talk


def _conversation(store: ConversationStore, continued: int | None) -> int:
    if continued is None:
        return store.create()
    if continued:
        if store.get(continued) is None:
            raise Refused(f"there is no conversation {continued}. --conversations lists them")
        return continued
    kept = store.list()
    if not kept:
        raise Refused("there is no kept conversation yet. --save keeps one")
    return max(kept, key=lambda record: record.updated_at).id


def _settings(options: argparse.Namespace, settings: ChatSettings, kept: Database) -> ChatSettings:
    """Return a conversation's settings with what the command line says of them."""
    if options.preset is not None:
        presets = PresetStore(kept)
        preset = find(presets, options.preset)
        if preset is None:
            names = ", ".join(one.name for one in all_presets(presets))
            raise Refused(f"there is no preset {options.preset}. There are: {names}")
        settings = applied(preset, settings)
    given = {name: getattr(options, name) for name in RANGES}
    sampling = {name: value for name, value in given.items() if value is not None}
    changes: dict[str, object] = {"sampling": {**settings.sampling, **sampling}}
    if options.system is not None:
        changes["system_prompt"] = options.system
    if options.think is not None:
        changes["thinking"] = options.think
    if options.max_tokens is not None:
        changes["max_tokens"] = options.max_tokens
    if options.schema is not None or options.table:
        changes["form"] = str(Shown.TABLE if options.table else Shown.JSON)
        changes["schema"] = _schema(options.schema) if options.schema else ""
    return msgspec.structs.replace(settings, **changes)


def _schema(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_SCHEMA_BYTES + 1)
        if len(content) > _SCHEMA_BYTES:
            raise Refused(f"{path} is longer than {_SCHEMA_BYTES // 1024} kB")
        return content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path} cannot be read: {error}") from error


def _engine(
    work: Workplace,
    named: str | None,
    settings: ChatSettings,
    stack: ExitStack,
    *,
    is_kept: bool,
) -> Engine:
    """Return an engine with the model that was named, or that the conversation has."""
    try:
        model = work.model(named or settings.model or None)
    except ModelNotFound:
        if named:
            raise
        model = work.model(None)  # the conversation's is gone
    if model is None:
        raise ModelNotFound("")
    if is_small(model.parameters):
        say(f"alcove: {model.name} is a very small model: it makes things up.")
    engine = Engine(
        log=work.folders.logs / "engine.log",
        crash_record=work.folders.data / "crashes.json",
        memory_record=work.folders.data / "memory.json",
        states=work.folders.states if is_kept else None,
        speeds=SpeedWatch(work.speeds),
        idle_s=idle_s(work.settings),
    )
    stack.callback(engine.close)
    if is_kept:
        stack.callback(engine.unload)  # it writes what was evaluated: the next time begins with it
    engine.choose(model.path, wished(work.settings, model.wishes))
    return engine


def _asking(
    options: argparse.Namespace,
    store: ConversationStore,
    conversation_id: int,
    database: Database,
    cancel: threading.Event,
) -> Attached | None:
    """Read what is to be attached; what the conversation has already comes first."""
    keeping = Keeping.of(database)
    for document in _read(options, cancel):
        store.attach(conversation_id, keeping.keep(document))
    attached = [
        AttachedDocument(number, kept)
        for number in store.attached(conversation_id)
        if (kept := keeping.document(number)) is not None
    ]
    return Attached(tuple(attached)) if attached else None


def _read(options: argparse.Namespace, cancel: threading.Event) -> list[Document]:
    if not options.attach:
        return []
    progress = Progress()
    reader = Reader(log=workplace().folders.logs / "reader.log")
    try:
        return [
            read_document(
                reader,
                path.absolute(),
                progress=progress,
                cancel=cancel,
                password=options.password,
            )
            for path in inputs.found_in(options.attach, is_recursive=True, cancel=cancel)
        ]
    finally:
        progress.close()
        reader.close()
