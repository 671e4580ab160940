"""The frozen app as a portable copy: all beside itself, nothing elsewhere; a read-only stick.

Run by `make package-test`, after `make package`. ALCOVE_APP names another folder to be tried.
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import frozen_app
from not_tried import not_tried

ROOT = Path(__file__).resolve().parent.parent
APP = Path(os.environ.get("ALCOVE_APP", ROOT / "dist" / "alcove"))
DOCUMENT = ROOT / "tests" / "files" / "report.md"
# What the system's own libraries keep for every program.
OF_THE_SYSTEM = ("fontconfig", "mesa_shader_cache", "mesa_shader_cache_db")

pytestmark = [
    pytest.mark.frozen,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at a Linux home"),
]


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A portable copy, on a disk of its own kind: its files are the built ones."""
    folder = tmp_path / "stick" / "Alcove"
    shutil.copytree(APP, folder, symlinks=True, copy_function=_link)
    (folder / "portable").touch()
    return folder


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


@pytest.fixture
def computer(tmp_path: Path) -> dict[str, str]:
    """A computer whose every writable place is a folder of this test's."""
    for name in ("home", "run", "tmp"):
        (tmp_path / name).mkdir()
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(tmp_path / "home"),
        "XDG_RUNTIME_DIR": str(tmp_path / "run"),
        "TMPDIR": str(tmp_path / "tmp"),
        "QT_QPA_PLATFORM": "offscreen",
    }


def run(
    stick: Path, computer: dict[str, str], *words: object
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [stick / "alcove", *map(str, words)],
        env=computer,
        cwd=computer["HOME"],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.fixture
def open_window(computer: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., object]]:
    """Opens the window; it is ended with the test."""
    opened: list[subprocess.Popen[bytes]] = []

    def start(stick: Path, *words: object) -> "subprocess.Popen[bytes]":
        with (tmp_path / "said").open("w") as log:
            process = subprocess.Popen(
                [stick / "alcove", *map(str, words)], env=computer, stdout=log, stderr=log
            )
        opened.append(process)
        return process

    yield start
    for process in opened:
        if process.poll() is None:
            process.kill()
            process.wait()


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


def summaries(stick: Path) -> int:
    return frozen_app.summaries(stick / "alcove-data" / "data" / "alcove.db")


def traces(tmp_path: Path) -> list[Path]:
    """Files of ours that are left outside of the stick."""
    places = [tmp_path / name for name in ("home", "run", "tmp")]
    return [
        path
        for place in places
        for path in place.rglob("*")
        if not path.is_dir() and not set(OF_THE_SYSTEM) & set(path.parts)
    ]


def test_it_works_beside_itself_and_leaves_nothing(
    stick: Path, computer: dict[str, str], tmp_path: Path, open_window
) -> None:
    assert not traces(tmp_path)
    done = run(stick, computer, "doctor")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Folders of a portable copy" in done.stdout
    assert str(stick / "alcove-data" / "temporary") in done.stdout
    window = open_window(stick, DOCUMENT)
    wait_for(lambda: summaries(stick) == 1)
    window.send_signal(signal.SIGTERM)
    assert window.wait(30) == 0
    done = run(stick, computer, "chat", "--save", "-p", "Hello")
    assert done.returncode == 0, done.stderr
    assert traces(tmp_path) == []
    assert {path.name for path in (stick / "alcove-data").iterdir()} >= {"data", "logs"}
    moved = stick.rename(stick.parent / 'Elsewhere & "other"')
    done = run(moved, computer, "chats", "list")
    assert done.returncode == 0, done.stderr
    assert "Hello" in done.stdout
    assert traces(tmp_path) == []


def test_a_read_only_stick_is_said_in_words_and_works(
    stick: Path, computer: dict[str, str], tmp_path: Path, open_window
) -> None:
    bind = ["mount", "--bind", stick, stick]
    if os.geteuid() != 0 or subprocess.run(bind, check=False).returncode:
        not_tried("mounting needs root")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", stick], check=True)
        done = run(stick, computer, "doctor")
        assert done.returncode == 1
        assert "cannot be written" in done.stdout
        assert "self-test    passed" in done.stdout
        done = run(stick, computer, "summarize", DOCUMENT)
        assert done.returncode == 0, done.stderr
        window = open_window(stick, DOCUMENT)
        time.sleep(8)
        assert window.poll() is None
        window.send_signal(signal.SIGTERM)
        assert window.wait(30) == 0
        assert "Traceback" not in (tmp_path / "said").read_text()
    finally:  # at the latest when the window's processes are gone
        wait_for(lambda: not subprocess.run(["umount", stick], check=False).returncode, 20)
    assert not (stick / "alcove-data").exists()
    assert traces(tmp_path) == []


def test_data_of_a_newer_version_is_refused_and_left_as_it_is(
    stick: Path, computer: dict[str, str], open_window
) -> None:
    assert run(stick, computer, "chat", "--save", "-p", "Hello").returncode == 0
    data = stick / "alcove-data" / "data"
    connection = sqlite3.connect(data / "alcove.db")
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    before = {path.name: path.read_bytes() for path in data.glob("alcove.db*")}
    done = run(stick, computer, "chats", "list")
    assert done.returncode == 1
    assert "newer version of Alcove" in done.stderr
    window = open_window(stick)
    wait_for(lambda: list((stick / "alcove-data" / "logs").rglob("watch-*")))
    time.sleep(4)
    assert window.poll() is None
    window.send_signal(signal.SIGTERM)
    assert window.wait(30) == 0
    assert {path.name: path.read_bytes() for path in data.glob("alcove.db*")} == before


def test_a_crash_leaves_a_report_that_knows_its_versions(stick: Path, open_window) -> None:
    logs = stick / "alcove-data" / "logs" / "crash-reports"
    window = open_window(stick)
    wait_for(lambda: list(logs.glob("watch-*")))
    time.sleep(2)
    window.send_signal(signal.SIGSEGV)
    assert window.wait(30) == -signal.SIGSEGV
    open_window(stick)
    wait_for(lambda: [path for path in logs.glob("crash-*") if path.stat().st_size])
    (report,) = logs.glob("crash-*")
    text = report.read_text("utf-8")
    assert "portable copy" in text
    assert "assistant/ui/app.py" in text
    assert str(stick) not in text
    for name in ("Python", "Qt", "llama-cpp-python"):
        (line,) = [one for one in text.splitlines() if one.startswith(f"{name} ")]
        assert any(c.isdigit() for c in line), line
    assert not list(stick.rglob("core*"))
