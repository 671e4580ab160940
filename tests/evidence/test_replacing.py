"""A sentence that fails gives way to the document's own; only given sentences are searched."""

from dataclasses import replace

from assistant.documents.document import Document, Sentence, Span
from assistant.evidence.checking import check
from assistant.evidence.citation import Flag
from assistant.evidence.index import EvidenceIndex
from assistant.evidence.replacing import best_source


def test_the_closest_sentence_is_the_quote(lease: Document) -> None:
    index = EvidenceIndex(lease.sentences, lease)
    quote = best_source("The tenant may terminate the lease in its first year.", index)
    assert quote is not None
    assert quote.quote == lease.sentences[0].text
    assert quote.span == lease.sentences[0].spans[0]
    assert check(quote.quote, index).flags == ()
    assert best_source("Quantum zebras juggle.", index) is None


def test_a_sentence_goes_before_a_fragment(lease: Document) -> None:
    texts = ("Deposit return weeks", "The deposit is to be returned within five weeks.")
    sentences = tuple(Sentence(text, (Span(1, 0, 9),), 0) for text in texts)
    index = EvidenceIndex(sentences, replace(lease, sentences=sentences))
    quote = best_source("Deposit return within weeks.", index)
    assert quote is not None
    assert quote.quote == texts[1]


def test_an_index_among_some_sentences_finds_no_other(lease: Document) -> None:
    index = EvidenceIndex(lease.sentences, lease)
    claim = "The tenant must not terminate the lease before the end of the first year."
    assert index.closest(claim)[0].position == 0
    part = index.among([1, 2, 999])
    assert {match.position for match in part.closest(claim, limit=9)} <= {1, 2}
    assert Flag.UNSUPPORTED in check(claim, part).flags or check(claim, part).support < 0.5
    assert part.among([0]).closest(claim) == []
    assert part.table is index.table
    own = lease.sentences[1].text
    assert check(own, part).citations[0].span == lease.sentences[1].spans[0]
