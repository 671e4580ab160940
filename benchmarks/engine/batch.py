"""Eight passages of a summary at once, against one after another."""

import statistics
from collections.abc import Iterator
from pathlib import Path

from assistant.engine.client import Engine
from assistant.engine.protocol import Priority
from benchmarks.engine.asking import Answer, Job, ask, ask_all, settle, started
from benchmarks.engine.table import Row, at_most
from benchmarks.engine.texts import passage

PASSAGES, REPLY = 8, 64
_OPTIONS = {"max_tokens": REPLY, "priority": Priority.SUMMARY}


def rows(job: Job) -> Iterator[Row]:
    """One model, and a second where one is given: the larger, the more it gains."""
    yield from _one_model(job.model, 0.88, job)
    if job.second:
        yield from _one_model(job.second, 0.72, job)


def _one_model(model: Path, target: float, job: Job) -> Iterator[Row]:
    ratios, together_s, generated = [], [], [0, 0]
    with started(model, job, context_tokens=8192, speculates=False) as engine:
        ask(engine, passage(), **_OPTIONS)
        for number in range(job.rounds):
            taken: dict[bool, float] = {}
            for is_batch in (True, False) if number % 2 else (False, True):
                settle()
                taken[is_batch], answers = _run(engine, is_batch=is_batch)
                generated[is_batch] += sum(a.finished.generated_tokens for a in answers)
                length = statistics.mean(a.finished.prompt_tokens for a in answers)
            ratios.append(taken[True] / taken[False])
            together_s.append(taken[True])
    name = model.stem
    yield Row(f"8 passages of {length:.0f} tokens at once, {name}", statistics.median(together_s),
              "s")  # fmt: skip
    yield at_most("  time against one after another", statistics.median(ratios), target)
    # A reply that ends early would flatter: both sides must write the same amount.
    yield Row("  tokens written, against one after another", generated[True] / generated[False])


def _run(engine: Engine, *, is_batch: bool) -> tuple[float, list[Answer]]:
    prompts = [passage() for _ in range(PASSAGES)]
    if is_batch:
        return ask_all(engine, prompts, **_OPTIONS)
    answers = [ask(engine, prompt, **_OPTIONS) for prompt in prompts]
    return sum(answer.total_s for answer in answers), answers
