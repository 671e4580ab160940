"""Names of model files."""

from pathlib import Path

import pytest

from assistant.models.files.names import free_name, is_safe, target_for
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


def test_a_free_name(tmp_path: Path) -> None:
    assert free_name(tmp_path, "a.gguf").name == "a.gguf"
    (tmp_path / "a.gguf").touch()
    (tmp_path / "a-2.gguf").touch()
    assert free_name(tmp_path, "a.gguf").name == "a-3.gguf"
