"""Real processes: a second start raises the first, and a killed one leaves nothing broken."""

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import psutil
import pytest

WAIT_S = 60.0

Start: TypeAlias = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def runtime() -> Iterator[Path]:
    """Where sockets are: a socket's path has to be short, which that of a test is not."""
    with tempfile.TemporaryDirectory(prefix="alc") as folder:
        yield Path(folder)


@pytest.fixture
def start(own_home: Path, runtime: Path) -> Iterator[Start]:
    """Starts the app as a person does, without a display; ends it with the test."""
    started: list[subprocess.Popen[bytes]] = []
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(runtime)}

    def start_one(*files: Path) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "assistant", *map(str, files)],
            env=environment,
            stderr=subprocess.PIPE,
        )
        started.append(process)
        return process

    yield start_one
    for process in started:
        process.kill()
        process.wait()
        assert process.stderr
        process.stderr.close()


def documents(home: Path) -> int:
    """How many documents the database holds."""
    database = home / "data" / "alcove.db"
    if not database.exists():
        return 0
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return int(connection.execute("SELECT count(*) FROM summaries").fetchone()[0])
    except sqlite3.Error:
        return 0
    finally:
        connection.close()


def wait_for(condition: Callable[[], object]) -> None:
    """Wait until `condition` holds."""
    deadline = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def end(process: subprocess.Popen[bytes]) -> None:
    """End the window politely and expect no complaint."""
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=WAIT_S)
    assert process.returncode == 0
    assert b"Traceback" not in said


def test_the_second_start_hands_its_file_to_the_first(
    start: Start, own_home: Path, runtime: Path, sample: Path
) -> None:
    first = start()
    wait_for(lambda: list(runtime.glob("*.socket")))
    second = start(sample)
    assert second.wait(WAIT_S) == 0
    wait_for(lambda: documents(own_home) == 1)
    assert first.poll() is None
    end(first)


def test_of_two_starts_at_once_one_stays(start: Start, own_home: Path, sample: Path) -> None:
    both = [start(sample), start(sample)]
    wait_for(lambda: any(process.poll() is not None for process in both))
    wait_for(lambda: documents(own_home) == 1)
    stayed = [process for process in both if process.poll() is None]
    assert len(stayed) == 1
    assert next(process for process in both if process not in stayed).returncode == 0
    end(stayed[0])


def test_a_killed_window_leaves_everything_in_order(
    start: Start, own_home: Path, sample: Path
) -> None:
    for pause_s in (0.4, 0.8, 1.2, 2.0):
        process = start(sample)
        time.sleep(pause_s)
        children = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        process.communicate()
        _, alive = psutil.wait_procs(children, timeout=3)
        assert not alive
    process = start(sample)
    wait_for(lambda: documents(own_home) == 1)
    process.kill()
    process.communicate()
    last = start()
    time.sleep(0.5)  # so that it is the first of the two
    assert start().wait(WAIT_S) == 0
    assert last.poll() is None
    assert documents(own_home) == 1
    end(last)
    assert not list((own_home / "data").glob("*damaged*"))
