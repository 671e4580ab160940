"""The catalog, and what is recommended to which computer."""

from dataclasses import replace

import pytest

from assistant.models.files.names import is_safe
from assistant.models.finding.catalog import (
    Reason,
    Use,
    catalog,
    recommendation,
    recommended,
    sources,
)

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
    monkeypatch.setattr("assistant.models.finding.catalog.catalog", lambda: tuple(slow))
    monkeypatch.setattr("assistant.models.finding.catalog.is_slow", lambda name: name == "Q4_1")
    assert recommended(24 * GIB).id == "qwen3-4b-instruct-2507"
    monkeypatch.setattr("assistant.models.finding.catalog.is_slow", lambda _: True)
    assert recommended(24 * GIB).id == "qwen3-8b"


@pytest.mark.parametrize(
    ("use", "gib", "expected"),
    [
        (None, 8, "qwen3-4b-instruct-2507"),
        (Use.CHAT, 8, "qwen3-4b-instruct-2507"),
        (Use.SUMMARIES, 16, "qwen3-8b"),
        (Use.ARABIC, 4, "lfm2.5-1.2b-instruct"),
        (Use.ARABIC, 12, "allam-7b-instruct-preview"),
        (Use.CODE, 64, "qwen2.5-coder-1.5b-instruct"),
        (Use.EMBEDDINGS, 1, "qwen3-embedding-0.6b"),
        (Use.MANY_LANGUAGES, 64, "qwen3-8b"),
    ],
)
def test_what_is_recommended_for_a_use(use: Use | None, gib: int, expected: str) -> None:
    assert recommendation(gib * GIB, use).model.id == expected


def test_every_use_has_a_model_and_every_recommendation_a_reason() -> None:
    offered = {use for model in catalog() for use in model.good_for}
    assert offered >= set(Use)
    for use in (None, *Use):
        for gib in (1, 2, 4, 8, 16, 32, 128):
            assert recommendation(gib * GIB, use).reasons


def test_the_reasons() -> None:
    assert recommendation(1 * GIB).reasons[0] is Reason.SMALLEST_THERE_IS
    assert recommendation(3 * GIB).reasons[0] is Reason.LARGEST_THAT_FITS
    assert recommendation(16 * GIB).reasons == (
        Reason.MADE_FOR_THIS_MEMORY,
        Reason.FEW_MADE_UP,
        Reason.MANY_LANGUAGES,
        Reason.FREE_LICENCE,
    )
    assert Reason.PARTLY_USED in recommendation(64 * GIB).reasons
    assert recommendation(64 * GIB, Use.CODE).reasons[0] is Reason.ONLY_ONE
    # Free only below a yearly revenue.
    assert Reason.FREE_LICENCE not in recommendation(3 * GIB).reasons


def test_what_would_be_slow_is_recommended_only_where_there_is_nothing_else() -> None:
    def small(model) -> bool:
        return (model.recommended_ram_gb or 0) <= 6

    found = recommendation(32 * GIB, runs_well=small)
    assert (found.model.id, found.reasons[0]) == ("qwen3.5-2b", Reason.FAST_ENOUGH)
    found = recommendation(4 * GIB, runs_well=small)
    assert (found.model.id, found.reasons[0]) == ("qwen3.5-2b", Reason.MADE_FOR_THIS_MEMORY)
    found = recommendation(32 * GIB, runs_well=lambda _: False)
    assert (found.model.id, found.reasons[0]) == ("qwen3-0.6b", Reason.SMALLEST_THERE_IS)
    found = recommendation(32 * GIB, Use.CODE, runs_well=lambda _: False)
    assert found.reasons[0] is Reason.ONLY_ONE


def test_a_slow_format_is_a_reason_against(monkeypatch) -> None:
    monkeypatch.setattr("assistant.models.finding.catalog.is_slow", lambda _: True)
    assert recommendation(16 * GIB).reasons[-1] is Reason.SLOW_FORMAT


def test_the_facts_have_sources() -> None:
    assert len(sources()) >= 2
    assert all(len(source) > 20 for source in sources())
