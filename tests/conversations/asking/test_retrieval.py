"""The passages that answer are found, and what no passage answers is known."""

import threading
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from assistant.conversations.asking.answer import MOST_PASSAGES
from assistant.conversations.asking.attached import Attached, AttachedDocument
from assistant.conversations.asking.passages import cut
from assistant.conversations.asking.retrieval import find, is_short, search
from assistant.conversations.asking.vectors import PassageVectors
from assistant.documents.document import BlockKind, Document, Section, Sentence, Span
from assistant.engine.embedding import Embedder
from tests.engine.tiny_bert import tiny_bert

ANSWERED = {
    "How much is the rent?": "2 Rent",
    "When do I get my deposit back?": "3 Deposit",
    "May I keep a dog?": "4 Animals",
    "Who has to repair the boiler?": "5 Repairs",
    "How can I terminate the lease?": "6 End of the lease",
    "Who is the landlord?": "1 Parties",
    "Which percentage is due for late payment?": "2 Rent",
}
SILENT = [
    "What is the capital of Mongolia?",
    "How do I bake sourdough bread?",
    "Which airline flies to Lima?",
    "Is there a swimming pool?",
]


@pytest.mark.parametrize(("question", "heading"), ANSWERED.items())
def test_the_section_that_answers_comes_first(lease: Attached, question: str, heading: str) -> None:
    found = search(lease, question, cancel=threading.Event())
    assert found.is_told
    assert found.passages[0].heading == heading
    assert len(found.passages) <= MOST_PASSAGES
    scores = [passage.score for passage in found.passages]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    for passage in found.passages:
        one = lease.of(passage.document_id)
        assert one is not None
        assert one.document.quote(passage.span) == passage.text


@pytest.mark.parametrize("question", SILENT)
def test_what_no_passage_answers_is_known(lease: Attached, question: str) -> None:
    assert not search(lease, question, cancel=threading.Event()).is_told


def test_a_short_text_tells_though_some_words_are_not_there(
    make_document: Callable[..., Document],
) -> None:
    costs = Attached((AttachedDocument(1, make_document({"Costs": "Rent: 12000. Books: 8250."})),))
    stop = threading.Event()
    assert search(costs, "What did we pay for the rent in March?", cancel=stop).is_told
    assert not search(costs, "What colour do the new curtains have?", cancel=stop).is_told


def test_each_document_is_searched_in_its_language(two: Attached) -> None:
    stop = threading.Event()
    assert find(two, "Wie lange ist die Kündigungsfrist?", cancel=stop)[0].document_id == 8
    assert find(two, "How large is the cellar?", cancel=stop)[0].document_id == 7
    stop.set()
    assert find(two, "How large is the cellar?", cancel=stop) == ()


def test_nothing_is_found_where_there_is_nothing(make_document: Callable[..., Document]) -> None:
    empty = Attached((AttachedDocument(1, make_document({})),))
    assert find(empty, "How much is the rent?", cancel=threading.Event()) == ()
    assert find(Attached(()), "How much is the rent?", cancel=threading.Event()) == ()


def test_odd_questions_do_no_harm(lease: Attached) -> None:
    for question in ("", "?", "的是什么", "🙂", "\x00" * 50, "what is (a+)+$ [", "rent " * 20_000):
        search(lease, question, cancel=threading.Event())


def test_scripts_without_spaces_are_searched(make_document: Callable[..., Document]) -> None:
    text = {"租金": "每月租金为九百五十元。", "宠物": "未经房东书面同意不得饲养猫狗。"}
    chinese = Attached((AttachedDocument(1, make_document(text, language="zh")),))
    assert find(chinese, "可以养猫吗?", cancel=threading.Event())[0].heading == "宠物"


def test_a_table_of_contents_is_no_answer(make_document: Callable[..., Document]) -> None:
    document = make_document({"Contents": "", "2.1 What is it?": "It is a machine for tea."})
    line = Sentence("2.1 What is it? . . . . 3", (Span(1, 0, 8),), 0, BlockKind.TABLE)
    document = replace(document, sentences=(line, *document.sentences))
    assert [piece.section for piece in cut(document)] == [1]


def test_long_sections_are_cut_and_neighbours_go_along(
    make_document: Callable[..., Document],
) -> None:
    filler = [
        f"Sentence number {n} tells of the weather in spring and of little else." for n in range(60)
    ]
    filler[30] = "The kettle must be descaled with vinegar."
    document = make_document({"Manual": " ".join(filler)})
    pieces = list(cut(document))
    assert len(pieces) > 3
    assert [piece.first for piece in pieces[1:]] == [piece.last + 1 for piece in pieces[:-1]]
    found = find(
        Attached((AttachedDocument(1, document),)), "How do I descale it?", cancel=threading.Event()
    )
    assert "vinegar" in found[0].text
    assert 100 < len(found[0].text.split()) <= 220


def test_a_question_that_says_little_is_known() -> None:
    assert is_short("And cats?")
    assert is_short("Why?")
    assert not is_short("What is a deposit?")
    assert not is_short("How long is the notice period?")


class Shelf:
    """Keeps vectors as the store does."""

    def __init__(self) -> None:
        self.kept: dict[tuple[int, str], bytes] = {}

    def get(self, document_id: int, model_key: str) -> bytes | None:
        return self.kept.get((document_id, model_key))

    def put(self, document_id: int, model_key: str, vectors: bytes) -> None:
        self.kept[document_id, model_key] = vectors


def test_vectors_are_made_once_kept_and_used(two: Attached, tmp_path) -> None:
    stop = threading.Event()
    shelf = Shelf()
    embedder = Embedder(log=None, nice=0)
    embedder.choose(tiny_bert(tmp_path / "bert.gguf").path)
    try:
        vectors = PassageVectors(embedder, "bert", shelf)
        assert vectors.closeness(two, "rent", cancel=stop) is None  # not made yet
        steps = list(vectors.prepare(two, cancel=stop))
        assert (steps[-1].done, steps[-1].total) == (8, 8)
        assert len(shelf.kept) == 2
        again = PassageVectors(embedder, "bert", shelf)
        assert list(again.prepare(two, cancel=stop)) == []
        fresh = vectors.closeness(two, "the tenant pays rent", cancel=stop)
        kept = again.closeness(two, "the tenant pays rent", cancel=stop)
        assert fresh is not None
        assert kept is not None
        assert np.abs(fresh - kept).max() < 0.01  # kept in 16 bits
        assert find(two, "How much is the rent?", vectors=again, cancel=stop)
        # A document goes with its vectors, and the next one is given its number.
        shelf.kept.clear()
        assert list(again.prepare(two, cancel=stop)) == []
        again.forget(two.documents[0].id)
        steps = list(again.prepare(two, cancel=stop))
        assert 0 < steps[-1].total < 8
        assert [document_id for document_id, _ in shelf.kept] == [two.documents[0].id]
        shelf.kept = {key: value[:-1] for key, value in shelf.kept.items()}  # damaged: made anew
        assert list(PassageVectors(embedder, "bert", shelf).prepare(two, cancel=stop))
        stop.set()
        assert not shelf.get(99, "x")
        other = PassageVectors(embedder, "other", shelf)
        assert [step.done for step in other.prepare(two, cancel=stop)] == [0]
    finally:
        embedder.close()


def test_sections_of_a_section_tell_the_way(make_document: Callable[..., Document]) -> None:
    document = make_document({"House rules": "", "Noise": "Be quiet after ten at night."})
    sections = (Section("House rules", 1, -1, 1), Section("Noise", 2, 0, 1))
    document = replace(document, sections=sections)
    found = find(
        Attached((AttachedDocument(1, document),)),
        "How late may I make noise?",
        cancel=threading.Event(),
    )
    assert found[0].heading == "House rules › Noise"
