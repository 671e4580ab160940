"""Details of Word documents: numbers, pages, nested tables, hidden text."""

from pathlib import Path

import pytest

from assistant.documents.draft import Draft
from assistant.documents.formats.office import read_docx
from assistant.documents.limits import Limits
from tests.documents.formats.containers import (
    WORD,
    word_document,
    word_paragraph,
    word_run,
    word_table,
)

NUMBERING = f"""<w:numbering xmlns:w="{WORD}">
<w:abstractNum w:abstractNumId="0">
 <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:pStyle w:val="H1"/>
  <w:lvlText w:val="%1."/></w:lvl>
 <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="H2"/><w:isLgl/>
  <w:lvlText w:val="%1.%2"/></w:lvl>
 <w:lvl w:ilvl="2"><w:start w:val="3"/><w:numFmt w:val="lowerLetter"/>
  <w:lvlText w:val="(%3)"/></w:lvl>
 <w:lvl w:ilvl="3"><w:numFmt w:val="bullet"/><w:lvlText w:val="\uf0b7"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="Mine"/></w:abstractNum>
<w:abstractNum w:abstractNumId="2"><w:styleLink w:val="Mine"/>
 <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="§ %1"/></w:lvl>
</w:abstractNum>
<w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="6"><w:abstractNumId w:val="0"/>
 <w:lvlOverride w:ilvl="2"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
<w:num w:numId="7"><w:abstractNumId w:val="1"/></w:num>
</w:numbering>"""
STYLES = f"""<w:styles xmlns:w="{WORD}">
<w:style w:styleId="H1"><w:name w:val="heading 1"/>
 <w:pPr><w:numPr><w:numId w:val="5"/></w:numPr></w:pPr></w:style>
<w:style w:styleId="H2"><w:name w:val="heading 2"/><w:basedOn w:val="H1"/></w:style>
<w:style w:styleId="Code"><w:name w:val="Source Code"/></w:style>
<w:style w:type="character" w:styleId="Secret"><w:rPr><w:vanish/></w:rPr></w:style>
</w:styles>"""
BREAK = "<w:r><w:lastRenderedPageBreak/></w:r>"


@pytest.fixture
def draft(tmp_path: Path):
    def draft(body: str, pages: int = 0, more: dict[str, str] | None = None) -> Draft:
        path = tmp_path / "a.docx"
        parts = {"word/numbering.xml": NUMBERING, "word/styles.xml": STYLES} | (more or {})
        if pages:
            parts["docProps/app.xml"] = f"<Properties><Pages>{pages}</Pages></Properties>"
        word_document(path, body, parts)
        return read_docx(path, Limits())

    return draft


def texts(draft: Draft) -> list[list[str]]:
    return [[block.text for block in page.blocks] for page in draft.pages]


def numbered(text: str, level: int, numbering: int = 5) -> str:
    mark = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{numbering}"/></w:numPr>'
    return word_paragraph(text, inner=mark)


def test_numbers_as_word_shows_them(draft) -> None:
    body = (
        word_paragraph("Parties", "H1")
        + word_paragraph("Landlord", "H2")
        + word_paragraph("Tenant", "H2")
        + word_paragraph("Rent", "H1")
        + word_paragraph("Amount", "H2")
        + numbered("in cash", 2)
        + numbered("by cheque", 2)
        + numbered("or so", 3)
        + numbered("begins anew", 2, 6)
        + word_paragraph("Due", "H2")
        + numbered("monthly", 2)
        + numbered("first", 0, 7)
        + numbered("second", 0, 7)
        + word_paragraph("no number", "H1", '<w:numPr><w:numId w:val="0"/></w:numPr>')
        + numbered("unknown", 0, 99)
        + word_table(("1", numbered("in a cell", 0, 7)))
    )
    assert texts(draft(body)) == [
        [
            "I. Parties", "1.1 Landlord", "1.2 Tenant", "II. Rent", "2.1 Amount", "(c) in cash",
            "(d) by cheque", "or so", "(a) begins anew", "2.2 Due", "(c) monthly", "§ 1 first",
            "§ 2 second", "no number", "unknown", "1\t§ 3 in a cell",
        ]
    ]  # fmt: skip


def test_pages_that_word_noted(draft) -> None:
    table = word_table(("May", "1"), (BREAK + word_run("June"), "2"), ("July", "3"))
    body = (
        word_paragraph(word_run("Page one. It ") + BREAK + word_run("goes on."))
        + word_paragraph(BREAK + word_run("Page three."))
        + table
    )
    noted = draft(body, pages=4)
    assert texts(noted) == [
        ["Page one. It"],
        ["goes on."],
        ["Page three.", "May\t1"],
        ["June\t2\nJuly\t3"],
    ]
    assert noted.pages[1].blocks[0].continues
    # A page without text has no break: where the counts differ, no number can be trusted.
    assert texts(draft(body, pages=5)) == [
        ["Page one. It goes on.", "Page three.", "May\t1", "June\t2\nJuly\t3"]
    ]


def test_tables_in_cells(draft) -> None:
    inner = word_table(("Kitchen", "12"), ("Bedroom", "16"))
    body = word_table(("Item", "Rooms"), ("Flat", word_paragraph("two") + inner), ("Keys", "3"))
    assert texts(draft(body)) == [["Item\tRooms\nFlat\ttwo", "Kitchen\t12\nBedroom\t16", "Keys\t3"]]
    frame = word_table((word_paragraph("Rent", "H1") + word_paragraph("Due in May."), "Left."))
    assert texts(draft(frame)) == [["I. Rent", "Due in May.", "Left."]]
    wide = (
        "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>"
        f"{word_paragraph('Both')}</w:tc><w:tc>{word_paragraph('One')}</w:tc></w:tr>"
        f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{word_paragraph('Gone')}</w:tc></w:tr></w:tbl>"
    )
    assert texts(draft(wide)) == [["Both\t\tOne"]]


def test_code_and_hidden_text(draft) -> None:
    secret = '<w:rPr><w:rStyle w:val="Secret"/></w:rPr>'
    body = (
        word_paragraph(word_run("def f():") + "<w:r><w:br/></w:r>" + word_run("    pass"), "Code")
        + word_paragraph("f()", "Code")
        + word_paragraph(word_run("Seen ") + word_run("not ", secret) + word_run("all."))
    )
    assert texts(draft(body)) == [["def f():\n    pass\nf()", "Seen all."]]


def test_what_word_refers_to_is_read_or_counted(draft) -> None:
    kinds = {
        "page": ("aFChunk", "terms.html"),
        "letter": ("aFChunk", "letter.docx"),
        "chart": ("chart", "charts/one.xml"),
        "scan": ("image", "media/scan.png"),
        "drawn": ("image", "media/drawn.png"),
        "again": ("image", "media/drawn.svg"),
        "sheet": ("package", "embeddings/costs.xlsx"),
    }
    relations = "".join(
        f'<Relationship Id="{name}" Type="http://x/relationships/{kind}" Target="{target}"/>'
        for name, (kind, target) in kinds.items()
    )
    titled = "<c:title><a:p><a:r><a:t>Loans</a:t></a:r></a:p></c:title>"
    drawing = '<w:drawing><c:chart xmlns:c="c" xmlns:r="r" r:id="chart"/></w:drawing>'
    chunks = "".join(f'<w:altChunk xmlns:r="r" r:id="{name}"/>' for name in ("page", "letter"))
    found = draft(
        word_paragraph("Before.") + chunks + word_paragraph(f"<w:r>{drawing}</w:r>"),
        more={
            "word/_rels/document.xml.rels": f"<Relationships>{relations}</Relationships>",
            "word/terms.html": "<h1>Terms</h1><p>The deposit is forfeited.</p>",
            "word/letter.docx": "PK",
            "word/charts/one.xml": f'<c:s xmlns:c="c" xmlns:a="a"><c:chart>{titled}'
            "</c:chart></c:s>",
        },
    )
    assert texts(found) == [["Before.", "Terms", "The deposit is forfeited.", "Loans"]]
    assert found.notes == ("pictures:2", "objects:2")
