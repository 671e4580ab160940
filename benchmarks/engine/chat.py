"""A chat turn while a summary runs, against the same when nothing else does."""

import random
import statistics
import threading
import time
from collections.abc import Iterator

from assistant.engine.client import Engine
from assistant.engine.protocol import Priority
from benchmarks.engine.asking import Answer, Job, ask, ask_all, settle, started
from benchmarks.engine.table import Row, at_least, at_most
from benchmarks.engine.texts import passage, turn

PASSAGES, NOTE, REPLY = 8, 96, 48


def rows(job: Job) -> Iterator[Row]:
    """The summary is met at random moments: in its prompts and while it writes."""
    chance = random.Random(11)
    alone: list[Answer] = []
    beside: list[Answer] = []
    unfinished = 0
    with started(job.model, job, context_tokens=8192) as engine:
        ask(engine, messages=turn(), max_tokens=4)
        for _ in range(job.rounds):
            settle()
            alone.append(ask(engine, messages=turn(), max_tokens=REPLY))
            answer, missing = _beside_a_summary(engine, chance.uniform(0.1, 4.0))
            beside.append(answer)
            unfinished += missing
    first_alone, first = (statistics.median(a.first_s for a in x) for x in (alone, beside))
    speed_alone, speed = (statistics.median(a.speed for a in x) for x in (alone, beside))
    tokens = statistics.mean(a.finished.prompt_tokens for a in alone)
    yield Row(f"chat turn of {tokens:.0f} tokens alone, first token", 1000 * first_alone, "ms")
    yield Row("  while a summary of 8 passages runs", 1000 * first, "ms")
    yield at_most("  ratio of the medians", first / first_alone, 3)
    worst = max(answer.first_s for answer in beside) / first_alone
    yield Row("  the worst against the median alone", worst)
    yield at_least("  generation speed, beside against alone", speed / speed_alone, 0.8)
    yield at_most("  passages that the summary lost", unfinished, 0)


def _beside_a_summary(engine: Engine, delay_s: float) -> tuple[Answer, int]:
    """Return the chat's answer, and how many passages of the summary did not end well."""
    notes: list[Answer] = []

    def summarize() -> None:
        _, answers = ask_all(
            engine,
            [passage() for _ in range(PASSAGES)],
            max_tokens=NOTE,
            priority=Priority.SUMMARY,
        )
        notes.extend(answers)

    thread = threading.Thread(target=summarize)
    thread.start()
    time.sleep(delay_s)
    is_running = thread.is_alive()
    answer = ask(engine, messages=turn(), max_tokens=REPLY)
    thread.join()
    assert is_running, "the summary was over before the chat began: this computer is too fast"
    return answer, PASSAGES - sum(bool(note.text) for note in notes)
