"""Models in plain words."""

import pytest

from assistant.models.finding.catalog import catalog
from assistant.ui.model_words import display_name, parameters_in_words, quantization_in_words
from assistant.ui.models.model_facts import context_in_words, facts_of_offer, licence_in_words
from assistant.ui.models.verdict import Fit, Memory, fit_of_offer

GB = 10**9


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("SmolLM2-135M-Instruct.Q4_1", "SmolLM2 135M Instruct"),
        ("Qwen_Qwen3.5-2B-Q4_K_M", "Qwen3.5 2B"),
        ("gemma-4-E2B_q4_0-it.gguf", "gemma 4 E2B it"),
        ("ALLaM-AI_ALLaM-7B-Instruct-preview-Q4_K_M", "ALLaM 7B Instruct preview"),
        ("model", "model"),
    ],
)
def test_names(file: str, name: str) -> None:
    assert display_name(file) == name


def test_parameters() -> None:
    assert parameters_in_words(134_515_008) == "135 million parameters"
    assert parameters_in_words(2_000_000_000) == "2 billion parameters"
    assert parameters_in_words(0) == ""


@pytest.mark.parametrize(
    ("quantization", "words"),
    [
        ("Q4_K_M", "well compressed"),
        ("Q8_0", "nothing lost"),
        ("IQ2_XS", "much lost"),
        ("BF16", "not compressed"),
        ("Q6_K", "lightly"),
        ("odd", "odd"),
    ],
)
def test_quantization(quantization: str, words: str) -> None:
    assert words in quantization_in_words(quantization)


def test_context_and_licence() -> None:
    assert context_in_words(8192) == "reads up to 6100 words"
    assert context_in_words(0) == ""
    assert licence_in_words("apache-2.0") == "Apache 2.0, free for any use"
    assert licence_in_words("") == "licence not known"


def test_every_offer_has_its_facts() -> None:
    for model in catalog():
        facts = facts_of_offer(model)
        assert "parameters" in facts
        assert "None" not in facts


def test_verdicts_of_offers() -> None:
    by_name = {model.id: model for model in catalog()}
    assert fit_of_offer(by_name["qwen3.5-2b"], Memory(int(3.8 * GB), GB)) is Fit.WELL
    assert fit_of_offer(by_name["qwen3-8b"], Memory(8 * GB, GB)) is Fit.SHORT
    assert fit_of_offer(by_name["qwen3-30b-a3b-instruct-2507"], Memory(16 * GB, GB)) is (
        Fit.TOO_LARGE
    )
