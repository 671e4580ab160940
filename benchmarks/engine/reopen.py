"""A long conversation after a restart of the engine: restored from disk, against evaluated."""

import shutil
import statistics
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from assistant.engine.client import Engine
from assistant.engine.protocol import Message, Role
from benchmarks.engine.asking import Answer, Job, ask, started
from benchmarks.engine.table import Row, at_most
from benchmarks.engine.texts import prose

TOKENS, REPLY, OWNER = 3000, 24, "conversation-1"
NEXT = "What did you say about the election of the president? Answer shortly, in one sentence."


def rows(job: Job) -> Iterator[Row]:
    """Each restart gets a fresh copy of what the first engine left on disk."""
    kept = job.folder / "states"
    with started(job.model, job, states=kept, context_tokens=8192) as engine:
        history = _conversation(engine)
        answer = ask(engine, messages=history, max_tokens=REPLY, owner=OWNER)
        _wait_for_files(kept)
    history += [Message(Role.ASSISTANT, answer.text), Message(Role.USER, NEXT)]
    reopened, afresh = [], []
    for number in range(job.rounds):
        states = job.folder / f"states-{number}"
        shutil.copytree(kept, states)
        with started(job.model, job, states=states, context_tokens=8192) as engine:
            reopened.append(ask(engine, messages=history, max_tokens=REPLY, owner=OWNER))
            other = [Message(Role.SYSTEM, f"This is talk number {number}."), *history[1:]]
            afresh.append(ask(engine, messages=other, max_tokens=REPLY))
    yield from _told(reopened, afresh)


def _told(reopened: list[Answer], afresh: list[Answer]) -> Iterator[Row]:
    length = reopened[0].finished.prompt_tokens
    evaluated = max(a.finished.prompt_tokens - a.finished.reused_tokens for a in reopened)
    again, anew = (statistics.median(a.first_s for a in x) for x in (reopened, afresh))
    yield Row(f"conversation of {length} tokens evaluated, first token", 1000 * anew, "ms")
    yield Row("  reopened after a restart, first token", 1000 * again, "ms")
    yield at_most("  ratio", again / anew, 1 / 20)
    yield at_most("  prompt tokens evaluated, the most", evaluated, 64, "tokens")
    yield Row("  tokens restored", reopened[0].finished.restored_tokens, "tokens")


def _conversation(engine: Engine) -> list[Message]:
    """Return turns of real prose that fill the context to about `TOKENS`."""
    history = [Message(Role.SYSTEM, "You answer questions about a document.")]
    while sum(engine.count_tokens([message.content for message in history])) < TOKENS - 200:
        history.append(Message(Role.USER, f"What does this say? {prose(140)}"))
        history.append(Message(Role.ASSISTANT, f"It says this. {prose(60)}"))
    history.append(Message(Role.USER, "Which of these passages is the most important one?"))
    return history


def _wait_for_files(folder: Path) -> None:
    """Wait until the engine has written what it keeps; it may do so after the reply."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        files = [path for path in folder.rglob("*") if path.is_file()]
        sizes = [path.stat().st_size for path in files]
        threading.Event().wait(0.5)
        if files and sizes == [path.stat().st_size for path in files if path.exists()]:
            return
    raise RuntimeError("the engine kept nothing on disk")
