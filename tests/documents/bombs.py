"""Files made to exhaust a computer: small ones that unfold, deep ones, endless ones.

Each is written by a function that takes the path. benchmarks/bombs.py measures what refusing them
costs; the tests refuse a few.
"""

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.documents.raw_pdf import one_page, stream, write_pdf

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_ZERO_PIECE = bytes(1 << 20)
_LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(97 + at)} "{f"&{chr(96 + at)};" * 10}">' for at in range(1, 12))
    + "]>"
)


def _zip(path: Path, parts: Mapping[str, str | bytes], *, level: int = 9) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def _zip_of_zeros(path: Path, name: str, mebibytes: int) -> None:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open(name, "w", force_zip64=True) as member,
    ):
        for _ in range(mebibytes):
            member.write(_ZERO_PIECE)


def zip_of_a_huge_document(path: Path) -> None:
    """A Word document that inflates to 1 GB."""
    _zip_of_zeros(path, "word/document.xml", 1_024)


def zip_that_lies(path: Path) -> None:
    """One whose directory says that 64 MB are 1,000 bytes."""
    zip_source = io.BytesIO()
    with zipfile.ZipFile(zip_source, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(64 << 20))
    data = bytearray(zip_source.getvalue())
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(mark) + offset
        data[at : at + 4] = struct.pack("<L", 1_000)
    path.write_bytes(data)


def zip_of_many_entries(path: Path) -> None:
    """200,000 empty files."""
    with zipfile.ZipFile(path, "w") as archive:
        for at in range(200_000):
            archive.writestr(zipfile.ZipInfo(f"{at}.txt"), b"")


def zip_of_many_bytes(path: Path) -> None:
    """600 members of 9 MB each: none is suspicious alone."""
    piece = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = piece.compress(bytes(9_000_000)) + piece.flush()
    checksum = zlib.crc32(bytes(9_000_000))
    body, directory = io.BytesIO(), io.BytesIO()
    for at in range(600):
        name = f"{at}.txt".encode()
        facts = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 33, checksum, len(packed), 9_000_000,
                            len(name), 0)  # fmt: skip
        directory.write(b"PK\x01\x02" + struct.pack("<H", 20) + facts)
        directory.write(struct.pack("<HHHLL", 0, 0, 0, 0, body.tell()) + name)
        body.write(b"PK\x03\x04" + facts + name + packed)
    start, size = body.tell(), directory.tell()
    end = struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, 600, 600, size, start, 0)
    path.write_bytes(body.getvalue() + directory.getvalue() + end)


def zip_within_zips(path: Path) -> None:
    """Eight levels of ten archives each, 100 million files at the bottom."""
    inner = b"The words at the bottom."
    name = "words.txt"
    for _ in range(8):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for at in range(10):
                archive.writestr(f"{at}-{name}", inner)
        inner, name = target.getvalue(), "a.zip"
    path.write_bytes(inner)


def laughs_in_docx(path: Path) -> None:
    """Entities that unfold to 10^11 words, in a Word document."""
    body = f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>&k;</w:t></w:r></w:p></w:body>'
    _zip(path, {"word/document.xml": f"{_LAUGHS}{body}</w:document>"})


def laughs_in_xlsx(path: Path) -> None:
    """The same in a workbook."""
    _zip(path, {"xl/workbook.xml": f'{_LAUGHS}<workbook><sheets><sheet name="&k;"/></sheets>'})


def laughs_in_odt(path: Path) -> None:
    """The same in an OpenDocument text."""
    _zip(
        path,
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"{_LAUGHS}<document-content><body><text><p>&k;</p></text></body>",
        },
    )


def deep_docx(path: Path) -> None:
    """A million elements within each other."""
    start = f'<w:document xmlns:w="{WORD}"><w:body>'
    _zip(path, {"word/document.xml": start + "<w:sdt>" * 1_000_000})


def deep_xlsx(path: Path) -> None:
    """The same in a sheet."""
    _workbook(path, '<sheet name="a" sheetId="1" r:id="a"/>', "<x>" * 1_000_000)


def deep_html(path: Path) -> None:
    """A million divisions within each other."""
    path.write_text("<!DOCTYPE html><body>" + "<div>" * 1_000_000 + "The bottom.")


def deep_markdown(path: Path) -> None:
    """Quotes within quotes."""
    path.with_suffix(".md")
    path.write_text("# Title\n\n" + "> " * 100_000 + "deep\n")


def deep_notebook(path: Path) -> None:
    """Lists within lists, where a notebook has its cells."""
    path.write_text('{"nbformat": 4, "cells": ' + "[" * 5_000_000)


def deep_message(path: Path) -> None:
    """Parts within parts."""
    parts = [f"Content-Type: multipart/mixed; boundary=b{at}\n\n--b{at}\n" for at in range(20_000)]
    path.write_text("From: a@b.c\nSubject: x\nMIME-Version: 1.0\n" + "".join(parts) + "\nWords.\n")


def message_of_many_parts(path: Path) -> None:
    """A million empty parts."""
    head = "From: a@b.c\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n"
    path.write_text(head + "\n" + "--b\n\n" * 1_000_000 + "--b--\n")


def message_of_a_long_header(path: Path) -> None:
    """A header of 50 MB."""
    path.write_text("From: a@b.c\nSubject: " + "=?utf-8?q?x?= " * 3_500_000 + "\n\nWords.\n")


def endless_mailbox(path: Path) -> None:
    """A million messages."""
    message = "From a@b.c Mon Jan  5 10:00:00 2026\nSubject: x\n\nWords.\n\n"
    path.write_text(message * 1_000_000)


def _workbook(path: Path, sheets: str, sheet: str, strings: str = "") -> None:
    _zip(
        path,
        {
            "xl/workbook.xml": '<workbook xmlns:r="r"><sheets>' + sheets + "</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="a" '
            'Target="worksheets/a.xml"/></Relationships>',
            "xl/worksheets/a.xml": f"<worksheet><sheetData>{sheet}</sheetData></worksheet>",
            "xl/sharedStrings.xml": f"<sst>{strings}</sst>",
        },
    )


def many_sheets(path: Path) -> None:
    """100,000 sheets that are all the same part."""
    sheets = "".join(f'<sheet name="s{at}" sheetId="{at}" r:id="a"/>' for at in range(100_000))
    _workbook(path, sheets, "<row><c><v>1</v></c></row>")


def many_sheets_of_many_cells(path: Path) -> None:
    """9,000 sheets, each of which is the same 20,000 cells."""
    sheets = "".join(f'<sheet name="s{at}" sheetId="{at}" r:id="a"/>' for at in range(9_000))
    _workbook(path, sheets, f"<row>{'<c><v>1</v></c>' * 1_000}</row>" * 20)


def many_strings(path: Path) -> None:
    """Three million texts for cells that nobody has; random enough to pass for real."""
    strings = "".join(f"<si><t>{at * 7919 % 99991}</t></si>" for at in range(3_000_000))
    _workbook(path, '<sheet name="a" sheetId="1" r:id="a"/>', "", strings)


def _spreadsheet(path: Path, tables: str) -> None:
    start = '<d xmlns:table="t" xmlns:text="x"><table:spreadsheet>'
    _zip(
        path,
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"{start}{tables}</table:spreadsheet></d>",
        },
    )


def many_tables_in_ods(path: Path) -> None:
    """100,000 sheets."""
    _spreadsheet(path, "".join(f'<table:table table:name="t{at}"/>' for at in range(100_000)))


def repeated_cells_in_ods(path: Path) -> None:
    """One cell, repeated over 16,384 columns and a million rows."""
    _spreadsheet(
        path,
        '<table:table table:name="t"><table:table-row table:number-rows-repeated="1048576">'
        '<table:table-cell table:number-columns-repeated="16384"><text:p>1</text:p>'
        "</table:table-cell></table:table-row></table:table>",
    )


def many_cells_in_csv(path: Path) -> None:
    """Eight million cells in 16 MB."""
    path.write_text("a,b,c,d\n" + "1,2,3,4\n" * 2_000_000)


def endless_cell_in_csv(path: Path) -> None:
    """A quote that is never closed."""
    path.write_text('a;b;c\n1;2;3\n4;5;"' + "x" * 30_000_000)


def many_notebook_cells(path: Path) -> None:
    """500,000 cells."""
    cells = [{"cell_type": "markdown", "source": "x"}] * 500_000
    path.write_text(json.dumps({"nbformat": 4, "cells": cells}))


def endless_text(path: Path) -> None:
    """60 million characters without a space."""
    path.write_text("a" * 60_000_000)


def endless_lines(path: Path) -> None:
    """60 million characters on lines of their own."""
    path.write_text("a\n\n" * 20_000_000)


def endless_code(path: Path) -> None:
    """A program of 60 MB."""
    path.write_text("#!/bin/sh\n" + "echo a # b\n\n" * 5_000_000)


def endless_subtitles(path: Path) -> None:
    """Cues over a million hours."""
    path.write_text(
        "WEBVTT\n\n"
        + "".join(
            f"{at % 1000}:{at % 60:02}:00.000 --> 999:00:00.000\nx\n\n" for at in range(10**6)
        )
    )


def deep_rtf(path: Path) -> None:
    """Groups within groups."""
    path.write_text("{\\rtf1 " + "{" * 5_000_000 + "Words.")


def endless_rtf(path: Path) -> None:
    """60 million characters."""
    path.write_text("{\\rtf1 " + "\\u8364 ?" * 7_000_000 + "}")


def _flated(piece: bytes, times: int) -> bytes:
    """Return `piece`, so many times, as zlib packs it: blocks that need nothing before them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = 1
    for _ in range(times):
        checksum = zlib.adler32(piece, checksum)
    return b"\x78\xda" + block * times + b"\x03\x00" + struct.pack(">L", checksum)


def flate_in_pdf(path: Path) -> None:
    """A page whose contents inflate to 1 GB of spaces."""
    write_pdf(path, one_page(stream(_flated(b" " * (1 << 20), 1_000))))


def flate_twice_in_pdf(path: Path) -> None:
    """The same, packed twice: 5 kB."""
    packed = _flated(b" " * (1 << 20), 1_000)
    write_pdf(path, one_page(stream(zlib.compress(packed, 9), b"[/FlateDecode /FlateDecode]")))


def text_in_pdf(path: Path) -> None:
    """A page of 20 million words."""
    line = b"BT /F 9 Tf 10 10 Td (words and words and words) Tj ET\n"
    write_pdf(path, one_page(stream(_flated(line * 10_000, 700))))


def huge_page_in_pdf(path: Path) -> None:
    """A page as wide as a country."""
    contents = b"BT /F 9 Tf 10 10 Td (The words on a huge page.) Tj ET"
    write_pdf(path, one_page(stream(zlib.compress(contents)), b"[0 0 1000000000 1000000000]"))


def many_pages_in_pdf(path: Path) -> None:
    """A page that stands 200,000 times in the list of pages."""
    objects = one_page(stream(zlib.compress(b"BT /F 9 Tf (x) Tj ET")))
    objects[2] = b"<</Type /Pages /Count 200000 /Kids [" + b"3 0 R " * 200_000 + b"]>>"
    write_pdf(path, objects)


def deep_pages_in_pdf(path: Path) -> None:
    """Lists of pages within each other, the last one within itself."""
    objects = one_page(stream(zlib.compress(b"BT /F 9 Tf (x) Tj ET")))
    for number in range(10, 60_000):
        objects[number] = b"<</Type /Pages /Count 1 /Kids [%d 0 R]>>" % (number + 1)
    objects[2] = b"<</Type /Pages /Count 1 /Kids [10 0 R]>>"
    objects[60_000] = b"<</Type /Pages /Count 1 /Kids [10 0 R]>>"
    write_pdf(path, objects)


def png_of_zeros(path: Path) -> None:
    """A picture of 60,000 by 60,000 dots."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">L", len(data)) + body + struct.pack(">L", zlib.crc32(body))

    head = struct.pack(">LLBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    data = _flated(bytes(60_001), 60_000)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def tiff_of_many_pages(path: Path) -> None:
    """100,000 pages that lie upon each other."""
    page = struct.pack("<HHHLL", 1, 256, 4, 1, 1)
    out = bytearray(b"II*\x00" + struct.pack("<L", 8))
    for _ in range(100_000):
        following = len(out) + len(page) + 4
        out += page + struct.pack("<L", following)
    path.write_bytes(out + page + struct.pack("<L", 0))


def many_chapters(path: Path) -> None:
    """A book whose one chapter is read 100,000 times."""
    items = '<itemref idref="a"/>' * 100_000
    _zip(
        path,
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container><rootfiles><rootfile full-path="b.opf"/>'
            "</rootfiles></container>",
            "b.opf": '<package><manifest><item id="a" href="a.xhtml" '
            f'media-type="application/xhtml+xml"/></manifest><spine>{items}</spine></package>',
            "a.xhtml": "<html><body><p>" + "Words and more words. " * 10_000 + "</p></body></html>",
        },
    )


def many_slides(path: Path) -> None:
    """A presentation that shows one slide 100,000 times."""
    slides = "".join(f'<p:sldId id="{at}" r:id="a"/>' for at in range(100_000))
    _zip(
        path,
        {
            "ppt/presentation.xml": '<p:presentation xmlns:p="p" xmlns:r="r"><p:sldIdLst>'
            f"{slides}</p:sldIdLst></p:presentation>",
            "ppt/_rels/presentation.xml.rels": '<Relationships><Relationship Id="a" '
            'Target="slides/slide1.xml"/></Relationships>',
            "ppt/slides/slide1.xml": '<p:sld xmlns:p="p" xmlns:a="a"><p:cSld><p:spTree><p:sp>'
            "<p:txBody><a:p><a:r><a:t>Words</a:t></a:r></a:p></p:txBody></p:sp></p:spTree>"
            "</p:cSld></p:sld>",
        },
    )


BOMBS: Mapping[str, Callable[[Path], None]] = {
    f"{bomb.__name__}.{suffix}": bomb
    for suffix, bombs in {
        "docx": (zip_of_a_huge_document, zip_that_lies, laughs_in_docx, deep_docx),
        "zip": (zip_of_many_entries, zip_of_many_bytes, zip_within_zips),
        "xlsx": (laughs_in_xlsx, deep_xlsx, many_sheets, many_sheets_of_many_cells, many_strings),
        "ods": (many_tables_in_ods, repeated_cells_in_ods),
        "odt": (laughs_in_odt,),
        "html": (deep_html,),
        "md": (deep_markdown,),
        "ipynb": (deep_notebook, many_notebook_cells),
        "eml": (deep_message, message_of_many_parts, message_of_a_long_header),
        "mbox": (endless_mailbox,),
        "csv": (many_cells_in_csv, endless_cell_in_csv),
        "txt": (endless_text, endless_lines),
        "sh": (endless_code,),
        "vtt": (endless_subtitles,),
        "rtf": (deep_rtf, endless_rtf),
        "pdf": (flate_in_pdf, flate_twice_in_pdf, text_in_pdf, huge_page_in_pdf,
                many_pages_in_pdf, deep_pages_in_pdf),
        "png": (png_of_zeros,),
        "tiff": (tiff_of_many_pages,),
        "epub": (many_chapters,),
        "pptx": (many_slides,),
    }.items()
    for bomb in bombs
}  # fmt: skip
