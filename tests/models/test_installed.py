"""The models that are here: listed, found, added and removed."""

import os
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from assistant import fit
from assistant.errors import (
    CannotWrite,
    ModelError,
    ModelFault,
    ModelNotFound,
    NoSpace,
    NotOurs,
)
from assistant.models.downloading.unfinished import unfinished
from assistant.models.files.part import Part, PartNotes
from assistant.models.files.record import ModelRecord, read_record, write_record
from assistant.models.keeping import adding
from assistant.models.keeping.adding import CopyProgress
from assistant.models.keeping.details import DetailsFile
from assistant.models.keeping.installed import InstalledModel, ModelFolder
from tests.engine.tiny_bert import tiny_bert
from tests.engine.tiny_models import tiny_llama
from tests.models.tiny_gguf import tiny_gguf

STARTER = "SmolLM2-135M-Instruct.Q4_1"


@pytest.fixture
def models(folder: Path) -> ModelFolder:
    folder.mkdir()
    return ModelFolder(folder)


def _add(models: ModelFolder, path: Path) -> InstalledModel | None:
    last = [None, *models.add(path, cancel=threading.Event())][-1]
    assert not isinstance(last, CopyProgress)
    return last


def test_the_starter_is_always_there(tmp_path: Path, starter_model: Path) -> None:
    models = ModelFolder(tmp_path / "never-made")
    [starter] = models.list()
    assert starter.is_starter
    assert starter.is_verified
    assert (starter.name, starter.path) == (STARTER, starter_model)
    assert starter.sha256 == sha256(starter_model.read_bytes()).hexdigest()
    assert (starter.quantization, starter.architecture) == ("Q4_1", "llama")
    assert (starter.parameters, starter.context_tokens) == (134_515_008, 8192)
    assert starter.has_chat_template
    assert starter.licence == "apache-2.0"
    assert models.best() == models.find(STARTER) == starter
    assert models.broken() == []
    with pytest.raises(CannotWrite):
        models.remove(starter)
    assert starter_model.exists()


def test_the_facts_of_a_model(models: ModelFolder) -> None:
    content = tiny_gguf(1000, context_length=512, licence="mit", chat_template="")
    (models.folder / "b.gguf").write_bytes(content)
    (models.folder / "A.GGUF").write_bytes(tiny_gguf(10))
    (models.folder / "notes.txt").write_bytes(b"")
    (models.folder / "c.gguf.part").write_bytes(content)
    (models.folder / ".hidden.gguf").write_bytes(content)
    assert [model.name for model in models.list()] == ["A", "b", STARTER]
    model = models.find("b")
    assert (model.size_bytes, model.parameters, model.context_tokens) == (len(content), 1000, 512)
    assert (model.has_chat_template, model.licence, model.sha256) == (False, "mit", "")
    assert not model.is_starter


def test_only_the_first_part_of_a_split_model_is_listed(models: ModelFolder) -> None:
    for number in range(1, 4):
        (models.folder / f"m-{number:05}-of-00003.gguf").write_bytes(tiny_gguf(10))
    assert [model.name for model in models.list()] == ["m", STARTER]


def test_a_record_of_another_file_is_not_believed(models: ModelFolder) -> None:
    path = models.folder / "a.gguf"
    path.write_bytes(tiny_gguf(1000))
    write_record(path, ModelRecord(size_bytes=path.stat().st_size, sha256="abc", repo="o/n"))
    assert (models.find("a").sha256, models.find("a").repo) == ("abc", "o/n")
    path.write_bytes(tiny_gguf(1001))
    assert (models.find("a").sha256, models.find("a").repo) == ("", "")
    (models.folder / "a.gguf.json").write_bytes(b"rubbish")
    assert read_record(path) is None
    assert models.find("a").sha256 == ""


def test_broken_files_are_told_of(models: ModelFolder) -> None:
    (models.folder / "rubbish.gguf").write_bytes(os.urandom(1000))
    (models.folder / "empty.gguf").write_bytes(b"")
    (models.folder / "cut.gguf").write_bytes(tiny_gguf(1000)[:-1])
    (models.folder / "folder.gguf").mkdir()
    faults = {error.path.stem: error.fault for error in models.broken()}
    assert faults == {
        "rubbish": ModelFault.NOT_GGUF,
        "empty": ModelFault.EMPTY,
        "cut": ModelFault.TRUNCATED,
        "folder": ModelFault.DIRECTORY,
    }
    assert [model.name for model in models.list()] == [STARTER]
    for name, fault in faults.items():
        with pytest.raises(ModelError) as caught:
            models.find(name)
        assert caught.value.fault is fault


def test_find_takes_a_name_or_a_path(
    models: ModelFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (models.folder / "Named.gguf").write_bytes(tiny_gguf(10))
    elsewhere = tmp_path / "elsewhere.gguf"
    elsewhere.write_bytes(tiny_gguf(10))
    assert models.find("named").name == models.find("Named.gguf").name == "Named"
    assert models.find(str(elsewhere)).path == elsewhere
    monkeypatch.chdir(tmp_path)
    assert models.find("elsewhere.gguf").path == elsewhere
    assert models.find("./elsewhere.gguf").path == elsewhere
    with pytest.raises(ModelNotFound) as caught:
        models.find("nowhere")
    assert caught.value.installed == ("Named", STARTER)
    for path, fault in {
        "nowhere.gguf": ModelFault.MISSING,
        "some/where": ModelFault.MISSING,
        str(tmp_path): ModelFault.DIRECTORY,
        "models": ModelFault.DIRECTORY,
    }.items():
        with pytest.raises(ModelError) as wrong:
            models.find(path)
        assert wrong.value.fault is fault


def test_a_changed_file_is_read_again(models: ModelFolder) -> None:
    path = models.folder / "a.gguf"
    path.write_bytes(tiny_gguf(1000, context_length=512))
    assert models.find("a").context_tokens == 512
    path.write_bytes(tiny_gguf(2000, context_length=1024))
    assert models.find("a").context_tokens == 1024
    path.unlink()
    assert [model.name for model in models.list()] == [STARTER]


def test_the_best_is_the_largest_that_can_be_used(
    models: ModelFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def put(name: str, size: int, **facts: str) -> None:
        (models.folder / f"{name}.gguf").write_bytes(tiny_gguf(size, **facts))

    put("base", 50_000, chat_template="")
    assert models.best() == models.find(STARTER)
    put("small", 10_000)
    put("large", 20_000)
    assert models.best() == models.find("large")
    monkeypatch.setattr("assistant.models.keeping.installed.total_memory_bytes", lambda: 20_000)
    assert models.best() == models.find("small")
    assert fit.total_memory_bytes() > 20_000


def test_a_model_for_embeddings_is_never_the_best_to_talk_to(models: ModelFolder) -> None:
    tiny_bert(models.folder / "words-into-vectors.gguf")
    tiny_llama(models.folder / "tiny-embedding.gguf", llama__pooling_type=3)  # with a template
    found = {model.name: model.is_for_embeddings for model in models.list()}
    assert (found["words-into-vectors"], found["tiny-embedding"]) == (True, True)
    assert models.best() == models.find(STARTER)
    assert not models.find(STARTER).is_for_embeddings


def test_a_file_is_added_with_its_sum(models: ModelFolder, tmp_path: Path) -> None:
    source = tmp_path / "mine.gguf"
    source.write_bytes(tiny_gguf(10_000_000))
    events = list(models.add(source, cancel=threading.Event()))
    model = events[-1]
    assert isinstance(model, InstalledModel)
    assert isinstance(events[0], CopyProgress)
    assert model.path == models.folder / "mine.gguf"
    assert model.path.read_bytes() == source.read_bytes()
    assert model.sha256 == sha256(source.read_bytes()).hexdigest()
    beside = {"mine.gguf", "mine.gguf.json", "mine.gguf.blocks"}
    assert {p.name for p in models.folder.iterdir()} == beside
    assert _add(models, source) == model
    assert _add(models, model.path) == model
    source.write_bytes(tiny_gguf(10_000_000, seed=2))
    other = _add(models, source)
    assert other is not None
    assert other.name == "mine-2"
    freed = sum(p.stat().st_size for p in models.folder.iterdir() if p.name in beside)
    assert models.freed_bytes(model) == models.remove(model) == freed
    assert not beside & {p.name for p in models.folder.iterdir()}
    assert (models.folder / "mine-2.gguf").exists()


def test_a_copy_takes_no_place_of_a_download_that_waits(
    models: ModelFolder, tmp_path: Path
) -> None:
    (models.folder / "gone.gguf").symlink_to(tmp_path / "nowhere.gguf")
    waiting = PartNotes(
        repo="o/n", file="mine.gguf", revision="r", size_bytes=9, sha256="", etag="", endpoint=""
    )
    source = tmp_path / "mine.gguf"
    source.write_bytes(tiny_gguf(1000))
    with Part(models.folder / "mine.gguf") as part:
        part.note(waiting)
        part.write(b"GGUF")
    added = _add(models, source)
    assert added is not None
    assert added.name == "mine-2"
    assert (models.folder / "mine.gguf.part").read_bytes() == b"GGUF"


def test_a_copy_beside_one_that_goes_on_is_refused_in_words(
    models: ModelFolder, tmp_path: Path
) -> None:
    sources = [tmp_path / f"m-{number:05}-of-00002.gguf" for number in (1, 2)]
    for number, source in enumerate(sources):
        source.write_bytes(tiny_gguf(1000, part=(number, 2)))
    with Part(models.folder / sources[1].name), pytest.raises(CannotWrite) as refused:
        _add(models, sources[0])
    assert "already" in refused.value.reason
    assert list(models.folder.iterdir()) == []


def test_a_copy_that_was_killed_leaves_nothing_for_long(
    models: ModelFolder, tmp_path: Path
) -> None:
    target = models.folder / "mine.gguf"
    with Part(target) as part:  # as far as a copy came
        part.restart()
        part.write(tiny_gguf(3_000_000))
    theirs = models.folder / "browser.gguf.part"
    theirs.write_bytes(tiny_gguf(1000))
    assert unfinished(models.folder) == []
    assert list(models.folder.iterdir()) == [theirs]


def test_what_is_no_model_is_not_added(models: ModelFolder, tmp_path: Path) -> None:
    (tmp_path / "rubbish.gguf").write_bytes(b"rubbish")
    (tmp_path / "model.bin").write_bytes(tiny_gguf(10))
    for name, fault in {
        "none.gguf": ModelFault.MISSING,
        "rubbish.gguf": ModelFault.NOT_GGUF,
        "model.bin": ModelFault.NOT_GGUF,
        ".": ModelFault.DIRECTORY,
    }.items():
        with pytest.raises(ModelError) as caught:
            _add(models, tmp_path / name)
        assert caught.value.fault is fault
    assert list(models.folder.iterdir()) == []


def test_a_stopped_copy_leaves_nothing(models: ModelFolder, tmp_path: Path) -> None:
    source = tmp_path / "mine.gguf"
    source.write_bytes(tiny_gguf(20_000_000))
    cancel = threading.Event()
    for event in models.add(source, cancel=cancel):
        assert isinstance(event, CopyProgress)
        cancel.set()
    assert cancel.is_set()
    assert list(models.folder.iterdir()) == []
    copying = models.add(source, cancel=threading.Event())
    next(copying)
    copying.close()  # type: ignore[attr-defined]
    assert list(models.folder.iterdir()) == []


def test_a_copy_that_does_not_fit(
    tmp_path: Path, small_disk: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "mine.gguf"
    source.write_bytes(tiny_gguf(2_000_000))
    models = ModelFolder(small_disk("1m"))
    with pytest.raises(NoSpace):
        _add(models, source)
    # The disk fills up while it copies: as if another program had written.
    monkeypatch.setattr(adding.Part, "refuse_if_full", lambda *_: None)
    with pytest.raises(NoSpace):
        _add(models, source)
    assert list(models.folder.iterdir()) == []


def test_models_of_one_name_are_told_apart(tmp_path: Path) -> None:
    ours, disk, other = tmp_path / "models", tmp_path / "disk", tmp_path / "other" / "disk"
    for number, folder in enumerate((ours, disk, other)):
        folder.mkdir(parents=True)
        (folder / "same.gguf").write_bytes(tiny_gguf(10 + number))
    (ours / "again.gguf").symlink_to(disk / "same.gguf")
    models = ModelFolder(ours, (disk, other, tmp_path / "gone", ours))
    found = {model.name: model for model in models.list()}
    assert list(found) == ["again", "same", "same (disk)", STARTER]
    assert {name: model.is_ours for name, model in found.items() if name != STARTER} == {
        "again": True,
        "same": True,
        "same (disk)": False,
    }
    assert models.find("same (disk)").path == other / "same.gguf"
    assert found["same (disk)"].origin == str(other)


def test_what_is_in_a_further_folder_is_never_deleted(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    (disk / "theirs.gguf").write_bytes(tiny_gguf(10))
    models = ModelFolder(tmp_path / "models", (disk,))
    theirs = models.find("theirs")
    assert models.freed_bytes(theirs) == 0
    with pytest.raises(NotOurs) as refused:
        models.remove(theirs)
    assert refused.value.owner == str(disk)
    outside = models.find(str(disk / "theirs.gguf"))
    with pytest.raises(NotOurs):
        ModelFolder(tmp_path / "models").remove(outside)
    assert [path.name for path in disk.iterdir()] == ["theirs.gguf"]


def test_bytes_that_stay_under_another_name_are_not_freed(
    models: ModelFolder, tmp_path: Path
) -> None:
    path = models.folder / "linked.gguf"
    path.write_bytes(tiny_gguf(1000))
    os.link(path, tmp_path / "kept.gguf")
    assert models.remove(models.find("linked")) == 0
    assert not path.exists()
    assert (tmp_path / "kept.gguf").exists()


def test_a_link_is_deleted_and_not_what_it_leads_to(models: ModelFolder, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.gguf"
    theirs.write_bytes(tiny_gguf(50_000))
    (models.folder / "way.gguf").symlink_to(theirs)
    assert models.remove(models.find("way")) < 4096
    assert theirs.exists()
    assert list(models.folder.iterdir()) == []


def test_a_model_is_called_and_noted_as_its_person_does(tmp_path: Path) -> None:
    data = tmp_path / "data" / "models.json"
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "m.gguf").write_bytes(tiny_gguf(10))
    models = ModelFolder(tmp_path / "models", details=DetailsFile(data))
    named = models.change(models.find("m"), title="My best", note="slow\nbut good")
    assert (named.name, named.title, named.shown_name) == ("m", "My best", "My best")
    assert (tmp_path / "models" / "m.gguf").exists()
    again = ModelFolder(tmp_path / "models", details=DetailsFile(data))
    assert again.find("my BEST") == again.find("m") == named
    assert again.find("m").note == "slow\nbut good"
    base = models.change(named, chat_template="{{ messages }}", context_tokens=512)
    assert base.wishes.chat_template == "{{ messages }}"
    assert base.wishes.context_tokens == 512
    models.remove(named)
    assert data.read_bytes().strip() == b"{}"


def test_names_can_be_shown_anywhere(models: ModelFolder) -> None:
    for number, name in enumerate(("a\x1b[31m", "b\u202egpj", "a[31m")):
        (models.folder / f"{name}.gguf").write_bytes(tiny_gguf(10 + number, licence="m\x07it"))
    names = [model.name for model in models.list()]
    assert names == ["a[31m", "a[31m (Alcove)", "bgpj", STARTER]
    assert models.find("bgpj").licence == "mit"


def test_a_pipe_in_the_folder_is_no_model(models: ModelFolder) -> None:
    os.mkfifo(models.folder / "pipe.gguf")
    (models.folder / "gone.gguf").symlink_to("nowhere.gguf")
    assert [model.name for model in models.list()] == [STARTER]
    assert [error.fault for error in models.broken()] == [ModelFault.MISSING]


def test_a_read_only_folder_can_be_listed(
    models: ModelFolder, tmp_path: Path, read_only: Callable[[Path], Path]
) -> None:
    (models.folder / "a.gguf").write_bytes(tiny_gguf(10))
    source = tmp_path / "mine.gguf"
    source.write_bytes(tiny_gguf(20))
    shown = ModelFolder(read_only(models.folder))
    assert [model.name for model in shown.list()] == ["a", STARTER]
    with pytest.raises(CannotWrite):
        _add(shown, source)
    with pytest.raises(CannotWrite):
        shown.remove(shown.find("a"))
