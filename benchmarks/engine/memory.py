"""The engine's memory: its peak against the estimate, and what it has for itself."""

import re
from collections.abc import Iterator
from pathlib import Path

from assistant.engine.client import Engine
from assistant.engine.fitting import need_of
from assistant.engine.protocol import LoadSettings
from assistant.gguf import read_header
from benchmarks.engine.asking import Job, ask, started
from benchmarks.engine.table import Row, at_most
from benchmarks.engine.texts import contract, prose
from tests.engine.chaos import engine_process

MEBIBYTE = 1024 * 1024


def rows(job: Job) -> Iterator[Row]:
    """The estimate for half-full and full contexts; benchmarks/memory.py looks closer."""
    for model in (job.model, *([job.second] if job.second else [])):
        for context, words in ((1024, 330), (4096, 2600)):
            yield _estimate(model, context, words, job)
    with started(job.model, job, nice=0, context_tokens=4096) as engine:
        ask(engine, contract(), max_tokens=32)
        own = _own_bytes(engine, job)
    yield at_most("memory of the engine's own", own / 1e6, 150, "MB")


def _estimate(model: Path, context: int, words: int, job: Job) -> Row:
    """Compare the peak after a prompt of `words` words with what the header foretold."""
    with started(model, job, nice=0, context_tokens=context) as engine:
        finished = ask(engine, prose(words), max_tokens=32).finished
        peak = finished.peak_memory_bytes or _peak_bytes()
        assert engine.info
        context = engine.info.context_tokens
    share = (finished.prompt_tokens + finished.generated_tokens) / context
    ratio = need_of(read_header(model), LoadSettings(), context).peak_at(share) / peak
    what = f"memory estimate against {peak / 1e6:.0f} MB, {model.stem}, {context} tokens"
    return Row(what, ratio, "", "1 ± 0.1", abs(ratio - 1) <= 0.1)


def _peak_bytes() -> int:
    """Return the most that the engine's process has taken (Linux)."""
    status = Path(f"/proc/{engine_process().pid}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) * 1024


def _own_bytes(engine: Engine, job: Job) -> float:
    process = engine_process()
    info = engine.info
    assert info
    mapped = sum(
        (area.private_clean + area.private_dirty)
        for area in process.memory_maps(grouped=True)
        if area.path == str(job.model.resolve())
    )
    words = (job.folder / "engine.log").read_text("utf-8", "replace")
    repacked = re.findall(r"(?<!_Mapped) model buffer size =\s*([\d.]+) MiB", words)
    copies = sum(float(size) for size in repacked) * MEBIBYTE
    private = int(process.memory_full_info().uss)
    return private - mapped - copies - info.kv_bytes - info.buffer_bytes
