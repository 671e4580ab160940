"""The figures of a document's tables, as computed when it was read."""

from collections.abc import Iterator, Sequence

from assistant.documents.document import ColumnFigures, TableFigures
from assistant.summaries.exporting.parts import Heading, Line, Part, Runs, Table, Tone, plain
from assistant.summaries.exporting.places import Places

_MOST_COLUMNS = 60
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
        plain(amount(column.total, column.unit), Tone.STRONG),
        plain(amount(column.minimum, column.unit)),
        plain(amount(column.maximum, column.unit)),
        plain(places.short([table.page]), Tone.PLACE),
    )
