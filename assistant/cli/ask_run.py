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
from assistant.cli.terminal import Progress, Stopped, say, say_error, say_given_up
from assistant.cli.whole_answers import answer_whole
from assistant.cli.workplace import Workplace
from assistant.conversations.asking.answer import (
    Answer,
    Answered,
    AnswerTimings,
    Preparing,
    encode,
)
from assistant.conversations.asking.answering import answer
from assistant.conversations.asking.attached import Attached, AttachedDocument
from assistant.conversations.asking.document_reply import AnswerEvent
from assistant.conversations.asking.intents import is_about_whole
from assistant.conversations.asking.retrieval import search
from assistant.conversations.asking.vectors import PassageVectors
from assistant.conversations.titles import title_from
from assistant.documents.document import Document
from assistant.documents.reading import Reader
from assistant.engine.client import Engine
from assistant.engine.embedding import Embedder
from assistant.engine.protocol import LoadProgress, ModelInfo, PromptProgress, Role, TextPart
from assistant.engine.speed_record import SpeedWatch
from assistant.engine.wishes import wished
from assistant.errors import AssistantError, DocumentError
from assistant.models.keeping.defaults import Task
from assistant.models.keeping.installed import InstalledModel
from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database
from assistant.storage.vectors import VectorStore
from assistant.summaries.injections.finding import spans
from assistant.summaries.keeping import Keeping
from assistant.summaries.summary import SummaryProgress, is_experimental


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
        embedding = work.model(options.embedding_model, Task.EMBEDDINGS)
        self._database: Database | None = None
        if options.save:
            self._database = self._stack.enter_context(
                closing(Database(work.folders.data / "alcove.db"))
            )
        self._vectors = self._made_vectors(embedding) if embedding is not None else None

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

        Raises:
            AssistantError: a model failed.
            Stopped: Ctrl+C.
        """
        conversation_id = self._begun(question)
        writes = self._writes()
        engine = self._engine() if writes or self._options.model else None
        wish = is_about_whole(question)
        text = ""
        made: Answer | None = None
        events: Iterator[AnswerEvent | SummaryProgress | Answer]
        if wish is not None:
            name = self._model.name if self._model else ""
            events = answer_whole(
                self._attached(),
                wish,
                engine=engine if writes else None,
                model=name,
                cancel=self._cancel,
            )
        else:
            events = answer(
                engine,
                self._attached(),
                (),
                question,
                owner=f"conversation-{conversation_id}" if conversation_id else "",
                vectors=self._vectors,
                writes=writes,
                insists=self._options.insist,
                cancel=self._cancel,
            )
        for event in events:
            if isinstance(event, TextPart) and not event.is_thinking:
                text += event.text
            elif isinstance(event, Answered):
                made = event.answer
            elif isinstance(event, Answer):
                made, text = event, "\n\n".join(one.text for one in event.sentences)
            else:
                self._show(event)
        self._progress.close()
        if self._cancel.is_set() or made is None:
            raise Stopped
        self._keep(conversation_id, made, text)
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
        engine.choose(self._model.path, wished(self._work.settings, self._model.wishes))
        if self._options.model:
            for event in engine.load(cancel=self._cancel, force=True):
                self._show(event)
        return engine

    def _made_vectors(self, model: InstalledModel) -> PassageVectors:
        embedder = Embedder(log=self._work.folders.logs / "embeddings.log")
        self._stack.enter_context(closing(embedder))
        embedder.choose(model.path)
        shelf = VectorStore(self._database) if self._database is not None else None
        return PassageVectors(embedder, f"{model.name} {model.path.stat().st_size}", shelf)

    def _begun(self, question: str) -> int:
        """Keep the question with its documents; return the conversation, 0 where none is kept."""
        if self._database is None:
            return 0
        store = ConversationStore(self._database)
        conversation_id = store.create(title_from(question))
        store.add_message(conversation_id, Role.USER, question)
        for one in self.documents:
            if one.id > 0:
                store.attach(conversation_id, one.id)
        return conversation_id

    def _keep(self, conversation_id: int, made: Answer, text: str) -> None:
        if self._database is None:
            return
        ConversationStore(self._database).add_message(
            conversation_id,
            Role.ASSISTANT,
            text,
            model_name=made.model,
            evidence=encode(made),
        )
        say(f"alcove: kept as chat {conversation_id}.")

    def _show(self, event: AnswerEvent | SummaryProgress) -> None:
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
            case SummaryProgress():
                self._progress.show("Reading it all", event.done, event.total)
