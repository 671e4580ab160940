"""The conversation that the options of `alcove chat` ask for."""

import argparse
import threading
from collections.abc import Sequence
from contextlib import ExitStack, closing
from pathlib import Path

import msgspec

from assistant.cli import inputs
from assistant.cli.documents import read_document
from assistant.cli.meanings import passage_vectors
from assistant.cli.model_notes import tell_if_small
from assistant.cli.talking import Talk
from assistant.cli.terminal import Progress, say, say_error
from assistant.cli.workplace import Workplace, workplace
from assistant.conversations.asking.attached import Attached, AttachedDocument
from assistant.conversations.presets import ChatPreset, all_presets, applied, find
from assistant.conversations.sampling import RANGES
from assistant.conversations.structured import Shown, form_of
from assistant.conversations.turns import Stores
from assistant.documents.document import Document
from assistant.documents.reading import Reader
from assistant.engine.client import Engine
from assistant.engine.speed_record import SpeedWatch
from assistant.engine.wishes import idle_s, wished
from assistant.errors import CannotWrite, ModelNotFound, NoSpace
from assistant.models.keeping.installed import InstalledModel
from assistant.storage.chat_settings import ChatSettings
from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database
from assistant.storage.presets import PresetStore
from assistant.storage.recaps import RecapStore
from assistant.summaries.injections.finding import spans
from assistant.summaries.keeping import Keeping
from assistant.summaries.summary import is_experimental

_SCHEMA_BYTES = 256 * 1024


class Refused(Exception):  # noqa: N818 - named for what happened
    """What the command line asks for is not there; the words say what."""


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
    database = Database(_file(work)) if is_kept else Database.in_memory()
    stack.callback(database.close)
    stores = Stores(ConversationStore(database), RecapStore(database), is_temporary=not is_kept)
    store = stores.conversations
    continued = _continued(store, options.continued)
    settings = store.settings(continued) if continued is not None else ChatSettings()
    if options.preset is not None:
        settings = applied(_preset(options.preset, work), settings)
    settings = _settings(options, settings)
    form_of(settings)
    model = _model(work, options.model, settings)
    engine = _engine(work, model, stack, is_kept=is_kept)
    if options.model:  # by hand: also if it crashed last time
        engine.forgive()
    documents = _read(options, cancel)
    vectors = passage_vectors(work, options.embedding_model, database, stack)
    # Only now: what cannot be begun leaves no empty conversation behind.
    conversation_id = store.create() if continued is None else continued
    if continued is None:
        stack.callback(_drop_if_empty, store, conversation_id)
    store.set_settings(conversation_id, settings)
    asking = _asking(documents, store, conversation_id, database)
    talk = Talk(
        engine,
        stores,
        conversation_id,
        asking=asking,
        vectors=vectors,
        model=model.name,
        writes=not is_experimental(model.parameters, work.may_summarise(model)),
        answers_anyway=options.insist,
        is_json=options.json,
        is_verbose=options.verbose,
    )
    stack.callback(talk.rest)
    return talk


def _drop_if_empty(store: ConversationStore, conversation_id: int) -> None:
    """Keep no conversation in which nothing was said."""
    if store.leaf(conversation_id) is None:
        store.delete_for_good([conversation_id])


def _continued(store: ConversationStore, continued: int | None) -> int | None:
    """Return the conversation to go on with; None for a new one."""
    if continued is None:
        return None
    if continued:
        if store.get(continued) is None:
            raise Refused(f"there is no conversation {continued}. --conversations lists them")
        return continued
    kept = store.list()
    if not kept:
        raise Refused("there is no kept conversation yet. --save keeps one")
    return max(kept, key=lambda record: record.updated_at).id


def _file(work: Workplace) -> Path:
    return work.folders.data / "alcove.db"


def _preset(name: str, work: Workplace) -> ChatPreset:
    """Return the preset with a name; nothing is written, so a chat that is not kept stays so."""
    with closing(_presets_of(work)) as database:
        presets = PresetStore(database)
        preset = find(presets, name)
        if preset is None:
            names = ", ".join(one.name for one in all_presets(presets))
            raise Refused(f"there is no preset {name}. There are: {names}")
        return preset


def _presets_of(work: Workplace) -> Database:
    """Return the database with the person's own presets; an empty one where there is none."""
    if not _file(work).exists():
        return Database.in_memory()
    try:
        return Database(_file(work))
    except (CannotWrite, NoSpace) as error:
        say_error(error)
        say("alcove: your own presets cannot be read; those that come along can be used.")
        return Database.in_memory()


def _settings(options: argparse.Namespace, settings: ChatSettings) -> ChatSettings:
    """Return a conversation's settings with what the command line says of them."""
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


def _model(work: Workplace, named: str | None, settings: ChatSettings) -> InstalledModel:
    """Return the model that was named, or that the conversation has, or that chats."""
    try:
        model = work.model(named or settings.model or None)
    except ModelNotFound:
        if named:
            raise
        model = work.model(None)  # the conversation's is gone
    if model is None:
        raise ModelNotFound("")
    tell_if_small(model)
    return model


def _engine(work: Workplace, model: InstalledModel, stack: ExitStack, *, is_kept: bool) -> Engine:
    """Return an engine with the model, and close it with the rest."""
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
    documents: Sequence[Document],
    store: ConversationStore,
    conversation_id: int,
    database: Database,
) -> Attached | None:
    """Attach documents; what the conversation has already comes first."""
    keeping = Keeping.of(database)
    for document in documents:
        store.attach(conversation_id, keeping.keep(document))
    attached = [
        AttachedDocument(number, kept)
        for number in store.attached(conversation_id)
        if (kept := keeping.document(number)) is not None
    ]
    return Attached(tuple(attached), finds_orders=spans) if attached else None


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
