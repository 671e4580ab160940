"""Damaged model files: a few of each kind; `benchmarks/damage.py` gives five hundred to it."""

import contextlib
import threading
import time
from pathlib import Path

import pytest

from assistant.engine.client import Engine
from assistant.engine.protocol import Finished, LoadSettings
from assistant.errors import AssistantError, ModelError, ModelFault, PromptTooLong
from assistant.gguf import read_header
from assistant.wording import explain
from tests.engine.damaged_models import STRUCTURED, damaged_files, parts_of
from tests.engine.tiny_models import tiny_llama


def error_of(engine: Engine, prompt: str = "a") -> AssistantError | None:
    """Return why there is no reply; None if there is one."""
    try:
        *_, last = engine.generate(prompt=prompt, max_tokens=3, cancel=threading.Event())
    except AssistantError as error:
        return error
    assert isinstance(last, Finished)
    return None


def test_each_is_told_in_words_and_in_time(new_engine, tmp_path: Path) -> None:
    """All kinds, every twelfth file; one engine serves them all."""
    settings, endings = LoadSettings(threads=1), []
    for number, (kind, what, data) in enumerate(damaged_files(tmp_path)):
        if number % 12:
            continue
        path = tmp_path / f"{number}.gguf"
        path.write_bytes(data)
        new_engine.choose(path, settings)
        begun = time.monotonic()
        error = error_of(new_engine)
        assert time.monotonic() - begun < 10, (kind, what)
        if error:
            words = str(explain(error))
            assert len(words) > 20, (kind, what)
            assert type(error).__name__ not in words, (kind, what)
        endings.append(type(error))
    assert len(endings) >= 40
    assert {type(None), ModelError} <= set(endings)
    new_engine.choose(tiny_llama(tmp_path / "good.gguf"), settings)
    assert new_engine.count_tokens(["ab"]) == (2,)


@pytest.mark.parametrize("kind", STRUCTURED)
def test_a_header_is_read_or_refused(tmp_path, kind) -> None:
    """In the app's own process: nothing but a `ModelError`, and quickly."""
    parts = parts_of(tiny_llama(tmp_path / "whole.gguf"))
    path = tmp_path / "damaged.gguf"
    for what, data in STRUCTURED[kind](parts):
        path.write_bytes(data)
        begun = time.monotonic()
        with contextlib.suppress(ModelError):
            assert read_header(path).path == path
        assert time.monotonic() - begun < 1, what


@pytest.mark.parametrize(
    "changes",
    [
        {"llama__block_count": 513},
        {"llama__expert_count": 4},
        {"llama__expert_used_count": 2},
        {"llama__expert_count": 4, "llama__expert_used_count": 5},
        {"llama__expert_count": 5_000, "llama__expert_used_count": 5},
    ],
)
def test_counts_that_end_llama_cpp_are_refused_before(tmp_path, changes) -> None:
    with pytest.raises(ModelError) as caught:
        read_header(tiny_llama(tmp_path / "model.gguf", **changes))
    assert caught.value.fault is ModelFault.DAMAGED


@pytest.mark.parametrize("tokens", [1, 3, 64])
def test_a_context_shorter_than_a_step_replies(new_engine, tmp_path, tokens) -> None:
    new_engine.choose(tiny_llama(tmp_path / "model.gguf", llama__context_length=tokens))
    for length in (1, 300):
        assert isinstance(error_of(new_engine, "a" * length), PromptTooLong | None)


def test_a_name_of_a_megabyte_does_not_freeze_the_engine(new_engine, tmp_path) -> None:
    new_engine.choose(tiny_llama(tmp_path / "model.gguf", general__name="x" * 1_000_000))
    begun = time.monotonic()
    assert new_engine.count_tokens(["ab"]) == (2,)
    assert time.monotonic() - begun < 8
