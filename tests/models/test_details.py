"""What a person says of a model is kept, made plain, and survives what may happen to its file."""

import errno
import json
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import CannotWrite, DamagedData, TemplateUnusable
from assistant.models.keeping.details import (
    MAX_NOTE,
    MAX_TEMPLATE,
    MAX_TITLE,
    DetailsFile,
    HubLook,
    ModelDetails,
    UpdateState,
    plain_line,
    plain_lines,
)
from assistant.models.keeping.installed import InstalledModel, ModelFolder
from assistant.models.keeping.linked import LinkedFile, LinkedFiles
from tests.models.tiny_gguf import tiny_gguf


@pytest.fixture
def model(tmp_path: Path) -> InstalledModel:
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "m.gguf").write_bytes(tiny_gguf(10))
    return ModelFolder(folder).find("m")


@pytest.fixture
def details(tmp_path: Path) -> DetailsFile:
    return DetailsFile(tmp_path / "data" / "models.json")


def test_details_are_kept_and_read_by_another_process(tmp_path, details, model) -> None:
    assert details.of(model) == ModelDetails()
    assert not (tmp_path / "data").exists()
    other = DetailsFile(tmp_path / "data" / "models.json")
    details.change(model, title="One", threads=2)
    assert other.of(model).title == "One"
    other.change(model, note="Two")
    assert (details.of(model).title, details.of(model).note) == ("One", "Two")
    assert details.of(model).wishes.threads == 2
    details.forget(model)
    assert other.of(model) == ModelDetails()


def test_what_cannot_be_read_now_is_not_replaced(tmp_path, details, model, monkeypatch) -> None:
    linked = LinkedFiles(tmp_path / "data" / "linked.json")
    one, two = (LinkedFile(path=tmp_path / name, name=name, app="Ollama") for name in "ab")
    details.change(model, title="One")
    linked.add(one)

    def refuse(path: Path) -> bytes:
        raise PermissionError(errno.EACCES, "another program has it open")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", refuse)
        with pytest.raises(CannotWrite):
            DetailsFile(tmp_path / "data" / "models.json").change(model, note="Two")
        with pytest.raises(CannotWrite):
            linked.add(two)
    linked.add(two)
    assert linked.all() == (one, two)
    assert details.of(model).title == "One"


def test_a_model_whose_name_is_no_text_has_details_too(details, model, latin_1) -> None:
    odd = replace(model, path=model.path.with_name(f"{latin_1}.gguf"))
    details.change(odd, title="One")
    assert (details.of(odd).title, details.of(model).title) == ("One", "")


def test_titles_and_notes_are_made_plain(details, model) -> None:
    kept = details.change(
        model, title=" a\u202eb\x1b[31m\n\tc\u0000 ", note="1\r\n2\x07\n\u200f3 \n"
    )
    assert kept.title == "ab[31m c"
    assert kept.note == "1\n2\n3"
    assert len(details.change(model, title="x" * 500, note="y" * 9_000).title) == MAX_TITLE
    assert len(details.of(model).note) == MAX_NOTE
    joined = "می\u200cخواهم 👨\u200d👩\u200d👧"  # noqa: RUF001 - Persian
    assert plain_line(joined) == joined
    assert plain_lines("\n\n  a\n\n b\n") == "a\n\n b"
    assert details.change(model, title="   ").title == ""


def test_a_template_that_is_none_is_refused(details, model) -> None:
    details.change(model, chat_template="{{ messages }}")
    for wrong in ("x" * (MAX_TEMPLATE + 1), "a\0b", "\ud800"):
        with pytest.raises(TemplateUnusable) as refused:
            details.change(model, chat_template=wrong)
        assert refused.value.limit_bytes == MAX_TEMPLATE
    assert details.of(model).chat_template == "{{ messages }}"
    assert details.change(model, chat_template=" \n").chat_template == ""


def test_values_out_of_range_are_left_to_settings(details, model) -> None:
    kept = details.change(model, context_tokens=-5, threads=-1, kv_type="q2_0", gpu_layers=-7)
    assert (kept.context_tokens, kept.threads, kept.kv_type, kept.gpu_layers) == (0, 0, "", -1)


def test_details_go_with_a_file_that_moves_and_not_with_another(tmp_path, details, model) -> None:
    look = HubLook(state=UpdateState.WITHDRAWN)
    details.change(model, title="Mine", look=look)
    moved = tmp_path / "disk"
    model.path.parent.rename(moved)
    (moved / "other.gguf").write_bytes(tiny_gguf(10))
    models = ModelFolder(moved, details=details)
    assert (models.find("m").title, models.find("m").look) == ("Mine", look)
    assert models.find("other").title == ""
    (moved / "m.gguf").write_bytes(tiny_gguf(11))
    assert models.find("m").title == ""


def test_a_damaged_file_is_kept_aside_before_a_change(tmp_path, details, model) -> None:
    path = tmp_path / "data" / "models.json"
    details.change(model, title="One")
    for rubbish in (b"rubbish", b'{"m": 5}', b"\xff\xfe", b"[" * 50_000):
        path.write_bytes(rubbish)
        assert details.of(model) == ModelDetails()
        with pytest.raises(DamagedData) as told:
            details.change(model, title="Two")
        assert told.value.kept_as is not None
        assert told.value.kept_as.read_bytes() == rubbish
        assert details.change(model, title="Two").title == "Two"


def test_fields_of_a_newer_version_do_no_harm(tmp_path, details, model) -> None:
    details.change(model, title="One")
    path = tmp_path / "data" / "models.json"
    known = json.loads(path.read_bytes())
    for entry in known.values():
        entry["new_field"] = [1]
    path.write_text(json.dumps(known))
    assert details.of(model).title == "One"


def test_a_read_only_data_folder_changes_nothing(tmp_path, details, model, read_only) -> None:
    details.change(model, title="One")
    shown = DetailsFile(read_only(tmp_path / "data") / "models.json")
    with pytest.raises(CannotWrite):
        shown.change(model, title="Two")
    assert shown.of(model).title == "One"
