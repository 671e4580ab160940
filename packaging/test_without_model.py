"""The app as it is without its starter model (`-nomodel`): it starts, and says what is missing."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import frozen_app
from licences import shipped_parts

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "dist" / "alcove"

pytestmark = [
    pytest.mark.frozen,
    pytest.mark.skipif(sys.platform != "linux", reason="for Linux"),
]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built app without any model: what `make package NO_MODEL=1` packs."""
    folder = tmp_path_factory.mktemp("nomodel") / "Alcove"
    shutil.copytree(APP, folder, ignore=shutil.ignore_patterns("*.gguf"))
    return folder / "alcove"


def test_reads_documents_and_says_that_there_is_no_model(program, tmp_path) -> None:
    (sample,) = program.parent.rglob("samples/sample.pdf")
    done = frozen_app.run(program, tmp_path, "summarize", sample)
    assert done.returncode == 0, done.stderr
    assert "Senate" in done.stdout
    for command in (["chat", "-p", "Hello"], ["doctor"]):
        done = frozen_app.run(program, tmp_path, *command)
        assert done.returncode == 1
        assert "model" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr


def test_window_opens_and_shows_key_points(program, tmp_path) -> None:
    (sample,) = program.parent.rglob("samples/sample.pdf")
    log = tmp_path / "log"
    with log.open("w") as said:
        process = subprocess.Popen(
            [program, sample],
            env=frozen_app.bare_environment(tmp_path, QT_QPA_PLATFORM="offscreen"),
            stdout=said,
            stderr=said,
        )
    try:
        ends = time.monotonic() + 90
        while not frozen_app.summaries(tmp_path / "data" / "alcove.db"):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < ends, log.read_text()
            time.sleep(0.2)
    finally:
        process.terminate()
        process.wait(timeout=30)
    assert "Traceback" not in log.read_text()


def test_its_list_of_parts_has_no_model() -> None:
    model = ROOT / "resources" / "models" / "any.gguf"
    with_model = {part.name for part in shipped_parts([("any.gguf", os.fspath(model), "DATA")])}
    without = {part.name for part in shipped_parts([])}
    assert {name for name in with_model if name.endswith("(the starter model)")}
    assert not {name for name in without if name.endswith("(the starter model)")}
