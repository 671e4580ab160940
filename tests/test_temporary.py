"""Folders for parts of documents go with their process, also with one that was killed."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from assistant import temporary

_MAKE = (
    "import sys; from assistant import temporary; print(temporary.make_folder(), flush=True);"
    "sys.stdin.read()"
)


def _process(folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", _MAKE],
        env={"TMPDIR": str(folder), "PYTHONPATH": ":".join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_what_a_killed_process_left_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    others = tmp_path / "alcove-notes"
    others.mkdir()
    with _process(tmp_path) as living, _process(tmp_path) as killed:
        assert living.stdout
        assert killed.stdout
        kept, left = Path(living.stdout.readline().strip()), Path(killed.stdout.readline().strip())
        (left / "letter.eml").write_text("private")
        killed.kill()
        killed.wait()
        assert left.exists()

        own = temporary.make_folder()
        assert not left.exists()
        assert own.stat().st_mode & 0o777 == 0o700
        assert set(tmp_path.iterdir()) == {own, kept, others}
        shutil.rmtree(own)
        living.communicate("")
