"""What the columns of tables come to is computed, and only where it is certain."""

import pytest

from assistant.documents.amounts import amount, decimal_mark
from assistant.documents.document import BlockKind, ColumnFigures
from assistant.documents.draft import Draft, DraftBlock, DraftPage
from assistant.documents.figures import figures, with_tables
from assistant.documents.parts import divide


def column(*cells: str, name: str = "Amount") -> ColumnFigures | None:
    rows = [["Item", name], *([f"Thing {chr(65 + at)}", cell] for at, cell in enumerate(cells))]
    table = figures(rows, page=1)
    return table.columns[0] if table else None


@pytest.mark.parametrize(
    ("text", "mark", "value", "unit"),
    [
        ("1,204", ".", 1204, ""),
        ("1.204,50 €", ",", 1204.5, "€"),
        ("€1,204.50", ".", 1204.5, "€"),
        ("EUR 1\u202f204,00", ",", 1204, "EUR"),
        ("1'234.50", ".", 1234.5, ""),
        ("12,34,567.89", ".", 1234567.89, ""),
        ("(1,234)", ".", -1234, ""),
        ("$ (12.5)", ".", -12.5, "$"),
        ("\u22125", ".", -5, ""),
        ("5-", ".", -5, ""),
        ("12 %", ".", 12, "%"),
        ("3.5 km/h", ".", 3.5, "km/h"),
        ("1.2 Mio. €", ".", 1.2, "Mio. €"),
        ("US$ 3.4 million", ".", 3.4, "US$ million"),
        ("1e6", ".", 1_000_000, ""),
        ("1,204¹", ".", 1204, ""),
    ],
)
def test_amounts(text: str, mark: str, value: float, unit: str) -> None:
    found = amount(text)
    assert found
    assert (float(found.value(mark)), found.unit) == (value, unit)


@pytest.mark.parametrize(
    "text",
    ["2026-05-01", "01.05.2026", "1.5.26", "12:30", "5pm", "3rd", "12a", "1.2.3", "192.168.0.1",
     "0171 2345678", "5 of 6", "12.05.", "Room 12", "", "EUR", "1 2 3", "(5", "x" * 50],
)  # fmt: skip
def test_dates_and_names_are_no_amounts(text: str) -> None:
    assert amount(text) is None


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["1,204", "998"], ""),
        (["1,204", "1.5"], "."),
        (["1.204,5", "3"], ","),
        (["1.204.500"], ","),
        (["0,204"], ","),
        (["1.5", "2,5"], "?"),
        (["1 204,500"], ","),
    ],
)
def test_the_decimal_mark_by_the_numbers_beside_it(texts: list[str], mark: str) -> None:
    assert decimal_mark(filter(None, map(amount, texts))) == mark


def test_a_column_is_added_up_exactly() -> None:
    assert column("0.10 €", "0.20 €", "n/a", "(0.05 €)") == ColumnFigures(
        "Amount", 3, 0.25, -0.05, 0.2, "€"
    )
    assert column("1.204", "2.500", "3,75").total == 3707.75  # a decimal comma
    assert column("1.204", "2.500", "3").total == pytest.approx(6.704)
    assert column("5", "7", name="Weight [kg]").unit == "kg"


@pytest.mark.parametrize(
    "label", ["Total", "TOTAL:", "Grand total", "Summe", "Gesamtbetrag", "Total général", "合計"]
)
def test_rows_of_totals_are_not_counted_again(label: str) -> None:
    rows = [["Item", "Cost"], ["Rent", "100"], ["Heat", "50"], ["Books", "30"], [label, "190"]]
    table = figures(rows, page=2, title="Costs")
    assert (table.page, table.title, table.rows) == (2, "Costs", 3)
    assert table.columns == (ColumnFigures("Cost", 3, 180, 30, 100, stated=190),)


def test_a_total_without_a_name_is_known_by_its_numbers() -> None:
    assert column("100", "50", "30", "180").stated == 180
    assert column("100", "50", "30", "181").stated is None
    rows = [["Item", "Cost", "Pieces"], ["a", "1", "3"], ["b", "2", "4"], ["c", "3", "5"]]
    assert figures([*rows, ["", "6", "12"]], page=1).columns[0].count == 3
    assert figures([*rows, ["", "6", "13"]], page=1).columns[0].count == 4


def test_subtotals_and_averages() -> None:
    rows = [["Item", "Cost"], ["a", "10"], ["b", "20"], ["Subtotal", "30"], ["c", "5"], ["d", "5"],
            ["e", "2"], ["Total", "42"], ["Average", "8.4"]]  # fmt: skip
    (cost,) = figures(rows, page=1).columns
    assert (cost.count, cost.total, cost.stated) == (5, 42, 42)
    rows = [["Item", "Euros"], ["Sales", "10"], ["Fees", "20"], ["Total income", "30"],
            ["Wages", "5"], ["Rent", "6"], ["Heat", "2"], ["Total costs", "13"]]  # fmt: skip
    (euros,) = figures(rows, page=1).columns
    assert (euros.is_additive, euros.stated) == (False, None)


@pytest.mark.parametrize("name", ["Share", "Growth in %", "Unit price", "Average age"])
def test_shares_and_rates_have_no_total(name: str) -> None:
    found = column("10", "20", "30", name=name)
    assert not found.is_additive
    assert (found.minimum, found.maximum) == (10, 30)
    assert not column("10 %", "20 %").is_additive


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("No.", ["1", "2", "4"]),
        ("Founded", ["1999", "2004", "2026"]),
        ("Order id", ["5", "7"]),
        ("Place", ["1", "2", "3", "4"]),  # the numbers of the rows
        ("Code", ["007", "012"]),
        ("Plate", ["0071", "12"]),
        ("Date", ["2026-05-01", "2026-05-02"]),
        ("Amount", ["5 EUR", "7 USD"]),
        ("Amount", ["1.5", "2,5"]),
        ("Amount", ["5"]),
        ("Remark", ["5", "none", "see below", "7", "late"]),
    ],
)
def test_what_is_no_amount_has_no_figures(name: str, cells: list[str]) -> None:
    assert column(*cells, name=name) is None


def test_headings() -> None:
    table = figures(
        [["Visitors of the library"], ["", "2024", "2025"], ["May", "1,204", "998"],
         ["June", "998", "1,000"]], page=1,
    )  # fmt: skip
    assert table.title == "Visitors of the library"
    assert [(found.name, found.total) for found in table.columns] == [
        ("2024", 2202),
        ("2025", 1998),
    ]
    assert figures([["1", "2"], ["3", "4"], ["5", "7"]], page=1) is None
    assert figures([["a", "b"]], page=1) is None


def test_tables_of_any_document() -> None:
    page = DraftPage(
        [
            DraftBlock(BlockKind.HEADING, "Visitors", 1),
            DraftBlock(BlockKind.TABLE, "2024\t2025\nMay\t1,204\t10\nJune\t998\t20"),
            DraftBlock(BlockKind.TABLE, "Item\tEuros\nRent\t5\nHeat\t7"),
            DraftBlock(BlockKind.CAPTION, "Table 2: Costs"),
            DraftBlock(BlockKind.TABLE, "Introduction\t3\nThe end\t17"),
        ]
    )
    visitors, costs = with_tables(Draft("docx", [DraftPage(), page])).tables
    assert (visitors.page, visitors.title, visitors.columns[1].total) == (2, "Visitors", 30)
    assert (costs.title, costs.columns[0].total) == ("Table 2: Costs", 12)


def test_a_table_may_begin_with_rows_that_are_empty() -> None:
    """Pandoc writes an empty head above a table that has none."""
    for rows in ([["", "", ""]], [["", ""], []]):
        table = figures(
            [*rows, ["Month", "Visitors", "Loans"], ["May", "1,204", "3,310"],
             ["June", "998", "2,876"]], page=1,
        )  # fmt: skip
        assert table.title == ""
        assert [column.name for column in table.columns] == ["Visitors", "Loans"]


def test_a_table_is_added_up_before_it_is_cut() -> None:
    rows = "\n".join(f"Thing number {at} of many\t{at % 7}" for at in range(3_000))
    text = DraftBlock(BlockKind.PARAGRAPH, "The words before it. " * 900)
    table = DraftBlock(BlockKind.TABLE, f"Item\tEuros\n{rows}")
    draft = with_tables(Draft("docx", [DraftPage([text, table])]), divide)
    assert len(draft.pages) > 3
    (found,) = draft.tables
    assert (found.page, found.rows) == (2, 3_000)
    assert found.columns[0].total == sum(at % 7 for at in range(3_000))
