"""What one run of `alcove summarize` works with, and how it summarises one file."""

import argparse
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Self

from assistant.batches.working import Summarized, Writer, summarize_kept
from assistant.cli.documents import read_document
from assistant.cli.inputs import STANDARD_INPUT, standard_input
from assistant.cli.terminal import Progress, Stopped, say, say_given_up
from assistant.cli.workplace import Workplace
from assistant.documents.document import Document
from assistant.documents.reading import Reader
from assistant.engine.client import Engine
from assistant.engine.protocol import ModelInfo
from assistant.engine.speed_record import SpeedWatch
from assistant.engine.wishes import wished
from assistant.errors import DocumentError, ModelNotFound
from assistant.forecast import Machine
from assistant.forecast.pace import Pace, pace_of
from assistant.gguf import read_header
from assistant.models.keeping.defaults import Task
from assistant.models.keeping.installed import InstalledModel
from assistant.storage.database import Database
from assistant.summaries.digest import Digest, DigestFile, FailedFile
from assistant.summaries.digesting import digest
from assistant.summaries.keeping import Keeping
from assistant.summaries.plan import plan_work
from assistant.summaries.summarizing import summarize
from assistant.summaries.summary import (
    Length,
    Mode,
    ModelUsed,
    Stage,
    Summary,
    SummaryOptions,
    SummaryProgress,
    is_experimental,
)
from assistant.summaries.wishes.styles import Style

_STAGES = {
    Stage.RANKING: "Ranking",
    Stage.LOADING: "Loading the model",
    Stage.COUNTING: "Cutting into passages",
    Stage.PROMPT: "Reading with the model",
    Stage.WRITING: "Writing",
    Stage.CHECKING: "Checking",
    Stage.ASKING: "Asking the model about its sentences",
    Stage.READING: "Reading all of it",
    Stage.MERGING: "Merging the notes",
}
_MINUTE_S = 60


class SummaryRun:
    """One run of the command; closes what it started.

    Args:
        work: the folders and settings.
        options: the command line.
        cancel: set by Ctrl+C.

    Attributes:
        asked: what is asked for.
        progress: the bar.
        keeps: results are kept in the app's data, so that a later run goes on.

    Raises:
        ModelNotFound, ModelError: the model that was named, or is needed, cannot be used.
    """

    def __init__(
        self, work: Workplace, options: argparse.Namespace, cancel: threading.Event
    ) -> None:
        self.progress = Progress()
        self._work = work
        self._options = options
        self._cancel = cancel
        self._model = model = work.model(options.model, Task.SUMMARIES)
        may_summarise = work.may_summarise(model) if model else None
        self._is_poor = model is not None and is_experimental(model.parameters, may_summarise)
        self.asked = _asked(options, self._mode())
        if self.asked.mode is not Mode.KEY_POINTS and model is None:
            raise ModelNotFound("")
        self.keeps = self.asked.mode is Mode.THOROUGH or options.resume
        self._stack = ExitStack()
        self._stack.callback(self.progress.close)
        self._reader = self._stack.enter_context(
            closing(Reader(log=work.folders.logs / "reader.log"))
        )
        self._engine = self._stack.enter_context(closing(self._new_engine()))
        self._keeping: Keeping | None = None
        self._pace: Pace | None = None
        self._has_warned = False

    def __enter__(self) -> Self:
        try:
            if self._options.model:
                self._load()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def summarize(self, path: Path, started_s: float) -> tuple[Document, Summary]:
        """Read a file and summarise it.

        Args:
            path: the file, or - for standard input.
            started_s: when the work on it began, on the clock of `time.perf_counter`.

        Raises:
            AssistantError: it cannot be read or summarised.
            Stopped: Ctrl+C.
        """
        try:
            document = self._read(path)
            self._say_plan(document)
            summary = self._summary(document, path, started_s)
        finally:
            self.progress.close()
        if summary.model and self._model:
            # Last, since the first time it reads the whole file: nobody waits for a checksum.
            sha256 = self._work.sums.of(self._model, cancel=self._cancel)
            summary = replace(summary, model=replace(summary.model, sha256=sha256))
        return document, summary

    def why_no_text(self, summary: Summary) -> str:
        """Return why there are key points alone although a summary was asked for; "" if not so."""
        model, info = self._model, self._engine.info
        if self.asked.mode is Mode.KEY_POINTS or summary.sentences or model is None:
            return ""
        told = f"{model.name} wrote no summary, so these are the key points alone"
        if summary.timings.prompt_tokens or info is None:
            return f"{told}. Another model may: alcove models recommend"
        return (
            f"{told}: its context of {info.context_tokens:,} tokens has no room for passages. A"
            f" larger one: alcove models settings {model.name} --context TOKENS"
        )

    def digest(self, files: Sequence[DigestFile], failures: Sequence[FailedFile]) -> Digest:
        """Make the digest over what was summarised.

        Raises:
            AssistantError: the engine failed.
            Stopped: Ctrl+C.
        """
        writer = self._writer()
        made: Digest | None = None
        try:
            for event in digest(
                files,
                self.asked,
                engine=writer.engine if writer else None,
                model=writer.model if writer else None,
                is_experimental=self._is_poor,
                failures=failures,
                cancel=self._cancel,
            ):
                if isinstance(event, Digest):
                    made = event
                else:
                    self._show(event)
        finally:
            self.progress.close()
        if made is None or self._cancel.is_set():
            raise Stopped
        return made

    def _mode(self) -> Mode:
        if self._options.mode:
            return Mode(self._options.mode)
        return Mode.KEY_POINTS if self._model is None or self._is_poor else Mode.QUICK

    def _new_engine(self) -> Engine:
        folders = self._work.folders
        engine = Engine(
            log=folders.logs / "engine.log",
            crash_record=folders.data / "crashes.json",
            memory_record=folders.data / "memory.json",
            speeds=SpeedWatch(self._work.speeds),
        )
        if self._model is not None:
            engine.choose(self._model.path, wished(self._work.settings, self._model.wishes))
        return engine

    def _load(self) -> None:
        """Load the model that was named: one that cannot be loaded is an error in every mode."""
        for event in self._engine.load(cancel=self._cancel, force=True):
            if isinstance(event, ModelInfo):
                say_given_up(event)
        if self._cancel.is_set():
            raise Stopped

    def _read(self, path: Path) -> Document:
        if path != STANDARD_INPUT:
            found = self._kept().find(path.absolute()) if self._options.resume else None
            return replace(found[1], path=path) if found else self._read_file(path)
        with standard_input(self._cancel) as file:
            try:
                return replace(self._read_file(file), path=path)
            except DocumentError as error:
                error.path = Path(file.name)
                raise

    def _read_file(self, path: Path) -> Document:
        return read_document(
            self._reader,
            path,
            progress=self.progress,
            cancel=self._cancel,
            password=self._options.password,
        )

    def _summary(self, document: Document, path: Path, started_s: float) -> Summary:
        summary: Summary | None = None
        is_kept = self.keeps and path != STANDARD_INPUT
        events = self._kept_events if is_kept else self._events
        for event in events(document, started_s):
            if isinstance(event, SummaryProgress):
                self._show(event)
            elif isinstance(event, Summarized):
                summary = event.summary
            else:
                summary = event
        if self._cancel.is_set():
            raise Stopped
        assert summary is not None, "a summary ends with a Summary"
        return summary

    def _events(self, document: Document, started_s: float) -> Iterator[SummaryProgress | Summary]:
        writer = self._writer()
        return summarize(
            document,
            self.asked,
            engine=writer.engine if writer else None,
            model=writer.model if writer else None,
            is_experimental=self._is_poor,
            started_s=started_s,
            pace=writer.pace if writer else None,
            cancel=self._cancel,
        )

    def _kept_events(
        self, document: Document, started_s: float
    ) -> Iterator[SummaryProgress | Summary | Summarized]:
        keeping = self._kept()
        return summarize_kept(
            keeping.keep(replace(document, path=document.path.absolute())),
            document,
            self.asked,
            keeping=keeping,
            writer=self._writer(),
            takes_finished=self._options.resume,
            started_s=started_s,
            cancel=self._cancel,
        )

    def _kept(self) -> Keeping:
        if self._keeping is None:
            database = self._stack.enter_context(
                closing(Database(self._work.folders.data / "alcove.db"))
            )
            self._keeping = Keeping.of(database)
        return self._keeping

    def _writer(self) -> Writer | None:
        """Return the model that writes; None where none is asked for."""
        model = self._model
        if model is None or self.asked.mode is Mode.KEY_POINTS:
            return None
        self._warn(model)
        return Writer(
            engine=self._engine,
            model=ModelUsed(model.name, model.sha256),
            is_experimental=self._is_poor,
            pace=self._pace_of(model),
        )

    def _warn(self, model: InstalledModel) -> None:
        if not self._is_poor or self._has_warned:
            return
        self._has_warned = True
        is_small = is_experimental(model.parameters)
        why = "is very small" if is_small else "did not do well with summaries in its check-up"
        say(f"alcove: {model.name} {why}: what it writes is experimental.")

    def _pace_of(self, model: InstalledModel) -> Pace:
        if self._pace is None:
            machine = Machine.now(uses_gpu=self._work.speeds.is_on_gpu)
            self._pace = pace_of(read_header(model.path), machine, self._work.speeds)
        return self._pace

    def _say_plan(self, document: Document) -> None:
        """Say before the model is asked anything what reading everything will cost."""
        model = self._model
        if self.asked.mode is not Mode.THOROUGH or model is None:
            return
        plan = plan_work(document, self.asked, pace=self._pace_of(model), cancel=self._cancel)
        thorough, quick = plan.of(Mode.THOROUGH), plan.of(Mode.QUICK)
        if thorough.seconds is None or quick.seconds is None:
            return
        say(
            f"alcove: {thorough.passages:,} passages, about {thorough.tokens:,} tokens:"
            f" {_duration(thorough.seconds)} here. Quick would take {_duration(quick.seconds)}."
        )

    def _show(self, event: SummaryProgress) -> None:
        notes = [
            f"page {event.page}" if event.page else "",
            "".join(c for c in event.section if c.isprintable())[:40],
            f"{_duration(event.left_s)} left" if event.left_s is not None else "",
        ]
        note = ", ".join(filter(None, notes))
        self.progress.show(_STAGES[event.stage], event.done, event.total, note=note)


def _asked(options: argparse.Namespace, mode: Mode) -> SummaryOptions:
    return SummaryOptions(
        mode=mode,
        words=options.words or Length(options.length).words,
        focus=options.focus,
        style=Style(options.style),
        language=options.language,
        kind=options.kind,
        is_reproducible=options.reproducible,
        asks_model=options.ask_model,
    )


def _duration(seconds: float) -> str:
    """Return "about 40 s" or "about 12 min"."""
    if seconds < 2 * _MINUTE_S:
        return f"about {max(1, round(seconds)):,} s"
    return f"about {round(seconds / _MINUTE_S):,} min"
