"""Computes what the columns of tables come to, so that no model ever has to add up.

A row of totals is not counted again, whether its name says what it is or its numbers do. Shares,
rates and years have a smallest and a largest, but no total that means something. Where separators
contradict each other or units differ, a column is left out: no figure is better than a wrong one.
"""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from assistant.documents.amounts import Amount, amount, decimal_mark
from assistant.documents.document import BlockKind, ColumnFigures, TableFigures
from assistant.documents.draft import Draft, DraftBlock, DraftPage

_MOST_HEADINGS = 3
_LEAST_NUMBERS = 2
_LEAST_SHARE = 0.6  # of a column's filled cells
_LEAST_ADDED = 3  # rows above a row that is their sum and does not say so
_LONGEST_NAME = 120
_NOTHING = frozenset({"", "-", "–", "—", "−", "n/a", "n.a.", "na", "nil", "k.a.", "...", "…", "."})  # noqa: RUF001
_TOTAL = re.compile(
    r"(?:(?:grand|sub|sub-|net|gross|final|overall)\s*)?totals?\b|sums?(?:\s+of\b|:|$)"
    r"|in total\b|amount due\b"
    r"|(?:gesamt|end|zwischen|teil)?summen?\b|gesamt\w*|insgesamt\b|total\w{0,2}\b|sous-total\b"
    r"|somme\b|totale\b|subtotale?\b|suma\b|razem\b|totaal\b|subtotaal\b|summa\b|итого\b|всего\b"
    r"|合计|总计|小计|合計|小計|総計",
    re.IGNORECASE,
)
_PARTIAL = re.compile(r"sub|zwischen|teil|sous|小", re.IGNORECASE)
_OTHER_SUMMARY = re.compile(
    r"(?:average|mean|median|avg|minimum|maximum|min|max|std\w*|count|durchschnitt|mittelwert"
    r"|moyenne|promedio|media|gemiddelde|średnia)\b",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(
    r"#|(?:no|nr|nº|n°|num|number|nummer|num[ée]ro|id|ids|code|key|index|idx|rank|rang|page|pages|"
    r"seite|p|line|row|zeile|pos|position|item|section|chapter|kapitel|phone|tel|telefon|fax|zip|"
    r"plz|postcode|iban|account|konto|sku|ean|isbn|version|ref|reference|day|tag|week|kw|month|"
    r"monat|year|jahr|years|fy|quarter|date|datum|time|zeit|lat|lon|latitude|longitude)\.?"
    r"|.*\b(?:id|no\.|nr\.|number|nummer|code|date|datum|phone|zip|index)",
    re.IGNORECASE,
)
_NOT_ADDITIVE = re.compile(
    r"%|\b(?:rate|ratio|per|percent|percentage|share|average|avg|mean|median|unit price|price|"
    r"score|grade|age|temperature|speed|density|index|margin|growth|change|change in|"
    r"anteil|quote|prozent|durchschnitt\w*|einzelpreis|stückpreis|preis|alter|temperatur|je|pro|"
    r"taux|prix|moyenne|part|tasa|precio|porcentaje)\b",
    re.IGNORECASE,
)
_NO_SUM_UNITS = re.compile(r"%|‰|°|/")
_UNIT_IN_NAME = re.compile(
    r"[(\[]\s*(?:in\s+)?(?P<bracketed>[^()\[\]\d]{1,14})\s*[)\]]\s*$"
    r"|(?:\bin|,)\s+(?P<after>[A-Z]{3}|[A-Z]{0,2}[$€£¥%‰]|k?g|k?m[²³]?|t|l|h|kWh|MWh"
    r"|(?:mio\.?|mrd\.?|millions?|billions?|thousands?)(?:\s*[$€£A-Z]{1,3})?)\s*$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class _Column:
    """The numbers of a column by their rows, of the table's body."""

    index: int
    name: str
    numbers: dict[int, Decimal]
    unit: str


def figures(
    rows: Sequence[Sequence[str]],
    *,
    page: int,
    title: str = "",
    numbers: Sequence[Sequence[float | None]] | None = None,
    mark: str = "",
) -> TableFigures | None:
    """Return the figures of a table, None if it has no headings or no column of numbers.

    Args:
        rows: its cells, headings first. Rows may differ in length.
        page: where it begins.
        title: its caption.
        numbers: the values of the cells as they are shown, where the file has them as numbers,
            in the same shape; a cell of text is None.
        mark: the decimal mark where the cells alone do not tell.
    """
    while len(rows) > _LEAST_NUMBERS and _is_title(rows):
        title = title or next((cell.strip() for cell in rows[0] if cell.strip()), "")
        rows, numbers = rows[1:], None if numbers is None else numbers[1:]
    head = heading_rows(rows)
    if not head or len(rows) - head < _LEAST_NUMBERS:
        return None
    body = [row for row in rows[head:] if list(row) != list(rows[0])]
    is_repeated = len(body) != len(rows) - head
    values = None if numbers is None or is_repeated else numbers[head:]
    names = _names(rows[:head])
    totals = _labelled(body)
    columns = list(_columns(body, names, values, mark))
    if not totals and (last := _unlabelled_total(body, columns)) is not None:
        totals = {last: True}
    found = tuple(one for column in columns if (one := _of(column, totals)) is not None)
    if not found:
        return None
    return TableFigures(page, title[:_LONGEST_NAME], len(body) - len(totals), found)


def with_tables(draft: Draft, divide: Callable[[Draft], Draft] | None = None) -> Draft:
    """Return `draft` with the figures of its tables, if its format has not computed them.

    Args:
        draft: the draft.
        divide: cuts its pages, after the figures were computed: a table may be cut, too.
    """
    if draft.tables:
        return divide(draft) if divide else draft
    found = list(_in_blocks(draft.pages))
    divided = divide(draft) if divide else draft
    if divided is draft:
        tables = tuple(table for _, table in found)
    else:
        tables = tuple(_moved(found, divided.pages))
    return replace(divided, tables=tables)


def _in_blocks(pages: Sequence[DraftPage]) -> Iterator[tuple[DraftBlock, TableFigures]]:
    """Yield the tables of a document that have figures, with those."""
    for number, page in enumerate(pages, start=1):
        for index, block in enumerate(page.blocks):
            if block.kind is not BlockKind.TABLE:
                continue
            rows = _aligned([line.split("\t") for line in block.text.split("\n")])
            table = figures(rows, page=number, title=_caption(page.blocks, index))
            if table:
                yield block, table


def _moved(
    found: Iterable[tuple[DraftBlock, TableFigures]], pages: Sequence[DraftPage]
) -> Iterator[TableFigures]:
    """Yield the tables with the pages on which their blocks, or their first pieces, are now."""
    places = [
        (number, block)
        for number, page in enumerate(pages, start=1)
        for block in page.blocks
        if block.kind is BlockKind.TABLE
    ]
    at = 0
    for block, table in found:
        while at < len(places) and not block.text.startswith(places[at][1].text):
            at += 1
        if at == len(places):
            return
        yield replace(table, page=places[at][0])
        at += 1


def _aligned(rows: list[list[str]]) -> list[list[str]]:
    """Give the first row its empty corner back: a block's text begins with its first word."""
    widths = {len(row) for row in rows[1:]}
    if len(widths) == 1 and widths == {len(rows[0]) + 1}:
        rows[0] = ["", *rows[0]]
    return rows


def heading_rows(rows: Sequence[Sequence[str]]) -> int:
    """Return how many rows at the top of a table hold headings, 0 for none."""
    count = 0
    for row in rows[:_MOST_HEADINGS]:
        is_more = count == 0 or sum(bool(cell.strip()) for cell in row) > 1
        if not (is_more and _is_heading(row)):
            break
        count += 1
    if count == min(len(rows), _MOST_HEADINGS):
        # All text: the first row is the heading if there is one at all.
        return 1 if len(rows) > 1 else 0
    return count


def _is_title(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first row is one cell of text above rows that have more."""
    filled = [cell for cell in rows[0] if cell.strip()]
    wide = sum(bool(cell.strip()) for cell in rows[1]) > 1
    return not filled or (len(filled) == 1 and wide and amount(filled[0]) is None)


def _is_heading(row: Sequence[str]) -> bool:
    """Return whether no cell is a number; years may head columns, not a row."""
    cells = [cell.strip() for cell in row]
    if not any(cells) or _YEAR.fullmatch(cells[0]):
        return False
    return all(_YEAR.fullmatch(cell) or amount(cell) is None for cell in cells)


def _names(headings: Sequence[Sequence[str]]) -> list[str]:
    """Return the columns' names; what stands above several columns belongs to each."""
    width = max(len(row) for row in headings)
    parts: list[list[str]] = [[] for _ in range(width)]
    for row in headings:
        for index in range(width):
            text = row[index].strip() if index < len(row) else ""
            if text and text not in parts[index]:
                parts[index].append(text)
    return [" ".join(words)[:_LONGEST_NAME] for words in parts]


def _labelled(body: Sequence[Sequence[str]]) -> dict[int, bool]:
    """Return the rows that say they sum up others; True for those that total all of them."""
    found = {}
    for index, row in enumerate(body):
        label = next((text for cell in row if (text := cell.strip())), "")
        if _TOTAL.match(label) or re.search(r"\btotal:?$", label, re.IGNORECASE):
            found[index] = not _PARTIAL.match(label)
        elif _OTHER_SUMMARY.match(label):
            found[index] = False
    # Where most rows say so, they are what the table is about.
    return found if 2 * len(found) <= len(body) else {}


def _columns(
    body: Sequence[Sequence[str]],
    names: Sequence[str],
    values: Sequence[Sequence[float | None]] | None,
    mark: str,
) -> Iterator[_Column]:
    written: list[dict[int, Amount]] = []
    for index, name in enumerate(names):
        cells = {at: row[index].strip() for at, row in enumerate(body) if index < len(row)}
        filled = {at: cell for at, cell in cells.items() if cell.lower() not in _NOTHING}
        amounts = {at: found for at, cell in filled.items() if (found := amount(cell))}
        is_column = (
            name
            and not _IDENTIFIER.fullmatch(name.strip())
            and len(amounts) >= max(_LEAST_NUMBERS, _LEAST_SHARE * len(filled))
            and not any(found.is_padded for found in amounts.values())
        )
        written.append(amounts if is_column else {})
    shared = decimal_mark(itertools.chain.from_iterable(found.values() for found in written))
    for index, amounts in enumerate(written):
        if not amounts:
            continue
        own = decimal_mark(amounts.values()) or (shared if shared in {".", ","} else "") or mark
        row_values = None if values is None else [_at(row, index) for row in values]
        numbers = _numbers(amounts, own, row_values)
        unit = _unit(amounts.values(), names[index])
        if numbers and unit is not None and not _is_count_of_rows(numbers, amounts):
            yield _Column(index, names[index], numbers, unit)


def _at(row: Sequence[float | None], index: int) -> float | None:
    return row[index] if index < len(row) else None


def _numbers(
    amounts: dict[int, Amount], mark: str, values: Sequence[float | None] | None
) -> dict[int, Decimal]:
    """Return the numbers by row, none at all if one makes no sense with this decimal mark."""
    if mark == "?":
        return {}
    numbers = {}
    for at, found in amounts.items():
        known = values[at] if values is not None else None
        number = found.value(mark or ".") if known is None else Decimal(repr(known))
        if number is None:
            return {}
        numbers[at] = number
    return numbers


def _unit(amounts: Iterable[Amount], name: str) -> str | None:
    """Return the unit of a column, "" for none, None where units differ."""
    units = {found.unit for found in amounts} - {""}
    if len(units) > 1:
        return None
    if units:
        return units.pop()
    match = _UNIT_IN_NAME.search(name)
    return (match["bracketed"] or match["after"]).strip() if match else ""


def _is_count_of_rows(numbers: dict[int, Decimal], amounts: dict[int, Amount]) -> bool:
    """Return whether these are years, or the numbers of the rows themselves."""
    if all(_YEAR.fullmatch(found.digits) and not found.unit for found in amounts.values()):
        return True
    in_order = [numbers[at] for at in sorted(numbers)]
    steps = {after - before for before, after in itertools.pairwise(in_order)}
    return len(in_order) > 2 and steps == {Decimal(1)} and in_order[0] in {0, 1}


def _unlabelled_total(body: Sequence[Sequence[str]], columns: Sequence[_Column]) -> int | None:
    """Return the last row if its numbers are the sums of those above it."""
    last = len(body) - 1
    added = [column for column in columns if _is_additive(column) and last in column.numbers]
    if not added:
        return None
    for column in added:
        above = [number for at, number in column.numbers.items() if at != last]
        if len(above) < _LEAST_ADDED or not any(above) or sum(above) != column.numbers[last]:
            return None
    return last


def _is_additive(column: _Column) -> bool:
    return not (_NO_SUM_UNITS.search(column.unit) or _NOT_ADDITIVE.search(column.name))


def _of(column: _Column, totals: dict[int, bool]) -> ColumnFigures | None:
    numbers = [number for at, number in column.numbers.items() if at not in totals]
    if len(numbers) < _LEAST_NUMBERS:
        return None
    total = sum(numbers, Decimal(0))
    stated = [number for at, number in sorted(column.numbers.items()) if totals.get(at)]
    # Several totals are those of parts, unless the last one is that of all.
    is_of_parts = len(stated) > 1 and stated[-1] != total
    is_additive = _is_additive(column) and not is_of_parts
    return ColumnFigures(
        name=column.name,
        count=len(numbers),
        total=float(total),
        minimum=float(min(numbers)),
        maximum=float(max(numbers)),
        unit=column.unit,
        is_additive=is_additive,
        stated=float(stated[-1]) if stated and is_additive else None,
    )


def _caption(blocks: Sequence[DraftBlock], index: int) -> str:
    """Return the caption beside a table, else the heading it stands under."""
    for near in (index - 1, index + 1):
        if 0 <= near < len(blocks) and blocks[near].kind is BlockKind.CAPTION:
            return blocks[near].text
    heads = (block.text for block in reversed(blocks[:index]) if block.kind is BlockKind.HEADING)
    return next(heads, "")
