"""The app is frozen a second time, from nothing: the same sources here make the same bytes."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "dist" / "alcove"
WORK = ROOT / "build" / "alcove"
# What `make package` runs it with.
PYTHON = ROOT / "build" / "venv" / "bin" / "python"

pytestmark = [
    pytest.mark.frozen,
    pytest.mark.timeout(900),
    pytest.mark.skipif(sys.platform != "linux", reason="for Linux"),
]


def _sums() -> dict[str, str]:
    return {
        str(path.relative_to(APP)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in APP.rglob("*")
        if path.is_file()
    }


def test_freezing_again_makes_the_same_files() -> None:
    before = _sums()
    assert "alcove" in before
    shutil.rmtree(WORK, ignore_errors=True)
    wishes = [] if any(name.endswith(".gguf") for name in before) else ["--no-model"]
    python = PYTHON if PYTHON.exists() else sys.executable
    subprocess.run([python, ROOT / "packaging" / "build.py", *wishes], check=True, timeout=800)
    after = _sums()
    assert {
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    } == set()
