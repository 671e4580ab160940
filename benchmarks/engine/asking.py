"""Starts engines, asks them and takes the time where the app stands: behind pipe and queues."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from assistant.engine.client import Engine
from assistant.engine.protocol import (
    GREEDY,
    Finished,
    LoadSettings,
    Message,
    TextPart,
)


@dataclass(frozen=True)
class Job:
    """What a row is measured with.

    Attributes:
        model: the model file; `second` another one, for rows that want two.
        rounds: how often each figure is taken; medians are told.
        stops: how often Stop is pressed.
        requests: how many requests chaos makes; `damaged` how many damaged files are tried.
        folder: for logs and states; it goes afterwards.
    """

    model: Path
    second: Path | None
    rounds: int
    stops: int
    requests: int
    damaged: int
    folder: Path


@dataclass(frozen=True)
class Answer:
    """One reply with its times, in seconds.

    Attributes:
        first_s: from asking to its first text; `total_s` to its end.
        finished: what the engine counted.
    """

    text: str
    first_s: float
    total_s: float
    finished: Finished

    @property
    def prompt_speed(self) -> float:
        """Prompt tokens evaluated a second."""
        done = self.finished.prompt_tokens - self.finished.reused_tokens
        return done / self.first_s

    @property
    def speed(self) -> float:
        """Generated tokens a second, from the first text on."""
        return (self.finished.generated_tokens - 1) / max(self.total_s - self.first_s, 1e-9)


@contextmanager
def started(model: Path, job: Job, *, nice: int = 5, **options: Any) -> Iterator[Engine]:
    """Give an engine that has loaded `model`; `options` are the engine's, then LoadSettings'."""
    own = {name: options.pop(name) for name in ("states",) if name in options}
    engine = Engine(log=job.folder / "engine.log", nice=nice, **own)
    engine.choose(model, LoadSettings(**options))
    try:
        for _ in engine.load(cancel=threading.Event()):
            pass
        yield engine
    finally:
        engine.close()


def ask(
    engine: Engine,
    prompt: str = "",
    messages: Sequence[Message] = (),
    *,
    max_tokens: int,
    **options: Any,
) -> Answer:
    """Generate greedily and return the reply with its times."""
    begun = first = time.perf_counter()
    said: list[str] = []
    finished = None
    for event in engine.generate(
        messages,
        prompt=prompt,
        sampling=GREEDY,
        max_tokens=max_tokens,
        cancel=threading.Event(),
        **options,
    ):
        if isinstance(event, TextPart):
            first = time.perf_counter() if not said else first
            said.append(event.text)
        elif isinstance(event, Finished):
            finished = event
    ended = time.perf_counter()
    assert finished is not None
    first = first if said else ended
    return Answer("".join(said), first - begun, ended - begun, finished)


def ask_all(engine: Engine, prompts: Sequence[str], **options: Any) -> tuple[float, list[Answer]]:
    """Ask all `prompts` at once, each from its own thread; return the time until the last ended."""
    answers: list[Answer | None] = [None] * len(prompts)
    start = threading.Barrier(len(prompts) + 1)

    def work(number: int) -> None:
        start.wait()
        answers[number] = ask(engine, prompts[number], **options)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(len(prompts))]
    for thread in threads:
        thread.start()
    start.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - begun
    done = [answer for answer in answers if answer is not None]
    assert len(done) == len(prompts), "a request failed"
    return elapsed, done


def settle() -> None:
    """Wait until the computer does nothing else, ten seconds at most."""
    for _ in range(50):
        if psutil.cpu_percent(0.2) < 12:
            return
