"""What names and tags of repositories tell."""

import pytest

from assistant.models.finding.catalog import catalog
from assistant.models.finding.sizes import active_parameters_in, parameters_in, usual_size
from assistant.models.finding.tags import base_models_in, is_for_chat, title_of


@pytest.mark.parametrize(
    ("name", "total", "active"),
    [
        ("Qwen3-30B-A3B-Instruct-GGUF", 30e9, 3e9),
        ("SmolLM2-135M-Instruct", 135e6, 0),
        ("LFM2.5-1.2B-Instruct", 1.2e9, 0),
        ("parakeet-tdt-0.6b-v3", 0.6e9, 0),
        ("gpt-oss-20b", 20e9, 0),
        ("Mixtral-8x7B-Instruct", 0, 0),
        ("Qwen3", 0, 0),
        ("model-IQ2_M-GGUF", 0, 0),
        ("v3-A22B", 0, 22e9),
        ("9999999B", 0, 0),
        ("7B-A9B", 7e9, 0),
    ],
)
def test_sizes_in_names(name: str, total: float, active: float) -> None:
    assert (parameters_in(name), active_parameters_in(name)) == (total, active)


def test_the_usual_size_is_about_that_of_the_catalogs_files() -> None:
    known = {"smollm3-3b": 3.08e9, "qwen3-4b-instruct-2507": 4.02e9, "qwen3-8b": 8.19e9}
    for model in catalog():
        if model.id in known and model.size_bytes:
            assert usual_size(round(known[model.id])) == pytest.approx(model.size_bytes, rel=0.02)


@pytest.mark.parametrize(
    ("name", "bases", "title"),
    [
        ("Qwen3-8B-GGUF", (), "Qwen3 8B"),
        ("Qwen_Qwen3.5-2B-GGUF", ("Qwen/Qwen3.5-2B",), "Qwen3.5 2B"),
        ("model-i1-GGUF", (), "model"),
        ("GGUF", (), "GGUF"),
        ("gemma-4-E2B-it-qat-q4_0-gguf", ("google/gemma",), "gemma 4 E2B it qat q4 0"),
    ],
)
def test_titles(name: str, bases: tuple[str, ...], title: str) -> None:
    assert title_of(name, bases) == title


def test_base_models_stand_in_tags_once() -> None:
    tags = ["base_model:a/b", "base_model:quantized:a/b", "base_model:x", "base_model:merge:c/d"]
    assert base_models_in(tags) == ("a/b", "c/d")


def test_tasks() -> None:
    assert is_for_chat("", [])
    assert is_for_chat("text-generation", ["gguf"])
    assert not is_for_chat("feature-extraction", [])
    assert not is_for_chat("", ["sentence-transformers"])
    assert is_for_chat("", [], "qwen3")
    for architecture in ("bert", "nomic-bert-moe", "gemma-embedding", "llama-embed", "t5encoder"):
        assert not is_for_chat("", [], architecture)
