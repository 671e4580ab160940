"""Plain text: encodings, paragraphs, headings, lists, tables."""

from pathlib import Path

import pytest

from assistant.documents.document import BlockKind
from assistant.documents.draft import Draft
from assistant.documents.formats.text import blocks, decode, read
from assistant.documents.limits import Limits

RFC = """
Network Working Group                                         A. Author
Request for Comments: 1                                      March 1997


                A Protocol for Talking to Libraries

Abstract

   This document says how to talk to a library.  It does not say how
   to listen.

1.  Introduction

   The key word "MUST" is used.  An implementation MUST NOT shout, see
   section 2.1.

2.1.  Messages

   o  A message has a name.

   o  A message may have a body, which is text in any encoding that
      both sides know.

RULES OF THE HOUSE

   (a) Be quiet.
   (b) Bring the books back.
"""


def of(text: str, kind: BlockKind) -> list[str]:
    return [block.text for block in blocks(text) if block.kind is kind]


def draft(tmp_path: Path, text: str) -> Draft:
    path = tmp_path / "a.txt"
    path.write_text(text)
    return read(path, Limits())


def test_an_rfc() -> None:
    assert of(RFC, BlockKind.HEADING) == ["1. Introduction", "2.1. Messages", "RULES OF THE HOUSE"]
    levels = [block.level for block in blocks(RFC) if block.level]
    assert levels == [1, 2, 1]
    assert "This document says how to talk to a library. It does not say how to listen." in of(
        RFC, BlockKind.PARAGRAPH
    )
    assert of(RFC, BlockKind.LIST_ITEM)[-2:] == ["(a) Be quiet.", "(b) Bring the books back."]


@pytest.mark.parametrize(
    ("text", "title", "level"),
    [
        ("Rent\n====\n\nThe rent.", "Rent", 1),
        ("Rent\n----\nThe rent.", "Rent", 2),
        ("CHAPTER IV\n\nText.", "CHAPTER IV", 1),
        ("§ 5 Kündigung\n\nText.", "§ 5 Kündigung", 2),
        ("3.2 Duties of the tenant\n\nText.", "3.2 Duties of the tenant", 2),
    ],
)
def test_headings(text: str, title: str, level: int) -> None:
    (heading,) = [block for block in blocks(text) if block.kind is BlockKind.HEADING]
    assert (heading.text, heading.level) == (title, level)
    assert "".join(of(text, BlockKind.PARAGRAPH)) in {"The rent.", "Text."}


def test_what_is_no_heading() -> None:
    for text in ("The rent is due.\n", "one\ntwo\nthree\n", "5 apples, 3 pears and more,\n"):
        assert not of(text, BlockKind.HEADING)


def test_a_table_keeps_its_rows() -> None:
    text = "Month      Rent      Paid\nMay        500       yes\nJune       510       no\n"
    assert of(text, BlockKind.TABLE) == ["Month\tRent\tPaid\nMay\t500\tyes\nJune\t510\tno"]


def test_indented_paragraphs_of_a_book() -> None:
    text = "  It began in May.\nNobody knew.\n  In June it rained.\nIt was cold.\n"
    assert of(text, BlockKind.PARAGRAPH) == [
        "It began in May. Nobody knew.",
        "In June it rained. It was cold.",
    ]


def test_words_cut_at_line_ends(tmp_path: Path) -> None:
    text = "The inter-\nnational rule is well-\nknown. It is international. Fine.\n"
    page = draft(tmp_path, text).pages[0]
    assert page.blocks[0].text == (
        "The international rule is well-known. It is international. Fine."
    )


def test_a_first_line_alone_is_the_title(tmp_path: Path) -> None:
    page = draft(tmp_path, "The Lease\n\nThe tenant pays the rent.\n").pages[0]
    assert page.blocks[0].kind is BlockKind.HEADING


def test_old_manual_pages(tmp_path: Path) -> None:
    page = draft(
        tmp_path, "N\x08NA\x08AM\x08ME\x08E of the _\x08f_\x08i_\x08l_\x08e here.\n"
    ).pages[0]
    assert page.blocks[0].text == "NAME of the file here."


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "iso-8859-15"]
)
def test_encodings(encoding: str) -> None:
    text = "Der Mieter zahlt für die Wohnung täglich fünf Euro. Das ist schön und größer. " * 5
    assert decode(text.encode(encoding)) == text


def test_other_alphabets() -> None:
    text = "Наниматель обязан вносить плату за жилое помещение каждый месяц без задержек. " * 5
    assert decode(text.encode("cp1251")) == text
    assert decode(text.encode("koi8-r"), "koi8-r") == text
    assert (
        decode("賃借人は毎月家賃を支払わなければならない。".encode("shift_jis"), "shift_jis")[:3]
        == "賃借人"
    )


def test_a_wrong_byte_spoils_no_other_letter() -> None:
    text = "Größe und Übermaß für Käufer. "
    assert decode(text.encode() + b"\xff") == text + "\ufffd"
    assert decode(text.encode()[:-1] + "ß".encode()[:1]) == text[:-1] + "\ufffd"
    assert decode(text.encode() + "Maß".encode("latin-1"), "latin-1") == text + "Ma\ufffd"
    assert decode("借主は毎月".encode() + b"\xe5") == "借主は毎月\ufffd"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Größe", "cp1252"),
        ("The tenant’s rent — “two” euros", "cp1252"),
        ("¿Qué? Mañana.", "cp1252"),
        ("Für die Übung wäre es schön, “ja”", "mac_roman"),
        ("Najemca płaci czynsz i nie może podnajmować mieszkania.", "cp1250"),
        ("Już śpi źle, a może nie płaci.", "iso8859_2"),
        ("A bérlő a hónap első napján fizet, egyszerű.", "cp1250"),
        ("Söz vermiştin, değil mi? İlk günü.", "cp1254"),
        ("Арендатор платит арендную плату.", "cp1251"),
        ("承租人应于每月第一天支付租金。不得转租。", "gb18030"),
        ("借主は毎月一日に家賃を支払う。", "shift_jis"),
        ("The rent", "utf-32"),
    ],
)
def test_encodings_by_few_letters(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text
