"""Speed against quality as an SVG picture: a disc for each model, its area the file's size."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.checkups.comparing import PlotPoint
from assistant.cli.drawing import ACCENT, MUTED, TRACK, disc, line, picture, text
from assistant.wording import size

_WIDTH, _HEIGHT = 720, 480
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 40, 108, 56
_RADIUS, _SMALLEST = 30.0, 5.0  # of the largest and the smallest disc
_NAME = 34  # letters of a name
_LETTER, _LABEL_HEIGHT = 7.2, 28.0  # about as wide is a letter; two lines
_LABEL_STEPS = (0, -28, 28, -56, 56, -84, 84)  # where else a label may stand


def scatter_svg(title: str, note: str, points: Sequence[PlotPoint]) -> str:
    """Return the picture.

    Args:
        title: its headline.
        note: what stands below it.
        points: the models; none gives an empty picture that says so.
    """
    parts = [
        text(28, 40, title, size=18, weight=600),
        text(28, 62, note, color=MUTED),
        *_frame(_fastest(points)),
    ]
    if not points:
        middle = (_LEFT + _WIDTH - _RIGHT) / 2
        parts.append(text(middle, 260, "No model was checked yet", color=MUTED, anchor="middle"))
    largest = max((point.size_bytes for point in points), default=1)
    labels = [_place(point, _fastest(points), largest) for point in points]
    for point in sorted(points, key=lambda one: -one.size_bytes):
        parts += _model(point, _fastest(points), largest, labels)
    return picture(title, _WIDTH, _HEIGHT, parts)


def _fastest(points: Sequence[PlotPoint]) -> float:
    """Return the end of the scale of speeds: a round number above all."""
    most = max((point.tokens_per_s for point in points), default=10.0)
    power = 10.0 ** math.floor(math.log10(max(most, 1.0)))
    return next(power * step for step in (1, 2, 5, 10, 20) if power * step >= most * 1.1)


def _frame(fastest: float) -> list[str]:
    parts = []
    for percent in range(0, 101, 20):
        y = _y(percent / 100)
        parts += [
            line((_LEFT, y), (_WIDTH - _RIGHT, y), TRACK),
            text(_LEFT - 8, y + 4, f"{percent}%", size=11, color=MUTED, anchor="end"),
        ]
    for step in range(5):
        speed = fastest * step / 4
        x, bottom = _x(speed, fastest), _HEIGHT - _BOTTOM
        parts += [
            line((x, _TOP), (x, bottom), TRACK),
            text(x, bottom + 18, f"{speed:g}", size=11, color=MUTED, anchor="middle"),
        ]
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    parts.append(text(middle, _HEIGHT - 16, "Writes, tokens/s", color=MUTED, anchor="middle"))
    parts.append(text(28, _TOP - 14, "Right answers", color=MUTED))
    return parts


@dataclass(frozen=True, slots=True)
class _Label:
    """Where a label or a disc stands: its sides, and its middle."""

    left: float
    right: float
    y: float

    def meets(self, other: "_Label") -> bool:
        is_beside = self.right < other.left or other.right < self.left
        return not is_beside and abs(self.y - other.y) < _LABEL_HEIGHT


def _model(point: PlotPoint, fastest: float, largest: int, labels: list[_Label]) -> list[str]:
    """Return a disc with its interval and its label, which meets none of `labels` and discs."""
    place = _place(point, fastest, largest)
    x, y, radius = (place.left + place.right) / 2, place.y, (place.right - place.left) / 2
    name = point.model if len(point.model) <= _NAME else f"{point.model[: _NAME - 1]}…"
    facts = (
        f"{100 * point.quality.value:.0f}%, {point.tokens_per_s:.0f} tokens/s, "
        f"{size(point.size_bytes)}"
    )
    wide = _LETTER * max(len(name), 0.85 * len(facts))
    fits = x + radius + 6 + wide <= _WIDTH - 8
    at = x + radius + 6 if fits else x - radius - 6
    left, right = (at, at + wide) if fits else (at - wide, at)
    wished = [_Label(left, right, y + step) for step in _LABEL_STEPS]
    free = [one for one in wished if not any(one.meets(other) for other in labels)]
    label = [*free, *wished][0]
    labels.append(label)
    anchor = "start" if fits else "end"
    moved = [line((x, y), (at, label.y), MUTED)] if label.y != y else []
    return [
        *moved,
        line((x, _y(point.quality.low)), (x, _y(point.quality.high)), MUTED),
        disc(x, y, radius, ACCENT),
        text(at, label.y + 4, name, anchor=anchor),
        text(at, label.y + 17, facts, size=10, color=MUTED, anchor=anchor),
    ]


def _place(point: PlotPoint, fastest: float, largest: int) -> _Label:
    """Return where a disc stands."""
    x, y = _x(point.tokens_per_s, fastest), _y(point.quality.value)
    radius = max(_SMALLEST, _RADIUS * math.sqrt(point.size_bytes / max(largest, 1)))
    return _Label(x - radius, x + radius, y)


def _x(speed: float, fastest: float) -> float:
    return _LEFT + (_WIDTH - _RIGHT - _LEFT) * speed / fastest


def _y(share: float) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _BOTTOM - _TOP) * share
