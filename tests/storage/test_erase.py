"""Erase everything: nothing of the person's is left, the models are, and the app goes on."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.errors import CannotWrite
from assistant.paths import Folders, folders
from assistant.settings import SettingsFile
from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database
from assistant.storage.documents import DocumentStore
from assistant.storage.erase import erase_everything


def _fill(home: Folders) -> Database:
    database = Database(home.data / "alcove.sqlite")
    store = ConversationStore(database)
    store.add_message(store.create("title"), "user", "the quagmire " * 5000)
    DocumentStore(database).save(
        path=Path("q.txt"),
        title="quagmire",
        type="text",
        sha256="1",
        pages=1,
        words=1,
        language="en",
        content=b"quagmire " * 9000,
    )
    SettingsFile(home.data / "settings.json").change(model="quagmire")
    (home.data / "alcove.sqlite.damaged-1").write_bytes(b"quagmire")
    (home.data / "connections.jsonl").write_bytes(b"quagmire")
    for folder in (home.cache / "pictures" / "deep", home.logs, home.models):
        folder.mkdir(parents=True)
    (home.cache / "pictures" / "deep" / "1").write_bytes(b"quagmire")
    (home.logs / "app.log").write_bytes(b"quagmire")
    for name in (
        "a.gguf",
        "a.gguf.json",
        "b.gguf.part",
        "b.gguf.part.json",
        "b.gguf.part.blocks",
        "a.gguf.blocks",
        ".c.gguf.moving",
        "b.gguf.part.lock",
        "mine.txt",
    ):
        (home.models / name).write_bytes(b"model")
    return database


def _names(folder: Path) -> set[str]:
    return {file.name for file in folder.rglob("*") if file.is_file()}


def test_nothing_is_left_but_the_models() -> None:
    home = folders()
    database = _fill(home)
    database.query("SELECT 1")  # a reader is open meanwhile
    erase_everything(home, database, model_folder=home.models)
    root = home.data.parent
    assert all(b"quagmire" not in f.read_bytes() for f in root.rglob("*") if f.is_file())
    assert _names(home.data) <= {"alcove.sqlite", "alcove.sqlite-wal", "alcove.sqlite-shm"}
    assert _names(home.cache) == _names(home.logs) == set()
    assert len(_names(home.models)) == 9

    store = ConversationStore(database)
    assert store.list() == []
    assert DocumentStore(database).list() == []
    store.create("goes on")
    database.close()
    database = Database(home.data / "alcove.sqlite")
    assert [c.title for c in ConversationStore(database).list()] == ["goes on"]
    database.close()


def test_models_go_when_asked_and_other_files_stay() -> None:
    home = folders()
    database = _fill(home)
    erase_everything(home, database, model_folder=home.models, with_models=True)
    assert _names(home.models) == {"mine.txt"}
    database.close()


def test_models_in_the_data_folder_stay() -> None:
    home = folders()
    database = _fill(home)
    inside = home.data / "big" / "models"
    inside.mkdir(parents=True)
    (inside / "c.gguf").write_bytes(b"model")
    (home.data / "big" / "other").write_bytes(b"quagmire")
    erase_everything(home, database, model_folder=inside)
    assert _names(home.data / "big") == {"c.gguf"}
    database.close()


def test_what_cannot_be_deleted_is_said_and_the_rest_goes(
    read_only: Callable[[Path], Path],
) -> None:
    home = folders()
    database = _fill(home)
    logs = read_only(home.logs)
    stuck = Folders(data=home.data, cache=home.cache, logs=logs, models=home.models)
    with pytest.raises(CannotWrite) as caught:
        erase_everything(stuck, database, model_folder=home.models)
    assert caught.value.path == logs / "app.log"
    assert not (home.data / "settings.json").exists()
    assert ConversationStore(database).list() == []
    database.close()


def test_folders_that_were_never_made_are_no_fault(tmp_path: Path) -> None:
    home = folders()
    database = Database(home.data / "alcove.sqlite")
    erase_everything(home, database, model_folder=tmp_path / "none", with_models=True)
    database.close()
