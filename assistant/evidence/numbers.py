"""Numbers, dates, percentages and amounts in a text, brought to one form so they can be compared.

"1,000" is 1000, "five" is 5, "30 percent" is 30%, "3 March 2021" and "2021-03-03" have the same
day, month and year.
"""

import re
import unicodedata
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from assistant.evidence.number_words import (
    CURRENCIES,
    FRACTIONS,
    LARGE,
    MONTHS,
    ONE,
    ORDINALS,
    SMALL,
    SUFFIXES,
    UNITS,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and what it counts.

    Attributes:
        value: the number in plain decimal digits, such as "1000" or "0.5".
        unit: "%", a currency's code, a unit's short form, "name" for a month's number, "date" for a
            day beside a month, or "".
    """

    value: str
    unit: str = ""


_TOKEN = re.compile(
    r"[^\W\d_]+-?\d+\w*"  # a name: "COVID-19", "F1"
    r"|\d{4}-\d{2}-\d{2}(?!\d)|\d+(?:[.,'’ ]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)?"
    r"|[^\W\d_]+|[%$€£¥½¼¾]",
)


_DATE = "date"
_DAYS = 31
_VERBS = frozenset({"may", "march"})  # months only beside a number


def quantities(text: str) -> list[Quantity]:
    """Return the numbers in `text` in order, each with its unit where one stands beside it."""
    tokens = _TOKEN.findall(unicodedata.normalize("NFKC", text).replace("\xa0", " "))
    found: list[Quantity] = []
    at = ended = 0
    while at < len(tokens):
        before = len(found)
        used = _date(tokens, at, found) or _amount(tokens, at, found)
        is_next = before and len(found) == before + 1 and ended == at
        if is_next and found[-2] == Quantity(found[-1].value):
            del found[-2]  # "thirty (30) days" is one number
        at += used or 1
        if len(found) > before:
            ended = at
    return found


def missing(claim: list[Quantity], source: list[Quantity]) -> list[Quantity]:
    """Return the quantities of `claim` that `source` does not bear out.

    A unit only counts where both name one: "5" agrees with "5 days", "5 months" does not.
    """
    return [wanted for wanted in claim if not any(_agree(wanted, there) for there in source)]


def _agree(wanted: Quantity, there: Quantity) -> bool:
    if wanted.value != there.value:
        return False
    if "name" in (wanted.unit, there.unit):
        return wanted.unit == there.unit
    return not wanted.unit or not there.unit or wanted.unit == there.unit


def _date(tokens: list[str], at: int, found: list[Quantity]) -> int:
    """Read an ISO date or a month's name at `at`; return how many tokens it took."""
    token = tokens[at]
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", token):
        year, month, day = token.split("-")
        found.append(Quantity(year))
        found.append(Quantity(month.lstrip("0"), "name"))
        found.append(Quantity(day.lstrip("0"), _DATE))
        return 1
    month_number = MONTHS.get(token.casefold())
    if month_number is None or not token[0].isupper():
        return 0
    beside = tokens[max(0, at - 2) : at] + tokens[at + 1 : at + 2]
    is_clear = at > 0 and token.casefold() not in _VERBS and not token.isupper()
    if is_clear or any(other[0].isdigit() for other in beside):
        found.append(Quantity(month_number, "name"))
    return 1


def _amount(tokens: list[str], at: int, found: list[Quantity]) -> int:
    """Read a number at `at` with what multiplies it and its unit; return how many tokens."""
    value, used = _number(tokens, at)
    if value is None:
        return 0
    after = tokens[at + used].casefold() if at + used < len(tokens) else ""
    before = UNITS.get(tokens[at - 1].casefold(), "") if at else ""
    if before in CURRENCIES:
        unit = before
    elif after in {"per", "pour", "por"} and tokens[at + used + 1 : at + used + 2] in (
        ["cent"],
        ["cento"],
        ["ciento"],
    ):
        unit = "%"
        used += 2
    else:
        unit = UNITS.get(after, "")
        used += 1 if unit else 0
    if not unit and value <= _DAYS and _is_beside_month(tokens, at, used):
        unit = _DATE
    found.append(Quantity(_plain(value), unit))
    return used


def _is_beside_month(tokens: list[str], at: int, used: int) -> bool:
    beside = tokens[max(0, at - 1) : at] + tokens[at + used : at + used + 1]
    return any(token.casefold() in MONTHS and token[0].isupper() for token in beside)


def _number(tokens: list[str], at: int) -> tuple[float | None, int]:
    """Return the number that starts at `at` and how many tokens it takes, None if none does."""
    token = tokens[at].casefold()
    if token[0].isdigit():
        value: float = _digits(token)
    elif token in FRACTIONS:
        return float(FRACTIONS[token]), 1
    elif token in ORDINALS:
        return float(ORDINALS[token]), 1
    elif token in SMALL:
        value = float(SMALL[token])
    elif token in ONE and _follows(tokens, at, UNITS.keys() | LARGE.keys()):
        value = 1.0
    else:
        return None, 0
    used = 1
    if not token[0].isdigit() and value >= 20 and at + 1 < len(tokens):
        following = tokens[at + 1].casefold()
        ones = 1 if following in ONE else SMALL.get(following, 0)
        if 0 < ones < 10:
            value += ones
            used += 1
    while at + used < len(tokens):
        following = tokens[at + used].casefold()
        factor = LARGE.get(following)
        if factor is None and token[0].isdigit():
            factor = SUFFIXES.get(following)
        if factor is None:
            break
        value *= factor
        used += 1
    return value, used


def _follows(tokens: list[str], at: int, wanted: AbstractSet[str]) -> bool:
    return at + 1 < len(tokens) and tokens[at + 1].casefold() in wanted


def _digits(token: str) -> float:
    """Read digits with separators of thousands and decimals in either convention."""
    bare = re.sub(r"[ '’]", "", token)
    points, commas = bare.count("."), bare.count(",")
    if points and commas:
        last = max(bare.rfind("."), bare.rfind(","))
        return float(re.sub(r"[.,]", "", bare[:last]) + "." + bare[last + 1 :])
    if points + commas == 0:
        return float(bare)
    mark = "." if points else ","
    head, _, tail = bare.rpartition(mark)
    grouped = points + commas > 1 or (len(tail) == 3 and mark == "," and head != "0")
    return float(bare.replace(mark, "") if grouped else f"{head}.{tail}")


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.6f}".rstrip("0")
