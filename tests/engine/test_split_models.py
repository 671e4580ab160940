"""A model that is cut into files is one model: checked, loaded, listed, copied and removed."""

import threading
from pathlib import Path

import pytest

from assistant.engine.crashes import CrashRecord
from assistant.engine.protocol import GREEDY, LoadSettings
from assistant.errors import CannotWrite, CrashedLastTime, DeathCause, ModelError, ModelFault
from assistant.gguf import files_of, read_header
from assistant.models.files.record import record_path
from assistant.models.keeping.installed import ModelFolder
from assistant.wording import explain
from tests.engine.splitting import split
from tests.engine.tiny_models import tiny_llama


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    return tiny_llama(tmp_path / "tiny.gguf")


@pytest.fixture
def parts(whole: Path, tmp_path: Path) -> list[Path]:
    folder = tmp_path / "parts"
    folder.mkdir()
    return split(whole, folder, 3)


def fault_of(path: Path) -> ModelError:
    with pytest.raises(ModelError) as caught:
        read_header(path)
    return caught.value


def test_the_parts_say_together_what_the_whole_says(whole: Path, parts: list[Path]) -> None:
    one, cut = read_header(whole), read_header(parts[0])
    assert cut.paths == tuple(parts) == files_of(parts[0])
    assert one.paths == (whole,)
    assert (cut.split_count, one.split_count) == (3, 1)
    for fact in ("parameters", "tensor_bytes", "matrix_bytes", "vocabulary", "chat_template"):
        assert getattr(cut, fact) == getattr(one, fact)
    assert cut.file_bytes == sum(part.stat().st_size for part in parts)


def test_generates_what_the_whole_model_does(new_engine, whole, parts, never) -> None:
    texts = []
    for path in (whole, parts[0]):
        new_engine.choose(path, LoadSettings(context_tokens=256, threads=1))
        *_, finished = events = list(
            new_engine.generate(prompt="abc", sampling=GREEDY, max_tokens=8, cancel=never)
        )
        assert finished.generated_tokens == 8
        texts.append([event.text for event in events if hasattr(event, "text")])
    assert texts[0] == texts[1]


def test_names_the_part_that_is_missing(new_engine, parts: list[Path]) -> None:
    parts[1].unlink()
    new_engine.choose(parts[0])
    with pytest.raises(ModelError) as caught:
        new_engine.count_tokens(["a"])
    assert (caught.value.fault, caught.value.detail) == (ModelFault.PART_MISSING, parts[1].name)
    assert parts[1].name in str(explain(caught.value))


def test_a_part_of_another_model_is_no_part(parts: list[Path]) -> None:
    parts[1].write_bytes(parts[2].read_bytes())
    error = fault_of(parts[0])
    assert (error.fault, error.detail) == (ModelFault.PART_MISSING, parts[1].name)
    parts[1].write_bytes(parts[2].read_bytes()[:-40])
    assert fault_of(parts[0]).fault is ModelFault.TRUNCATED


def test_a_later_part_names_the_first(parts: list[Path], tmp_path: Path) -> None:
    error = fault_of(parts[2])
    assert (error.fault, error.detail) == (ModelFault.LATER_PART, parts[0].name)
    renamed = parts[0].rename(tmp_path / "renamed.gguf")
    assert fault_of(renamed).detail == "renamed-00001-of-00003.gguf"


def test_is_one_entry_of_the_list_and_goes_as_one(parts: list[Path]) -> None:
    folder = ModelFolder(parts[0].parent)
    [model, _starter] = folder.list()
    assert (model.name, model.path) == ("tiny", parts[0])
    assert model.size_bytes == sum(part.stat().st_size for part in parts)
    assert folder.find("tiny") == folder.find("tiny-00001-of-00003") == model
    parts[2].rename(parts[2].with_suffix(".away"))
    assert [error.fault for error in folder.broken()] == [ModelFault.PART_MISSING]
    parts[2].with_suffix(".away").rename(parts[2])
    folder.remove(model)
    assert list(parts[0].parent.iterdir()) == []


def test_is_copied_with_all_its_parts_or_not_at_all(parts: list[Path], tmp_path: Path) -> None:
    folder = ModelFolder(tmp_path / "models")
    folder.folder.mkdir()
    *_, model = folder.add(parts[0], cancel=threading.Event())
    assert [path.read_bytes() for path in files_of(model.path)] == [
        part.read_bytes() for part in parts
    ]
    assert all(record_path(path).exists() for path in files_of(model.path))
    *_, again = folder.add(parts[0], cancel=threading.Event())
    assert again == model
    folder.remove(model)
    assert list(folder.folder.iterdir()) == []
    (folder.folder / parts[2].name).write_bytes(b"another")
    with pytest.raises(CannotWrite):
        list(folder.add(parts[0], cancel=threading.Event()))
    assert [path.name for path in folder.folder.iterdir()] == [parts[2].name]


def test_a_crash_is_remembered_until_any_part_changes(parts: list[Path], tmp_path: Path) -> None:
    record = CrashRecord(tmp_path / "crashes.json")
    record.add(parts[0], DeathCause.CRASHED)
    with pytest.raises(CrashedLastTime):
        CrashRecord(tmp_path / "crashes.json").check(parts[0])
    parts[2].write_bytes(parts[2].read_bytes() + b"\0" * 32)
    record.check(parts[0])
