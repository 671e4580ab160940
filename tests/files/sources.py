"""Writes the sources that make.sh turns into documents with real programs.

Usage: sources.py CONSTITUTION DECLARATION FOLDER, the first two being plain text files.
"""

import re
import sys
import textwrap
from pathlib import Path
from xml.sax.saxutils import escape

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"
 office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">
 <office:meta><dc:title>{title}</dc:title></office:meta>
 <office:styles>
  <style:default-style style:family="paragraph">
   <style:paragraph-properties fo:margin-bottom="0.22cm"/>
   <style:text-properties style:font-name="Liberation Serif" fo:font-family="Liberation Serif"
    fo:font-size="11.5pt" fo:language="en" fo:country="US"/>
  </style:default-style>
  <style:style style:name="Standard" style:family="paragraph" style:class="text"/>
  <style:style style:name="Text_20_body" style:display-name="Text body" style:family="paragraph"
   style:parent-style-name="Standard">
   <style:paragraph-properties fo:text-align="justify" fo:line-height="120%"/></style:style>
  <style:style style:name="Title" style:family="paragraph" style:parent-style-name="Standard">
   <style:paragraph-properties fo:text-align="center" fo:margin-bottom="0.8cm"/>
   <style:text-properties fo:font-size="22pt" fo:font-weight="bold"/></style:style>
  <style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph"
   style:parent-style-name="Standard" style:default-outline-level="1">
   <style:paragraph-properties fo:margin-top="0.6cm" fo:keep-with-next="always"/>
   <style:text-properties fo:font-size="16pt" fo:font-weight="bold"/></style:style>
  <style:style style:name="Heading_20_2" style:display-name="Heading 2" style:family="paragraph"
   style:parent-style-name="Standard" style:default-outline-level="2">
   <style:paragraph-properties fo:margin-top="0.3cm" fo:keep-with-next="always"/>
   <style:text-properties fo:font-size="13pt" fo:font-weight="bold"/></style:style>
  <style:style style:name="Footer" style:family="paragraph" style:parent-style-name="Standard">
   <style:paragraph-properties fo:text-align="center"/>
   <style:text-properties fo:font-size="9pt"/></style:style>
  <text:list-style style:name="Bullets"><text:list-level-style-bullet text:level="1"
   text:bullet-char="•"><style:list-level-properties text:space-before="0.5cm"
   text:min-label-width="0.5cm"/></text:list-level-style-bullet></text:list-style>
  <text:notes-configuration text:note-class="footnote" style:num-format="1"/>
 </office:styles>
 <office:automatic-styles>
  <style:page-layout style:name="page"><style:page-layout-properties
    fo:page-width="21cm" fo:page-height="29.7cm" fo:margin-top="2.5cm" fo:margin-bottom="2cm"
    fo:margin-left="2.8cm" fo:margin-right="2.8cm">{columns}</style:page-layout-properties>
   <style:footer-style><style:header-footer-properties fo:margin-top="0.5cm"/></style:footer-style>
  </style:page-layout>
  <style:style style:name="Plain" style:family="table-cell">
   <style:table-cell-properties fo:padding="{padding}" fo:border="none"/></style:style>
  <style:style style:name="Left" style:family="table-column">
   <style:table-column-properties style:column-width="7.4cm"/></style:style>
  <style:style style:name="Gap" style:family="table-column">
   <style:table-column-properties style:column-width="0.6cm"/></style:style>
 </office:automatic-styles>
 <office:master-styles><style:master-page style:name="Standard" style:page-layout-name="page">
  <style:footer>
   <text:p text:style-name="Footer">{footer} – <text:page-number/></text:p></style:footer>
 </style:master-page></office:master-styles>
 <office:body><office:text>
"""
TAIL = "</office:text></office:body></office:document>\n"
INTERLEAVED_ROWS = 35  # as many as stand on a page
COLUMNS = '<style:columns fo:column-count="2" fo:column-gap="0.8cm"/>'


def document(title: str, body: str, *, columns: str = "", padding: str = "0.1cm") -> str:
    footer = escape(title)
    return HEAD.format(title=footer, footer=footer, columns=columns, padding=padding) + body + TAIL


def paragraph(text: str, style: str = "Text_20_body") -> str:
    return f'<text:p text:style-name="{style}">{escape(text)}</text:p>\n'


def heading(text: str, level: int) -> str:
    return (
        f'<text:h text:style-name="Heading_20_{level}" text:outline-level="{level}">'
        f"{escape(text)}</text:h>\n"
    )


def paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip()]


def constitution(text: str) -> str:
    title, *parts = paragraphs(text)
    body = paragraph(title, "Title")
    for part in parts:
        if re.fullmatch(r"(Preamble|Amendments|Article \w+|Amendment \w+)", part):
            body += heading(part, 1)
        elif re.fullmatch(r"Section \d+", part):
            body += heading(part, 2)
        else:
            body += paragraph(part)
    return document(title, body)


def declaration(text: str) -> str:
    """Two columns, as a newspaper has them."""
    title, *parts = paragraphs(text)
    body = paragraph(title, "Title") + "".join(map(paragraph, parts))
    return document(title, body, columns=COLUMNS)


def interleaved(text: str) -> str:
    """Two columns that a program wrote row by row, as table rows of one line each."""
    lines = textwrap.wrap(" ".join(paragraphs(text)[3:]), 40)
    half = INTERLEAVED_ROWS
    lines = lines[: len(lines) // (2 * half) * 2 * half]
    rows = ""
    for start in range(0, len(lines), 2 * half):
        left, right = lines[start : start + half], lines[start + half : start + 2 * half]
        for first, second in zip(left, right, strict=True):
            cells = "".join(
                f'<table:table-cell table:style-name="Plain">{paragraph(cell, "Standard")}'
                "</table:table-cell>"
                for cell in (first, "", second)
            )
            rows += f"<table:table-row>{cells}</table:table-row>\n"
    columns = "".join(
        f'<table:table-column table:style-name="{name}"/>' for name in ("Left", "Gap", "Left")
    )
    table = f'<table:table table:name="rows">{columns}{rows}</table:table>'
    return document("Interleaved columns", table, padding="0cm")


def report() -> str:
    """Headings, a list, a table, footnotes and a tracked deletion."""
    changes = (
        '<text:tracked-changes><text:changed-region xml:id="c1" text:id="c1"><text:deletion>'
        "<office:change-info><dc:creator>A</dc:creator><dc:date>2026-01-01T00:00:00</dc:date>"
        f"</office:change-info>{paragraph('This sentence was deleted. ')}</text:deletion>"
        "</text:changed-region></text:tracked-changes>"
    )
    note = (
        '<text:note text:id="n1" text:note-class="footnote"><text:note-citation>1'
        "</text:note-citation><text:note-body>"
        f"{paragraph('The fee is waived for residents.', 'Standard')}</text:note-body></text:note>"
    )
    rows = [("Month", "Visitors", "Loans"), ("May", "1,204", "3,310"), ("June", "998", "2,876")]
    table = '<table:table table:name="t"><table:table-column table:number-columns-repeated="3"/>'
    for row in rows:
        cells = "".join(
            f"<table:table-cell>{paragraph(cell, 'Standard')}</table:table-cell>" for cell in row
        )
        table += f"<table:table-row>{cells}</table:table-row>"
    table += "</table:table>"
    items = "".join(
        f"<text:list-item>{paragraph(item)}</text:list-item>"
        for item in ("Open on Sundays from June.", "Buy no more printed atlases.")
    )
    body = (
        changes
        + paragraph("Report on the Town Library", "Title")
        + heading("Visitors", 1)
        + '<text:p text:style-name="Text_20_body">The library had 2,202 visitors in two months. '
        + '<text:change text:change-id="c1"/>'
        + f"Every visitor must register and pay a fee{note} of two euros.</text:p>"
        + table
        + heading("Plans", 1)
        + heading("Opening hours", 2)
        + paragraph("The council decided two things:")
        + f'<text:list text:style-name="Bullets">{items}</text:list>'
        + heading("Staff", 2)
        + paragraph("Dr. Weber shall lead the library until 2031. She may not rent out its rooms.")
    )
    return document("Report on the Town Library", body)


def main() -> None:
    first, second, folder = (Path(argument) for argument in sys.argv[1:4])
    for name, text in (
        ("constitution", constitution(first.read_text())),
        ("columns", declaration(second.read_text())),
        ("interleaved", interleaved(second.read_text())),
        ("report", report()),
    ):
        (folder / f"{name}.fodt").write_text(text)


if __name__ == "__main__":
    main()
