"""Comparing two documents: what differs is found, told from what moved, and put in order."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents.assembling import Assembler
from assistant.documents.document import (
    Attachment,
    BlockKind,
    ColumnFigures,
    Document,
    Page,
    PageStatus,
    TableFigures,
)
from assistant.documents.draft import DraftBlock, DraftPage
from assistant.documents.reading import Reader
from assistant.summaries.comparing import Comparison, Concern, EditKind, compare
from assistant.summaries.comparing.edits import edits
from assistant.summaries.exporting.comparisons import comparison_data, in_short, receipt
from assistant.summaries.stopping import RankingStopped
from tests.summaries.conftest import document_of

Blocks = list[tuple[BlockKind, str]]
HEADING, TEXT, TABLE = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.TABLE
LEASE: Blocks = [
    (TEXT, "This lease is made on 1 March 2026 between Anna Berg and Tom Hill."),
    (HEADING, "1. Rent"),
    (
        TEXT,
        (
            "The tenant shall pay a monthly rent of 950 euros on the first day of each month. The"
            " rent includes water and heating. The deposit of 1,900 euros is returned within"
            " thirty (30) days after the end of the lease."
        ),
    ),
    (TABLE, "Item\tAmount\tDue\nRent\t950\tmonthly\nParking\t60\tmonthly\nCleaning\t45\tweekly"),
    (HEADING, "2. Use"),
    (
        TEXT,
        (
            "The tenant may keep small animals in the flat. The tenant must not smoke in the"
            " stairwell. Bicycles are kept in the cellar. The owner pays the tenant for repairs."
        ),
    ),
    (HEADING, "3. End"),
    (
        TEXT,
        (
            "Either party may end this lease with three months' notice, and it must be in writing."
            " The keys are returned on the last day."
        ),
    ),
]
REVISED: Blocks = [
    (TEXT, "This lease is made on 15 March 2026 between Anna Berg and Tom Hill."),
    (HEADING, "1. Use"),
    (
        TEXT,
        (
            "The tenant may not keep small animals in the flat. Bicycles are kept in the cellar."
            " The tenant pays the owner for repairs. The tenant must not smoke in the stairwell."
        ),
    ),
    (HEADING, "2. Rent and costs"),
    (
        TEXT,
        (
            "The tenant shall pay a monthly rent of 1,050 euros on the first day of each month. The"
            " rent includes water and heating. The deposit of 1900 euros is returned within sixty"
            " (60) days after the end of the lease. Late payments bear interest of 5% a year."
        ),
    ),
    (TABLE, "Item\tAmount\tDue\nRent\t1,050\tmonthly\nParking\t60\tmonthly\nCleaning\t45\tweekly"),
    (HEADING, "3. End"),
    (TEXT, "Either party may end this lease with three months’ notice, and it must be in writing."),
]


def read(blocks: Blocks, page_of: Callable[[int], int] = lambda at: 1 + at // 3) -> Document:
    """A document of these blocks, three a page, cut into sentences as files are."""
    assembler = Assembler()
    pages: dict[int, list[DraftBlock]] = {}
    for at, (kind, text) in enumerate(blocks):
        level = 1 if kind is HEADING else 0
        pages.setdefault(page_of(at), []).append(DraftBlock(kind, text, level))
    for number in sorted(pages):
        assembler.add(DraftPage(tuple(pages[number])))
    return replace(
        document_of({}),
        pages=tuple(assembler.pages),
        sections=tuple(assembler.sections),
        sentences=tuple(assembler.sentences()),
    )


@pytest.fixture(scope="module")
def found() -> Comparison:
    return compare(read(LEASE), read(REVISED))


def test_what_binds_comes_first_and_every_change_has_its_places(found: Comparison) -> None:
    old, new = read(LEASE), read(REVISED)
    first, second = found.changed[0], found.changed[1]
    assert first.new == "The tenant may not keep small animals in the flat."
    assert first.concerns == (Concern.NEGATION,)
    assert second.concerns == (Concern.ROLES,)
    assert second.new == "The tenant pays the owner for repairs."
    for change in (*found.changed, *found.moved):
        for span, text, document in (
            (change.old_span, change.old, old),
            (change.new_span, change.new, new),
        ):
            assert span is not None
            assert document.quote(span).split() == text.split()
    assert found.concerned(Concern.NUMBER) >= 4


def test_moved_text_is_not_called_changed(found: Comparison) -> None:
    moved = {change.new for change in found.moved}
    assert moved == {
        "1. Use",
        "Bicycles are kept in the cellar.",
        "The tenant must not smoke in the stairwell.",
    }
    touched = {change.new for change in (*found.changed, *found.added)}
    assert not moved & touched
    assert [change.old for change in found.removed] == ["The keys are returned on the last day."]
    assert [change.new for change in found.added] == ["Late payments bear interest of 5% a year."]


def test_other_quotation_marks_and_numbering_are_no_change(found: Comparison) -> None:
    assert not any("Either party" in change.new for change in found.changed)
    headings = [(change.old, change.new) for change in found.changed if change.is_heading]
    assert headings == [("1. Rent", "2. Rent and costs")]  # its text went there; 2. Use only moved


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("12. März 2027 endet der Vertrag.", "15. März 2027 endet der Vertrag."),
        ("1.5 million euros were paid.", "2.5 million euros were paid."),
        ("3.50 Euro kostet jeder Tag.", "4.50 Euro kostet jeder Tag."),
        ("7.5 Kilometer liegen dazwischen.", "9.5 Kilometer liegen dazwischen."),
    ],
)
def test_a_figure_that_begins_a_sentence_is_no_number_of_an_item(old: str, new: str) -> None:
    found = compare(read([(TEXT, old)]), read([(TEXT, new)]))
    assert [(change.old, change.new) for change in found.changed] == [(old, new)]
    assert found.figures
    rows = (f"Price\tItem\n{text.split()[0]}\tChair" for text in (old, new))
    table = compare(*(read([(TABLE, row)]) for row in rows))
    assert len(table.changed) == 1


def test_clauses_that_were_counted_anew_are_no_change() -> None:
    def clauses(*starts: str) -> Document:
        texts = ["Rent is due monthly.", "Pets are allowed here.", "Keys are returned then."]
        return read([(TEXT, f"{start} {text}") for start, text in zip(starts, texts, strict=True)])

    old = clauses("3.1", "3.2", "3.3")
    assert compare(old, clauses("4.1", "4.2", "4.3")).is_same
    assert compare(old, clauses("1.", "2.", "3.")).is_same
    assert compare(old, clauses("§ 7.1", "(b)", "IV.")).is_same


def test_edits_give_both_texts_and_mark_words_alone(found: Comparison) -> None:
    for change in found.changed:
        old = "".join(edit.text for edit in change.edits if edit.kind is not EditKind.ADDED)
        new = "".join(edit.text for edit in change.edits if edit.kind is not EditKind.REMOVED)
        assert (old, new) == (change.old, change.new)
    (rent,) = [change for change in found.changed if "monthly rent" in change.new]
    assert [edit.text.strip() for edit in rent.edits if edit.kind is not EditKind.KEPT] == [
        "950",
        "1,050",
    ]


def test_figures_that_differ_stand_in_a_table_and_those_that_do_not_stay_out(
    found: Comparison,
) -> None:
    figures = [(figure.what, figure.old, figure.new) for figure in found.figures]
    assert figures == [
        ("This lease is made on … between Anna Berg and", "1 March 2026", "15 March 2026"),
        ("tenant shall pay a monthly rent of … on the first day", "950 euros", "1,050 euros"),
        (
            "deposit of 1900 euros is returned within … after the end of",
            "thirty (30) days",
            "sixty (60) days",
        ),
        ("Rent › Amount", "950", "1,050"),
    ]
    assert [figure.is_date for figure in found.figures] == [True, False, False, False]


def test_the_same_is_the_same_also_where_it_is_cut_otherwise() -> None:
    old = read([(TEXT, "The rent is due. It is paid in advance; the tenant agrees.")])
    joined = read([(TEXT, "The rent is due. It is paid in advance;"), (TEXT, "the tenant agrees.")])
    assert compare(old, old).is_same
    assert compare(old, old).likeness == 1
    assert compare(old, joined).is_same
    empty = read([])
    assert [change.old for change in compare(old, empty).removed] == [
        "The rent is due.",
        "It is paid in advance; the tenant agrees.",
    ]
    assert compare(empty, empty).is_same


def test_what_could_not_be_read_is_not_called_the_same() -> None:
    whole = read([(TEXT, "The rent is due.")])
    locked = replace(whole, attachments=(Attachment("a.pdf", fault="encrypted"),))
    for other, told in (
        (whole, "Nothing differs: both say the same in the same order."),
        (locked, "Nothing differs in what could be read; the receipt tells what could not."),
    ):
        found = compare(whole, other)
        assert found.is_same
        assert in_short(found) == told
    assert "Not compared, files in it that were not read: a.pdf (encrypted)." in receipt(found)
    assert comparison_data(found)["new"]["unread"] == ["a.pdf"]  # type: ignore[index]
    cut = replace(whole, notes=("words-beside-main:9",))
    assert not compare(cut, whole).old.is_whole
    assert "Not compared: 9 words beside the main text." in receipt(compare(cut, whole))
    scanned = replace(whole, pages=(*whole.pages, Page(2, "", status=PageStatus.NEEDS_OCR)))
    assert "could be read" in in_short(compare(whole, scanned))


def test_totals_of_tables_are_compared() -> None:
    def with_total(total: float) -> Document:
        column = ColumnFigures("Amount", 3, total, 45, 950, "EUR")
        return replace(read(LEASE), tables=(TableFigures(1, "Costs", 3, (column,)),))

    (figure,) = compare(with_total(1055), with_total(1155.5)).figures
    assert (figure.what, figure.old, figure.new) == (
        "Costs › Amount, total",
        "1,055 EUR",
        "1,155.5 EUR",
    )


def test_long_documents_take_moments_and_a_stop_is_heard() -> None:
    lines = [f"Clause {n} binds the party number {n * 7} to deliver item {n}." for n in range(6000)]
    edited = [
        line.replace("binds", "shall bind") if n % 50 == 0 else line for n, line in enumerate(lines)
    ]
    edited[3000:3000] = edited[101:110]
    del edited[101:110]
    old, new = (read([(TEXT, line) for line in text]) for text in (lines, edited))
    found = compare(old, new)
    assert len(found.changed) == 120
    assert {change.concerns[0] for change in found.changed} == {Concern.OBLIGATION}
    assert (len(found.moved), found.added, found.removed) == (9, (), ())
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(RankingStopped):
        compare(old, new, cancel=cancel)


OFFICE = Path(__file__).resolve().parents[1] / "files" / "office"


@pytest.mark.shared_process
def test_the_same_document_in_six_formats_hardly_differs() -> None:
    reader = Reader()
    cancel = threading.Event()

    def load(ending: str) -> Document:
        *_, document = reader.read(OFFICE / f"harbour.{ending}", cancel=cancel)
        assert isinstance(document, Document)
        return document

    try:
        docx = load("docx")
        for ending in ("odt", "rtf", "txt"):
            assert compare(docx, load(ending)).is_same, ending
        for ending in ("epub", "html", "pdf"):  # footnotes stand elsewhere in these
            found = compare(docx, load(ending))
            assert found.likeness > 0.95, ending
            assert len(found.changed) + len(found.added) + len(found.removed) <= 5, ending
    finally:
        reader.close()


@given(
    st.lists(st.sampled_from(["rent ", "950", " €", "²", "½", "“a”", "\n", "_", "-", "了", "x"])),
    st.lists(st.sampled_from(["rent ", "960", " €", "³", "¼", '"a"', "\t", "_", "-", "好", "x"])),
)
def test_edits_never_lose_a_letter(old: list[str], new: list[str]) -> None:
    before, after = "".join(old), "".join(new)
    found = edits(before, after)
    kept_new = "".join(edit.text for edit in found if edit.kind is not EditKind.REMOVED)
    kept_old = "".join(edit.text for edit in found if edit.kind is not EditKind.ADDED)
    assert kept_new == after
    assert letters(kept_old) == letters(before)


def letters(text: str) -> str:
    """The text without blanks, all quotation marks alike."""
    return "".join(text.replace("“", '"').replace("”", '"').split())
