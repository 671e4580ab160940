"""Finds numbers, amounts and dates that differ between two versions of a sentence or row."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from assistant.documents.document import BlockKind, Document
from assistant.evidence.number_words import LARGE, MONTHS, SMALL
from assistant.evidence.numbers import quantities
from assistant.summaries.comparing.comparison import FigureChange
from assistant.summaries.comparing.units import Unit

_MONTH = "|".join(sorted((re.escape(m) for m in MONTHS if len(m) > 2), key=len, reverse=True))
_DATE = (
    rf"\d{{4}}-\d{{2}}-\d{{2}}(?!\d)|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}(?!\d)"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.|er|º)?\s+(?:of\s+|de\s+)?(?:{_MONTH})\b\.?"
    rf"(?:,?\s+(?:de\s+)?\d{{4}})?"
    rf"|\b(?:{_MONTH})\b\.?\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?(?!\d)"
    rf"|\b(?:{_MONTH})\b\.?\s+\d{{4}}(?!\d)"
)
_WORDS = "|".join(
    sorted((re.escape(w) for w in {*SMALL, *LARGE} if len(w) > 2), key=len, reverse=True)
)
_CURRENCY = r"[$€£¥]|(?:EUR|USD|GBP|CHF|JPY|CAD|AUD|SEK|NOK|DKK|PLN)\b"
_UNIT = (
    r"%|‰|[$€£¥]|(?:percent|per\s+cent|prozent|pour\s+cent|euros?|dollars?|pounds?|francs?|cents?"
    r"|EUR|USD|GBP|CHF|JPY|CAD|AUD|SEK|NOK|DKK|PLN"
    r"|(?:business\s+|working\s+|calendar\s+)?days?|weeks?|months?|quarters?|years?|hours?|minutes?"
    r"|seconds?|tage?n?|wochen?|monate?n?|jahre?n?|stunden?|jours?|mois|ans?|semaines?"
    r"|días?|meses|años?|giorni|mesi|anni|°C|°F|km|cm|mm|kg|mg|kWh|MW|GW|MB|GB|TB|m²|m2|pages?"
    r"|copies|persons?|people|shares?|units?)\b"
)
_LARGE = r"(?:thousand|million|billion|trillion|mio\.?|mrd\.?|bn|mn|k|m)\b"
_AMOUNT = (
    rf"(?:(?:{_CURRENCY})\s?)?[-−+]?\d+(?:[.,'’\u00a0 ]\d{{3}})*(?:[.,]\d+)?"  # noqa: RUF001 - a minus
    rf"(?:\s?(?:{_LARGE}))?(?:\s?(?:{_UNIT}))?"
)
_WRITTEN = rf"\b(?:{_WORDS})(?:[\s-]+(?:{_WORDS}))*\b(?:\s?\(\d+\))?(?:\s(?:{_UNIT}))?"
_FIGURE = re.compile(
    rf"(?P<date>{_DATE})|(?<![\w.,-])(?P<amount>{_AMOUNT})(?!\w)|(?P<written>{_WRITTEN})",
    re.IGNORECASE,
)
_PART_OF_ONE = re.compile(rf"[\d%$€£¥½¼¾]|\b(?:{_WORDS}|{_MONTH}|{_UNIT})\b", re.IGNORECASE)
_TOKEN = re.compile(r"\x00|[^\W_]+|[^\w\s]")
_BEFORE = 7
_FEW_WORDS = re.compile(r"\S*(?:\s+\S+){0,4}")


@dataclass(frozen=True, slots=True)
class _Figure:
    text: str
    start: int
    end: int
    is_date: bool


def touches(text: str) -> bool:
    """Tell whether `text` may be part of a figure: a cheap look before the thorough one."""
    return _PART_OF_ONE.search(text) is not None


def changed_figures(
    old: Unit, new: Unit, documents: tuple[Document, Document]
) -> Iterator[FigureChange]:
    """Yield the figures that differ between two versions of a sentence, in order."""
    if old.kind is new.kind is BlockKind.TABLE:
        cells = _cells(old, documents[0]), _cells(new, documents[1])
        if len(cells[0]) == len(cells[1]):
            yield from _changed_cells(old, new, cells, _header(new, documents[1]))
            return
    mine, other = old.bare, new.bare
    for first, second in _paired(mine, other, _figures(mine), _figures(other)):
        before, after = first.text if first else "", second.text if second else ""
        if before and after and _value(before) == _value(after):
            continue
        figure, text = (second, other) if second else (first, mine)
        assert figure is not None
        yield FigureChange(
            what=_around(text, figure),
            old=before,
            new=after,
            old_span=old.spans[0],
            new_span=new.spans[0],
            is_date=any(one is not None and one.is_date for one in (first, second)),
        )


def changed_totals(old: Document, new: Document) -> Iterator[FigureChange]:
    """Yield the totals of table columns that differ, where both documents have the column once."""
    mine, theirs = _totals(old), _totals(new)
    for name, (total, unit) in theirs.items():
        before = mine.get(name)
        if before is not None and before != (total, unit):
            yield FigureChange(what=f"{name}, total", old=_shown(*before), new=_shown(total, unit))


def _totals(document: Document) -> dict[str, tuple[float, str]]:
    found: dict[str, tuple[float, str]] = {}
    twice: set[str] = set()
    for table in document.tables:
        for column in table.columns:
            if not column.is_additive:
                continue
            name = " › ".join(part for part in (table.title, column.name) if part)
            if name in found:
                twice.add(name)
            found[name] = (column.total, column.unit)
    return {name: total for name, total in found.items() if name and name not in twice}


def _shown(total: float, unit: str) -> str:
    return f"{total:,.2f}".rstrip("0").rstrip(".") + (f" {unit}" if unit else "")


def _figures(text: str) -> list[_Figure]:
    found = []
    for match in _FIGURE.finditer(text):
        is_date = match.lastgroup == "date"
        if is_date or quantities(match.group()):
            found.append(_Figure(match.group().strip(), match.start(), match.end(), is_date))
    return found


def _value(figure: str) -> object:
    return quantities(figure) or figure.casefold()


def _paired(
    old: str, new: str, ours: Sequence[_Figure], theirs: Sequence[_Figure]
) -> Iterator[tuple[_Figure | None, _Figure | None]]:
    """Yield figures that stand in the same place of both versions, and those without another."""
    masked = _masked(old, ours), _masked(new, theirs)
    steps = SequenceMatcher(None, masked[0], masked[1], autojunk=False).get_opcodes()
    i = j = 0
    for _, i_start, i_end, j_start, j_end in steps:
        count = masked[0][i_start:i_end].count("\x00"), masked[1][j_start:j_end].count("\x00")
        for number in range(max(count)):
            yield (
                ours[i + number] if number < count[0] else None,
                theirs[j + number] if number < count[1] else None,
            )
        i, j = i + count[0], j + count[1]


def _masked(text: str, figures: Sequence[_Figure]) -> list[str]:
    """Return the words of `text` with a mark in the place of each figure."""
    pieces, end = [], 0
    for figure in figures:
        pieces += [text[end : figure.start], "\x00"]
        end = figure.end
    pieces.append(text[end:])
    return _TOKEN.findall("".join(pieces).casefold())


def _around(text: str, figure: _Figure) -> str:
    """Return the words around a figure, with an ellipsis in its place."""
    before = " ".join(text[: figure.start].split()[-_BEFORE:])
    after = _FEW_WORDS.match(text, figure.end)
    blank = " " if before and text[figure.start - 1].isspace() else ""
    return f"{before}{blank}…{after.group() if after else ''}".rstrip(" ,;:")


def _cells(unit: Unit, document: Document) -> list[str]:
    return [cell.strip() for cell in document.quote(unit.spans[0]).split("\t")]


def _header(unit: Unit, document: Document) -> list[str]:
    """Return the cells of the first row of the table that `unit` is a row of."""
    span = unit.spans[0]
    page = document.pages[span.page - 1]
    for block in page.blocks:
        if block.start <= span.start < block.end:
            first = page.text[block.start : block.end].split("\n", 1)[0]
            return [cell.strip() for cell in first.split("\t")]
    return []


def _changed_cells(
    old: Unit, new: Unit, cells: tuple[list[str], list[str]], header: list[str]
) -> Iterator[FigureChange]:
    for number, (before, after) in enumerate(zip(*cells, strict=True)):
        if before == after or not (quantities(before) or quantities(after)):
            continue
        if before and after and _value(before) == _value(after):
            continue
        column = header[number] if number < len(header) and header[number] != after else ""
        row = cells[1][0] if number else ""
        yield FigureChange(
            what=" › ".join(part for part in (row, column) if part),
            old=before,
            new=after,
            old_span=old.spans[0],
            new_span=new.spans[0],
        )
