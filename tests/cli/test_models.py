"""`alcove models`: what is installed; downloading is tested in tests/models and here end to end."""

import json


def test_list_names_the_starter_with_its_facts(alcove) -> None:
    done = alcove("models")
    assert done.returncode == 0
    assert "SmolLM2-135M-Instruct.Q4_1" in done.stdout
    (model,) = json.loads(alcove("models", "list", "--format", "json").stdout)
    assert model["quantization"] == "Q4_1"
    assert model["context_tokens"] == 8192
    assert model["size_bytes"] == 98_362_432
    assert 130_000_000 < model["parameters"] < 140_000_000
    assert model["has_chat_template"]


def test_a_file_that_is_no_model_is_named(alcove, own_home) -> None:
    folder = own_home / "models"
    folder.mkdir()
    (folder / "broken.gguf").write_bytes(b"GGUF" + b"\0" * 100)
    done = alcove("models")
    assert done.returncode == 0
    assert "broken.gguf" in done.stderr
    assert "broken" not in done.stdout
