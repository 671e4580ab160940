"""`alcove summarize`: key points and summaries of documents, with their pages."""

import argparse
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from assistant.cli.documents import add_password_to, read_document
from assistant.cli.terminal import (
    Exit,
    Progress,
    Stopped,
    say,
    say_error,
    say_given_up,
    stop_on_interrupt,
    write_result,
)
from assistant.cli.workplace import Workplace, workplace
from assistant.documents.document import Document
from assistant.documents.reading import Reader
from assistant.engine.client import Engine
from assistant.engine.protocol import ModelInfo
from assistant.engine.speed_record import SpeedWatch
from assistant.engine.wishes import wished
from assistant.errors import AssistantError, CannotWrite, ModelNotFound, NoSpace
from assistant.models.keeping.defaults import Task
from assistant.models.keeping.installed import InstalledModel
from assistant.models.keeping.sums import ModelSums
from assistant.summaries import exporting
from assistant.summaries.summarizing import Stage, SummaryOptions, SummaryProgress, summarize
from assistant.summaries.summary import Length, Mode, ModelUsed, Summary, is_experimental

_STAGES = {
    Stage.RANKING: "Ranking",
    Stage.LOADING: "Loading the model",
    Stage.PROMPT: "Reading with the model",
    Stage.WRITING: "Writing",
    Stage.CHECKING: "Checking",
}


def add_to(commands: Any) -> None:
    """Add the command to the `argparse` subparsers `commands`."""
    parser = commands.add_parser(
        "summarize",
        help="key points or a summary of documents, with their pages",
        description="Key points or a summary of each FILE, with the page behind every sentence. "
        "Nothing leaves this computer.",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
    parser.add_argument(
        "--mode",
        choices=[mode.value for mode in Mode],
        help="key-points needs no model; quick lets the model write from the best sentences. "
        "Default: quick, or key-points where the model has fewer than 0.5 billion parameters or "
        "its check-up says that it does not summarise well",
    )
    parser.add_argument(
        "--length",
        choices=[length.value for length in Length],
        default=Length.MEDIUM.value,
        help="default: medium",
    )
    parser.add_argument(
        "--words", type=_positive, metavar="N", help="at most N words, in place of --length"
    )
    parser.add_argument("--focus", default="", metavar="TEXT", help="what matters most to you")
    parser.add_argument("--model", metavar="NAME|PATH", help="an installed model, or a .gguf file")
    parser.add_argument("--format", choices=["text", "markdown", "json"], default="text")
    parser.add_argument("--with-text", action="store_true", help="add each page's text to the JSON")
    parser.add_argument("--output", type=Path, metavar="PATH", help="write to a file")
    add_password_to(parser)
    parser.set_defaults(run=run)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def run(options: argparse.Namespace) -> int:
    """Summarise each file in its order; one that fails does not stop the others."""
    work = workplace()
    with stop_on_interrupt() as cancel, _prepare(work, options) as parts:
        if options.model:
            _load(parts, cancel)
        results: list[str] = []
        failed = False
        for number, path in enumerate(options.files):
            started_s = _command_started_s() if number == 0 else time.perf_counter()
            try:
                text = _one(parts, path, started_s, cancel)
            except (CannotWrite, NoSpace):
                raise
            except AssistantError as error:
                parts.progress.close()
                say_error(error, path)
                failed = True
                continue
            finally:
                parts.progress.close()
            if options.output is None:
                write_result(_separator(options, results) + text, None)
            results.append(text)
        if options.output is not None and results:
            write_result(_separator(options, [""]).join(results), options.output)
    return Exit.FAILED if failed else Exit.DONE


@dataclass
class _Parts:
    """What one run of the command works with; closes what it started."""

    options: argparse.Namespace
    reader: Reader
    engine: Engine
    model: InstalledModel | None
    mode: Mode
    is_experimental: bool
    sums: ModelSums
    progress: Progress

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.progress.close()
        self.reader.close()
        self.engine.close()


def _prepare(work: Workplace, options: argparse.Namespace) -> _Parts:
    model = work.model(options.model, Task.SUMMARIES)
    is_poor = model is not None and is_experimental(model.parameters, work.may_summarise(model))
    if options.mode:
        mode = Mode(options.mode)
    else:
        mode = Mode.KEY_POINTS if model is None or is_poor else Mode.QUICK
    if mode is Mode.QUICK and model is None:
        raise ModelNotFound("")
    engine = Engine(
        log=work.folders.logs / "engine.log",
        crash_record=work.folders.data / "crashes.json",
        memory_record=work.folders.data / "memory.json",
        speeds=SpeedWatch(work.speeds),
    )
    if model is not None:
        engine.choose(model.path, wished(work.settings, model.wishes))
    reader = Reader(log=work.folders.logs / "reader.log")
    return _Parts(options, reader, engine, model, mode, is_poor, work.sums, Progress())


def _load(parts: _Parts, cancel: threading.Event) -> None:
    """Load the model that was named: one that cannot be loaded is an error in every mode."""
    for event in parts.engine.load(cancel=cancel, force=True):
        if isinstance(event, ModelInfo):
            say_given_up(event)
    _raise_if_stopped(cancel)


def _one(parts: _Parts, path: Path, started_s: float, cancel: threading.Event) -> str:
    document = _read(parts, path, cancel)
    summary = _summarize(parts, document, started_s, cancel)
    options = parts.options
    if options.format == "json":
        facts = exporting.to_dict(document, summary, with_text=options.with_text)
        return json.dumps(facts, ensure_ascii=False) + "\n"
    if options.format == "markdown":
        return exporting.to_markdown(document, summary)
    return exporting.to_text(document, summary)


def _read(parts: _Parts, path: Path, cancel: threading.Event) -> Document:
    password = parts.options.password
    return read_document(
        parts.reader, path, progress=parts.progress, cancel=cancel, password=password
    )


def _summarize(
    parts: _Parts, document: Document, started_s: float, cancel: threading.Event
) -> Summary:
    summary: Summary | None = None
    for event in _events(parts, document, started_s, cancel):
        if isinstance(event, SummaryProgress):
            parts.progress.show(_STAGES[event.stage], event.done, event.total)
        else:
            summary = event
    _raise_if_stopped(cancel)
    assert summary is not None, "a summary ends with a Summary"
    if summary.model and parts.model:
        # Last, since the first time it reads the whole file: nobody waits for a checksum.
        sha256 = parts.sums.of(parts.model, cancel=cancel)
        summary = replace(summary, model=replace(summary.model, sha256=sha256))
    return summary


def _events(
    parts: _Parts, document: Document, started_s: float, cancel: threading.Event
) -> Iterator[SummaryProgress | Summary]:
    options, model = parts.options, parts.model
    writes = parts.mode is Mode.QUICK and model is not None
    if writes and model is not None and parts.is_experimental:
        is_small = is_experimental(model.parameters)
        why = "is very small" if is_small else "did not do well with summaries in its check-up"
        say(f"alcove: {model.name} {why}: what it writes is experimental.")
    return summarize(
        document,
        SummaryOptions(
            mode=parts.mode,
            words=options.words or Length(options.length).words,
            focus=options.focus,
        ),
        engine=parts.engine if writes else None,
        model=ModelUsed(model.name, model.sha256) if writes and model else None,
        is_experimental=parts.is_experimental,
        started_s=started_s,
        cancel=cancel,
    )


def _raise_if_stopped(cancel: threading.Event) -> None:
    if cancel.is_set():
        raise Stopped


def _separator(options: argparse.Namespace, before: list[str]) -> str:
    """What stands between the results of several files."""
    if not before or options.format == "json":
        return ""
    return "\n---\n\n" if options.format == "markdown" else "\n" + "─" * 72 + "\n\n"


def _command_started_s() -> float:
    """Return when this process began, on the clock of `time.perf_counter`."""
    import psutil  # noqa: PLC0415

    return time.perf_counter() - (time.time() - psutil.Process().create_time())
