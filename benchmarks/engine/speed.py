"""One sequence against `llama_cpp.Llama` with equal settings, each in a process of its own."""

import multiprocessing
import multiprocessing.connection
import random
import statistics
import time
from collections.abc import Iterator

from assistant.engine.client import Engine
from assistant.engine.threads import usable_cores
from benchmarks.engine.asking import Job, ask, settle, started
from benchmarks.engine.table import Row, at_least
from benchmarks.engine.texts import contract

CONTEXT, STEP, REPLY = 4096, 128, 64
Figures = tuple[float, float, str]  # prompt tokens/s, generated tokens/s, text


def rows(job: Job) -> Iterator[Row]:
    """Both take turns at going first; each turn waits for a quiet moment."""
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    process = spawn.Process(target=_theirs, args=(str(job.model), usable_cores(), there))
    process.start()
    there.close()
    try:
        with started(
            job.model, job, nice=0, context_tokens=CONTEXT, ubatch_tokens=STEP, speculates=False
        ) as engine:
            yield from _compare(engine, here, job.rounds)
    finally:
        here.send("")
        process.join()


def _compare(
    engine: Engine, theirs: multiprocessing.connection.Connection, rounds: int
) -> Iterator[Row]:
    figures: dict[str, list[Figures]] = {"ours": [], "theirs": []}
    for number in range(rounds + 1):
        text = contract()
        order = ("ours", "theirs") if number % 2 else ("theirs", "ours")
        for side in order:
            settle()
            if side == "theirs":
                theirs.send(text)
                figures[side].append(theirs.recv())
            else:
                answer = ask(engine, text, max_tokens=REPLY)
                figures[side].append((answer.prompt_speed, answer.speed, answer.text))
    same = [ours[2] == their[2] for ours, their in zip(*figures.values(), strict=True)]
    for index, what in enumerate(("prompt", "generation")):
        # The first round warms both up.
        ours, theirs_ = (
            [float(turn[index]) for turn in figures[side][1:]] for side in ("ours", "theirs")
        )
        yield Row(f"{what}, engine", statistics.median(ours), "tokens/s")
        yield Row(f"{what}, llama_cpp.Llama", statistics.median(theirs_), "tokens/s")
        # A computer's own speed drifts within minutes; both turns of a round share it.
        ratios = [one / other for one, other in zip(ours, theirs_, strict=True)]
        ratio = statistics.median(ratios)
        yield at_least(f"{what}, engine against llama_cpp.Llama, by round", ratio, 0.98)
        low, high = _interval(ratios)
        yield Row(f"{what}, 95% interval of that", low, f"to {high:.3f}")
    yield at_least("same greedy text in each round", sum(same) / len(same), 1)


def _interval(ratios: list[float], draws: int = 2000) -> tuple[float, float]:
    """Return the 2.5th and 97.5th percentile of the median of rounds drawn again (bootstrap)."""
    chance = random.Random(1)
    medians = sorted(statistics.median(chance.choices(ratios, k=len(ratios))) for _ in range(draws))
    return medians[round(0.025 * draws)], medians[round(0.975 * draws) - 1]


def _theirs(model: str, threads: int, pipe: multiprocessing.connection.Connection) -> None:
    """Answer each prompt with its `Figures` until an empty one comes."""
    import llama_cpp

    llama = llama_cpp.Llama(
        model,
        n_ctx=CONTEXT,
        n_batch=STEP,
        n_ubatch=STEP,
        n_threads=threads,
        n_threads_batch=threads,
        verbose=False,
    )
    while text := pipe.recv():
        tokens = llama.tokenize(text.encode(), add_bos=True, special=False)
        begun = first = time.perf_counter()
        reply: list[int] = []
        for token in llama.generate(tokens, temp=0.0, repeat_penalty=1.0):
            first = time.perf_counter() if not reply else first
            reply.append(token)
            if len(reply) == REPLY:
                break
        ended = time.perf_counter()
        said = llama.detokenize(reply).decode("utf-8", "replace")
        pipe.send((len(tokens) / (first - begun), (len(reply) - 1) / (ended - first), said))
