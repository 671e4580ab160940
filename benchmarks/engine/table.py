"""The lines of the table, and how they are told."""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table; `is_met` is None for a figure without a target."""

    what: str
    value: float
    unit: str = ""
    target: str = ""
    is_met: bool | None = None


def at_least(what: str, value: float, target: float, unit: str = "") -> Row:
    """A figure that is to be `target` or more."""
    return Row(what, value, unit, f">= {target:g}", value >= target)


def at_most(what: str, value: float, target: float, unit: str = "") -> Row:
    """A figure that is to be `target` or less."""
    return Row(what, value, unit, f"<= {target:g}", value <= target)


def show(rows: Iterable[Row]) -> list[Row]:
    """Print each row as it comes, and return them all."""
    shown = []
    for row in rows:
        verdict = "" if row.is_met is None else ("met" if row.is_met else "MISSED")
        value = f"{row.value:.0f}" if row.value == round(row.value) else f"{row.value:.3g}"
        if row.value >= 1000:
            value = f"{row.value:.0f}"
        print(f"{row.what:<72} {value:>8} {row.unit:<8} {row.target:<8} {verdict}".rstrip())
        sys.stdout.flush()
        shown.append(row)
    return shown


def as_json(rows: Iterable[Row]) -> str:
    """Return the rows as a JSON array."""
    return json.dumps([asdict(row) for row in rows], indent=1)
