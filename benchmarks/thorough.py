"""Thorough against a plain sequential map-reduce, and killed at random moments.

    python benchmarks/thorough.py [--only speed|kills] [--file FILE] [--kills 20] [--words 160]

Speed: the same model, passages, questions and longest answers are given to `llama_cpp.Llama`, one
after another, with as many threads; both begin with the model loaded. Kills: a child process that
summarises into a database is killed at random moments and started again, until it comes to the end;
then once without a kill. What was stored may never change, nothing that is stored may be asked
again, and in the reproducible setting the text must be the same. Run it on an idle computer.
"""

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.documents.document import Document
from assistant.documents.reading import Reader
from assistant.engine.client import Engine
from assistant.engine.protocol import LoadSettings
from assistant.engine.threads import usable_cores
from assistant.storage.database import Database
from assistant.storage.documents import DocumentStore
from assistant.storage.steps import StepStore
from assistant.summaries.prompts import SAMPLING, STOP, conversation
from assistant.summaries.steps import Steps
from assistant.summaries.summarizing import summarize
from assistant.summaries.summary import (
    Mode,
    ModelUsed,
    Stage,
    Summary,
    SummaryOptions,
    SummaryProgress,
)

ROOT = Path(__file__).resolve().parent.parent
STARTER = ROOT / "resources" / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf"
LICENCE = Path("/usr/share/common-licenses/GPL-3")
CONTEXT = 4_096
TARGET = 0.85
_INTERRUPTED_SHARE = 0.15  # of the whole time, at most, between two kills


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", choices=["speed", "kills"])
    parser.add_argument("--file", type=Path, default=LICENCE)
    parser.add_argument("--model", type=Path, default=STARTER)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--words", type=int, default=160)
    parser.add_argument("--sentences", type=int, default=0, help="only the first so many")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--reproducible", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options)
        return
    if options.only != "kills":
        speed(options)
    if options.only != "speed":
        for is_reproducible in (True, False):
            kills(options, is_reproducible=is_reproducible)


def read(path: Path, sentences: int) -> Document:
    reader = Reader(log=None)
    try:
        *_, document = reader.read(path, cancel=threading.Event())
    finally:
        reader.close()
    assert isinstance(document, Document)
    return replace(document, sentences=document.sentences[: sentences or None])


class Asked:
    """What reaches the engine: the requests of notes, merges and the text, with their limits."""

    def __init__(self, engine: Engine) -> None:
        self.requests: list[tuple[str, int]] = []
        self._generate = engine.generate
        engine.generate = self.note  # type: ignore[method-assign]

    def note(self, *arguments: Any, **options: Any) -> Iterator[Any]:
        """Take down a request on its way."""
        request = arguments[0][-1].content if arguments[0] else options["prompt"]
        self.requests.append((request, options["max_tokens"]))
        return self._generate(*arguments, **options)


# Speed


def speed(options: argparse.Namespace) -> None:
    document = read(options.file, options.sentences)
    ours_s, requests, summary, left = thorough(document, options)
    firsts = list(dict.fromkeys(requests))
    print(f"{document.title}: {len(document.sentences)} sentences, {len(requests)} questions")
    print(f"  thorough {ours_s:.1f} s, {summary.timings.generated_tokens} tokens written")
    print(f"  time left, foretold against real from a tenth on: {_within(left, ours_s)}")
    plain_s, written = plain(options.model, firsts)
    print(f"  plain, one after another {plain_s:.1f} s, {written} tokens written")
    ratio = ours_s / plain_s
    print(f"  ratio {ratio:.2f} (target {TARGET}): {'reached' if ratio <= TARGET else 'MISSED'}")


def thorough(
    document: Document, options: argparse.Namespace
) -> tuple[float, list[tuple[str, int]], Summary, list[tuple[float, float]]]:
    """Return the seconds, what was asked, the summary, and times left as they were told."""
    engine = Engine(log=None)
    engine.choose(options.model, LoadSettings(context_tokens=CONTEXT, threads=usable_cores()))
    try:
        for _ in engine.load(cancel=threading.Event()):
            pass
        asked = Asked(engine)
        begun = time.perf_counter()
        left: list[tuple[float, float]] = []
        for value in summarize(
            document,
            SummaryOptions(Mode.THOROUGH, options.words),
            engine=engine,
            model=ModelUsed(options.model.stem),
            cancel=threading.Event(),
        ):
            if isinstance(value, Summary):
                summary = value
            elif value.left_s is not None and value.stage in {Stage.READING, Stage.MERGING}:
                left.append((time.perf_counter() - begun, value.left_s))
        return time.perf_counter() - begun, asked.requests, summary, left
    finally:
        engine.close()


def _within(left: Sequence[tuple[float, float]], total_s: float) -> str:
    """Say how many of the foretold times were within 30%."""
    due = [(at, told) for at, told in left if 0.1 * total_s <= at <= 0.95 * total_s]
    good = [told for at, told in due if abs(told - (total_s - at)) <= 0.3 * (total_s - at)]
    worst = max((told / (total_s - at) for at, told in due), default=0.0)
    least = min((told / (total_s - at) for at, told in due), default=0.0)
    return f"{len(good)} of {len(due)} within 30%; from {least:.2f} to {worst:.2f} of it"


def plain(model: Path, requests: Sequence[tuple[str, int]]) -> tuple[float, int]:
    """Return the seconds that the same questions take one after another, and what was written."""
    from llama_cpp import Llama

    cores = usable_cores()
    llama = Llama(str(model), n_ctx=CONTEXT, n_threads=cores, n_threads_batch=cores, verbose=False)
    written = 0
    begun = time.perf_counter()
    for request, max_tokens in requests:
        messages: Any = [
            {"role": message.role.value, "content": message.content}
            for message in conversation(request)
        ]
        reply: Any = llama.create_chat_completion(
            messages,
            max_tokens=max_tokens,
            temperature=0.0,
            repeat_penalty=SAMPLING.repeat_penalty,
            stop=list(STOP),
        )
        written += reply["usage"]["completion_tokens"]
    return time.perf_counter() - begun, written


# Kills


def kills(options: argparse.Namespace, *, is_reproducible: bool) -> None:
    name = "reproducible" if is_reproducible else "several at once"
    rng = random.Random(5)
    with tempfile.TemporaryDirectory() as folder:
        whole_s, whole = _finish(options, Path(folder) / "whole", is_reproducible)
        home = Path(folder) / "killed"
        kept: dict[bytes, bytes] = {}
        changed = killed = 0
        while killed < options.kills:
            process = _start(options, home, is_reproducible)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=rng.uniform(0.5, 2 + _INTERRUPTED_SHARE * whole_s))
            is_over = process.poll() is not None
            _kill(process)
            if is_over:
                break
            killed += 1
            now = _stored(home)
            changed += sum(now.get(key) != content for key, content in kept.items())
            kept = now
        _, end = _finish(options, home, is_reproducible)
        now = _stored(home)
        changed += sum(now.get(key) != content for key, content in kept.items())
        asked = [key for line in (home / "asked").read_text().splitlines() for key in [line]]
        again = len(asked) - len(set(asked))
        print(f"{name}: {killed} kills in a summary of {whole_s:.0f} s, {len(now)} steps stored")
        print(f"  {changed} stored steps changed; {again} questions asked again")
        print(
            f"  asked again for each kill: {again / max(1, killed):.1f}, at most what is in flight"
        )
        same = (end["summary"], end["outline"]) == (whole["summary"], whole["outline"])
        print(f"  the text is {'the same' if same else 'another'} as without a kill")
        if changed or (is_reproducible and not same):
            sys.exit(1)


def _start(
    options: argparse.Namespace, home: Path, is_reproducible: bool
) -> "subprocess.Popen[str]":
    command = [sys.executable, __file__, "--child", str(home), "--file", str(options.file)]
    command += ["--model", str(options.model), "--words", str(options.words)]
    command += ["--sentences", str(options.sentences)]
    command += ["--reproducible"] if is_reproducible else []
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)


def _kill(process: "subprocess.Popen[str]") -> None:
    """End it with its engine, at once, as a power cut would."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _finish(
    options: argparse.Namespace, home: Path, is_reproducible: bool
) -> tuple[float, dict[str, Any]]:
    begun = time.perf_counter()
    process = _start(options, home, is_reproducible)
    text, _ = process.communicate()
    return time.perf_counter() - begun, json.loads(text)


def _stored(home: Path) -> dict[bytes, bytes]:
    if not (home / "alcove.sqlite").exists():
        return {}
    database = Database(home / "alcove.sqlite")
    try:
        rows = database.query("SELECT key, content FROM steps")
        return {bytes(key): bytes(content) for key, content in rows}
    finally:
        database.close()


def child(options: argparse.Namespace) -> None:
    """Summarise into the database of a folder, and print the text."""
    options.child.mkdir(exist_ok=True)
    document = read(options.file, options.sentences)
    database = Database(options.child / "alcove.sqlite")
    record = DocumentStore(database).save(
        path=options.file,
        title=document.title,
        type=document.type,
        sha256=document.sha256,
        pages=len(document.pages),
        words=document.word_count,
        language=document.language,
        content=b"",
    )
    engine = Engine(log=None)
    engine.choose(options.model, LoadSettings(context_tokens=CONTEXT, threads=usable_cores()))
    with (options.child / "asked").open("a", buffering=1) as log:
        generate = engine.generate

        def noting(*arguments: Any, **more: Any) -> Iterator[Any]:
            request = arguments[0][-1].content
            log.write(f"{hash_of(request)} {more['reply_start']!r}\n")
            return generate(*arguments, **more)

        engine.generate = noting  # type: ignore[method-assign]
        for value in summarize(
            document,
            SummaryOptions(Mode.THOROUGH, options.words, is_reproducible=options.reproducible),
            engine=engine,
            model=ModelUsed(options.model.stem),
            steps=Steps(StepStore(database), record),
            cancel=threading.Event(),
        ):
            summary = value
    engine.close()
    database.close()
    assert not isinstance(summary, SummaryProgress)
    outline = [[entry.title, *(s.text for s in entry.sentences)] for entry in summary.outline]
    print(json.dumps({"summary": [s.text for s in summary.sentences], "outline": outline}))


def hash_of(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()[:24]


if __name__ == "__main__":
    main()
