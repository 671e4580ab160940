"""Runs the real command in a process of its own."""

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.cli import main
from tests.engine.tiny_models import tiny_llama

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


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A model that writes nonsense, at once."""
    return tiny_llama(tmp_path / "tiny.gguf")


@pytest.fixture
def chat(tiny: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run `alcove chat` in this process; return its exit code, what it printed and said."""

    def run(*arguments: object, is_greedy: bool = True) -> tuple[int, str, str]:
        given = ["--model", str(tiny), "--max-tokens", "8"]
        if is_greedy:  # at random a reply may end before its eight tokens are written
            given += ["--temperature", "0"]
        code = main(["chat", *given, *map(str, arguments)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Make standard input what a person types on a terminal."""
    return lambda text: monkeypatch.setattr("sys.stdin", _Terminal(text))


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True
