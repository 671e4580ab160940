"""A digest over several documents: every sentence leads to a file and a page."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.batches.digests import decode_digest, encode_digest
from assistant.documents.document import Attachment, Document, Page, PageStatus
from assistant.engine.client import Engine
from assistant.errors import DocumentError, FileFault
from assistant.evidence.terms import count_words
from assistant.summaries.digest import Digest, DigestFile, FailedFile
from assistant.summaries.digesting import digest
from assistant.summaries.exporting.digests import compose_digest, digest_data
from assistant.summaries.exporting.text import write_text
from assistant.summaries.injections.injection import Injection, InjectionKind
from assistant.summaries.summarizing import summarize
from assistant.summaries.summary import Mode, ModelUsed, Summary, SummaryOptions

TEXTS = {
    "lease.txt": (
        "The tenant shall pay a monthly rent of 950 euros to the owner. The deposit of 1,900 euros"
        " is returned within 30 days after the end of the lease. Either party may end this lease"
        " with three months' notice in writing."
    ),
    "insurance.txt": (
        "The insurance covers damage by water and fire in the flat. The yearly premium of 120"
        " euros is due on the first of May. The company must be told of any damage within a week."
    ),
    "minutes.txt": (
        "The meeting decided to repaint the stairwell in June. The deposit of 1,900 euros is"
        " returned within 30 days after the end of the lease. Anna Berg asks three firms for"
        " offers until the end of April."
    ),
}
MISSING = FailedFile(Path("lost.pdf"), DocumentError(Path("lost.pdf"), FileFault.MISSING))


def options(mode: Mode = Mode.KEY_POINTS, words: int = 60, focus: str = "") -> SummaryOptions:
    return SummaryOptions(mode=mode, words=words, focus=focus)


def last(events: object) -> Digest:
    found = list(events)[-1]  # type: ignore[call-overload]
    assert isinstance(found, Digest)
    return found


@pytest.fixture
def documents(make_document: Callable[[dict[str, str]], Document]) -> list[Document]:
    return [
        replace(
            make_document({name.removesuffix(".txt").title(): text}),
            path=Path(name),
            title=name.removesuffix(".txt").title(),
        )
        for name, text in TEXTS.items()
    ]


@pytest.fixture
def files(documents: list[Document]) -> list[DigestFile]:
    return [DigestFile.of(document, summary_of(document)) for document in documents]


def summary_of(document: Document) -> Summary:
    *_, found = summarize(document, options(), engine=None, model=None, cancel=threading.Event())
    assert isinstance(found, Summary)
    return found


def check_places(found: Digest, documents: list[Document]) -> None:
    for sentence in found.sentences:
        for cited in sentence.citations:
            text = documents[cited.file].quote(cited.citation.span)
            assert text.split() == cited.citation.quote.split()


def test_the_best_of_every_file_word_for_word(
    files: list[DigestFile], documents: list[Document]
) -> None:
    found = last(
        digest(
            files,
            options(),
            engine=None,
            model=None,
            failures=[MISSING],
            cancel=threading.Event(),
        )
    )
    check_places(found, documents)
    assert all(sentence.is_quote and sentence.citations for sentence in found.sentences)
    assert sum(count_words(sentence.text) for sentence in found.sentences) <= 60
    assert {s.citations[0].file for s in found.sentences} == {0, 1, 2}
    deposit = [sentence for sentence in found.sentences if "deposit" in sentence.text]
    assert [[cited.file for cited in sentence.citations] for sentence in deposit] == [[0, 2]]

    text = " ".join(write_text(compose_digest(found, lambda error: f"Lost: {error}")).split())
    assert "lease.txt, p. 1" in text
    assert "Lost: DocumentError" in text
    assert "3 of 4 files summarised; 1 failed." in text
    data = digest_data(found, str)
    assert json.loads(json.dumps(data))["failures"][0]["path"] == "lost.pdf"


def test_a_focus_and_orders_in_a_document_decide_what_is_taken(files: list[DigestFile]) -> None:
    def first(given: list[DigestFile], focus: str) -> str:
        made = digest(
            given, options(words=25, focus=focus), engine=None, model=None, cancel=threading.Event()
        )
        return last(made).sentences[0].text

    assert "premium" in first(files, "yearly premium")
    point = next(p for p in files[1].summary.key_points if "premium" in p.text)
    order = Injection(point.span, point.text, InjectionKind.DICTATION)
    touched = replace(files[1], summary=replace(files[1].summary, injections=(order,)))
    assert "premium" not in first([files[0], touched, files[2]], "yearly premium")


def test_what_was_not_read_of_a_file_is_told(
    documents: list[Document], files: list[DigestFile]
) -> None:
    locked = Attachment("plan.pdf", fault="password-needed")
    scan = Page(2, "", status=PageStatus.NEEDS_OCR)
    partly = replace(documents[0], pages=(*documents[0].pages, scan), attachments=(locked,))
    partly = replace(partly, notes=("pictures:2",))
    files = [DigestFile.of(partly, summary_of(partly)), *files[1:]]
    found = last(digest(files, options(), engine=None, model=None, cancel=threading.Event()))
    text = " ".join(write_text(compose_digest(found, str)).split())
    assert "Not read of lease.txt: page 2, plan.pdf (locked with a password), text in 2" in text
    assert text.count("Not read of") == 1
    first, second, _ = digest_data(found, str)["files"]  # type: ignore[misc]
    assert (first["unreadable"], first["unread"]) == ([2], ["plan.pdf"])
    assert first["left_out"] == ["text in 2 pictures, if they have any"]
    assert (second["unreadable"], second["unread"], second["left_out"]) == ([], [], [])
    kept = decode_digest(encode_digest(found))
    assert kept is not None
    assert kept.files == found.files


def test_nothing_and_the_same_thrice_are_no_failure(files: list[DigestFile]) -> None:
    def made(given: list[DigestFile]) -> Digest:
        return last(digest(given, options(), engine=None, model=None, cancel=threading.Event()))

    assert made([]).sentences == ()
    same = made([files[0]] * 3)
    assert same.sentences
    assert {len(sentence.citations) for sentence in same.sentences} == {3}
    cancel = threading.Event()
    cancel.set()
    stopped = last(digest(files, options(), engine=None, model=None, cancel=cancel))
    assert stopped.is_stopped


@pytest.mark.shared_process
def test_a_model_merges_and_every_sentence_is_tied_to_files(
    files: list[DigestFile], documents: list[Document], engine: Engine
) -> None:
    model = ModelUsed("small")
    *_, found = digest(
        files,
        options(Mode.QUICK, words=25),
        engine=engine,
        model=model,
        is_experimental=True,
        cancel=threading.Event(),
    )
    assert isinstance(found, Digest)
    assert found.model == model
    assert found.sentences
    assert found.timings.generated_tokens > 0
    check_places(found, documents)
    assert any(sentence.citations for sentence in found.sentences)
