"""Long pages are parted at headings, and every place has a name."""

import pytest

from assistant.documents.captions import mark_captions
from assistant.documents.document import BlockKind, PageUnit
from assistant.documents.draft import Draft, DraftBlock, DraftPage
from assistant.documents.numerals import Numeral, written
from assistant.documents.parts import MOST, divide
from assistant.wording import place_short, place_words, unit_word

TEXT = "The rent is due in May. " * 40  # about 1,000 characters


def blocks(*kinds: str) -> list[DraftBlock]:
    made = {"p": (BlockKind.PARAGRAPH, TEXT, 0), "f": (BlockKind.FOOTNOTE, "A note.", 0)}
    return [
        DraftBlock(*made[kind])
        if kind in made
        else DraftBlock(BlockKind.HEADING, kind, int(kind[0]))
        for kind in kinds
    ]


def test_parts() -> None:
    page = DraftPage(blocks("1 A", *"pppppp", "2 B", *"ppppp", "3 C", "p", "1 D", *"p" * 18, "f"))
    draft = divide(Draft("text", [page]))
    assert draft.unit is PageUnit.PART
    assert [part.label for part in draft.pages] == ["1 A", "2 B", "1 D", "1 D"]
    assert [block for part in draft.pages for block in part.blocks] == page.blocks
    assert draft.pages[-1].blocks[-1].kind is BlockKind.FOOTNOTE

    row = "May\t1,204\n"
    table = DraftPage([DraftBlock(BlockKind.TABLE, row * (3 * MOST // len(row)))], label="Costs")
    draft = divide(Draft("epub", [table, DraftPage(blocks("p"))], unit=PageUnit.CHAPTER))
    assert draft.unit is PageUnit.CHAPTER
    assert len(draft.pages) == 4
    assert {part.label for part in draft.pages[:-1]} == {"Costs"}
    lines = [line for part in draft.pages[:-1] for line in part.blocks[0].text.strip().split("\n")]
    assert set(lines) == {row.strip()}

    for whole in (
        Draft("text", [DraftPage(blocks("p"))]),
        Draft("text", [page, page]),
        Draft("pptx", [page], unit=PageUnit.SLIDE),
    ):
        assert divide(whole) is whole


def test_captions() -> None:
    page = DraftPage([DraftBlock(BlockKind.PARAGRAPH, text) for text in ("Table 1: Fees", "Table")])
    mark_captions(Draft("html", [page]))
    assert [block.kind for block in page.blocks] == [BlockKind.CAPTION, BlockKind.PARAGRAPH]


@pytest.mark.parametrize(
    ("unit", "label", "words", "short"),
    [
        (PageUnit.PAGE, "", "page 3", "p. 3"),
        (PageUnit.SLIDE, "", "slide 3", "slide 3"),
        (PageUnit.SHEET, "Costs", "sheet Costs", "sheet Costs"),
        (PageUnit.SHEET, "", "sheet 3", "sheet 3"),
        (PageUnit.CHAPTER, "The harbour", "chapter 3 · The harbour", "ch. 3"),
        (PageUnit.MESSAGE, "Re:\n\x1b[1mrent\u202e", "message 3 · Re: [1mrent", "message 3"),
        (PageUnit.PART, "x" * 99, "part 3 · " + "x" * 59 + "…", "part 3"),
    ],
)
def test_places(unit: PageUnit, label: str, words: str, short: str) -> None:
    assert place_words(unit, 3, label) == words
    assert place_short(unit, 3, label) == short


def test_every_unit_has_words() -> None:
    for unit in PageUnit:
        assert place_words(unit, 1, translate=lambda text: f"» {text}") == f"» {unit} 1"
        assert unit_word(unit, 1) + "s" == unit_word(unit, 2)


def test_numerals() -> None:
    assert [written(4, numeral) for numeral in Numeral] == [
        "", "4", "04", "d", "D", "iv", "IV", "4th", "四", "④", "\u0433", "ד", "ث", "٤",
    ]  # fmt: skip
    assert [written(28, Numeral.LOWER_LETTER), written(1994, Numeral.UPPER_ROMAN)] == [
        "bb",
        "MCMXCIV",
    ]
    assert [written(number, Numeral.ORDINAL) for number in (1, 12, 23)] == ["1st", "12th", "23rd"]
    assert [written(number, Numeral.CHINESE) for number in (10, 21, 300)] == ["十", "二十一", "300"]
    assert written(-3, Numeral.LOWER_ROMAN) == "-3"
