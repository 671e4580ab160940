"""Writes the sources of the office documents and the book that make.sh makes with real programs.

Usage: office_sources.py DECLARATION FOLDER, the first being a plain text file.

`harbour` is one document in six formats, with its words in reading order as a text. `lease` has
what contracts have; `slides` and `drawn` are presentations, the second without placeholders.
"""

import sys
from pathlib import Path

from sources import document, heading, paragraph, paragraphs

LISTS = """
  <text:list-style style:name="Numbers">
   <text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."
    text:start-value="1"><style:list-level-properties text:space-before="0.5cm"
    text:min-label-width="0.6cm"/></text:list-level-style-number>
   <text:list-level-style-number text:level="2" style:num-format="a" style:num-prefix="("
    style:num-suffix=")"><style:list-level-properties text:space-before="1.2cm"
    text:min-label-width="0.6cm"/></text:list-level-style-number>
  </text:list-style>
  <style:style style:name="Caption" style:family="paragraph" style:parent-style-name="Standard"
   style:class="extra"><style:text-properties fo:font-style="italic"/></style:style>
  <style:style style:name="Break" style:family="paragraph" style:parent-style-name="Text_20_body">
   <style:paragraph-properties fo:break-before="page"/></style:style>
  <style:style style:name="Hidden" style:family="text">
   <style:text-properties text:display="none"/></style:style>
  <style:style style:name="Frame" style:family="graphic">
   <style:graphic-properties style:wrap="none" fo:border="0.5pt solid #000000"/></style:style>
"""
OUTLINE = """
  <text:outline-style style:name="Outline">
   <text:outline-level-style text:level="1" style:num-format="1" style:num-suffix="."/>
   <text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/>
  </text:outline-style>
"""

HARBOUR = [
    ("h1", "The harbour"),
    ("p", ("The harbour of Norderhafen was dug by hand between 1871 and 1874. Three hundred men "
     "and forty horses moved the earth, and the town paid them in bread, beer and land.")),
    ("note", "Every ship that enters must report to the harbour master within two hours",
     "Small boats of less than six metres are exempt.", ", whatever the weather."),
    ("h2", "Rules of the quay"),
    ("p", "Whoever moors at the quay accepts these rules:"),
    ("list", [
        ("Ships keep their lights on from dusk until dawn.", []),
        ("Nobody may discharge oil, and in particular:", [
            "no bilge water with traces of fuel,",
            "no paint, and no cleaning agents.",
        ]),
        ("Dogs stay on board unless the harbour master allows otherwise.", []),
    ]),
    ("p", ("A breach costs between 50 and 5,000 crowns. The harbour master decides, and the "
     "council hears complaints within thirty days.")),
    ("h2", "What ships pay"),
    ("caption", "Table 1: Fees for one night, in crowns"),
    ("table", [("Length", "Summer", "Winter"), ("up to 6 m", "12", "8"), ("up to 12 m", "24", "15"),
               ("above 12 m", "60", "38")]),
    ("p", "Fees are due before a ship leaves. The electricity is included, the water is not."),
    ("h1", "The lighthouse"),
    ("p", ("The lighthouse stands on the northern mole, 31 metres above the sea. Its light was "
     "first lit on 3 October 1889, and its keeper, Johanna Brandt, lived there for 41 years. "
     "The Do\u00adnau\u00addampf\u00adschiff\u00adfahrt company gave the lens as a present.")),
    ("note", "Since 1968 the light has been automatic", "The last keeper left in May 1968.",
     " and can be seen from nineteen nautical miles away."),
    ("h2", "Visits"),
    ("p", ("Visitors may climb the tower on Sundays from May to September. Children under six must "
     "not climb it, and dogs wait below.")),
]  # fmt: skip

CLAUSES = [
    ("Parties", ["The landlord is Harbour Estates Ltd of 4 Quay Street, Norderhafen.",
                 "The tenant is Ms Ada Brandt."]),
    ("Rent", ["The rent is 1,250 crowns a month, due on the third day of each month.",
              "The landlord may raise the rent once a year by no more than three per cent."]),
    ("Termination", ["Either party may terminate this lease with three months' notice.",
                     "The landlord shall not terminate it before 31 December 2027."]),
]  # fmt: skip


def note(before: str, text: str, after: str, kind: str = "footnote") -> str:
    return (
        f'<text:p text:style-name="Text_20_body">{before}<text:note text:note-class="{kind}">'
        "<text:note-citation>1</text:note-citation><text:note-body>"
        f"{paragraph(text, 'Standard')}</text:note-body></text:note>{after}</text:p>\n"
    )


def table(rows: list[tuple[str, ...]], inner: str = "") -> str:
    """Return a table; `inner` is put into its last cell."""
    made = f'<table:table><table:table-column table:number-columns-repeated="{len(rows[0])}"/>'
    for row in rows:
        made += "<table:table-row>"
        for cell in row:
            is_last = row is rows[-1] and cell is row[-1]
            content = paragraph(cell, "Standard") + (inner if is_last else "")
            made += f"<table:table-cell>{content}</table:table-cell>"
        made += "</table:table-row>"
    return made + "</table:table>\n"


def numbered(items: list[tuple[str, list[str]]], attributes: str = "") -> str:
    made = f'<text:list text:style-name="Numbers" {attributes}>'
    for text, below in items:
        inner = "".join(f"<text:list-item>{paragraph(each)}</text:list-item>" for each in below)
        made += f"<text:list-item>{paragraph(text)}"
        made += f"<text:list>{inner}</text:list>" if inner else ""
        made += "</text:list-item>"
    return made + "</text:list>\n"


def harbour(declaration: str) -> tuple[str, str]:
    """Return the document and its words in reading order, notes after their paragraphs."""
    body, words = paragraph("A Guide to Norderhafen", "Title"), ["A Guide to Norderhafen"]
    title, *parts = paragraphs(declaration)
    for kind, *content in [*HARBOUR, ("h1", title), *(("p", part) for part in parts)]:
        match kind:
            case "h1" | "h2":
                body += heading(content[0], int(kind[1]))
                words += content
            case "p":
                body += paragraph(content[0])
                words += content
            case "caption":
                body += paragraph(content[0], "Caption")
                words += content
            case "note":
                before, text, after = content
                body += note(before, text, after)
                words += [before + after, text]
            case "table":
                body += table(content[0])
                words += ["\t".join(row) for row in content[0]]
            case "list":
                body += numbered(content[0])
                for index, (text, below) in enumerate(content[0], start=1):
                    words.append(f"{index}. {text}")
                    words += [f"({'abc'[i]}) {each}" for i, each in enumerate(below)]
    text = "\n\n".join(words).replace("\u00ad", "") + "\n"
    return styled("A Guide to Norderhafen", body), text


def styled(title: str, body: str, more: str = "") -> str:
    return document(title, body).replace("</office:styles>", LISTS + more + "</office:styles>", 1)


def lease() -> str:
    """What contracts have: numbered clauses, nested tables, notes, frames, several scripts."""
    body = paragraph("Lease of a Flat", "Title")
    for number, (name, clauses) in enumerate(CLAUSES, start=1):
        body += heading(name, 1)
        for index, clause in enumerate(clauses):
            body += heading(("Definition", "Duty")[index % 2], 2) if number == 1 else ""
            body += paragraph(clause)
    body += numbered([("The keys are handed over.", []), ("The meters are read.", [])])
    body += paragraph("After the handover the following holds:")
    body += numbered([("Damage is reported at once.", [])], 'text:continue-numbering="true"')
    inner = table([("Kitchen", "12 m²"), ("Bedroom", "16 m²")])
    body += paragraph("Table 1: Rooms and meters", "Caption")
    body += table([("Item", "Count", "Remark"), ("Keys", "3", "new"), ("Rooms", "2", "see")], inner)
    body += note("Pets need consent", "Fish and birds do not.", ".", "endnote")
    body += (
        '<text:p text:style-name="Text_20_body">The annex belongs to this lease.'
        '<draw:frame draw:style-name="Frame" draw:name="f1" text:anchor-type="paragraph"'
        ' svg:width="6cm" svg:height="2cm"><draw:text-box>'
        f"{paragraph('The heating is paid by the tenant.')}</draw:text-box></draw:frame></text:p>"
    )
    body += (
        '<text:p text:style-name="Text_20_body">Visible <text:span text:style-name="Hidden">and '
        "secret </text:span>words<office:annotation><dc:creator>A</dc:creator>"
        f"{paragraph('A comment of the lawyer.')}</office:annotation> only.</text:p>"
    )
    body += paragraph("Annex", "Break")
    body += paragraph("החוזה נחתם בירושלים ביום 3 במאי. השוכר ישלם בכל חודש.")
    body += paragraph("يدفع المستأجر الإيجار كل شهر. لا يجوز له التأجير من الباطن.")
    body += paragraph("賃借人は毎月家賃を支払う。賃貸人は家賃を上げることができる。")
    return styled("Lease of a Flat", body, OUTLINE).replace(
        'xmlns:meta="',
        'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"\n'
        ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"\n xmlns:meta="',
        1,
    )


SLIDES_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.presentation">
 <office:meta><dc:title>Harbour budget 2027</dc:title></office:meta>
 <office:automatic-styles>
  <style:page-layout style:name="PL"><style:page-layout-properties fo:page-width="28cm"
   fo:page-height="15.75cm"/></style:page-layout>
  <text:list-style style:name="Dots"><text:list-level-style-bullet text:level="1"
   text:bullet-char="•"/></text:list-style>
  <text:list-style style:name="Steps"><text:list-level-style-number text:level="1"
   style:num-format="1" style:num-suffix="."/></text:list-style>
 </office:automatic-styles>
 <office:master-styles>
  <style:master-page style:name="Default" style:page-layout-name="PL"/>
 </office:master-styles>
 <office:body><office:presentation>
"""
SLIDES_TAIL = "</office:presentation></office:body></office:document>\n"


SLIDES = """---
title: Harbour budget 2027
author: For the council
---

# What changed

- Fees rose to 1.2 million crowns.
- Repairs cost 400,000 crowns less.

::: notes
Thank the harbour master here. The repairs were cheaper since the winter was mild.
:::

# Income and cost

| Year | Income | Cost |
|------|--------|------|
| 2025 | 1,100  | 980  |
| 2026 | 1,200  | 910  |

# Next steps

1. The council votes in March.
2. The work begins in May.
"""


def drawn() -> str:
    """Bullets, steps, a table and a group of shapes, and a slide with nothing."""
    bullets = "".join(
        f"<text:list-item><text:p>{each}</text:p></text:list-item>"
        for each in ("Fees rose to 1.2 million crowns.", "Repairs cost 400,000 crowns less.")
    )
    steps = "".join(
        f"<text:list-item><text:p>{each}</text:p></text:list-item>"
        for each in ("The council votes in March.", "The work begins in May.")
    )
    rows = [("Year", "Income", "Cost"), ("2025", "1,100", "980"), ("2026", "1,200", "910")]
    made = SLIDES_HEAD
    made += slide(
        "One",
        frame("title", "<text:p>Harbour budget 2027</text:p>", 1)
        + frame("subtitle", "<text:p>For the council, 3 March</text:p>", 5),
    )
    made += slide(
        "Two",
        frame("outline", f'<text:list text:style-name="Dots">{bullets}</text:list>', 5)
        + frame("title", "<text:p>What changed</text:p>", 1),
    )
    made += slide(
        "Three",
        frame("title", "<text:p>Income and cost</text:p>", 1)
        + '<draw:frame svg:x="2cm" svg:y="5cm" svg:width="20cm" svg:height="6cm">'
        + table(rows)
        + "</draw:frame>",
    )
    box = '<draw:rect svg:x="{}cm" svg:y="6cm" svg:width="5cm" svg:height="2cm">{}</draw:rect>'
    shapes = "".join(
        box.format(x, f"<text:p>{text}</text:p>")
        for x, text in ((2, "Dig the basin deeper."), (9, "Mend the northern mole."))
    )
    made += slide(
        "Four",
        frame("title", "<text:p>Next steps</text:p>", 1)
        + f"<draw:g>{shapes}</draw:g>"
        + frame("", f'<text:list text:style-name="Steps">{steps}</text:list>', 9),
    )
    made += slide("Five", '<draw:rect svg:x="2cm" svg:y="6cm" svg:width="5cm" svg:height="2cm"/>')
    return made + SLIDES_TAIL


def frame(kind: str, content: str, top: int) -> str:
    mark = f'presentation:class="{kind}" presentation:user-transformed="true"' if kind else ""
    return (
        f'<draw:frame {mark} draw:layer="layout" svg:x="2cm" svg:y="{top}cm" svg:width="22cm"'
        f' svg:height="3cm"><draw:text-box>{content}</draw:text-box></draw:frame>'
    )


def slide(name: str, content: str) -> str:
    page = f'<draw:page draw:name="{name}" draw:master-page-name="Default">'
    return f"{page}{content}</draw:page>\n"


def main() -> None:
    declaration, folder = Path(sys.argv[1]), Path(sys.argv[2])
    source, words = harbour(declaration.read_text())
    (folder / "harbour.fodt").write_text(source)
    (folder / "harbour.txt").write_text(words)
    (folder / "lease.fodt").write_text(lease())
    (folder / "drawn.fodp").write_text(drawn())
    (folder / "slides.md").write_text(SLIDES)


if __name__ == "__main__":
    main()
