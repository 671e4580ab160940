"""Where a model in another format is kept, and what is noted of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.models.keeping.installed import ModelFolder
from assistant.models.keeping.requantized import note_origin, place_for
from tests.models.tiny_gguf import tiny_gguf


@pytest.mark.parametrize(
    ("name", "before", "expected"),
    [
        ("SmolLM2-135M-Instruct.Q4_1", "Q4_1", "SmolLM2-135M-Instruct.Q4_K_M.gguf"),
        ("qwen3-4b-q5_1", "Q5_1", "qwen3-4b-Q4_K_M.gguf"),
        ("A-model-F16", "F16", "A-model-Q4_K_M.gguf"),
        ("mine", "Q4_1", "mine-Q4_K_M.gguf"),
        ("Q4_1x", "Q4_1", "Q4_1x-Q4_K_M.gguf"),
        ("nameless", "", "nameless-Q4_K_M.gguf"),
    ],
)
def test_name_tells_the_format(tmp_path: Path, name: str, before: str, expected: str) -> None:
    path = tmp_path / f"{name}.gguf"
    path.write_bytes(tiny_gguf(10_000))
    model = replace(ModelFolder(tmp_path).find(name), quantization=before)
    assert place_for(model, "Q4_K_M", tmp_path) == tmp_path / expected
    (tmp_path / expected).touch()
    assert place_for(model, "Q4_K_M", tmp_path).stem == f"{Path(expected).stem}-2"


def test_licence_is_kept_and_the_origin_is_not_claimed(tmp_path: Path) -> None:
    original, made = tmp_path / "a-Q4_1.gguf", tmp_path / "a-Q4_0.gguf"
    for path in (original, made):
        path.write_bytes(tiny_gguf(10_000))
    folder = ModelFolder(tmp_path)
    model = replace(folder.find("a-Q4_1"), licence="apache-2.0", repo="someone/a", sha256="1")
    note_origin(model, made)
    noted = folder.find("a-Q4_0")
    assert (noted.licence, noted.repo, noted.sha256) == ("apache-2.0", "", "")
    assert not noted.is_verified


def test_names_of_other_apps_become_names_of_files(tmp_path: Path) -> None:
    (tmp_path / "m.gguf").write_bytes(tiny_gguf(10_000))
    model = ModelFolder(tmp_path).find("m")
    for name, expected in {
        "hf.co/owner/name-GGUF:Q4_1": "hf.co-owner-name-GGUF-Q4_K_M.gguf",
        "same (disk)": "same-disk-Q4_K_M.gguf",
        "../..": "model-Q4_K_M.gguf",
    }.items():
        other = replace(model, name=name, quantization="Q4_1")
        assert place_for(other, "Q4_K_M", tmp_path) == tmp_path / expected
