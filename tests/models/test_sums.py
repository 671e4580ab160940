"""Sums of models that came without one."""

import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from assistant.errors import ModelError
from assistant.models.keeping.installed import ModelFolder
from assistant.models.keeping.sums import ModelSums
from tests.models.tiny_gguf import tiny_gguf


def test_a_sum_is_made_once_for_each_state_of_a_file(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.mkdir()
    path = folder / "a.gguf"
    path.write_bytes(tiny_gguf(1000))
    model = ModelFolder(folder).find("a")
    cancel = threading.Event()
    expected = sha256(path.read_bytes()).hexdigest()
    assert ModelSums(tmp_path / "cache" / "sums.json").of(model, cancel=cancel) == expected

    summed: list[Path] = []
    monkeypatch.setattr(
        "assistant.models.keeping.sums._sum", lambda file, _: summed.append(file) or "new"
    )
    later = ModelSums(tmp_path / "cache" / "sums.json")
    assert later.of(model, cancel=cancel) == expected
    assert summed == []
    path.write_bytes(tiny_gguf(2000))
    assert later.of(ModelFolder(folder).find("a"), cancel=cancel) == "new"


def test_a_sum_that_came_with_the_model_is_taken(tmp_path: Path) -> None:
    starter = ModelFolder(tmp_path).list()[0]
    sums = ModelSums(tmp_path / "sums.json")
    assert sums.of(starter, cancel=threading.Event()) == starter.sha256
    assert list(tmp_path.iterdir()) == []


def test_a_stop_a_missing_file_and_a_read_only_cache(
    folder: Path, tmp_path: Path, read_only: Callable[[Path], Path]
) -> None:
    folder.mkdir()
    (folder / "a.gguf").write_bytes(tiny_gguf(1000))
    model = ModelFolder(folder).find("a")
    sums = ModelSums(read_only(folder) / "sums.json")
    stopped = threading.Event()
    stopped.set()
    assert sums.of(model, cancel=stopped) == ""
    assert len(sums.of(model, cancel=threading.Event())) == 64
    model.path.unlink()
    with pytest.raises(ModelError):
        sums.of(model, cancel=threading.Event())
