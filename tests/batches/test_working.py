"""One file of the queue: what was made before is taken, unless it is of another text."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.batches.working import Summarized, summarize_kept
from assistant.documents.document import Document, PageStatus
from assistant.storage.database import Database
from assistant.summaries.keeping import Keeping
from assistant.summaries.summary import Mode, ModelUsed, Summary, SummaryOptions
from tests.summaries.conftest import document_of

OPTIONS = SummaryOptions(mode=Mode.KEY_POINTS, words=60)
TEXTS = {
    "Rent": "The tenant shall pay a monthly rent of 950 euros. It is due on the first day.",
    "End": "Either party may end this lease with three months' notice in writing.",
}


@pytest.fixture
def keeping(tmp_path: Path) -> Iterator[Keeping]:
    database = Database(tmp_path / "alcove.sqlite")
    yield Keeping.of(database)
    database.close()


def made(keeping: Keeping, document: Document) -> tuple[Summary, bool]:
    """Return the summary of a document, and whether it was taken from the store."""
    events = list(
        summarize_kept(
            keeping.keep(document),
            document,
            OPTIONS,
            keeping=keeping,
            writer=None,
            cancel=threading.Event(),
        )
    )
    assert isinstance(events[-1], Summarized)
    return events[-1].summary, len(events) == 1


def test_pages_that_can_be_read_now_are_in_the_summary_at_the_next_turn(keeping: Keeping) -> None:
    whole = document_of(TEXTS)
    unread = replace(whole.pages[1], text="", blocks=(), status=PageStatus.NEEDS_OCR)
    before = replace(
        whole,
        pages=(whole.pages[0], unread),
        sentences=tuple(one for one in whole.sentences if one.page == 1),
    )
    first, _ = made(keeping, before)
    assert first.coverage.unreadable == (2,)
    assert made(keeping, before) == (first, True)

    second, was_kept = made(keeping, whole)
    assert not was_kept
    assert second.coverage.unreadable == ()
    assert {point.span.page for point in second.key_points} == {1, 2}
    assert made(keeping, whole) == (second, True)


def test_letters_that_are_recognised_otherwise_make_another_summary(keeping: Keeping) -> None:
    made(keeping, document_of({"Rent": TEXTS["Rent"].replace("950", "95O")}))
    summary, was_kept = made(keeping, document_of({"Rent": TEXTS["Rent"]}))
    assert not was_kept
    assert any("950" in point.text for point in summary.key_points)


def test_a_digest_takes_the_summary_that_its_batch_wished_for(keeping: Keeping) -> None:
    document = document_of(TEXTS)
    record_id = keeping.keep(document)
    wished, _ = made(keeping, document)
    asked = replace(OPTIONS, focus="notice in writing")
    for _ in summarize_kept(
        record_id, document, asked, keeping=keeping, writer=None, cancel=threading.Event()
    ):
        pass
    assert keeping.newest_summary(record_id, OPTIONS) == wished
    assert keeping.newest_summary(record_id, asked) != wished
    assert keeping.newest_summary(record_id, replace(OPTIONS, words=90)) is not None
    assert keeping.newest_summary(record_id + 1, OPTIONS) is None


def test_a_summary_of_another_file_of_the_model_is_not_taken(keeping: Keeping) -> None:
    document = document_of(TEXTS)
    record_id = keeping.keep(document)
    summary, _ = made(keeping, document)
    options = replace(OPTIONS, mode=Mode.QUICK)
    keeping.summaries.save(
        document_id=record_id,
        mode="quick",
        words=60,
        content=keeping.summaries.content(keeping.summaries.for_document(record_id)[0].id) or b"",
        model_name="Small",
        model_sha256="a" * 64,
    )
    for sha256, expected in (("a" * 64, summary), ("", summary), ("b" * 64, None)):
        assert keeping.summary(record_id, document, options, ModelUsed("Small", sha256)) == expected
