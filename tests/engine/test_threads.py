"""The engine takes the cores that it may have."""

import os
from pathlib import Path

import pytest

from assistant.engine import threads
from assistant.engine.threads import usable_cores


def test_takes_physical_cores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads.psutil, "cpu_count", lambda logical: 4)
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(8)), raising=False)
    assert usable_cores(tmp_path) == 4
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {3}, raising=False)
    assert usable_cores(tmp_path) == 1


@pytest.mark.parametrize(
    ("quota", "cores"), [("max 100000", 4), ("150000 100000", 2), ("1000 100000", 1), ("odd", 4)]
)
def test_a_container_may_allow_fewer(tmp_path, monkeypatch, quota, cores) -> None:
    monkeypatch.setattr(threads.psutil, "cpu_count", lambda logical: 4)
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(4)), raising=False)
    (tmp_path / "cpu.max").write_text(quota)
    assert usable_cores(tmp_path) == cores
