"""How a document is cut: nothing is lost, everything fits, and changes stay where they are."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.documents.document import BlockKind, Document, Section, Sentence, Span
from assistant.summaries.thorough.passages import Cut, Node, cut
from assistant.summaries.thorough.units import ORDERS, Border, units_of

MakeDocument = Callable[[dict[str, str]], Document]


def count(texts: Sequence[str]) -> tuple[int, ...]:
    """A tokenizer of whole words."""
    return tuple(len(text.split()) for text in texts)


def cut_up(document: Document, size: int = 100) -> Cut:
    return cut(document, units_of(document, longest=size // 2, count=count), size)


def sentences(number: int, seed: int = 0) -> str:
    rng = random.Random(seed)
    words = ("rent", "tenant", "pays", "month", "lease", "ends", "notice", "court", "garden")
    lines = (" ".join(rng.choices(words, k=9)).capitalize() for _ in range(number))
    return " ".join(f"{line} {at}." for at, line in enumerate(lines))


def test_every_sentence_is_read_once_and_every_passage_fits(make_document: MakeDocument) -> None:
    texts = {"Preamble": sentences(2), "Duties": sentences(60), "Short": "One. Two."}
    texts |= {f"Article {number}": sentences(3, number) for number in range(12)}
    texts |= {"Long word": "x" * 10 + " " + " ".join(["word"] * 200) + "."}
    document = make_document(texts)
    whole = cut_up(document)
    assert all(passage.tokens <= 110 for passage in whole.passages)
    read = " ".join(passage.text for passage in whole.passages).split()
    for sentence in document.sentences:
        for word in sentence.text.split():
            assert word in read
    assert sum(read.count(word) for word in ("word", "word.")) == 200
    assert {page for passage in whole.passages for page in passage.pages} == set(range(1, 17))
    assert sorted(whole.root.passages()) == list(range(len(whole.passages)))
    duties = next(part for part in whole.root.parts if isinstance(part, Node))
    assert document.sections[duties.section].title == "Duties"
    assert all(whole.passages[part].way == ("Duties",) for part in duties.passages())
    assert any(len(passage.sections) > 2 for passage in whole.passages)  # small ones, together


def test_a_change_moves_few_cuts(make_document: MakeDocument) -> None:
    lines = sentences(400).split(". ")
    before = cut_up(make_document({"": ". ".join(lines)}))
    changed = [*lines[:40], "A new sentence stands here now", *lines[40:]]
    after = cut_up(make_document({"": ". ".join(changed)}))
    known = {passage.text for passage in before.passages}
    again = [passage for passage in after.passages if passage.text not in known]
    assert len(after.passages) > 40
    assert len(again) <= 8


def test_headings_make_a_tree_that_is_never_too_deep(make_document: MakeDocument) -> None:
    document = make_document({f"Part {number}": sentences(20, number) for number in range(12)})
    chain = tuple(Section(f"Part {at}", at + 1, at - 1, at + 1) for at in range(12))
    whole = cut_up(replace(document, sections=chain))
    assert whole.passages[0].way == ("Part 0",)
    assert whole.passages[-1].way == tuple(f"Part {at}" for at in (0, 1, 2, 3, 4, 11))


def test_lists_and_long_tables_are_shortened_and_told_of(make_document: MakeDocument) -> None:
    document = make_document({"Intro": sentences(3), "References": sentences(40)})
    rows = tuple(
        Sentence(f"row {at}\t{at}", (Span(1, 0, 5),), 0, BlockKind.TABLE) for at in range(90)
    )
    document = replace(
        document, sentences=(*document.sentences[:3], *rows, *document.sentences[3:])
    )
    units = units_of(document, longest=50, count=count, orders={0})
    assert units.shortened == (1, 2)
    assert sum(unit.text.startswith("row") for unit in units.of_section[0]) == 24
    assert 40 <= sum(unit.tokens for unit in units.of_section[1]) <= 60
    assert units.of_section[0][0].text == ORDERS
    assert units.of_section[0][0].border is Border.SECTION


def test_a_single_sentence_is_a_passage(make_document: MakeDocument) -> None:
    whole = cut_up(make_document({"": "The tenant pays the rent each month."}))
    assert [passage.text for passage in whole.passages] == ["The tenant pays the rent each month."]
    assert cut_up(make_document({"": ""})).passages == ()
