"""Puts what people wrote into a form's fields beside the fields' names."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.documents.lines import Line

CHECKED, UNCHECKED = "☑", "☐"
_SAME_ROW = 0.4  # of the lower one's height
_NEAR = 12.0  # font sizes between a field and its name


@dataclass(frozen=True, slots=True)
class Field:
    """A filled-in field, or a note written onto the page; places as in `Line`."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def filled_in(lines: Sequence[Line], fields: Iterable[Field]) -> list[Line]:
    """Return `lines` with each field after the words left of it, or where its height puts it."""
    result = list(lines)
    for field in fields:
        label = _label(result, field)
        if label is not None:
            line = result[label]
            right = max(line.right, field.right)
            result[label] = replace(line, text=f"{line.text} {field.text}", right=right, pieces=())
        else:
            place = next(
                (index for index, line in enumerate(result) if line.top > field.top), len(result)
            )
            result.insert(place, _line(field, result))
    return result


def _label(lines: Sequence[Line], field: Field) -> int | None:
    """Return the index of the nearest words left of the field in its row, else None."""
    best, nearest = None, 0.0
    for index, line in enumerate(lines):
        overlap = min(line.bottom, field.bottom) - max(line.top, field.top)
        lower = min(line.bottom - line.top, field.bottom - field.top)
        gap = field.left - line.right
        if overlap < _SAME_ROW * lower or not -line.size < gap < _NEAR * line.size:
            continue
        if best is None or gap < nearest:
            best, nearest = index, gap
    return best


def _line(field: Field, lines: Sequence[Line]) -> Line:
    sizes = sorted(line.size for line in lines)
    size = sizes[len(sizes) // 2] if sizes else min(12.0, max(6.0, field.bottom - field.top))
    return Line(field.text, field.left, field.right, field.top, field.bottom, size)
