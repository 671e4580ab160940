"""The catalog, and what is recommended to which computer."""

from dataclasses import replace

import pytest

from assistant.models.catalog import catalog, recommended
from assistant.models.names import is_safe

GB = 10**9
GIB = 2**30


@pytest.mark.parametrize(
    ("memory_bytes", "expected"),
    [
        (1 * GB, "qwen3-0.6b"),
        (2 * GIB, "qwen3-0.6b"),
        (3 * GIB, "lfm2.5-1.2b-instruct"),
        (int(3.7 * GIB), "qwen3.5-2b"),  # what a computer with 4 GB reports
        (6 * GIB, "qwen3.5-2b"),
        (int(7.5 * GIB), "qwen3-4b-instruct-2507"),
        (12 * GIB, "qwen3-4b-instruct-2507"),
        (int(15.3 * GIB), "qwen3-8b"),
        (24 * GIB, "qwen3-8b"),
        (31 * GIB, "qwen3-30b-a3b-instruct-2507"),
        (256 * GIB, "qwen3-30b-a3b-instruct-2507"),
    ],
)
def test_what_is_recommended(memory_bytes: int, expected: str) -> None:
    assert recommended(memory_bytes).id == expected


def test_every_entry_can_be_asked_for() -> None:
    models = catalog()
    assert len(models) == 16
    assert len({model.id for model in models}) == 16
    for model in models:
        assert model.repo.count("/") == 1
        assert is_safe(model.file)
        assert model.licence
        assert model.sha256 is None or len(model.sha256) == 64
        assert model.revision is None or len(model.revision) == 40


def test_embeddings_code_and_single_languages_are_never_recommended() -> None:
    offered = {recommended(gb * GB).id for gb in range(65)}
    assert offered == {
        "qwen3-0.6b",
        "lfm2.5-1.2b-instruct",
        "qwen3.5-2b",
        "qwen3-4b-instruct-2507",
        "qwen3-8b",
        "qwen3-30b-a3b-instruct-2507",
    }


def test_slow_format_is_recommended_only_where_there_is_no_other(monkeypatch) -> None:
    slow = [replace(m, quantization="Q4_1") if m.id == "qwen3-8b" else m for m in catalog()]
    monkeypatch.setattr("assistant.models.catalog.catalog", lambda: tuple(slow))
    monkeypatch.setattr("assistant.models.catalog.is_slow", lambda name: name == "Q4_1")
    assert recommended(24 * GIB).id == "qwen3-4b-instruct-2507"
    monkeypatch.setattr("assistant.models.catalog.is_slow", lambda _: True)
    assert recommended(24 * GIB).id == "qwen3-8b"
