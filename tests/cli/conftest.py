"""Runs the real command in a process of its own."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

Alcove = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def alcove(own_home: Path) -> Alcove:
    """Run `alcove ARGUMENTS` and return what it printed and its exit code."""

    def run(*arguments: object, **options: object) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "assistant", *map(str, arguments)],
            **{"capture_output": True, "text": True, "timeout": 120, "cwd": ROOT, **options},
        )

    return run


@pytest.fixture
def sample() -> Path:
    return ROOT / "resources" / "samples" / "sample.pdf"


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A short text, read in no time."""
    path = tmp_path / "letter.txt"
    path.write_text(
        "Lease agreement\n\n"
        "The tenant shall pay a monthly rent of 950 euros on the first day of each month. "
        "The deposit of 1,900 euros is returned within 30 days after the end of the lease. "
        "The tenant must not keep animals in the flat without the written consent of the owner. "
        "Either party may end this lease with three months' notice in writing.\n",
        encoding="utf-8",
    )
    return path
