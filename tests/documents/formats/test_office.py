"""DOCX: styles, lists, tables and notes; and containers made to do harm."""

import zipfile
from pathlib import Path

import pytest

from assistant.documents.document import BlockKind
from assistant.documents.draft import DraftBlock
from assistant.documents.formats.office import read_docx
from assistant.documents.limits import Limits
from assistant.errors import DocumentError, FileFault

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
HEAD = f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{WORD}"><w:body>'
TAIL = "</w:body></w:document>"
# As a German Word writes them: the ids are translated, the names are not.
STYLES = f"""<w:styles xmlns:w="{WORD}">
<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/>
 <w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Mein"><w:name w:val="My heading"/>
 <w:basedOn w:val="berschrift1"/></w:style>
<w:style w:type="paragraph" w:styleId="berschrift3"><w:name w:val="heading 3"/></w:style>
<w:style w:type="paragraph" w:styleId="Kreis"><w:name w:val="a"/>
 <w:basedOn w:val="Kreis"/></w:style>
<w:style w:type="paragraph" w:styleId="Listenabsatz"><w:name w:val="List Paragraph"/></w:style>
<w:style w:type="paragraph" w:styleId="Beschriftung"><w:name w:val="caption"/></w:style>
<w:style w:type="paragraph" w:styleId="Verzeichnis1"><w:name w:val="toc 1"/></w:style>
</w:styles>"""


def run(text: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(text: str, style: str = "", inner: str = "") -> str:
    settings = f'<w:pPr><w:pStyle w:val="{style}"/>{inner}</w:pPr>' if style or inner else ""
    return f"<w:p>{settings}{text if text.startswith('<') else run(text)}</w:p>"


@pytest.fixture
def read(tmp_path: Path):
    def read(body: str, limits: Limits | None = None, **parts: str) -> list[DraftBlock]:
        path = tmp_path / "a.docx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("word/document.xml", body if "<?xml" in body else HEAD + body + TAIL)
            archive.writestr("word/styles.xml", STYLES)
            for name, content in parts.items():
                archive.writestr(f"word/{name}.xml", content)
        (page,) = read_docx(path, limits or Limits()).pages
        return page.blocks

    return read


def pairs(blocks: list[DraftBlock]) -> list[tuple[str, str, int]]:
    return [(block.kind.value, block.text, block.level) for block in blocks]


def test_styles_of_a_german_word(read) -> None:
    body = (
        paragraph("Der Vertrag", "Titel")
        + paragraph("Miete", "berschrift1")
        + paragraph("Eigene", "Mein")
        + paragraph("Tief", "berschrift3")
        + paragraph("Nur hier", inner='<w:outlineLvl w:val="1"/>')
        + paragraph("Punkt", "Listenabsatz")
        + paragraph("Nummer", inner='<w:numPr><w:numId w:val="3"/></w:numPr>')
        + paragraph("Abbildung 1", "Beschriftung")
        + paragraph(run("Miete") + "<w:r><w:tab/></w:r>" + run("4"), "Verzeichnis1")
        + paragraph("Text.", "Kreis")
    )
    assert pairs(read(body)) == [
        ("heading", "Der Vertrag", 1),
        ("heading", "Miete", 1),
        ("heading", "Eigene", 1),
        ("heading", "Tief", 3),
        ("heading", "Nur hier", 2),
        ("list-item", "Punkt", 0),
        ("list-item", "Nummer", 0),
        ("caption", "Abbildung 1", 0),
        ("table", "Miete\t4", 0),
        ("paragraph", "Text.", 0),
    ]


def test_runs(read) -> None:
    body = paragraph(
        run("One ")
        + f"<w:del>{'<w:r><w:delText>gone </w:delText></w:r>'}</w:del>"
        + f"<w:ins>{run('new ')}</w:ins>"
        + run("hidden ", "<w:rPr><w:vanish/></w:rPr>")
        + f"<w:hyperlink>{run('link')}</w:hyperlink>"
        + "<w:r><w:noBreakHyphen/></w:r>"
        + run("end")
        + "<w:r><w:br/></w:r>"
        + '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        + run("last.")
    )
    assert pairs(read(body)) == [("paragraph", "One new link-end last.", 0)]


def test_tables_and_frames(read) -> None:
    def table(*rows: tuple[str, ...]) -> str:
        cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
        return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"

    body = table(("May", "June"), ("1", "2")) + table(("A frame.",), ("Its end.",))
    body += f"<w:sdt><w:sdtContent>{paragraph('In a control.')}</w:sdtContent></w:sdt>"
    assert pairs(read(body)) == [
        ("table", "May\tJune\n1\t2", 0),
        ("paragraph", "A frame.", 0),
        ("paragraph", "Its end.", 0),
        ("paragraph", "In a control.", 0),
    ]


def test_text_boxes_and_notes(read) -> None:
    box = (
        "<w:r><w:pict><w:txbxContent>"
        + paragraph("In the box.")
        + "</w:txbxContent></w:pict></w:r>"
    )
    body = paragraph(run("Text") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + box)
    notes = (
        f'<w:footnotes xmlns:w="{WORD}"><w:footnote w:type="separator" w:id="0">'
        f'{paragraph("-")}</w:footnote><w:footnote w:id="2">{paragraph("A note.")}</w:footnote>'
        "</w:footnotes>"
    )
    assert pairs(read(body, footnotes=notes)) == [
        ("paragraph", "Text", 0),
        ("paragraph", "In the box.", 0),
        ("footnote", "A note.", 0),
    ]


def test_text_boxes_in_the_cells_of_a_table_are_read(read) -> None:
    box = "<w:txbxContent>" + paragraph("In the box.") + "</w:txbxContent>"
    cells = (
        paragraph(run("Rent") + f"<w:r><w:pict>{box}</w:pict></w:r>"),
        paragraph("950"),
    )
    rows = "".join(f"<w:tc>{cell}</w:tc>" for cell in cells)
    assert pairs(read(f"<w:tbl><w:tr>{rows}</w:tr></w:tbl>")) == [
        ("table", "Rent\t950", 0),
        ("paragraph", "In the box.", 0),
    ]


def test_headings_by_their_looks_where_there_are_no_styles(read) -> None:
    bold = "<w:rPr><w:b/></w:rPr>"
    body = (
        paragraph(run("The rent", bold))
        + paragraph("It is due in May.")
        + paragraph("ARTICLE II")
        + paragraph(run("All of this is bold but a sentence.", bold))
    )
    kinds = [block.kind for block in read(body)]
    assert kinds == [BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.PARAGRAPH]


def test_a_bomb_is_refused_while_reading(tmp_path: Path) -> None:
    path = tmp_path / "bomb.docx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("word/document.xml", "w", force_zip64=True) as member,
    ):
        member.write(HEAD.encode())
        for _ in range(40):
            member.write(paragraph("a" * 1_000_000).encode())
        member.write(TAIL.encode())
    assert path.stat().st_size < 100_000
    with pytest.raises(DocumentError) as caught:
        read_docx(path, Limits())
    assert (caught.value.fault, caught.value.limit) == (FileFault.TOO_LARGE, "archive ratio 100")
    with pytest.raises(DocumentError) as caught:
        read_docx(path, Limits(archive_ratio=100_000, archive_bytes=20_000_000))
    assert caught.value.limit == "archive bytes 20000000"


def test_headers_that_lie_are_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "liar.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", HEAD + paragraph("a" * 30_000_000) + TAIL)
        archive.filelist[0].file_size = 10  # what the central directory says
    with pytest.raises(DocumentError) as caught:
        read_docx(path, Limits())
    assert caught.value.fault in {FileFault.TOO_LARGE, FileFault.DAMAGED}


@pytest.mark.parametrize(
    "body",
    [
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><a>&b;</a>',
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><a>&a;</a>',
        '<?xml version="1.0"?><unclosed>',
        '<?xml version="1.0"?>',
    ],
)
def test_harmful_or_broken_xml(read, body: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read(body)
    assert caught.value.fault is FileFault.DAMAGED


def test_deep_nesting_ends_cleanly(read) -> None:
    body = "<w:tbl><w:tr><w:tc>" * 5_000 + "</w:tc></w:tr></w:tbl>" * 5_000
    with pytest.raises(DocumentError) as caught:
        read(body)
    assert caught.value.fault is FileFault.DAMAGED
