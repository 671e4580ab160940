"""Names are found in a sentence, and missed where they do not occur."""

import pytest

from assistant.evidence.names import Capitals, missing, names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The lease was signed by Maria Keller in Hamburg.", [("Maria", "Keller"), ("Hamburg",)]),
        ("Maria Keller signed the lease.", [("Maria", "Keller")]),
        ("While Maria Keller signed, others left.", [("Maria", "Keller")]),
        ("Overall costs fell.", []),
        ("The NER system uses LMs.", [("NER",), ("LMs",)]),
        ("A GAN-based model wins.", [("GAN",)]),
        ("It ends. Tenants move out.", []),
        ("The tenant, I think, left.", []),
    ],
)
def test_names(text: str, found: list[tuple[str, ...]]) -> None:
    assert names(text) == found


def test_how_the_document_writes_a_word_decides_at_the_start() -> None:
    known = Capitals.of(["It met in Berlin.", "The results improved; all results did."])
    assert names("Berlin hosts it.", capitals=known) == [("Berlin",)]
    assert names("Results Berlin published.", capitals=known) == [("Berlin",)]


def test_german_nouns_are_no_names() -> None:
    assert names("Der Mieter zahlt die Miete an Frau Keller.", "de") == [("Keller",)]
    assert names("Die Firma BMW zahlt die Miete.", "de") == [("BMW",)]


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("It uses the HMM.", "It uses the Hidden Markov Model."),
        ("It uses Hidden Markov Models.", "It uses the HMM."),
        ("It helps LMs.", "The LM-based method helps."),
        ("It was in Keller's flat.", "Keller has a flat."),
    ],
)
def test_abbreviations_and_endings_do_not_matter(claim: str, source: str) -> None:
    assert missing(names(claim), source) == []


def test_a_short_name_is_no_part_of_another_word() -> None:
    assert missing(names("It uses MS."), "It uses terms and bilingual ones.") == ["MS"]
    assert missing(names("It uses the F1 score."), "The F 1 score is used.") == []


def test_another_name_is_missing() -> None:
    assert missing(names("It was signed by Jonas Keller."), "It was signed by Maria Keller.") == [
        "Jonas"
    ]
