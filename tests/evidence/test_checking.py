"""The check finds the passage, and what the passage does not say."""

from dataclasses import replace

import pytest

from assistant.documents.document import Document, Sentence, Span
from assistant.evidence.checking import check
from assistant.evidence.citation import Flag
from assistant.evidence.index import EvidenceIndex


@pytest.fixture
def index(lease: Document) -> EvidenceIndex:
    return EvidenceIndex(lease.sentences, lease)


def test_every_sentence_of_the_document_cites_itself_without_a_flag(
    lease: Document, index: EvidenceIndex
) -> None:
    for sentence in lease.sentences:
        checked = check(sentence.text, index)
        assert checked.citations[0].span == sentence.spans[0]
        assert checked.support == 1.0
        assert checked.flags == ()


def test_a_sentence_across_pages_is_cited_once_for_each(
    lease: Document, index: EvidenceIndex
) -> None:
    checked = check("The landlord may enter the flat with 24 hours notice.", index)
    assert [citation.span.page for citation in checked.citations[:2]] == [1, 2]
    for citation in checked.citations:
        assert citation.quote.split() == lease.quote(citation.span).split()


@pytest.mark.parametrize(
    ("claim", "flag"),
    [
        ("The tenant may terminate the lease before the end of the first year.", Flag.NEGATION),
        ("Smoking is allowed in all rooms.", Flag.NEGATION),
        ("The tenant may pay a rent of 1,000 euros each month.", Flag.OBLIGATION),
        ("Pets are allowed.", Flag.OBLIGATION),
        ("The tenant shall pay a rent of 1,200 euros each month.", Flag.NUMBER),
        ("Interest of 13% is due on late payments.", Flag.NUMBER),
        ("The agreement was signed on 5 March 2021 in Hamburg.", Flag.NUMBER),
        ("The agreement was signed on 3 May 2021 in Hamburg.", Flag.NUMBER),
        ("The deposit must be returned within five months.", Flag.NUMBER),
        ("This agreement was signed in Berlin by Maria Keller.", Flag.NAME),
        ("This agreement was signed by Maria Keller of the BGB.", Flag.NAME),
        ("Quarterly revenue rose on strong chip sales in Asia.", Flag.UNSUPPORTED),
    ],
)
def test_a_changed_sentence_is_flagged(claim: str, flag: Flag, index: EvidenceIndex) -> None:
    assert flag in check(claim, index).flags


@pytest.mark.parametrize(
    "claim",
    [
        "The tenant must pay 1000 euros in rent on the first day of each month.",
        "The tenant cannot terminate the lease before the end of the first year.",
        "30% interest is due on late payments.",
        "Acme Housing GmbH has to return the deposit within 5 weeks.",
        "The agreement was signed by Maria Keller on March 3, 2021.",
        "Smoking is not allowed in all rooms and on the balcony.",
        "Pets are allowed only if the landlord gives written consent.",
    ],
)
def test_a_faithful_sentence_has_no_flag(claim: str, index: EvidenceIndex) -> None:
    assert check(claim, index).flags == ()


def test_swapped_parties_are_flagged(lease: Document) -> None:
    texts = ("The landlord must give the tenant notice of 24 hours.", "The tenant pays on time.")
    sentences = tuple(Sentence(text, (Span(1, 0, 9),), 0) for text in texts)
    index = EvidenceIndex(sentences, replace(lease, sentences=sentences))
    claim = "The tenant must give the landlord notice of 24 hours."
    assert check(claim, index).flags == (Flag.ROLES,)


def test_a_number_that_stands_close_by_is_a_hint_in_a_paraphrase(lease: Document) -> None:
    texts = (
        "Four methods were compared in the study.",
        "The best of them improves translation of rare words in long sentences greatly.",
    )
    sentences = tuple(Sentence(text, (Span(1, 0, 9),), 0) for text in texts)
    index = EvidenceIndex(sentences, replace(lease, sentences=sentences))
    claim = "Among four approaches the best improves how rare words of long sentences come out."
    checked = check(claim, index)
    assert Flag.NUMBER not in checked.flags
    copy = "The best of four improves translation of rare words in long sentences greatly."
    assert Flag.NUMBER in check(copy, EvidenceIndex(sentences[1:], index.document)).flags
    assert Flag.NUMBER in check(copy.replace("four", "nine"), index).flags


def test_what_shares_nothing_has_no_citation(index: EvidenceIndex) -> None:
    checked = check("Quantum zebras juggle.", index)
    assert checked.citations == ()
    assert checked.support == 0.0
    assert checked.flags == (Flag.UNSUPPORTED,)


def test_a_document_without_sentences_bears_nothing_out(lease: Document) -> None:
    assert check("Anything.", EvidenceIndex((), lease)).flags == (Flag.UNSUPPORTED,)
