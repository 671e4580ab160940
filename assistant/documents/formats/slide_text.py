"""The text of DrawingML: paragraphs with bullets and numbers, tables, charts and diagrams."""

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from assistant.documents.cleaning import clean, fold
from assistant.documents.document import BlockKind
from assistant.documents.draft import DraftBlock
from assistant.documents.formats.markup import child, local, number, value
from assistant.documents.numerals import Numeral, written

_LEFT_OUT = frozenset({"rPr", "pPr", "endParaRPr", "Fallback"})
_WIDEST_SPAN = 64
_MOST_POINTS = 10_000
_NUMERALS = (
    ("alphaLc", Numeral.LOWER_LETTER),
    ("alphaUc", Numeral.UPPER_LETTER),
    ("romanLc", Numeral.LOWER_ROMAN),
    ("romanUc", Numeral.UPPER_ROMAN),
    ("arabic", Numeral.DECIMAL),
    ("circleNum", Numeral.CIRCLED),
)


def body_blocks(body: Element, *, is_list: bool) -> Iterator[DraftBlock]:
    """Yield the paragraphs of a text body.

    Args:
        body: an element that holds `a:p`.
        is_list: its paragraphs have bullets unless they say otherwise, as in a placeholder for
            text.
    """
    counts: dict[int, int] = {}
    for paragraph in body:
        if local(paragraph) != "p":
            continue
        text = fold(clean(paragraph_text(paragraph)))
        settings = child(paragraph, "pPr")
        level = number(value(settings, "lvl"))
        numbered = child(settings, "buAutoNum")
        for deeper in [index for index in counts if index > level]:
            del counts[deeper]
        if not text:
            continue
        if numbered is None:
            counts.pop(level, None)
            has_bullet = child(settings, "buChar") is not None
            is_item = has_bullet or (is_list and child(settings, "buNone") is None)
            yield DraftBlock(BlockKind.LIST_ITEM if is_item else BlockKind.PARAGRAPH, text)
            continue
        start = number(value(numbered, "startAt"), 1)
        counts[level] = counts.get(level, start - 1) + 1
        mark = _numbered(counts[level], value(numbered, "type"))
        yield DraftBlock(BlockKind.LIST_ITEM, f"{mark} {text}")


def paragraph_text(element: Element) -> str:
    """Return the text of an `a:p` with its breaks as line feeds."""
    parts: list[str] = []
    for inner in element:
        name = local(inner)
        if name == "t":
            parts.append(inner.text or "")
        elif name == "br":
            parts.append("\n")
        elif name not in _LEFT_OUT:
            parts.append(paragraph_text(inner))
    return "".join(parts)


def table_block(table: Element) -> DraftBlock | None:
    """Return a table with a row on a line, None for an empty one."""
    lines = []
    for row in table:
        if local(row) != "tr":
            continue
        cells: list[str] = []
        for cell in row:
            if local(cell) != "tc":
                continue
            paragraphs = (each for each in cell.iter() if local(each) == "p")
            is_covered = value(cell, "hMerge") == "1" or value(cell, "vMerge") == "1"
            text = " ".join(paragraph_text(each) for each in paragraphs)
            cells.append("" if is_covered else fold(clean(text)))
        if any(cells):
            lines.append("\t".join(cells).rstrip())
    return DraftBlock(BlockKind.TABLE, "\n".join(lines)) if lines else None


def chart_blocks(elements: Iterable[Element]) -> Iterator[DraftBlock]:
    """Yield a chart's title, and its values as a table: categories below each other.

    Args:
        elements: the children of a `c:chart`.
    """
    for element in elements:
        if local(element) == "title":
            text = fold(clean(" ".join(_runs(element))))
            if text:
                yield DraftBlock(BlockKind.CAPTION, text)
        elif local(element) == "plotArea":
            series = [each for each in element.iter() if local(each) == "ser"]
            table = _chart_table(series)
            if table:
                yield DraftBlock(BlockKind.TABLE, table)


def diagram_blocks(elements: Iterable[Element]) -> Iterator[DraftBlock]:
    """Yield the texts of a diagram's shapes; `elements` are the children of its point list."""
    for point in elements:
        if local(point) == "pt" and value(point, "type") not in {"pres", "parTrans", "sibTrans"}:
            texts = (paragraph_text(each) for each in point.iter() if local(each) == "p")
            text = fold(clean(" ".join(texts)))
            if text:
                yield DraftBlock(BlockKind.LIST_ITEM, text)


def _numbered(count: int, kind: str) -> str:
    """Return the number of an item: "1.", "(a)", "ii)", by the name of its scheme."""
    numeral = next((each for start, each in _NUMERALS if kind.startswith(start)), Numeral.DECIMAL)
    text = written(count, numeral)
    if kind.endswith("ParenBoth"):
        return f"({text})"
    if kind.endswith("ParenR"):
        return f"{text})"
    return f"{text}." if kind.endswith("Period") or not kind else text


def _runs(element: Element) -> Iterator[str]:
    return (inner.text or "" for inner in element.iter() if local(inner) == "t")


def _chart_table(series: list[Element]) -> str:
    names = [" ".join(_points(child(each, "tx")).values()) for each in series]
    values = [_points(child(each, "val")) or _points(child(each, "yVal")) for each in series]
    categories: dict[int, str] = {}
    for each in series:
        categories = categories or _points(child(each, "cat")) or _points(child(each, "xVal"))
    rows = sorted({index for column in values for index in column})[:_MOST_POINTS]
    if not rows:
        return ""
    lines = ["\t".join(["", *names])] if any(names) else []
    for index in rows:
        cells = [categories.get(index, str(index + 1)), *(each.get(index, "") for each in values)]
        lines.append("\t".join(cells))
    return "\n".join(line for line in lines if line.strip())


def _points(element: Element | None) -> dict[int, str]:
    """Return the values that a chart keeps of its data, by their place."""
    if element is None:
        return {}
    found: dict[int, str] = {}
    for point in element.iter():
        if local(point) == "pt" and len(found) < _MOST_POINTS:
            mark = child(point, "v")
            text = fold(clean(mark.text or "")) if mark is not None else ""
            found[number(value(point, "idx"))] = text
    if not found:
        mark = child(element, "v")
        return {0: fold(clean(mark.text or ""))} if mark is not None else {}
    return found
