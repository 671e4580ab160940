"""Writes the source of the spreadsheets that make.sh turns into files with LibreOffice.

Usage: sheets.py FOLDER
"""

import sys
from pathlib import Path
from xml.sax.saxutils import escape

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"
 office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.spreadsheet">
 <office:meta><dc:title>Accounts of the Town Library</dc:title></office:meta>
 <office:automatic-styles>
  <number:currency-style style:name="euros"><number:number number:decimal-places="2"
   number:min-integer-digits="1" number:grouping="true"/><number:text> </number:text>
   <number:currency-symbol>€</number:currency-symbol></number:currency-style>
  <number:percentage-style style:name="share"><number:number number:decimal-places="1"
   number:min-integer-digits="1"/><number:text>%</number:text></number:percentage-style>
  <number:date-style style:name="day"><number:year number:style="long"/><number:text>-</number:text>
   <number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/>
  </number:date-style>
  <style:style style:name="money" style:family="table-cell" style:data-style-name="euros"/>
  <style:style style:name="part" style:family="table-cell" style:data-style-name="share"/>
  <style:style style:name="date" style:family="table-cell" style:data-style-name="day"/>
 </office:automatic-styles>
 <office:body><office:spreadsheet>
"""
TAIL = "</office:spreadsheet></office:body></office:document>\n"
COSTS = (
    ("Rent", "2026-01-05", 12_000.0, 0.48),
    ("Books", "2026-01-19", 8_250.5, 0.33),
    ("Heating", "2026-02-02", 3_749.5, 0.15),
    ("Refund from the city", "2026-02-20", -1_000.0, 0.04),
)
NAMES = ("Abel", "Baker", "Castle", "Dunn", "Ewing", "Field", "Grant", "Hale", "Irving", "Jones")


def text(value: str) -> str:
    return (
        '<table:table-cell office:value-type="string">'
        f"<text:p>{escape(value)}</text:p></table:table-cell>"
    )


def number(value: float, style: str = "", kind: str = "float", formula: str = "") -> str:
    style = f' table:style-name="{style}"' if style else ""
    formula = f' table:formula="of:={formula}"' if formula else ""
    currency = ' office:currency="EUR"' if kind == "currency" else ""
    return (
        f'<table:table-cell{style}{formula} office:value-type="{kind}"{currency} '
        f'office:value="{value}"/>'
    )


def day(value: str) -> str:
    return (
        '<table:table-cell table:style-name="date" office:value-type="date" '
        f'office:date-value="{value}"/>'
    )


def row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>\n"


def empty(count: int = 1) -> str:
    return f'<table:table-cell table:number-columns-repeated="{count}"/>'


def sheet(name: str, *rows: str) -> str:
    return f'<table:table table:name="{name}">\n{"".join(rows)}</table:table>\n'


def costs() -> str:
    rows = [
        row(text("Costs of the first quarter")),
        row(text("Item"), text("Paid on"), text("Amount"), text("Share")),
    ]
    rows += [
        row(text(item), day(paid), number(amount, "money", "currency"), number(share, "part",
            "percentage"))
        for item, paid, amount, share in COSTS
    ]  # fmt: skip
    total = sum(amount for _, _, amount, _ in COSTS)
    rows.append(row(text("Total"), empty(), number(total, "money", "currency", "SUM([.C3:.C6])")))
    rows.append(row(empty()))
    rows.append(row(text("The council has not yet approved the rent.")))
    return sheet("Costs", *rows)


def loans() -> str:
    rows = [row(text("Member"), text("Since"), text("Loans"), text("Fees (EUR)"))]
    rows += [
        row(
            text(f"{NAMES[at % 10]} {at // 10 + 1}"),
            number(2000 + at % 25),
            number(at * 7 % 31),
            number(at * 13 % 40 / 4),
        )
        for at in range(120)
    ]
    return sheet("Members", *rows)


def remarked() -> str:
    """Return a sheet with a text box that floats above it, and a comment."""
    box = (
        '<table:shapes><draw:frame svg:x="8cm" svg:y="4cm" svg:width="6cm" svg:height="2cm">'
        "<draw:text-box><text:p>Not yet approved by the council.</text:p></draw:text-box>"
        "</draw:frame></table:shapes>\n"
    )
    comment = (
        '<table:table-cell office:value-type="string"><office:annotation><dc:creator>A</dc:creator>'
        "<text:p>Ask for the receipt.</text:p></office:annotation>"
        "<text:p>Heating</text:p></table:table-cell>"
    )
    name = '<table:table table:name="Remarks">'
    rows = row(text("Item"), text("Amount")) + row(comment, number(3749.5))
    return f"{name}\n{box}{rows}</table:table>\n"


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    (folder / "remarked.fods").write_text(HEAD + remarked() + TAIL)
    (folder / "accounts.fods").write_text(HEAD + costs() + loans() + sheet("Sheet3") + TAIL)
