"""RTF: encodings, styles, lists, tables and notes, and files that are broken or do harm."""

from pathlib import Path

import pytest

from assistant.documents.draft import Draft
from assistant.documents.formats.rtf import read_rtf
from assistant.documents.limits import Limits
from assistant.errors import DocumentError, FileFault


@pytest.fixture
def draft(tmp_path: Path):
    def draft(body: bytes | str, limits: Limits | None = None) -> Draft:
        path = tmp_path / "a.rtf"
        data = body.encode("latin-1") if isinstance(body, str) else body
        path.write_bytes(b"{\\rtf1\\ansi\\ansicpg1252\\deff0 " + data + b"}")
        return read_rtf(path, limits or Limits())

    return draft


@pytest.fixture
def pairs(draft):
    def pairs(body: bytes | str) -> list[tuple[str, str]]:
        return [(block.kind.value, block.text) for block in draft(body).pages[0].blocks]

    return pairs


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (rb"gr\'f6\'dfer\par", "größer"),
        (rb"{\fonttbl\f0\fcharset0 A;\f1\fcharset204 B;}\f1 \'ef\'eb\'e0\f0  \'e4", "пла ä"),
        (rb"{\fonttbl{\f0\fcharset128 A;}}\f0 \'89\'c6\'92\'c0", "家賃"),
        (rb"{\fonttbl{\f0\fcharset128 A;}}\f0\uc2\u23478\'89\'c6\uc1\u-28719?x", "家近x"),
        (rb"\uc2\u945 ab\uc0\u946\uc1\u947 c{\u948}d", "\u03b1\u03b2\u03b3\u03b4d"),
        (rb"\u-10179?\u-8704?", "😀"),
        (rb"a\~b\_c\-d\emdash e\ldblquote f\rdblquote\tab g\line h", "a b-cd—e“f” g h"),
        (rb"\{a\\b\}", "{a\\b}"),
        (rb"one\bin5 }}}}}two", "onetwo"),
        (rb"{\upr{old}{\*\ud{new \u8364?}}}", "new €"),
        (b"a line\r\n that goes on", "a line that goes on"),
        (rb"shown{\v  hidden}{\deleted  gone}{\*\unknown x}{\pict 00{\*\x}} more", "shown more"),
        (rb'{\field{\*\fldinst HYPERLINK "x"}{\fldrslt a link}}', "a link"),
    ],
)  # fmt: skip
def test_text(pairs, body: bytes, text: str) -> None:
    assert pairs(body) == [("paragraph", text)]


def test_structure(draft, pairs) -> None:
    body = (
        r"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}{\s2 heading 2;}{\s3 caption;}"
        r"{\s4 toc 1;}{\s5 HTML Preformatted;}{\*\cs6 Strong;}}"
        r"{\info{\title The lease}{\author Nobody}}"
        r"{\header A header\par}"
        r"\pard\s4 Rent\tab 4\par Term\tab 5\par"
        r"\pard\s1 Rent\par\pard\s2 Deposit\par"
        r"\pard\s0\ls1{\listtext 1.\tab}First\par{\listtext\u8226 ?\tab}Second\par"
        r"\pard It is due{\footnote\pard See the annex.\par} in May."
        r"{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt\pard In a box.\par Second line.\par}}"
        r"{\shprslt old}}\par"
        r"\pard\s3 Table 1: Rooms\par"
        r"\pard\s5 a = 1\par b = 2\par"
    )
    assert draft(body).titles[0] == "The lease"
    assert pairs(body) == [
        ("table", "Rent\t4\nTerm\t5"),
        ("heading", "Rent"),
        ("heading", "Deposit"),
        ("list-item", "1. First"),
        ("list-item", "Second"),
        ("paragraph", "It is due in May."),
        ("paragraph", "In a box."),
        ("paragraph", "Second line."),
        ("footnote", "See the annex."),
        ("caption", "Table 1: Rooms"),
        ("code", "a = 1\nb = 2"),
    ]


def test_tables(pairs) -> None:
    body = (
        r"\trowd\pard\intbl Room\cell Size\cell\row"
        r"\trowd\pard\intbl Kitchen{\footnote New.}\cell\cell\row"
        r"\trowd\pard\intbl a\par b\cell\pard\intbl\itap2 x\nestcell y\nestcell"
        r"{\*\nesttableprops\trowd\nestrow}{\nonesttables\par}\pard\intbl\itap1 c\cell\row"
        r"\pard After.\par"
    )
    assert pairs(body) == [
        ("table", "Room\tSize\nKitchen"),
        ("footnote", "New."),
        ("table", "a b\tc"),
        ("table", "x\ty"),
        ("paragraph", "After."),
    ]


def test_headings_by_their_looks_where_there_are_no_styles(pairs) -> None:
    assert [kind for kind, _ in pairs(r"{\b The rent}\par It is due in May.\par")] == [
        "heading",
        "paragraph",
    ]


@pytest.mark.parametrize(
    "body", [b"", b"{{{{", b"}}}}text", b"\\", b"\\'", b"\\'f", b"\\u", b"{\\*", b"\\bin99999999"]
)
def test_broken_files_do_not_break(draft, body: bytes) -> None:
    draft(body)


def test_harmful_files_are_refused(draft) -> None:
    with pytest.raises(DocumentError) as caught:
        draft(b"{" * 100_000)
    assert caught.value.fault is FileFault.DAMAGED
    with pytest.raises(DocumentError) as caught:
        draft(b"a" * 2_000, Limits(markup_bytes=1_000))
    assert caught.value.fault is FileFault.TOO_LARGE
    with pytest.raises(DocumentError) as caught:
        draft(b"\\par " * 1_000_001)
    assert caught.value.limit == "paragraphs 1000000"
    assert draft(b"{\\pict " + b"00" * 1_000_000 + b"}a").pages[0].blocks[0].text == "a"
