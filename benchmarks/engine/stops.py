"""Stop, at random moments of long prompts and replies."""

import itertools
import random
import statistics
import threading
import time
from collections.abc import Iterator

from assistant.engine.client import Engine
from assistant.engine.protocol import GREEDY, Finished, FinishReason, TextPart
from benchmarks.engine.asking import Job, started
from benchmarks.engine.table import Row, at_most
from benchmarks.engine.texts import contract


def rows(job: Job) -> Iterator[Row]:
    """Stop so often that the worst of them says something."""
    chance = random.Random(7)
    returned: list[float] = []
    free: list[float] = []
    in_prompt = 0
    with started(job.model, job, nice=0, context_tokens=4096) as engine:
        for number in itertools.count():
            if len(returned) == job.stops:
                break
            # Every other one has a short prompt, so that both prompts and replies are met.
            text = contract(116 if number % 2 else 4)
            stop = _stop_once(engine, text, chance.uniform(0.02, 2.5))
            if stop is None:
                continue  # the reply was over before
            returned.append(1000 * stop[0])
            free.append(1000 * stop[1])
            in_prompt += stop[2]
    what = f"Stop, the worst of {len(returned)} ({in_prompt} in a prompt)"
    yield at_most(what, max(returned), 50, "ms")
    yield Row("Stop, median", statistics.median(returned), "ms")
    yield Row("Stop, until the engine is free again, worst", max(free), "ms")


def _stop_once(engine: Engine, text: str, delay_s: float) -> tuple[float, float, bool] | None:
    """Return the seconds until it ended and until the engine was free, and if it had no text."""
    cancel = threading.Event()
    pressed: list[float] = []

    def press() -> None:
        pressed.append(time.perf_counter())
        cancel.set()

    timer = threading.Timer(delay_s, press)
    timer.start()
    has_text = False
    event: object = None
    for event in engine.generate(prompt=text, sampling=GREEDY, max_tokens=0, cancel=cancel):
        has_text = has_text or isinstance(event, TextPart)
    ended = time.perf_counter()
    timer.join()
    if not isinstance(event, Finished) or event.reason is not FinishReason.STOPPED:
        return None
    engine.count_tokens([""])
    return ended - pressed[0], time.perf_counter() - pressed[0], not has_text
