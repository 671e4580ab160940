"""Real processes: `alcove quick` hands its question to the window that is there, or starts one."""

import io
import sqlite3
import subprocess
from pathlib import Path

import psutil
import pytest

from assistant.cli import main as cli_main
from assistant.cli.quick import typed
from tests.ui.test_two_starts import Start, end, runtime, start, wait_for

__all__ = ["runtime", "start"]


def engines(process: subprocess.Popen[bytes]) -> int:
    """How many children of the window have loaded llama.cpp."""
    return sum(
        any("llama" in Path(file.path).name for file in child.memory_maps())
        for child in psutil.Process(process.pid).children(recursive=True)
        if child.is_running()
    )


def messages(home: Path) -> int:
    """How many messages the database holds."""
    connection = sqlite3.connect(f"file:{home / 'data' / 'alcove.db'}?mode=ro", uri=True)
    try:
        return int(connection.execute("SELECT count(*) FROM messages").fetchone()[0])
    finally:
        connection.close()


def test_a_running_window_takes_the_question(start: Start, own_home: Path, runtime: Path) -> None:
    first = start()
    wait_for(lambda: list(runtime.glob("*.socket")))
    assert engines(first) == 0
    second = start(Path("quick"), Path("What is the capital of France?"))
    assert second.wait(60) == 0
    wait_for(lambda: engines(first) == 1)  # it is being answered
    assert messages(own_home) == 0
    end(first)


def test_alone_it_starts_with_the_small_window(start: Start, own_home: Path) -> None:
    only = start(Path("quick"), Path("What is the capital of France?"))
    wait_for(lambda: engines(only) == 1)
    assert messages(own_home) == 0
    end(only)


def test_the_terminal_hands_the_question_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []

    def show(text: str) -> int:
        asked.append(text)
        return 0

    assert cli_main(["quick", "how", "far is the moon?"], show_quick=show) == 0
    assert cli_main(["quick"], show_quick=show) == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("from a pipe\n"))
    assert cli_main(["quick", "-"], show_quick=show) == 0
    assert asked == ["how far is the moon?", "", "from a pipe"]
    assert cli_main(["quick", "x" * 100_001], show_quick=show) == 2
    assert "100,000 characters" in capsys.readouterr().err
    assert cli_main(["quick", "hello"]) == 1
    assert typed("a\x00b\x1b[31m\r\nc\x7f ") == "a b [31m\nc  "
    assert typed("caf\udce9 \U0001f600") == "caf\ufffd \U0001f600"
