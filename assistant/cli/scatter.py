"""Speed against quality as an SVG picture: a disc for each model, its area the file's size."""

import math
from collections.abc import Sequence

from assistant.checkups.comparing import PlotPoint
from assistant.cli.drawing import ACCENT, INK, MUTED, TRACK, disc, line, picture, text
from assistant.wording import size

_WIDTH, _HEIGHT = 720, 460
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 40, 84, 56
_RADIUS, _SMALLEST = 30.0, 5.0  # of the largest and the smallest disc
_NAME = 34  # letters of a name


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
        parts.append(text(middle, 240, "No model was checked yet", color=MUTED, anchor="middle"))
    largest = max((point.size_bytes for point in points), default=1)
    names: list[tuple[float, float]] = []
    for point in sorted(points, key=lambda one: -one.size_bytes):
        parts += _model(point, _fastest(points), largest, names)
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
    parts.append(text(_LEFT - 36, _TOP - 8, "Right answers", color=MUTED))
    return parts


def _model(
    point: PlotPoint, fastest: float, largest: int, names: list[tuple[float, float]]
) -> list[str]:
    """Return a disc with its interval and its name, beside names that are there already."""
    x, y = _x(point.tokens_per_s, fastest), _y(point.quality.value)
    radius = max(_SMALLEST, _RADIUS * math.sqrt(point.size_bytes / max(largest, 1)))
    name = point.model if len(point.model) <= _NAME else f"{point.model[: _NAME - 1]}…"
    is_right = x > _WIDTH * 0.6
    label_x = x - radius - 6 if is_right else x + radius + 6
    label_y = y + 4
    while any(abs(label_y - other) < 28 and abs(label_x - at) < 240 for at, other in names):
        label_y += 28
    names.append((label_x, label_y))
    anchor = "end" if is_right else "start"
    return [
        line((x, _y(point.quality.low)), (x, _y(point.quality.high)), MUTED),
        disc(x, y, radius, ACCENT),
        text(label_x, label_y, name, color=INK, anchor=anchor),
        text(
            label_x,
            label_y + 13,
            f"{100 * point.quality.value:.0f}%, {point.tokens_per_s:.0f} tokens/s, "
            f"{size(point.size_bytes)}",
            size=10,
            color=MUTED,
            anchor=anchor,
        ),
    ]


def _x(speed: float, fastest: float) -> float:
    return _LEFT + (_WIDTH - _RIGHT - _LEFT) * speed / fastest


def _y(share: float) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _BOTTOM - _TOP) * share
