"""The frozen app does the main job. Run by `make package-test`, after `make package`."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import frozen_app

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "dist" / "alcove"
# On Windows a program for the window prints nothing: commands are those of a second one.
APP, TERMINAL = (
    (FOLDER / "alcove.exe", FOLDER / "alcove-terminal.exe")
    if sys.platform == "win32"
    else (FOLDER / "alcove", FOLDER / "alcove")
)

pytestmark = pytest.mark.frozen


def run(*arguments: object, home: Path) -> "subprocess.CompletedProcess[str]":
    return frozen_app.run(TERMINAL, home, *arguments)


@pytest.fixture
def bundled() -> Path:
    (sample,) = APP.parent.rglob("samples/sample.pdf")
    return sample


def test_summarises_its_sample_with_its_model(tmp_path, bundled) -> None:
    done = run("summarize", bundled, "--mode", "quick", "--format", "json", home=tmp_path)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["key_points"]
    assert result["summary"]
    assert result["document"]["language"] == "en"


def test_chats(tmp_path) -> None:
    done = run("chat", "-p", "What is the capital of France? One word.", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_doctor_finds_a_working_engine(tmp_path) -> None:
    done = run("doctor", home=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "self-test    passed" in done.stdout


def test_reads_every_format_it_promises(tmp_path) -> None:
    files = ROOT / "tests" / "files"
    for suffix in ("docx", "html", "md", "txt"):
        path = min(files.rglob(f"*.{suffix}"))
        done = run("summarize", path, "--format", "json", home=tmp_path)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["key_points"], path


def test_window_opens_offscreen_and_shows_key_points(tmp_path, bundled) -> None:
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [APP, bundled],
            env=frozen_app.bare_environment(tmp_path, QT_QPA_PLATFORM="offscreen"),
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for_result(tmp_path / "data" / "alcove.db", process)
        finally:
            process.terminate()
            process.wait(timeout=10)
    assert "not found" not in (tmp_path / "log").read_text().lower()


def _wait_for_result(database: Path, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the window stored the key points of the document it was opened with."""
    begun = time.monotonic()
    while not frozen_app.summaries(database):
        assert process.poll() is None, "the window ended"
        assert time.monotonic() - begun < 60, "no key points after a minute"
        time.sleep(0.2)
