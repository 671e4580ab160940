"""Names of model files."""

from pathlib import Path

import pytest

from assistant.models.files.names import free_name, is_safe, target_for
from assistant.models.files.part import Part, PartNotes
from assistant.models.files.record import ModelRecord, write_record


@pytest.mark.parametrize(
    "name",
    [
        "model.gguf",
        "Qwen_Qwen3.5-2B-Q4_K_M.gguf",
        "gemma-4-E2B_q4_0-it.GGUF",
        "模型.gguf",
        "a b.gguf",
    ],
)
def test_plain_names_are_safe(name: str) -> None:
    assert is_safe(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".gguf",
        "model.bin",
        "model.gguf.exe",
        "../model.gguf",
        "folder/model.gguf",
        "folder\\model.gguf",
        "/etc/model.gguf",
        ".hidden.gguf",
        "-option.gguf",
        "C:model.gguf",
        "nul.gguf",
        "COM1.gguf",
        "aux.something.gguf",
        "new\nline.gguf",
        "null\0.gguf",
        "right-to-left\u202e.gguf",
        "what?.gguf",
        "a" * 300 + ".gguf",
    ],
)
def test_other_names_are_not(name: str) -> None:
    assert not is_safe(name)


def test_a_file_of_another_origin_is_never_replaced(tmp_path: Path) -> None:
    plain = tmp_path / "model.gguf"
    assert target_for(tmp_path, "model.gguf", "one/models") == plain
    plain.write_bytes(b"GGUF")
    beside = tmp_path / "model-one.gguf"
    assert target_for(tmp_path, "model.gguf", "one/models") == beside
    write_record(plain, ModelRecord(size_bytes=4, sha256="", repo="one/models"))
    assert target_for(tmp_path, "model.gguf", "one/models") == plain
    assert target_for(tmp_path, "model.gguf", "two/models") == tmp_path / "model-two.gguf"
    (tmp_path / "model-two.gguf").write_bytes(b"GGUF")
    assert target_for(tmp_path, "model.gguf", "two/models") == tmp_path / "model-two-2.gguf"


def test_files_of_one_name_in_a_repository_are_kept_beside_each_other(tmp_path: Path) -> None:
    plain = tmp_path / "model.gguf"
    plain.write_bytes(b"GGUF")
    write_record(plain, ModelRecord(size_bytes=4, sha256="", repo="one/m", file="Q4_0/model.gguf"))
    assert target_for(tmp_path, "Q4_0/model.gguf", "one/m") == plain
    assert target_for(tmp_path, "Q8_0/model.gguf", "one/m") == tmp_path / "model-Q8_0.gguf"
    assert target_for(tmp_path, "a:b/model.gguf", "one/m") == tmp_path / "model-one.gguf"


def test_a_free_name(tmp_path: Path) -> None:
    assert free_name(tmp_path, "a.gguf").name == "a.gguf"
    (tmp_path / "a.gguf").touch()
    (tmp_path / "a-2.gguf").touch()
    assert free_name(tmp_path, "a.gguf").name == "a-3.gguf"


def test_the_name_of_a_download_that_waits_is_not_free(tmp_path: Path) -> None:
    target = tmp_path / "a.gguf"
    notes = PartNotes(
        repo="o/n", file="a.gguf", revision="r", size_bytes=9, sha256="", etag="", endpoint=""
    )
    with Part(target) as part:
        part.note(notes)
        part.write(b"GGUF")
    assert free_name(tmp_path, "a.gguf").name == "a-2.gguf"
    assert target_for(tmp_path, "a.gguf", "o/n") == target
    assert target_for(tmp_path, "b/a.gguf", "o/n") == tmp_path / "a-b.gguf"
