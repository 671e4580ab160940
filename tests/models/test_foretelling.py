"""What is foretold of models that are not here, from their sizes alone."""

from pathlib import Path

import pytest

from assistant.forecast import Machine, SpeedRecords, Verdict, forecast
from assistant.gguf import read_header
from assistant.models.finding.catalog import catalog
from assistant.models.finding.foretelling import foretell_offer, foretell_size

GB = 10**9
RECORDS = SpeedRecords(None)


def machine(memory_gb: float) -> Machine:
    total = round(memory_gb * GB)
    return Machine(
        total_bytes=total,
        free_bytes=total * 3 // 4,
        cores=4,
        memory_bytes_per_s=20e9,
        features=frozenset({"avx2"}),
    )


def test_every_offer_has_a_forecast() -> None:
    for model in catalog():
        seen = foretell_offer(model, machine(64), RECORDS)
        assert seen.is_estimated
        assert seen.verdict is not Verdict.TOO_LARGE, model.id
        if model.size_bytes:
            assert seen.need.weights_bytes == pytest.approx(model.size_bytes, abs=10)
        assert 0 < seen.quick_s < seen.pages50_s


def test_the_catalogs_own_advice_is_not_contradicted() -> None:
    """A computer with the memory that the catalog asks for holds the model."""
    for model in catalog():
        if model.recommended_ram_gb:
            seen = foretell_offer(model, machine(model.recommended_ram_gb), RECORDS)
            assert seen.verdict is not Verdict.TOO_LARGE, model.id
            assert seen.need.weights_bytes < model.recommended_ram_gb * GB


def test_a_mixture_is_as_fast_as_what_it_uses() -> None:
    by_id = {model.id: foretell_offer(model, machine(64), RECORDS) for model in catalog()}
    mixture, dense = by_id["qwen3-30b-a3b-instruct-2507"], by_id["qwen3-8b"]
    assert mixture.need.total_bytes > 2 * dense.need.total_bytes
    assert mixture.tokens_per_s > dense.tokens_per_s


def test_a_search_result_is_foretold_from_its_parameters(starter_model: Path) -> None:
    assert foretell_size(0, machine(8), RECORDS) is None
    seen = foretell_size(135_000_000, machine(8), RECORDS, quantization="Q4_1", context_tokens=8192)
    real = forecast(read_header(starter_model), machine(8), RECORDS)
    assert seen is not None
    assert seen.verdict is real.verdict is Verdict.WELL
    assert seen.need.total_bytes == pytest.approx(real.need.total_bytes, rel=0.4)
    assert seen.tokens_per_s == pytest.approx(real.tokens_per_s, rel=0.5)
    huge = foretell_size(70 * GB, machine(8), RECORDS)
    assert huge is not None
    assert huge.verdict is Verdict.TOO_LARGE
