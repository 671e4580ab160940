"""Which model does what."""

from pathlib import Path

import pytest

from assistant.errors import ModelError, WrongTask
from assistant.models.keeping.defaults import (
    Task,
    leave_to_us,
    model_for,
    rename_choices,
    tasks_of,
    use_for,
)
from assistant.models.keeping.folders import (
    add_folder,
    forget_folder,
    further_folders,
    main_folder,
    models_of,
)
from assistant.models.keeping.installed import ModelFolder
from assistant.paths import folders
from assistant.settings import Settings, SettingsFile
from tests.engine.tiny_bert import tiny_bert
from tests.models.tiny_gguf import tiny_gguf


@pytest.fixture
def settings(tmp_path: Path) -> SettingsFile:
    return SettingsFile(tmp_path / "settings.json")


@pytest.fixture
def models(tmp_path: Path) -> ModelFolder:
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "small.gguf").write_bytes(tiny_gguf(10_000))
    (folder / "large.gguf").write_bytes(tiny_gguf(20_000))
    tiny_bert(folder / "vectors.gguf")
    return ModelFolder(folder)


def test_without_a_choice_the_best_one_chats_and_summarises(models) -> None:
    for task, name in {"chat": "large", "summaries": "large", "embeddings": "vectors"}.items():
        found = model_for(Task(task), Settings(), models)
        assert found is not None
        assert found.name == name


def test_each_task_may_have_a_model_of_its_own(models, settings) -> None:
    small, large, vectors = (models.find(name) for name in ("small", "large", "vectors"))
    use_for(Task.CHAT, small, settings)
    assert model_for(Task.CHAT, settings.value, models) == small
    assert model_for(Task.SUMMARIES, settings.value, models) == small  # as the chat
    use_for(Task.SUMMARIES, large, settings)
    use_for(Task.EMBEDDINGS, vectors, settings)
    again = SettingsFile(settings._path).value
    assert model_for(Task.SUMMARIES, again, models) == large
    assert tasks_of(large, again) == (Task.SUMMARIES,)
    leave_to_us(Task.SUMMARIES, settings)
    assert model_for(Task.SUMMARIES, settings.value, models) == small


def test_a_model_is_not_chosen_for_what_it_cannot_do(models, settings) -> None:
    for task, name in ((Task.CHAT, "vectors"), (Task.EMBEDDINGS, "small")):
        with pytest.raises(WrongTask) as refused:
            use_for(task, models.find(name), settings)
        assert refused.value.task == task
    forced = Settings(embedding_model="small")
    found = model_for(Task.EMBEDDINGS, forced, models)
    assert found is not None
    assert found.name == "vectors"


def test_a_chosen_model_that_is_gone_counts_as_not_chosen(models, settings) -> None:
    use_for(Task.SUMMARIES, models.find("small"), settings)
    use_for(Task.CHAT, models.find("small"), settings)
    (models.folder / "small.gguf").unlink()
    assert model_for(Task.SUMMARIES, settings.value, models) == models.find("large")
    rename_choices("small", "large", settings)
    assert (settings.value.model, settings.value.summary_model) == ("large", "large")


def test_further_folders_are_read_and_kept_in_settings(tmp_path, settings) -> None:
    disk = tmp_path / "disk"
    with pytest.raises(ModelError):
        add_folder(disk, settings)
    disk.mkdir()
    (disk / "there.gguf").write_bytes(tiny_gguf(10))
    add_folder(disk, settings)
    add_folder(disk, settings)
    assert further_folders(settings.value) == (disk,)
    models = models_of(settings.value, folders())
    assert models.folder == main_folder(settings.value, folders()) == folders().models
    assert models.find("there").origin == str(disk)
    forget_folder(disk, settings)
    assert "there" not in {m.name for m in models_of(settings.value, folders()).list()}
    assert (disk / "there.gguf").exists()
