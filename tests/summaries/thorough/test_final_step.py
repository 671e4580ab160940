"""The final text as a finished step: taken again only for what it was made for."""

from dataclasses import replace

from assistant.documents.document import Document, Page, PageStatus, Sentence
from assistant.evidence.citation import Flag
from assistant.evidence.index import EvidenceIndex
from assistant.summaries.grounding import checked
from assistant.summaries.steps import Steps
from assistant.summaries.summary import Mode, SummaryOptions
from assistant.summaries.thorough import final_step
from assistant.summaries.thorough.final_step import FinalStep
from assistant.summaries.writing import Written
from tests.summaries.conftest import document_of

LEASE = document_of(
    {
        "Rent": "The tenant shall pay a monthly rent of 950 euros. It is due on the first day.",
        "End": "Either party may end this lease with three months' notice in writing.",
    }
)
KEY = b"key"


def with_a_picture_before(document: Document) -> Document:
    """Return the document with a page without text put in before the others."""

    def moved(sentence: Sentence) -> Sentence:
        return replace(
            sentence, spans=tuple(replace(span, page=span.page + 1) for span in sentence.spans)
        )

    picture = Page(1, "", status=PageStatus.NEEDS_OCR)
    return replace(
        document,
        pages=(picture, *(replace(page, number=page.number + 1) for page in document.pages)),
        sentences=tuple(map(moved, document.sentences)),
    )


def test_a_text_is_taken_with_the_places_that_hold_now() -> None:
    index = EvidenceIndex(LEASE.sentences, LEASE)
    texts = ("The tenant pays a rent of 950 euros.", "Either party may end the lease.")
    made = [checked(Written(text, starts_paragraph=True), index) for text in texts]
    made[1] = replace(made[1], flags=(Flag.DENIED,))
    assert [one.citations[0].span.page for one in made] == [1, 2]
    steps = Steps()
    final_step.keep(steps, KEY, FinalStep(tuple(made), drifted=False))
    same = final_step.take(steps, KEY, LEASE, index, is_translated=False)
    assert same == FinalStep(tuple(made), drifted=False)

    later = with_a_picture_before(LEASE)
    index = EvidenceIndex(later.sentences, later)
    found = final_step.take(steps, KEY, later, index, is_translated=False)
    assert found is not None
    assert [one.text for one in found.sentences] == list(texts)
    for one, page in zip(found.sentences, (2, 3), strict=True):
        assert [citation.span.page for citation in one.citations][:1] == [page]
        assert all(later.quote(c.span) == c.quote for c in one.citations)
        assert one.starts_paragraph
    assert Flag.DENIED in found.sentences[1].flags


def test_what_another_version_wrote_is_written_anew() -> None:
    steps = Steps()
    steps.put(KEY, b'{"sentences": 3}')
    index = EvidenceIndex(LEASE.sentences, LEASE)
    assert final_step.take(steps, KEY, LEASE, index, is_translated=False) is None


def test_a_text_that_the_model_was_asked_about_is_another_step() -> None:
    options = SummaryOptions(mode=Mode.THOROUGH, words=60)
    asked = replace(options, asks_model=True)
    assert final_step.kind(options) != final_step.kind(asked)
