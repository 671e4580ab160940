"""EPUB: the order and names of chapters, notes, and books that are broken or locked."""

import zipfile
from pathlib import Path

import pytest

from assistant.documents.document import PageStatus, PageUnit
from assistant.documents.draft import Draft
from assistant.documents.formats.ebook import read_epub
from assistant.documents.limits import Limits
from assistant.errors import DocumentError, FileFault

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/book.opf"/></rootfiles></container>'
)
PAGE = (
    '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"'
    ' xmlns:epub="http://www.idpf.org/2007/ops"><head><title/></head><body>{}</body></html>'
)


def package(items: dict[str, str], spine: list[str], toc: str = "") -> str:
    manifest = "".join(
        f'<item id="{name}" href="{name}" media-type="{kind.partition(";")[0]}"'
        f' properties="{kind.partition(";")[2]}"/>'
        for name, kind in items.items()
    )
    order = "".join(f'<itemref idref="{name}"/>' for name in spine)
    return (
        '<package xmlns="http://www.idpf.org/2007/opf"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>The book</dc:title>'
        f'</metadata><manifest>{manifest}</manifest><spine toc="{toc}">{order}</spine></package>'
    )


@pytest.fixture
def read(tmp_path: Path):
    def read(**parts: str) -> Draft:
        path = tmp_path / "a.epub"
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return read_epub(path, Limits())

    return read


XHTML = "application/xhtml+xml"
ITEMS = {
    "cover.xhtml": XHTML,
    "b.xhtml": XHTML,
    "a%20b.xhtml": XHTML,
    "map.xhtml": XHTML,
    "nav.xhtml": f"{XHTML};nav",
    "toc.ncx": "application/x-dtbncx+xml",
    "font.otf": "font/otf",
}
ORDER = [
    "cover.xhtml",
    "nav.xhtml",
    "b.xhtml",
    "b.xhtml",
    "a%20b.xhtml",
    "map.xhtml",
    "font.otf",
    "gone",
]
CHAPTER = PAGE.format(
    '<span epub:type="pagebreak" title="7"/><h1>I</h1><p>Whoever enters<a epub:type="noteref"'
    ' href="#n">1</a> pays.</p><ol start="3" type="a"><li><p>First</p></li><li>Second</li></ol>'
    '<aside epub:type="footnote" id="n"><p>Since 1871.</p></aside>'
)
BOOK = {
    "META-INF/container.xml": CONTAINER,
    "OPS/cover.xhtml": PAGE.format('<img src="c.jpg" alt=""/>'),
    "OPS/b.xhtml": CHAPTER,
    "OPS/a b.xhtml": PAGE.format("<h2>By the sea</h2><p>Text.</p>"),
    "OPS/map.xhtml": PAGE.format('<img src="map.png"/>'),
    "OPS/nav.xhtml": PAGE.format(
        '<nav epub:type="landmarks"><a href="b.xhtml">No</a></nav><nav epub:type="toc"><ol><li>'
        '<a href="b.xhtml#start">The <b>harbour</b></a></li></ol></nav>'
    ),
    "OPS/toc.ncx": '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel>'
    '<text>The quay</text></navLabel><content src="b.xhtml"/></navPoint></navMap></ncx>',
}


def test_chapters(read) -> None:
    draft = read(**BOOK, **{"OPS/book.opf": package(ITEMS, ORDER, "toc.ncx")})
    assert (draft.unit, draft.titles) == (PageUnit.CHAPTER, ("The book",))
    assert [page.label for page in draft.pages] == ["The harbour", "By the sea", ""]
    assert draft.pages[2].status is PageStatus.NO_TEXT
    assert [(block.kind.value, block.text) for block in draft.pages[0].blocks] == [
        ("heading", "I"),
        ("paragraph", "Whoever enters¹ pays."),
        ("list-item", "c. First"),
        ("list-item", "d. Second"),
        ("footnote", "Since 1871."),
    ]


def test_chapters_that_are_missing_or_pictures_are_told(read) -> None:
    items = {**ITEMS, "lost.xhtml": XHTML, "plan.svg": "image/svg+xml"}
    order = ["b.xhtml", "lost.xhtml", "plan.svg"]
    parts = {**BOOK, "OPS/plan.svg": "<svg/>", "OPS/book.opf": package(items, order)}
    statuses = [page.status for page in read(**parts).pages]
    assert statuses == [PageStatus.READ, PageStatus.FAILED, PageStatus.NO_TEXT]


def test_pictures_beside_text_are_counted_once(read) -> None:
    pictures = '<p>The quay</p><img src="../maps/quay.png"/><img src="a.png"/><img alt="" src="b"/>'
    parts = {"OPS/b.xhtml": PAGE.format(pictures), "OPS/a b.xhtml": PAGE.format(pictures)}
    package_file = package(ITEMS, ["b.xhtml", "a%20b.xhtml", "map.xhtml"])
    assert read(**{**BOOK, **parts, "OPS/book.opf": package_file}).notes == ("pictures:2",)


def test_names_from_the_contents_of_an_older_book(read) -> None:
    items = {name: kind for name, kind in ITEMS.items() if name != "nav.xhtml"}
    draft = read(**BOOK, **{"OPS/book.opf": package(items, ORDER, "toc.ncx")})
    assert draft.pages[0].label == "The quay"


def test_a_locked_book(read) -> None:
    locked = (
        "<encryption><EncryptedData><CipherData><CipherReference URI='OPS/{}'/></CipherData>"
        "</EncryptedData></encryption>"
    )
    parts = {**BOOK, "OPS/book.opf": package(ITEMS, ORDER)}
    with pytest.raises(DocumentError) as caught:
        read(**parts, **{"META-INF/encryption.xml": locked.format("b.xhtml")})
    assert caught.value.fault is FileFault.ENCRYPTED
    assert read(**parts, **{"META-INF/encryption.xml": locked.format("font.otf")}).pages


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"META-INF/container.xml": CONTAINER},
        {"META-INF/container.xml": "<broken"},
        {"META-INF/container.xml": CONTAINER, "OPS/book.opf": "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"},
    ],
)
def test_broken_books(read, parts: dict[str, str]) -> None:
    with pytest.raises(DocumentError) as caught:
        read(**parts)
    assert caught.value.fault is FileFault.DAMAGED
