"""Numbers between bounds as GBNF: a choice of digits."""

from assistant.engine.grammars.grammar import GrammarRefused

MAX_DIGITS = 18
_FRACTION = '("." [0-9]{1,15})?'
_NONZERO_FRACTION = '"." [0-9]{0,14} [1-9]'


def integers(low: int | None, high: int | None) -> str:
    """Return GBNF of the integers from `low` to `high`; None for no bound.

    Raises:
        GrammarRefused: there is none, or a bound has more than `MAX_DIGITS` digits.
    """
    _check(low, high)
    ways = []
    if high is None or high >= 0:
        ways.append(_naturals(max(low or 0, 0), high))
    if low is None or low < 0:
        least = 1 if high is None or high >= 0 else -high
        ways.append(f'"-" ({_naturals(least, None if low is None else -low)})')
    return " | ".join(ways)


def numbers(low: int | None, high: int | None, *, has_low: bool, has_high: bool) -> str:
    """Return GBNF of decimal numbers between the whole bounds `low` and `high`; None for none.

    `has_low` and `has_high` say whether the bounds themselves are among them.

    Raises:
        GrammarRefused: as `integers`.
    """
    _check(low, high)
    ways = []
    if high is None or high > 0 or (high == 0 and has_high and (low is None or low <= 0)):
        with_low = has_low if low is not None and low >= 0 else True
        ways += _magnitudes(max(low or 0, 0), high, with_low, has_high)
    if low is None or low < 0:
        with_high = has_high if high is not None and high < 0 else False
        least = -high if high is not None and high < 0 else 0
        most = None if low is None else -low
        ways += [f'"-" ({way})' for way in _magnitudes(least, most, with_high, has_low)]
    if not ways:
        raise GrammarRefused("no number lies between its bounds")
    return " | ".join(ways)


def _check(low: int | None, high: int | None) -> None:
    if low is not None and high is not None and low > high:
        raise GrammarRefused("no number lies between its bounds")
    if any(len(str(abs(bound))) > MAX_DIGITS for bound in (low, high) if bound is not None):
        raise GrammarRefused(f"a bound of a number has more than {MAX_DIGITS} digits")


def _magnitudes(low: int, high: int | None, has_low: bool, has_high: bool) -> list[str]:
    """Return GBNF of the decimals from `low` to `high`, neither negative."""
    ways = []
    first = low if has_low else low + 1
    if not has_low and (high is None or low < high):
        ways.append(f'"{low}" {_NONZERO_FRACTION}')
    if high is None or first < high:
        ways.append(f"({_naturals(first, None if high is None else high - 1)}) {_FRACTION}")
    if high is not None and has_high and first <= high:
        ways.append(f'"{high}"')
    return ways


def _naturals(low: int, high: int | None) -> str:
    """Return GBNF of the whole numbers from `low` to `high`, 0 <= low."""
    if high is None:
        longer = len(str(low))
        ways = _of_all_lengths(low, 10**longer - 1)
        if longer < MAX_DIGITS:
            ways.append(f"[1-9] [0-9]{{{longer},{MAX_DIGITS - 1}}}")
        return " | ".join(ways)
    return " | ".join(_of_all_lengths(low, high))


def _of_all_lengths(low: int, high: int) -> list[str]:
    ways = []
    while low <= high:
        end = min(high, 10 ** len(str(low)) - 1)
        ways += _of_one_length(str(low), str(end))
        low = end + 1
    return ways


def _of_one_length(low: str, high: str) -> list[str]:
    """Return alternatives for the numbers from `low` to `high`, which have as many digits."""
    if low == high:
        return [f'"{low}"']
    rest = len(low) - 1
    if low[1:] == "0" * rest and high[1:] == "9" * rest:
        digits = f" [0-9]{{{rest}}}" if rest else ""
        return [f"[{low[0]}-{high[0]}]{digits}"]
    if low[0] == high[0]:
        return [f'"{low[0]}" ({" | ".join(_of_one_length(low[1:], high[1:]))})']
    ways = []
    first, last = int(low[0]), int(high[0])
    if low[1:] != "0" * rest:
        ways.append(f'"{first}" ({" | ".join(_of_one_length(low[1:], "9" * rest))})')
        first += 1
    tail = []
    if high[1:] != "9" * rest:
        tail.append(f'"{last}" ({" | ".join(_of_one_length("0" * rest, high[1:]))})')
        last -= 1
    if first <= last:
        ways += _of_one_length(f"{first}{'0' * rest}", f"{last}{'9' * rest}")
    return ways + tail
