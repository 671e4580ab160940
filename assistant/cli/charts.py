"""Bars of figures: in letters for the terminal, and as an SVG picture."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.cli.drawing import ACCENT, INK, MUTED, TRACK, bar, picture, text

_EIGHTHS = " ▏▎▍▌▋▊▉"
_BAR_CELLS = 32

# The picture, in px.
_WIDTH, _MARGIN, _LABELS, _VALUES = 720, 28, 190, 110
_ROW, _BAR, _TITLE_ROOM, _PANEL_GAP = 24, 14, 30, 18


@dataclass(frozen=True, slots=True)
class Panel:
    """A group of bars that share a scale.

    Attributes:
        title: what is shown, with the unit.
        bars: a label and a value of each; none is negative.
    """

    title: str
    bars: tuple[tuple[str, float], ...]


def in_letters(panels: Sequence[Panel], *, is_plain: bool) -> str:
    """Return the panels as lines of text.

    Args:
        panels: what to draw.
        is_plain: only letters that every terminal has.
    """
    labels = max((len(label) for panel in panels for label, _ in panel.bars), default=0)
    lines = []
    for panel in panels:
        lines += ["", panel.title]
        largest = max((value for _, value in panel.bars), default=0)
        for label, value in panel.bars:
            drawn = _bar(value, largest, is_plain=is_plain)
            lines.append(f"  {label:>{labels}}  {drawn:<{_BAR_CELLS}}  {number(value):>6}")
    return "\n".join(lines[1:]) + "\n" if lines else ""


def _bar(value: float, largest: float, *, is_plain: bool) -> str:
    share = value / largest if largest else 0.0
    if is_plain:
        return "#" * round(share * _BAR_CELLS)
    eighths = round(share * _BAR_CELLS * 8)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def number(value: float) -> str:
    """Return a figure with as many digits as say something."""
    if value >= 99.5:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 0.95 else f"{value:.2f}"


def as_svg(title: str, lines: Sequence[str], panels: Sequence[Panel]) -> str:
    """Return the panels as an SVG picture.

    Args:
        title: its headline.
        lines: what stands below it.
        panels: what to draw.
    """
    y = _MARGIN + 18.0
    parts = [text(_MARGIN, y, title, size=18, color=INK, weight=600)]
    for line in lines:
        y += 20
        parts.append(text(_MARGIN, y, line, size=12, color=MUTED))
    y += _PANEL_GAP
    for panel in panels:
        y += _TITLE_ROOM
        parts.append(text(_MARGIN, y, panel.title, size=13, color=INK, weight=600))
        largest = max((value for _, value in panel.bars), default=0)
        y += 8
        for label, value in panel.bars:
            parts += _row(y, label, value, value / largest if largest else 0)
            y += _ROW
    return picture(title, _WIDTH, round(y + _MARGIN), parts)


def _row(y: float, label: str, value: float, share: float) -> list[str]:
    left = _MARGIN + _LABELS
    room = _WIDTH - _MARGIN - _VALUES - left
    middle = y + _ROW / 2
    top = middle - _BAR / 2
    length = max(2.0, share * room) if value else 0.0
    return [
        text(left - 10, middle + 4, label, size=12, color=MUTED, anchor="end"),
        bar(left, top, room, _BAR, TRACK),
        bar(left, top, length, _BAR, ACCENT),
        text(left + room + 10, middle + 4, number(value), size=12, color=INK),
    ]
