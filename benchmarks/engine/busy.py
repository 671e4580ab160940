"""The engine's own choice of threads beside busy processes, against each fixed number."""

import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from assistant.engine.client import Engine
from assistant.engine.threads import usable_cores
from benchmarks.engine.asking import Job, ask, settle, started
from benchmarks.engine.table import Row, at_least
from benchmarks.engine.texts import contract

AUTOMATIC, REPLY, SENTENCES = 0, 64, 24
Speeds = dict[int, list[tuple[float, float]]]  # threads → (prompt, generation) of each round


def rows(job: Job) -> Iterator[Row]:
    """One engine for each setting, all at the priority they have in the app, taking turns."""
    settings = [AUTOMATIC, *range(1, usable_cores() + 1)]
    with ExitStack() as stack:
        engines = {
            threads: stack.enter_context(
                started(job.model, job, context_tokens=2048, threads=threads, speculates=False)
            )
            for threads in settings
        }
        for processes in (0, 1, 2, 4):
            if not processes:
                settle()
            with _busy(processes):
                speeds = _measure(engines, job.rounds)
            yield from _told(processes, speeds)


def _measure(engines: dict[int, Engine], rounds: int) -> Speeds:
    """Return the speeds of each round but the first, in which the engine finds its threads."""
    speeds: Speeds = defaultdict(list)
    for number in range(rounds + 1):
        order = sorted(engines)
        shift = number % len(order)
        for threads in order[shift:] + order[:shift]:
            answer = ask(engines[threads], contract(SENTENCES), max_tokens=REPLY)
            if number:
                speeds[threads].append((answer.prompt_speed, answer.speed))
    return speeds


def _told(processes: int, speeds: Speeds) -> Iterator[Row]:
    target = 0.90 if processes else 0.95
    state = f"{processes} busy process{'' if processes == 1 else 'es'}"
    for index, what in enumerate(("prompt", "generation")):
        medians = {n: statistics.median(turn[index] for turn in x) for n, x in speeds.items()}
        own = medians.pop(AUTOMATIC)
        for threads, speed in medians.items():
            count = f"{threads} thread{'' if threads == 1 else 's'}"
            yield Row(f"{state}, {what}, {count}", speed, "tokens/s")
        yield Row(f"{state}, {what}, automatic", own, "tokens/s")
        best = max(medians.values())
        yield at_least(f"{state}, {what}, automatic against the best", own / best, target)


@contextmanager
def _busy(count: int) -> Iterator[None]:
    """Keep `count` processes busy at normal priority."""
    processes = [subprocess.Popen([sys.executable, "-c", "while 1: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()
