"""The index finds the closest sentences, also in a large document, and only then is built."""

import time
from dataclasses import replace

from assistant.documents.document import Document, Sentence, Span
from assistant.evidence.index import EvidenceIndex


def test_the_closest_sentence_comes_first(lease: Document) -> None:
    index = EvidenceIndex(lease.sentences, lease)
    best = index.closest("When must the deposit be returned?")[0]
    assert "deposit" in lease.sentences[best.position].text


def test_endings_and_spelling_are_forgiven(lease: Document) -> None:
    index = EvidenceIndex(lease.sentences, lease)
    best = index.closest("Terminating leases before years end")[0]
    assert best.position == 0


def test_nothing_shared_finds_nothing(lease: Document) -> None:
    assert EvidenceIndex(lease.sentences, lease).closest("Quantum zebras") == []
    assert EvidenceIndex(lease.sentences, lease).closest("") == []
    assert EvidenceIndex((), lease).closest("lease") == []


def test_a_thousand_pages_are_searched_in_moments(lease: Document) -> None:
    sentences = tuple(
        Sentence(f"Tenant {at} of house {at % 977} owes {at % 89} euros.", (Span(1, 0, 9),), 0)
        for at in range(40_000)
    )
    index = EvidenceIndex(sentences, replace(lease, sentences=sentences))
    index.closest("first")
    started = time.perf_counter()
    assert index.closest("What does tenant 31234 owe?")[0].position == 31_234
    assert time.perf_counter() - started < 1.0
