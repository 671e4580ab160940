"""How commands end that are stopped, or whose engine is lost; and what they show meanwhile."""

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from assistant.cli import main
from tests.engine.tiny_models import tiny_llama

ROOT = Path(__file__).resolve().parents[2]


def wait_for_children(count: int, of: psutil.Process) -> list[psutil.Process]:
    """Wait until a process has so many, but for that which multiprocessing keeps."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = [one for one in of.children() if is_ours(one)]
        if len(found) >= count:
            return sorted(found, key=lambda one: one.create_time())
        time.sleep(0.01)
    pytest.fail("no process was started")


def is_ours(process: psutil.Process) -> bool:
    try:
        return "resource_tracker" not in " ".join(process.cmdline())
    except psutil.NoSuchProcess:  # it ends just now
        return False


def test_an_engine_that_is_killed_is_one_line(own_home, letter, starter_model) -> None:
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "assistant", "summarize", letter),
            *("--mode", "quick", "--words", "20", "--model", starter_model),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    _reader, engine = wait_for_children(2, psutil.Process(process.pid))
    engine.kill()
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in errors
    told = [line for line in errors.splitlines() if "experimental" not in line]
    assert len(told) == 1
    assert "engine" in told[0]


def test_ctrl_c_ends_a_chat_with_130(own_home, tmp_path) -> None:
    model = tiny_llama(tmp_path / "tiny.gguf")
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "chat", "--model", model, "-p", "Hello"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    wait_for_children(1, psutil.Process(process.pid))
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert b"Traceback" not in errors


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of POSIX")
def test_the_bar_is_on_the_terminal_and_not_in_the_result(own_home, sample) -> None:
    import pty
    import termios

    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    shown: list[bytes] = []

    def read() -> None:
        try:
            while part := os.read(ours, 4096):
                shown.append(part)
        except OSError:  # its last user has gone
            return

    reader = threading.Thread(target=read)
    reader.start()
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "summarize", sample, "--words", "40"],
        stdout=subprocess.PIPE,
        stderr=theirs,
        cwd=ROOT,
        timeout=120,
    )
    os.close(theirs)
    reader.join()
    os.close(ours)
    assert done.returncode == 0
    assert b"%|" in b"".join(shown)
    assert b"\r" not in done.stdout
    assert b"%|" not in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of POSIX")
@pytest.mark.parametrize("lines", [[], ["Hello?", "/edit"]])
def test_a_chat_that_waits_for_a_line_ends_when_it_is_told_to(own_home, tmp_path, lines) -> None:
    import pty

    model = tiny_llama(tmp_path / "tiny.gguf")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "chat", "--model", model, "--max-tokens", "4"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=ROOT,
    )
    os.close(theirs)
    for line in lines:
        read_until(ours, b"> ")
        os.write(ours, f"{line}\n".encode())
    read_until(ours, b"leaves it): " if lines else b"> ")
    time.sleep(0.5)  # between the prompt's last letter and the wait for a line nothing is heard
    process.terminate()
    assert process.wait(timeout=20) == 130
    os.close(ours)


def read_until(terminal: int, ending: bytes) -> None:
    shown = b""
    while not shown.endswith(ending):
        assert select.select([terminal], [], [], 60)[0], shown
        shown += os.read(terminal, 4096)


def test_lengths(own_home, sample, capsys) -> None:
    for length, words in (("short", 80), ("long", 320)):
        assert main(["summarize", str(sample), "--length", length, "--format", "json"]) == 0
        points = json.loads(capsys.readouterr().out)["key_points"]
        assert 0.9 * words <= sum(len(point["text"].split()) for point in points) <= words


def test_a_context_too_small_for_a_summary_is_told(own_home, sample, tmp_path, capsys) -> None:
    model = tiny_llama(tmp_path / "tiny.gguf")  # of 512 tokens, and each letter is one
    arguments = ["summarize", str(sample), "--mode", "quick", "--model", str(model)]
    code = main([*arguments, "--format", "json"])
    printed = capsys.readouterr()
    result = json.loads(printed.out)
    assert (code, result["summary"]) == (1, [])
    assert result["key_points"]
    assert f"{sample}: tiny wrote no summary" in printed.err
    assert "512 tokens" in printed.err
