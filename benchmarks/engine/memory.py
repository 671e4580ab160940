"""What the engine's process has for itself beyond weights, keys and values, and buffers."""

import re
from collections.abc import Iterator

import psutil

from assistant.engine.client import Engine
from benchmarks.engine.asking import Job, ask, started
from benchmarks.engine.table import Row, at_most
from benchmarks.engine.texts import contract

MEBIBYTE = 1024 * 1024


def rows(job: Job) -> Iterator[Row]:
    """Measured after a prompt of a thousand tokens and a reply."""
    with started(job.model, job, nice=0, context_tokens=4096) as engine:
        ask(engine, contract(), max_tokens=32)
        own = _own_bytes(engine, job)
    yield at_most("memory of the engine's own", own / 1e6, 150, "MB")


def _own_bytes(engine: Engine, job: Job) -> float:
    children = psutil.Process().children()
    (process,) = (c for c in children if "resource_tracker" not in " ".join(c.cmdline()))
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
