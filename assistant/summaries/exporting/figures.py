"""The figures of a document's tables, as computed when it was read."""

import math
from collections.abc import Iterator, Sequence

from assistant.documents.document import ColumnFigures, TableFigures
from assistant.summaries.exporting.parts import Heading, Line, Part, Run, Runs, Table, Tone, plain
from assistant.summaries.exporting.places import Places

_MOST_COLUMNS = 60
_ROUNDED = 1e-6
_HEADINGS = ("Table", "Column", "Numbers", "Total", "Least", "Most", "Where")


def figures(tables: Sequence[TableFigures], places: Places) -> Iterator[Part]:
    """Yield a table of the columns that hold numbers, and what they come to."""
    columns = [(table, column) for table in tables for column in table.columns]
    if not columns:
        return
    yield Heading("Figures of its tables, computed")
    yield Table(
        _HEADINGS, tuple(_row(table, column, places) for table, column in columns[:_MOST_COLUMNS])
    )
    if (left := len(columns) - _MOST_COLUMNS) and left > 0:
        yield Line(plain(f"… and {left} more columns.", Tone.MUTED))


def amount(value: float, unit: str) -> str:
    """Return a number with separators of thousands, and its unit."""
    shown = f"{value:,.2f}".rstrip("0").rstrip(".")
    return f"{shown} {unit}".strip()


def _row(table: TableFigures, column: ColumnFigures, places: Places) -> tuple[Runs, ...]:
    return (
        plain(table.title),
        plain(column.name),
        plain(f"{column.count} of {table.rows}"),
        _total(column),
        plain(amount(column.minimum, column.unit)),
        plain(amount(column.maximum, column.unit)),
        plain(places.short([table.page]), Tone.PLACE),
    )


def _total(column: ColumnFigures) -> Runs:
    """Return what a column comes to, and what the table says it does where that differs."""
    if not column.is_additive:
        return plain("—", Tone.MUTED)
    total = Run(amount(column.total, column.unit), Tone.STRONG)
    if column.stated is None or math.isclose(column.stated, column.total, rel_tol=_ROUNDED):
        return (total,)
    stated = amount(column.stated, column.unit)
    return (total, Run(f"[the table says {stated}]", Tone.MARK))
