"""What one run of `alcove ask` works with: documents, models, and where it is kept."""

import argparse
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Self

from assistant.cli.documents import read_document
from assistant.cli.inputs import STANDARD_INPUT, standard_input
from assistant.cli.meanings import passage_vectors
from assistant.cli.model_notes import tell_if_small
from assistant.cli.terminal import Progress, Stopped, say, say_error, say_given_up
from assistant.cli.whole_turn import whole_events
from assistant.cli.workplace import Workplace
from assistant.conversations.asking.answer import (
    Answer,
    Answered,
    AnswerTimings,
    Preparing,
)
from assistant.conversations.asking.answering import answer
from assistant.conversations.asking.attached import Attached, AttachedDocument
from assistant.conversations.asking.intents import is_about_whole
from assistant.conversations.asking.prompts import SAMPLING
from assistant.conversations.asking.retrieval import search
from assistant.conversations.deleting import owner_of
from assistant.conversations.events import RecordedEvent, ReplyEvent, Working
from assistant.conversations.recording import Row, record
from assistant.conversations.sampling import differences
from assistant.conversations.titles import title_from
from assistant.documents.document import Document
from assistant.documents.reading import Reader
from assistant.engine.client import Engine
from assistant.engine.protocol import LoadProgress, ModelInfo, PromptProgress, Role
from assistant.engine.speed_record import SpeedWatch
from assistant.engine.wishes import wished
from assistant.errors import AssistantError, DocumentError
from assistant.models.keeping.defaults import Task
from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database
from assistant.summaries.injections.finding import spans
from assistant.summaries.keeping import Keeping
from assistant.summaries.summary import is_experimental
from assistant.wording import explain


class AskRun:
    """One run of the command; closes what it started.

    Args:
        work: the folders and settings.
        options: the command line.
        cancel: set by Ctrl+C.

    Attributes:
        documents: those that were read.
        has_failed: a file could not be read.

    Raises:
        ModelNotFound, ModelError: the model that was named cannot be used.
    """

    def __init__(
        self, work: Workplace, options: argparse.Namespace, cancel: threading.Event
    ) -> None:
        self.documents: list[AttachedDocument] = []
        self.has_failed = False
        self._work = work
        self._options = options
        self._cancel = cancel
        self._stack = ExitStack()
        self._progress = Progress()
        self._stack.callback(self._progress.close)
        self._model = None if options.passages_only else work.model(options.model, Task.CHAT)
        self._database: Database | None = None
        if options.save:
            self._database = self._stack.enter_context(
                closing(Database(work.folders.data / "alcove.db"))
            )
        self._vectors = passage_vectors(work, options.embedding_model, self._database, self._stack)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def read(self, paths: Iterable[Path]) -> None:
        """Read the documents; what fails is told and left out.

        Raises:
            Stopped: Ctrl+C.
        """
        with closing(Reader(log=self._work.folders.logs / "reader.log")) as reader:
            for path in paths:
                try:
                    self._add(self._read(reader, path))
                except AssistantError as error:
                    self._progress.close()
                    say_error(error, Path("standard input") if path == STANDARD_INPUT else path)
                    self.has_failed = True
        self._progress.close()

    def find(self, question: str) -> Answer:
        """Return the passages for a question, and whether they tell, without a model.

        Raises:
            AssistantError: the embedding model failed.
            Stopped: Ctrl+C.
        """
        begun = time.perf_counter()
        attached = self._attached()
        if self._vectors is not None:
            for made in self._vectors.prepare(attached, cancel=self._cancel):
                self._show(made)
        found = search(attached, question, vectors=self._vectors, cancel=self._cancel)
        self._progress.close()
        if self._cancel.is_set():
            raise Stopped
        taken_s = round(time.perf_counter() - begun, 3)
        return Answer(
            is_found=found.is_told,
            passages=found.passages,
            timings=AnswerTimings(search_s=taken_s, first_text_s=taken_s, total_s=taken_s),
        )

    def answer(self, question: str) -> Answer:
        """Return the answer to a question, kept if that is wished.

        Nothing of it is kept if there is no answer.

        Raises:
            AssistantError: a model failed.
            Stopped: Ctrl+C.
        """
        writes = self._writes()
        engine = self._engine() if writes or self._options.model else None
        if writes and engine is not None and self._model is not None:
            tell_if_small(self._model)
        if self._database is None:
            return self._taken(self._events(question, engine, writes=writes))
        store = ConversationStore(self._database)
        conversation_id = self._begun(store, question)
        try:
            made = self._taken(
                record(
                    self._events(question, engine, writes=writes, owner=owner_of(conversation_id)),
                    store,
                    conversation_id,
                    describe=lambda error: str(explain(error)),
                    row=Row(stats={"sampling": differences(SAMPLING)}),
                )
            )
        except BaseException:
            if engine is not None:
                engine.forget(owner_of(conversation_id))
            store.delete_for_good([conversation_id])
            raise
        say(f"alcove: kept as chat {conversation_id}.")
        return made

    def model_used(self, made: Answer) -> dict[str, str] | None:
        """Return the name and the sum of the model that wrote; None if none did."""
        if self._model is None or not made.model:
            return None
        sha256 = self._work.sums.of(self._model, cancel=self._cancel)
        return {"name": self._model.name, "sha256": sha256}

    def _read(self, reader: Reader, path: Path) -> Document:
        def read(file: Path) -> Document:
            return read_document(
                reader,
                file,
                progress=self._progress,
                cancel=self._cancel,
                password=self._options.password,
            )

        if path != STANDARD_INPUT:
            return read(path)
        with standard_input(self._cancel) as file:
            try:
                return replace(read(file), path=path)
            except DocumentError as error:
                error.path = Path(file.name)
                raise

    def _add(self, document: Document) -> None:
        number = -1 - len(self.documents)
        if self._database is not None and document.path != STANDARD_INPUT:
            kept = replace(document, path=document.path.absolute())
            number = Keeping.of(self._database).keep(kept)
        if all(one.id != number for one in self.documents):
            self.documents.append(AttachedDocument(number, document))

    def _attached(self) -> Attached:
        return Attached(tuple(self.documents), finds_orders=spans)

    def _writes(self) -> bool:
        """Whether the model answers in its own words."""
        if self._model is None:
            return False
        verdict = self._work.may_summarise(self._model)
        return self._options.own_words or not is_experimental(self._model.parameters, verdict)

    def _engine(self) -> Engine | None:
        if self._model is None:
            return None
        folders = self._work.folders
        engine = Engine(
            log=folders.logs / "engine.log",
            crash_record=folders.data / "crashes.json",
            memory_record=folders.data / "memory.json",
            states=folders.states if self._options.save else None,
            speeds=SpeedWatch(self._work.speeds),
        )
        self._stack.enter_context(closing(engine))
        if self._options.save:
            self._stack.callback(engine.unload)  # writes what was evaluated: a chat may go on
        engine.choose(self._model.path, wished(self._work.settings, self._model.wishes))
        if self._options.model:
            for event in engine.load(cancel=self._cancel, force=True):
                self._show(event)
        return engine

    def _events(
        self, question: str, engine: Engine | None, *, writes: bool, owner: str = ""
    ) -> Iterator[ReplyEvent]:
        """Tell the answer as a reply is told."""
        wish = is_about_whole(question)
        if wish is not None:
            name = self._model.name if self._model else ""
            writer = engine if writes else None
            return whole_events(self._attached(), wish, writer, name, self._cancel)
        return answer(
            engine,
            self._attached(),
            (),
            question,
            owner=owner,
            vectors=self._vectors,
            writes=writes,
            insists=self._options.insist,
            cancel=self._cancel,
        )

    def _taken(self, events: Iterable[RecordedEvent]) -> Answer:
        """Show how far it is, and return the answer at the end.

        Raises:
            Stopped: Ctrl+C.
        """
        made: Answer | None = None
        for event in events:
            if isinstance(event, Answered):
                made = event.answer
            else:
                self._show(event)
        self._progress.close()
        if self._cancel.is_set() or made is None:
            raise Stopped
        return made

    def _begun(self, store: ConversationStore, question: str) -> int:
        """Keep the question with its documents; return the conversation."""
        conversation_id = store.create(title_from(question))
        store.add_message(conversation_id, Role.USER, question)
        for one in self.documents:
            if one.id > 0:
                store.attach(conversation_id, one.id)
        return conversation_id

    def _show(self, event: RecordedEvent) -> None:
        match event:
            case LoadProgress():
                self._progress.show("Loading the model", round(event.fraction, 2), 1)
            case ModelInfo():
                self._progress.close()
                say_given_up(event)
            case PromptProgress():
                self._progress.show("Reading", event.evaluated_tokens, event.total_tokens)
            case Preparing():
                self._progress.show("Preparing the passages", event.done, event.total)
            case Working():
                self._progress.show("Reading it all", round(event.fraction or 0, 2), 1)
