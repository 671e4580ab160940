"""Round numbers for an axis."""

import math


def steps(most: float) -> tuple[float, float]:
    """Return the step of an axis from 0, and its end: a few round steps that hold `most`.

    Args:
        most: the largest value that is drawn, above 0.

    Returns:
        A step of 1, 2 or 5 times a power of ten, and the first multiple of it with some room
        beyond `most`.
    """
    rough = max(most, 1e-6) * 1.05 / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    return step, step * math.ceil(most * 1.05 / step)
