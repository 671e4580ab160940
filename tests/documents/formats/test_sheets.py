"""Spreadsheets: sheets as pages, rows with their headings, figures that are computed."""

import zipfile
from pathlib import Path

import pytest

from assistant.documents.document import BlockKind, Document, PageStatus, PageUnit
from assistant.documents.formats import open_sheet, workbook
from assistant.documents.formats.number_formats import shown
from assistant.documents.grids import Row, lay_out_sheet
from assistant.documents.limits import Limits
from assistant.errors import DocumentError, FileFault

FILES = Path(__file__).resolve().parents[2] / "files"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def texts(document: Document, page: int, kind: BlockKind) -> list[str]:
    found = document.pages[page - 1]
    return [found.text[b.start : b.end] for b in found.blocks if b.kind is kind]


@pytest.mark.shared_process
@pytest.mark.parametrize("name", ["accounts.xlsx", "accounts.ods"])
def test_the_same_accounts(read, name: str) -> None:
    accounts = read(FILES / name)
    assert (accounts.type, accounts.unit) == (name.split(".")[1], PageUnit.SHEET)
    assert accounts.title == "Accounts of the Town Library"
    assert [page.label for page in accounts.pages] == ["Costs", "Members", "Sheet3"]
    assert accounts.pages[2].status is PageStatus.NO_TEXT
    assert [section.title for section in accounts.sections] == ["Costs", "Members"]
    assert texts(accounts, 1, BlockKind.CAPTION) == ["Costs of the first quarter"]
    (table,) = texts(accounts, 1, BlockKind.TABLE)
    assert table.split("\n") == [
        "Item\tPaid on\tAmount\tShare",
        "Rent\t2026-01-05\t12,000.00 €\t48.0%",
        "Books\t2026-01-19\t8,250.50 €\t33.0%",
        "Heating\t2026-02-02\t3,749.50 €\t15.0%",
        "Refund from the city\t2026-02-20\t-1,000.00 €\t4.0%",
        "Total\t\t23,000.00 €",
    ]
    assert "The council has not yet approved the rent." in [s.text for s in accounts.sentences]
    costs, members = accounts.tables
    amount, share = costs.columns
    assert (costs.title, costs.page, costs.rows) == ("Costs of the first quarter", 1, 4)
    assert (amount.total, amount.stated, amount.unit, amount.count) == (23_000, 23_000, "€", 4)
    assert (share.maximum, share.is_additive) == (48, False)
    assert (members.page, members.rows) == (2, 120)
    assert [(c.name, c.total, c.unit) for c in members.columns] == [
        ("Loans", 1806, ""),
        ("Fees (EUR)", 585, "EUR"),
    ]
    pieces = texts(accounts, 2, BlockKind.TABLE)
    assert len(pieces) == 4
    assert all(piece.startswith("Member\tSince\tLoans\tFees (EUR)\n") for piece in pieces)


@pytest.mark.parametrize(
    ("value", "code", "text", "number"),
    [
        (0.15, "0%", "15%", 15),
        (1204.5, '#,##0.00\\ "€"', "1,204.50 €", 1204.5),
        (1204.5, "#,##0.00 [$€-407]", "1,204.50 €", 1204.5),
        (-1204.5, "#,##0.00_);(#,##0.00)", "(1,204.50)", -1204.5),
        (-3, '"$"#,##0_);[Red]("$"#,##0)', "($3)", -3),
        (1_234_567, '0.0,,"M"', "1.2M", 1.234567),
        (45_000, "dd/mm/yyyy", "2023-03-15", None),
        (45_000.604, "m/d/yy h:mm", "2023-03-15 14:29", None),
        (45_000, "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "2023-03-15", None),
        (1, "yyyy-mm-dd", "1900-01-01", None),
        (0.5, "h:mm", "12:00", None),
        (1.5, "[h]:mm", "36:00:00", None),
        (-5, "yyyy", "-5", -5),
        (0.1 + 0.2, "General", "0.3", 0.1 + 0.2),
        (39, "00000", "00039", 39),
        (12, '0 "months"', "12 months", 12),
        (0.333, "# ?/?", "0.333", 0.333),
    ],
)  # fmt: skip
def test_numbers_are_shown_as_their_formats_say(
    value: float, code: str, text: str, number: float | None
) -> None:
    assert shown(value, code) == (text, number)


def rows(*lines: str, first: int = 1) -> list[Row]:
    """Rows of cells that commas part; an empty line is no row."""
    found = []
    for number, line in enumerate(lines, start=first):
        row = Row(number)
        for column, text in enumerate(line.split(",")):
            if text:
                row.add(column, text)
        if row.texts:
            found.append(row)
    return found


def test_tables_beside_and_below_each_other() -> None:
    lines = ["Item,Euros,,,Who,Hours", "Rent,5,,,Ann,3", "Heat,7,,,Ben,4", "", "Note", "", "a,b",
             "c,d"]  # fmt: skip
    sheet = lay_out_sheet("All", rows(*lines), first_page=3)
    kinds = [(block.kind, block.text) for block in sheet.pages[0].blocks]
    assert kinds == [
        (BlockKind.TABLE, "Item\tEuros\nRent\t5\nHeat\t7"),
        (BlockKind.TABLE, "Who\tHours\nAnn\t3\nBen\t4"),
        (BlockKind.PARAGRAPH, "Note"),
        (BlockKind.TABLE, "a\tb\nc\td"),
    ]
    assert [(table.page, table.columns[0].total) for table in sheet.tables] == [(3, 12), (3, 7)]


def test_a_long_sheet_has_several_pages() -> None:
    body = rows("Item,Euros", *(f"Thing number {at},{at % 7}" for at in range(3_000)))
    sheet = lay_out_sheet("Long", body, first_page=1)
    assert len(sheet.pages) > 2
    assert all(
        block.text.startswith("Item\tEuros\n") for page in sheet.pages for block in page.blocks
    )
    assert sheet.pages[0].label.startswith("Long 1–")
    assert sheet.pages[-1].label.endswith("–3001")
    assert sum(table.rows for table in sheet.tables) == 3_000


def xlsx(path: Path, sheet: str, **parts: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml",
            parts.get("main")
            or f'<workbook xmlns="{MAIN}" xmlns:r="{RELS}"><workbookPr date1904="1"/><sheets>'
            '<sheet name="Data" sheetId="1" r:id="a"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships><Relationship Id="a" Target="/xl/one.xml"/></Relationships>',
        )
        archive.writestr("xl/one.xml", f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>')
        archive.writestr(
            "xl/sharedStrings.xml",
            "<sst><si><t>Tokyo</t><rPh><t>reading</t></rPh></si><si><r><t>Ki</t></r><r><t>el</t>"
            "</r></si></sst>",
        )
        archive.writestr(
            "xl/styles.xml", '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
            "</styleSheet>",
        )  # fmt: skip
    return path


def test_kinds_of_cells(tmp_path: Path) -> None:
    sheet = (
        '<sheetData><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>9</v></c></row>'
        '<row r="2"><c r="B2" t="inlineStr"><is><t>in </t><t>line</t></is></c>'
        '<c r="D2" t="b"><v>1</v></c><c r="E2" t="e"><v>#DIV/0!</v></c></row>'
        '<row r="3"><c r="A3" s="1"><v>366</v></c><c r="B3"><f>SUM(1)</f><v>1.50</v></c>'
        '<c r="C3" t="str"><v>text</v></c><c r="XFE3"><v>1</v></c><c r="Q3" s="77"><v>x</v></c>'
        "</row></sheetData><v>9</v>"
    )
    (page,) = workbook.read(xlsx(tmp_path / "a.xlsx", sheet), Limits()).pages
    assert page.blocks[1].text.split("\n") == [
        "Tokyo\tKiel",
        "\tin line\t\tTRUE\t#DIV/0!",
        "1905-01-01\t1.5\ttext",
    ]


def test_text_boxes_are_read_and_pictures_counted(tmp_path: Path) -> None:
    def relation(kind: str, target: str) -> str:
        return f'<Relationship Id="{kind}" Type="http://x/{kind}" Target="{target}"/>'

    path = xlsx(tmp_path / "a.xlsx", "<sheetData/>")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(
            "xl/_rels/one.xml.rels",
            f"<Relationships>{relation('drawing', 'drawings/one.xml')}</Relationships>",
        )
        archive.writestr(
            "xl/drawings/_rels/one.xml.rels",
            f"<Relationships>{relation('image', '../media/scan.png')}</Relationships>",
        )
        archive.writestr(
            "xl/drawings/one.xml",
            '<d:wsDr xmlns:d="d" xmlns:a="a"><d:twoCellAnchor><d:sp><d:txBody><a:p><a:r><a:t>'
            "The council has not approved this.</a:t></a:r></a:p></d:txBody></d:sp>"
            "</d:twoCellAnchor></d:wsDr>",
        )
    draft = workbook.read(path, Limits())
    (page,) = draft.pages
    assert [block.text for block in page.blocks] == ["Data", "The council has not approved this."]
    assert page.status is PageStatus.READ
    assert draft.notes == ("pictures:1",)


@pytest.mark.parametrize("name", ["remarked.xlsx", "remarked.ods"])
def test_a_text_box_above_a_sheet_is_read(read, name: str) -> None:
    document = read(FILES / name)
    assert texts(document, 1, BlockKind.PARAGRAPH)[-1] == "Not yet approved by the council."
    assert texts(document, 1, BlockKind.TABLE) == ["Item\tAmount\nHeating\t3749.5"]


def test_limits(tmp_path: Path) -> None:
    sheet = (
        "<sheetData><row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row></sheetData>"
    )
    path = xlsx(tmp_path / "a.xlsx", sheet)
    for read, file in ((workbook.read, path), (open_sheet.read, FILES / "accounts.ods")):
        with pytest.raises(DocumentError) as caught:
            read(file, Limits(table_cells=2))
        assert (caught.value.fault, caught.value.limit) == (FileFault.TOO_LARGE, "table cells 2")
