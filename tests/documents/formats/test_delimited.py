"""Delimited values: what parts the cells, and how they are encoded, is found out."""

from pathlib import Path

import pytest

from assistant.documents.document import BlockKind, PageUnit
from assistant.documents.draft import Draft
from assistant.documents.formats.delimited import read
from assistant.documents.limits import Limits
from assistant.documents.sniffing import FileType, sniff
from assistant.errors import DocumentError, FileFault

GERMAN = (
    'Datum;Betrag;Menge\n01.05.2026;1.204,50;3\n02.05.2026;99,00;4\n"Summe; für alle";1.303,50;7\n'
)
ENGLISH = 'Day,Amount,Note\n2026-05-01,"1,204.50",first\n2026-05-02,99,"two\nlines"\n'


def draft(tmp_path: Path, content: bytes, name: str = "a.csv", **limits: int) -> Draft:
    path = tmp_path / name
    path.write_bytes(content)
    return read(path, Limits(**limits))


def lines(found: Draft) -> list[str]:
    return [
        line for page in found.pages for block in page.blocks for line in block.text.split("\n")
    ]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_german_program_wrote_it(tmp_path: Path, encoding: str) -> None:
    found = draft(tmp_path, GERMAN.replace("\n", "\r\n").encode(encoding))
    assert found.unit is PageUnit.SHEET
    assert lines(found)[0::3] == ["Datum\tBetrag\tMenge", "Summe; für alle\t1.303,50\t7"]
    amount, pieces = found.tables[0].columns
    assert (amount.total, amount.stated, pieces.total) == (1303.5, 1303.5, 7)


def test_an_english_one(tmp_path: Path) -> None:
    found = draft(tmp_path, ENGLISH.encode())
    assert lines(found)[2] == "2026-05-02\t99\ttwo lines"
    assert found.tables[0].columns[0].total == 1303.5
    for mark in ("\t", "|", ";"):
        text = ENGLISH.replace('"1,204.50"', "1204.50").replace(",", mark)
        assert lines(draft(tmp_path, text.encode()))[0] == "Day\tAmount\tNote"
    assert lines(draft(tmp_path, b"sep=^\na^b\nc,^d\n")) == ["a\tb", "c,\td"]


def test_notes_around_a_table(tmp_path: Path) -> None:
    found = draft(
        tmp_path, b"Costs of May\n\nItem,Euros,By\nRent,5,Ann\nHeat,7,Ben\n\nNot final.\n"
    )
    assert [block.kind for block in found.pages[0].blocks] == [
        BlockKind.PARAGRAPH,
        BlockKind.TABLE,
        BlockKind.PARAGRAPH,
    ]
    assert found.tables[0].columns[0].total == 12


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.csv", GERMAN, FileType.DELIMITED),
        ("a.txt", GERMAN, FileType.DELIMITED),
        ("a.txt", ENGLISH.replace('"two\nlines"', "x"), FileType.DELIMITED),
        ("a.txt", "a\tb\nc\td\ne\tf\n", FileType.DELIMITED),
        ("a.csv", "just one line", FileType.TEXT),
        (
            "a.txt",
            "Dear Ann, dear Ben,\nwe met, as you know,\non Monday, in town,\n",
            FileType.TEXT,
        ),
        ("a.txt", "One line.\nAnother, with a comma.\nA third one.\n", FileType.TEXT),
        ("a.md", "a\tb\nc\td\ne\tf\n", FileType.MARKDOWN),
    ],
)
def test_tables_are_told_from_prose(tmp_path: Path, name: str, content: str, kind: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    assert sniff(path) is kind


def test_limits(tmp_path: Path) -> None:
    for content, limits, limit in (
        (b"a,b\nc,d\n", {"table_cells": 3}, "table cells 3"),
        (b'a,b\nc,"' + b"x" * 1_100_000, {}, "cell characters 1000000"),
        (b"a,b\n" + b"c,d\n" * 20_000, {"pages": 2}, "pages 2"),
    ):
        with pytest.raises(DocumentError) as caught:
            draft(tmp_path, content, **limits)
        assert (caught.value.fault, caught.value.limit) == (FileFault.TOO_LARGE, limit)
