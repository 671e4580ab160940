"""Measures the engine: speed against `llama_cpp.Llama`, Stop, and its own memory.

    python benchmarks/engine.py [--model PATH] [--rounds 7] [--stops 50] [--json]

Both sides have the same settings and run in turns, each in a process of its own; figures are
medians. Run it on an idle computer: llama.cpp's threads wait for each other, so one other busy
process slows everything down. Each turn waits a few seconds for a quiet moment.
"""

import argparse
import itertools
import json
import multiprocessing
import multiprocessing.connection
import random
import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from assistant.engine.client import Engine
from assistant.engine.protocol import GREEDY, Finished, FinishReason, LoadSettings, TextPart
from assistant.engine.threads import usable_cores
from assistant.paths import resource

CONTEXT, STEP, REPLY = 4096, 128, 64
STARTER = resource("models/SmolLM2-135M-Instruct.Q4_1.gguf")
SENTENCE = "The tenant pays the rent to the landlord on the first working day of every month. "
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    value: float
    unit: str
    target: str = ""
    is_met: bool | None = None


def prompt(number: int, sentences: int = 58) -> str:
    """About 1,000 tokens that begin like no other prompt, so that nothing is reused."""
    return f"{number} is the number of this contract. " + SENTENCE * sentences


def theirs(model: str, threads: int, pipe: multiprocessing.connection.Connection) -> None:
    """Answer (prompt) with (prompt tokens/s, generated tokens/s, text) until the pipe closes."""
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


def ours(engine: Engine, text: str) -> tuple[float, float, str]:
    """As `theirs`, timed where the app stands: with the pipe and the queues between."""
    begun = first = time.perf_counter()
    said: list[str] = []
    for event in engine.generate(
        prompt=text, sampling=GREEDY, max_tokens=REPLY, cancel=threading.Event()
    ):
        if isinstance(event, TextPart):
            first = time.perf_counter() if not said else first
            said.append(event.text)
    ended = time.perf_counter()
    assert isinstance(event, Finished)
    speed = (event.generated_tokens - 1) / (ended - first)
    return event.prompt_tokens / (first - begun), speed, "".join(said)


def settle() -> None:
    """Wait until the computer does nothing else, ten seconds at most."""
    for _ in range(50):
        if psutil.cpu_percent(0.2) < 12:
            return


def speed(engine: Engine, model: Path, rounds: int) -> Iterator[Row]:
    here, there = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=theirs, args=(str(model), usable_cores(), there)
    )
    process.start()
    there.close()
    figures: dict[str, list[tuple[float, float]]] = {"ours": [], "theirs": []}
    is_same = True
    for number in range(rounds + 1):
        text = prompt(number)
        settle()
        here.send(text)
        prompt_s, reply_s, said = here.recv()
        settle()
        our_prompt_s, our_reply_s, we_said = ours(engine, text)
        is_same = is_same and said == we_said
        if number:  # the first warms both up
            figures["theirs"].append((prompt_s, reply_s))
            figures["ours"].append((our_prompt_s, our_reply_s))
    here.send("")
    process.join()
    for index, what in enumerate(("prompt", "generation")):
        our, their = (statistics.median(x[index] for x in figures[k]) for k in ("ours", "theirs"))
        yield Row(f"{what}, engine", our, "tokens/s")
        yield Row(f"{what}, llama_cpp.Llama", their, "tokens/s")
        yield Row(f"{what}, ratio", our / their, "", ">= 0.97", our / their >= 0.97)
    yield Row("same greedy text", float(is_same), "", "1", is_same)


def stops(engine: Engine, count: int) -> Iterator[Row]:
    """Stop at random moments of a prompt of 2,000 tokens and its reply."""
    chance = random.Random(7)
    returned: list[float] = []
    free: list[float] = []
    in_prompt = 0
    for number in itertools.count():
        if len(returned) == count:
            break
        cancel = threading.Event()
        pressed: list[float] = []

        def press(cancel: threading.Event = cancel, pressed: list[float] = pressed) -> None:
            pressed.append(time.perf_counter())
            cancel.set()

        # Every other one has a short prompt, so that both prompts and replies are met.
        text = prompt(1000 + number, sentences=116 if number % 2 else 4)
        timer = threading.Timer(chance.uniform(0.02, 2.5), press)
        timer.start()
        has_text = False
        for event in engine.generate(prompt=text, sampling=GREEDY, max_tokens=0, cancel=cancel):
            has_text = has_text or isinstance(event, TextPart)
        ended = time.perf_counter()
        timer.join()
        if not isinstance(event, Finished) or event.reason is not FinishReason.STOPPED:
            continue  # the reply was over before
        engine.count_tokens([""])
        returned.append(1000 * (ended - pressed[0]))
        free.append(1000 * (time.perf_counter() - pressed[0]))
        in_prompt += not has_text
    worst = max(returned)
    yield Row(f"Stop, worst of {len(returned)} ({in_prompt} in a prompt)", worst, "ms", "<= 50",
              worst <= 50)  # fmt: skip
    yield Row("Stop, median", statistics.median(returned), "ms")
    yield Row("Stop, until the engine is free again, worst", max(free), "ms")


def memory(engine: Engine, model: Path, log: Path) -> Iterator[Row]:
    """What the process has for itself beyond weights, keys and values, and buffers."""
    children = psutil.Process().children()
    (process,) = (c for c in children if "resource_tracker" not in " ".join(c.cmdline()))
    info = engine.info
    assert info
    mapped = sum(
        (area.private_clean + area.private_dirty)
        for area in process.memory_maps(grouped=True)
        if area.path == str(model.resolve())
    )
    words = log.read_text("utf-8", "replace")
    repacked = re.findall(r"(?<!_Mapped) model buffer size =\s*([\d.]+) MiB", words)
    copies = sum(float(size) for size in repacked) * MEBIBYTE
    own = process.memory_full_info().uss - mapped - copies - info.kv_bytes - info.buffer_bytes
    yield Row("memory of its own", own / 1e6, "MB", "<= 150", own <= 150e6)


def show(rows: Iterator[Row], as_json: bool, take: Callable[[Row], None]) -> None:
    for row in rows:
        take(row)
        if not as_json:
            verdict = "" if row.is_met is None else ("met" if row.is_met else "MISSED")
            print(f"{row.what:<48} {row.value:>9.2f} {row.unit:<9} {row.target:<8} {verdict}")
            sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, default=STARTER)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--stops", type=int, default=50)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "engine.log"
        engine = Engine(log=log, nice=0)
        engine.choose(options.model, LoadSettings(context_tokens=CONTEXT, ubatch_tokens=STEP))
        try:
            engine.count_tokens([""])
            for measured in (
                speed(engine, options.model, options.rounds),
                stops(engine, options.stops),
                memory(engine, options.model, log),
            ):
                show(measured, options.json, rows.append)
        finally:
            engine.close()
    if options.json:
        print(json.dumps([asdict(row) for row in rows], indent=1))


if __name__ == "__main__":
    main()
