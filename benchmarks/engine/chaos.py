"""A thousand requests of mixed kinds with random stops, holds and kills: none wrong or lost."""

import threading
from collections.abc import Iterator
from multiprocessing import resource_tracker

import psutil

from assistant.engine.client import Engine
from assistant.engine.protocol import LoadSettings
from benchmarks.engine.asking import Job
from benchmarks.engine.table import Row, at_most
from tests.engine.chaos import Chaos, engine_process
from tests.engine.tiny_models import tiny_llama

THREADS, KILL_EVERY, CONTEXT = 8, 50, 2048
CALM = 200  # requests between two looks at the memory


def rows(job: Job) -> Iterator[Row]:
    """Most on a tiny model, whose every reply is known; a tenth on the real one."""
    resource_tracker.ensure_running()  # of multiprocessing: it stays, with a pipe to it
    before = _left()
    engine = Engine(log=job.folder / "engine.log", states=job.folder / "states")
    try:
        yield from _tiny(engine, job)
        yield from _real(engine, job)
    finally:
        engine.close()
    after = _left()
    for what, count in after.items():
        yield at_most(f"{what} left over", max(0, count - before[what]), 0)


def _tiny(engine: Engine, job: Job) -> Iterator[Row]:
    model = tiny_llama(job.folder / "tiny.gguf", llama__context_length=CONTEXT)
    engine.choose(model, LoadSettings(context_tokens=CONTEXT))
    chaos = Chaos(engine, seed=1, is_exact=True, words=30, pace_s=0.03)
    chaos.learn(12)
    yield from _told(chaos, job.requests, "tiny model")
    # What is left is in use for ever: two looks at the same process, with work between them.
    sizes = []
    for _ in range(3):
        chaos.run(CALM, threads=THREADS)
        sizes.append((engine_process().memory_info().rss, psutil.Process().memory_info().rss))
    for index, what in enumerate(("the engine", "the app")):
        grown = (sizes[-1][index] - sizes[0][index]) / 1e6
        yield at_most(f"memory that {what} gained in {2 * CALM} requests", max(0, grown), 4, "MB")


def _real(engine: Engine, job: Job) -> Iterator[Row]:
    engine.choose(job.model, LoadSettings(context_tokens=CONTEXT))
    chaos = Chaos(engine, seed=2, is_exact=False, words=60, pace_s=1.0)
    chaos.learn(4)
    yield from _told(chaos, job.requests // 10, job.model.stem)


def _told(chaos: Chaos, requests: int, name: str) -> Iterator[Row]:
    findings = chaos.run(requests, threads=THREADS, kill_every=KILL_EVERY)
    endings = ", ".join(f"{count} {what}" for what, count in findings.endings.most_common())
    print(f"{name}: {requests} requests, {findings.kills} kills: {endings}")
    for fault in findings.faults:
        print(fault)
    yield at_most(f"{name}, replies wrong, mixed up or lost", len(findings.faults), 0)
    unaccounted = requests - findings.endings.total()
    yield at_most(f"{name}, requests without an end", unaccounted, 0)


def _left() -> dict[str, int]:
    """Return how many threads, children and open files this process has."""
    process = psutil.Process()
    children = [c for c in process.children() if "resource_tracker" not in " ".join(c.cmdline())]
    files = process.num_fds() if hasattr(process, "num_fds") else process.num_handles()
    return {"threads": threading.active_count(), "children": len(children), "files": files}
