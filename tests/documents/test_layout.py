"""What only the place of lines tells: running heads, columns, paragraphs, cut words."""

import math
from dataclasses import replace

import pytest

from assistant.documents.columns import in_reading_order
from assistant.documents.document import BlockKind, PageStatus
from assistant.documents.draft import DraftBlock, DraftPage
from assistant.documents.groups import group, measure_type
from assistant.documents.headings import Outline
from assistant.documents.hyphens import mend
from assistant.documents.layout import SourcePage, lay_out
from assistant.documents.lines import HYPHEN, Line, Piece, joined
from assistant.documents.running_heads import without_running_heads

HEIGHT = 800.0


def line(
    text: str, top: float = 100, left: float = 50, *, size: float = 10, **more: object
) -> Line:
    width = more.pop("width", 0.5 * size * len(text))
    return Line(text, left, left + width, top, top + size, size, **more)


def kept(pages: list[list[Line]]) -> list[list[str]]:
    result = without_running_heads(pages, [HEIGHT] * len(pages))
    return [[line.text for line in lines] for lines in result]


def page(*outer: Line, number: int) -> list[Line]:
    return [*outer, *(line(f"Text {word} of {number}.", 200) for word in ("one", "two", "six"))]


@pytest.mark.parametrize(
    ("head", "count"),
    [
        ("The Lease", 4),
        ("The Lease – {number}", 4),
        ("{number}", 4),
        ("Page {number} of 9", 9),
        ("{number} Chapter {chapter}", 9),
        ("- {number} -", 2),
    ],
)
@pytest.mark.parametrize("top", [20.0, 780.0])
def test_running_heads_go(head: str, count: int, top: float) -> None:
    pages = [
        page(line(head.format(number=n, chapter="ABC"[n % 3] * 3), top), number=n)
        for n in range(1, count + 1)
    ]
    assert all(len(lines) == 3 for lines in kept(pages))


def test_a_sign_that_looks_like_a_masked_number() -> None:
    heads = ["Rule 1 of 4", "Rule # of 4", "Rule # of #", "Rule 4 of 4"]
    pages = [page(line(head, 20), number=n) for n, head in enumerate(heads, start=1)]
    assert all(len(lines) >= 3 for lines in kept(pages))


def test_heads_of_left_and_right_pages_go() -> None:
    pages = [page(line(("Left", "Right")[n % 2], 20), number=n) for n in range(1, 7)]
    assert all(len(lines) == 3 for lines in kept(pages))


def test_heads_of_a_chapter_go() -> None:
    pages = [page(line(f"Chapter {'ABCD'[n // 5]}", 20), number=n) for n in range(20)]
    assert all(len(lines) == 3 for lines in kept(pages))


def test_headings_at_the_top_of_pages_stay() -> None:
    for numbers, size in (([1, 2, 9, 7, 14, 3], 10.0), ([1, 2, 3, 4, 5, 6], 14.0)):
        pages = [page(line(f"Section {n}", 60, size=size), number=n) for n in numbers]
        assert [lines[0] for lines in kept(pages)] == [f"Section {n}" for n in numbers]


def test_what_repeats_in_the_middle_stays() -> None:
    pages = [page(line("Signed:", 400), number=n) for n in range(1, 7)]
    assert all("Signed:" in lines for lines in kept(pages))


def test_a_word_and_the_mark_after_it_are_one_line() -> None:
    mark = line("1", 98, 70, size=6)
    (whole,) = joined([line("Rent", 100, 50), mark])
    assert (whole.text, whole.size) == ("Rent1", 10)
    assert len(joined([line("Rent", 100, 50), line("Due", 100, 300)])) == 2


LEFT = ["the tenant pays the rent on", "the first day of the month", "and keeps the flat clean at"]
RIGHT = ["all times so that nobody has", "a reason to complain to the", "owner of the house in May"]


def rows(*, as_pieces: bool) -> list[Line]:
    lines = []
    for index in range(12):
        left, right = LEFT[index % 3], RIGHT[index % 3]
        top = 100 + 12 * index
        if as_pieces:
            pieces = (Piece(left, 50, 190), Piece(right, 220, 360))
            lines.append(line(f"{left} {right}", top, width=310, pieces=pieces))
        else:
            lines += [line(left, top, 50, width=140), line(right, top, 220, width=140)]
    return lines


@pytest.mark.parametrize("as_pieces", [True, False])
def test_interleaved_columns_are_put_in_order(as_pieces: bool) -> None:
    texts = [line.text for line in in_reading_order(rows(as_pieces=as_pieces))]
    assert texts == LEFT * 4 + RIGHT * 4


def test_columns_in_order_are_not_touched() -> None:
    lines = rows(as_pieces=False)
    ordered = lines[::2] + lines[1::2]
    assert in_reading_order(ordered) == ordered


def test_columns_are_looked_for_also_where_words_are_miles_away() -> None:
    """Damage does that, and it must not take for ever."""
    lines = [*rows(as_pieces=False), line("stray", 100, 1e12, width=9)]
    assert sorted(in_reading_order(lines), key=id) == sorted(lines, key=id)


def test_a_line_that_is_nowhere_is_put_below_the_one_before_it() -> None:
    first = line("Rent is due", 100)
    lost = [replace(first, **{place: number})
            for place in ("left", "right", "top", "bottom", "size")
            for number in (math.nan, math.inf)]  # fmt: skip
    lost.append(replace(first, pieces=(Piece("Rent", 50, 90), Piece("due", math.nan, 120))))
    for one in lost:
        assert not one.is_somewhere
        for before in (first, None):
            put = one.put_below(before)
            assert put.is_somewhere
            assert put.text == "Rent is due"
            assert put.top == (before.bottom if before else 0)


def test_a_table_is_not_taken_for_columns() -> None:
    lines = [
        line(f"Item {n} 5.00", 100 + 12 * n, pieces=(Piece("Item", 50, 70), Piece("5", 220, 230)))
        for n in range(20)
    ]
    assert in_reading_order(lines) == lines


def paragraphs(lines: list[Line]) -> list[tuple[BlockKind, str]]:
    return [(found.kind, found.text) for found in group(lines, measure_type([lines]))]


def test_paragraphs_by_space_indent_and_room() -> None:
    full = "The tenant shall pay the rent on the first day of"
    lines = [
        line(full, 100),
        line("each month.", 112),
        line(full, 124),  # the line before ended early
        line("each year,", 136),
        line(full, 166),  # more space
        line("and that is all of it which there is to say here.", 178),
        line("  Indented " + full[12:], 190, 62),
        line("• an item", 202),
        line("• another item", 214),
    ]
    assert [text for _, text in paragraphs(lines)] == [
        f"{full} each month.",
        f"{full} each year,",
        f"{full} and that is all of it which there is to say here.",
        "  Indented " + full[12:],
        "• an item",
        "• another item",
    ]


def test_code_is_text_where_all_is_code() -> None:
    typed = [line("The tenant shall pay", 100, is_mono=True), line("the rent.", 112, is_mono=True)]
    assert paragraphs(typed) == [(BlockKind.PARAGRAPH, "The tenant shall pay the rent.")]
    text = [line(f"The tenant shall pay the rent in {n}.", 200 + 12 * n) for n in range(9)]
    assert (BlockKind.CODE, "The tenant shall pay\nthe rent.") in paragraphs(typed + text)


def test_headings_by_size_and_outline() -> None:
    body = [line("The tenant shall pay the rent on the first day.", 200 + 12 * n) for n in range(9)]
    first = [line("The Lease", 60, size=20), line("1.1 Rent", 120, is_bold=True), *body]
    second = [line("Known to the outline", 120), line("Small print.", 140), *body]
    pages = [SourcePage(lines, HEIGHT, PageStatus.READ) for lines in (first, second)]
    drafts = lay_out(pages, Outline([("1. Known to the Outline", 2, 2)]))
    headings = [
        (block.text, block.level)
        for draft in drafts
        for block in draft.blocks
        if block.kind is BlockKind.HEADING
    ]
    assert [title for title, _ in headings] == ["The Lease", "1.1 Rent", "Known to the outline"]
    assert headings[0][1] < headings[1][1]
    assert headings[2][1] == 2


def mended(*texts: str, continues: bool = False) -> list[str]:
    pages = [DraftPage([DraftBlock(BlockKind.PARAGRAPH, text)]) for text in texts]
    if continues:
        pages[1].blocks[0].continues = True
    mend(pages)
    return [page.blocks[0].text for page in pages]


@pytest.mark.parametrize(
    ("cut", "elsewhere", "whole"),
    [
        ("auto-morphism", "automorphism", "automorphism"),
        ("Auto-morphism", "automorphism", "Automorphism"),
        ("auto-morphisms", "automorphism", "automorphisms"),
        ("well-known", "known well", "well-known"),
        ("co-operate", "co-operate co-operate cooperate", "co-operate"),
        ("Jean-Paul", "JeanPaul", "Jean-Paul"),
    ],
)
def test_cut_words(cut: str, elsewhere: str, whole: str) -> None:
    text = f"See the {cut.replace('-', HYPHEN)}, here."
    assert mended(text, elsewhere)[0] == f"See the {whole}, here."


def test_fragments_are_joined_where_words_are_evidently_cut() -> None:
    cut = "The mainte\x02nance of a well\x02known flat."
    assert mended(cut) == ["The mainte-nance of a well-known flat."]
    evidence = "A ten\x02ant and a land\x02lord and a con\x02tract. tenant landlord contract known"
    assert mended(cut, evidence)[0] == "The maintenance of a well-known flat."


def test_a_sentence_goes_on_beyond_a_footnote_of_its_column() -> None:
    full = "The tenant shall pay the rent on the first day of"
    left = [line(full, 100 + 12 * n) for n in range(30)]
    note = [line("1 A footnote about the rent.", 700, size=7)]
    right = [line("may and of june.", 100, 320), *(line(full, 112 + 12 * n, 320) for n in range(9))]
    (draft,) = lay_out([SourcePage(left + note + right, HEIGHT, PageStatus.READ)], Outline([]))
    kinds = [block.kind for block in draft.blocks]
    assert BlockKind.FOOTNOTE in kinds
    assert "the first day of may and of june." in draft.blocks[0].text


def test_stamps_over_every_page_go() -> None:
    stamp = {"size": 60, "is_upright": False}
    pages = [page(line("DRAFT", 300, **stamp), number=n) for n in range(1, 5)]
    assert all(len(lines) == 3 for lines in kept(pages))


def test_a_word_cut_by_the_end_of_a_page() -> None:
    first, second = mended(f"The auto{HYPHEN}", "morphism is an automorphism.", continues=True)
    assert (first, second) == ("The automorphism", "is an automorphism.")
