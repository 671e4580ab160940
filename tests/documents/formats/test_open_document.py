"""OpenDocument by hand: lists, breaks, tables, deletions; encrypted, broken and harmful files."""

import time
import zipfile
from pathlib import Path

import pytest

from assistant.documents.document import PageStatus
from assistant.documents.draft import Draft
from assistant.documents.formats.odp import read_odp
from assistant.documents.formats.odt import read_odt
from assistant.documents.limits import Limits
from assistant.errors import DocumentError, FileFault
from tests.documents.conftest import FILES
from tests.documents.formats.containers import write_zip

NAMES = (
    'xmlns:office="o" xmlns:text="t" xmlns:style="s" xmlns:table="b" xmlns:draw="d" xmlns:fo="f"'
    ' xmlns:presentation="p" xmlns:meta="m" xmlns:dc="c" xmlns:loext="l" xmlns:xml="http://www.w3'
    '.org/XML/1998/namespace"'
)
STYLES = """
<style:style style:name="B" style:family="paragraph">
 <style:paragraph-properties fo:break-before="page"/></style:style>
<style:style style:name="Strong" style:family="text">
 <style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="Preformatted_20_Text" style:family="paragraph"/>
<style:style style:name="Clause" style:family="paragraph" style:list-style-name="N"/>
<date-style><text>No</text></date-style>
<text:list-style style:name="N">
 <text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>
 <text:list-level-style-number text:level="2" style:num-format="a" text:display-levels="2"
  loext:num-list-format="%1%.%2%)"/>
 <text:list-level-style-bullet text:level="3" text:bullet-char="x"/>
</text:list-style>
"""


def odt(path: Path, body: str, *, pages: int = 0) -> Path:
    content = (
        f"<office:document-content {NAMES}><office:automatic-styles>{STYLES}"
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    )
    meta = (
        f"<office:document-meta {NAMES}><office:meta><dc:title>The title</dc:title>"
        f'<meta:document-statistic meta:page-count="{pages}"/></office:meta>'
        "</office:document-meta>"
    )
    return write_zip(
        path, {"content.xml": content, "meta.xml": meta} if pages else {"content.xml": content}
    )


@pytest.fixture
def draft(tmp_path: Path):
    def draft(body: str, *, pages: int = 0) -> Draft:
        return read_odt(odt(tmp_path / "a.odt", body, pages=pages), Limits())

    return draft


def pairs(draft: Draft) -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for page in draft.pages for block in page.blocks]


def items(*texts: str) -> str:
    return "".join(
        f"<text:list-item>{text if text[0] == '<' else f'<text:p>{text}</text:p>'}</text:list-item>"
        for text in texts
    )


def test_lists(draft) -> None:
    below = f"<text:p>Two</text:p><text:list>{items('deep', 'deeper')}</text:list>"
    alone = f"<text:list>{items('Alone')}</text:list>"
    by_style = '<text:p text:style-name="Clause">By style</text:p>'
    body = (
        f'<text:list xml:id="l1" text:style-name="N">{items("One", below, "Three")}</text:list>'
        "<text:p>Between.</text:p>"
        f'<text:list text:continue-list="l1" text:style-name="N">{items("Four")}</text:list>'
        f'<text:list text:style-name="N">{items("Anew")}'
        "<text:list-header><text:p>Header</text:p></text:list-header>"
        '<text:list-item text:start-value="7"><text:p>Seven</text:p><text:p>Its end</text:p>'
        "</text:list-item></text:list>"
        f"<text:list>{items(by_style)}</text:list>"
        f'<text:list text:style-name="N">{items(alone)}</text:list>'
        "<text:list><text:list-item><text:p><text:number>iv)</text:number>Written</text:p>"
        "</text:list-item></text:list>"
    )
    assert [text for _, text in pairs(draft(body))] == [
        "1. One", "2. Two", "2.a) deep", "2.b) deeper", "3. Three", "Between.", "4. Four",
        "1. Anew", "Header", "7. Seven", "Its end", "1. By style", "1.a) Alone", "iv) Written",
    ]  # fmt: skip


def test_text(draft) -> None:
    body = (
        "<text:tracked-changes><text:p>Deleted</text:p></text:tracked-changes>"
        '<text:p>a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d<text:span>e</text:span>f'
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Note</text:p>"
        "</text:note-body></text:note><office:annotation><text:p>x</text:p></office:annotation>"
        "<text:ruby><text:ruby-base>漢字</text:ruby-base><text:ruby-text>かんじ</text:ruby-text>"
        "</text:ruby></text:p>"
        '<text:section text:display="none"><text:p>Hidden</text:p></text:section>'
        '<text:p text:style-name="Preformatted_20_Text">x = 1</text:p>'
        '<text:p text:style-name="Preformatted_20_Text"><text:s text:c="2"/>y</text:p>'
        "<text:table-of-content><text:table-of-content-source><text:p>No</text:p>"
        "</text:table-of-content-source><text:index-body><text:p>Rent<text:tab/>3</text:p>"
        "<text:p>Term<text:tab/>4</text:p></text:index-body></text:table-of-content>"
    )
    assert pairs(draft(body)) == [
        ("paragraph", "a b c def漢字"),
        ("footnote", "Note"),
        ("code", "x = 1\n  y"),
        ("table", "Rent\t3\nTerm\t4"),
    ]


def test_tables(draft) -> None:
    def row(*cells: str) -> str:
        made = (f"<table:table-cell>{cell}</table:table-cell>" for cell in cells)
        return f"<table:table-row>{''.join(made)}</table:table-row>"

    inner = f"<table:table>{row('<text:p>x</text:p>', '<text:p>y</text:p>')}</table:table>"
    body = (
        "<table:table><table:table-header-rows>"
        f"{row('', '<text:p>June</text:p>')}</table:table-header-rows>"
        '<table:table-row><table:table-cell table:number-columns-repeated="2"><text:p>1</text:p>'
        "</table:table-cell><table:covered-table-cell/></table:table-row>"
        f"{row('<text:p>a</text:p><text:p>b</text:p>', '<text:p>c</text:p>' + inner)}"
        "</table:table>"
        f"<table:table>{row('<text:p>A frame.</text:p>')}</table:table>"
        f"<table:table>{row('<text:h>Head</text:h><text:p>In a layout.</text:p>', '')}"
        "</table:table>"
    )
    assert pairs(draft(body)) == [
        ("table", "\tJune\n1\t1\na b\tc"),
        ("table", "x\ty"),
        ("paragraph", "A frame."),
        ("heading", "Head"),
        ("paragraph", "In a layout."),
    ]


def test_pages(draft) -> None:
    body = (
        "<text:p>One <text:soft-page-break/>two.</text:p><text:soft-page-break/>"
        '<text:p text:style-name="B">Four.</text:p>'
    )
    three = draft(body, pages=4)
    assert [len(page.blocks) for page in three.pages] == [1, 1, 0, 1]
    assert three.pages[2].status is PageStatus.NO_TEXT
    assert three.titles == ("The title",)
    assert pairs(draft(body, pages=9)) == [("paragraph", "One two."), ("paragraph", "Four.")]
    hard = '<text:p>One.</text:p><text:p text:style-name="B">Two.</text:p>'
    assert (len(draft(hard).pages), len(draft(hard, pages=2).pages)) == (1, 2)


def test_headings_by_their_looks_where_there_are_no_styles(draft) -> None:
    strong = '<text:span text:style-name="Strong">{}</text:span>'
    body = f"<text:p>{strong.format('The rent')}</text:p><text:p>It is due in May.</text:p>"
    assert [kind for kind, _ in pairs(draft(body))] == ["heading", "paragraph"]


def test_an_unused_slide_has_no_text(tmp_path: Path) -> None:
    slide = '<draw:page><draw:frame presentation:class="title"><draw:text-box/></draw:frame>'
    footer = (
        '<draw:frame presentation:class="footer"><draw:text-box><text:p>Foot</text:p>'
        "</draw:text-box></draw:frame></draw:page>"
    )
    content = f"<office:document {NAMES}><office:presentation>{slide}{footer}"
    path = tmp_path / "a.fodp"
    path.write_text(f"{content}</office:presentation></office:document>")
    (page,) = read_odp(path, Limits()).pages
    assert (page.blocks, page.status) == ([], PageStatus.NO_TEXT)


def test_an_encrypted_document_is_refused() -> None:
    with pytest.raises(DocumentError) as caught:
        read_odt(FILES / "office" / "locked.odt", Limits())
    assert caught.value.fault is FileFault.ENCRYPTED


def test_an_ill_formed_manifest_is_no_obstacle(tmp_path: Path) -> None:
    content = f"<office:a {NAMES}><office:text><text:p>A</text:p></office:text></office:a>"
    parts = {"META-INF/manifest.xml": "<x:a>" * 9, "content.xml": content}
    assert read_odt(write_zip(tmp_path / "a.odt", parts), Limits()).pages[0].blocks


def test_a_document_whose_package_is_encrypted_is_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.odt", {"encrypted-package": b"\x00" * 99})
    with pytest.raises(DocumentError) as caught:
        read_odt(path, Limits())
    assert caught.value.fault is FileFault.ENCRYPTED


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        ({"content.xml": "<a><b></a>"}, FileFault.DAMAGED),
        ({"content.xml": ""}, FileFault.DAMAGED),
        ({"styles.xml": "<a/>"}, FileFault.DAMAGED),
        ({"content.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}, FileFault.DAMAGED),
        ({"content.xml": '<?xml version="1.0" encoding="nonsense"?><a/>'}, FileFault.DAMAGED),
        ({"content.xml": "<a>" * 100_000}, FileFault.DAMAGED),
        ({"content.xml": f"<text>{'a' * 40_000_000}</text>"}, FileFault.TOO_LARGE),
    ],
)
def test_broken_and_harmful_files(tmp_path: Path, parts: dict[str, str], fault: FileFault) -> None:
    path = write_zip(tmp_path / "a.odt", parts)
    begun = time.monotonic()
    with pytest.raises(DocumentError) as caught:
        read_odt(path, Limits())
    assert caught.value.fault is fault
    assert time.monotonic() - begun < 5


def test_repeats_are_bounded(draft) -> None:
    cell = '<table:table-cell table:number-columns-repeated="999999"><text:p>x</text:p>'
    body = (
        f'<table:table><table:table-row table:number-rows-repeated="999999">{cell}'
        "</table:table-cell><table:table-cell/></table:table-row></table:table>"
        '<text:p><text:s text:c="999999999"/>y</text:p>'
    )
    assert sum(len(text) for _, text in pairs(draft(body))) < 20_000


def test_pictures_are_counted(tmp_path: Path) -> None:
    path = odt(tmp_path / "a.odt", "<text:p>The scan is below.</text:p>")
    with zipfile.ZipFile(path, "a") as archive:
        for name in ("scan.png", "drawn.png", "drawn.svg"):
            archive.writestr(f"Pictures/{name}", b"picture")
    assert read_odt(path, Limits()).notes == ("pictures:2",)
