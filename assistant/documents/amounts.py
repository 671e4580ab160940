"""Reads the numbers that people write into tables: separators, signs, currencies and units.

"1.204" is a thousand in one country and a little more than one in another; `decimal_mark` finds
out from the other numbers beside it. Dates, times, versions and telephone numbers are no amounts.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

_CURRENCY = "$€£¥₹₩₽₺₴₪฿₫₱₦¢"
_SPACES = " \u00a0\u202f\u2009"
_MINUS = "\\-\u2212–"
# What may stand before an amount: a currency, and nothing else, or "Room 12" would be one.
_PREFIX = rf"(?:[A-Z]{{3}}|[A-Z]{{0,3}}[{_CURRENCY}]|R\$|Fr\.|kr\.?|Rs\.?)"
_UNIT_WORD = rf"[^\W\d_¹²³⁰⁴-⁹{_CURRENCY}]{{1,14}}\.?[²³]?"
_SUFFIX = (
    rf"(?:%|‰|°\s?[CFK]?|[{_CURRENCY}]|{_UNIT_WORD}(?:\s?/\s?{_UNIT_WORD})?"
    rf"(?:\s(?:[{_CURRENCY}]|{_UNIT_WORD}))?)"
)
_AMOUNT = re.compile(
    rf"(?P<outer>{_PREFIX})?\s*(?P<open>\()?\s*(?P<sign>[+{_MINUS}])?\s*(?P<prefix>{_PREFIX})?\s*(?P<sign2>[+{_MINUS}])?"
    rf"\s*(?P<digits>\d[\d.,'’{_SPACES}]*\d|\d|[.,]\d+)(?P<power>[eE][+-]?\d{{1,2}})?"
    rf"(?:(?P<gap>\s*)(?P<suffix>{_SUFFIX}))?\s*(?P<behind>[{_MINUS}](?=\s*\)?$))?\s*(?P<close>\))?"
    r"[*†‡¹²³⁴-⁹]?"
)
_LONGEST = 40
# Written right behind a number these are units; other letters there make it a name: 12a, 3rd.
_CLOSE_UNITS = frozenset(
    {"k", "m", "M", "b", "B", "bn", "mn", "Mio", "Mrd", "x", "h", "s", "g", "kg", "mg", "t", "l",
     "ml", "cl", "mm", "cm", "km", "m²", "m³", "W", "kW", "MW", "GW", "kWh", "MWh", "V", "A", "Hz",
     "MHz", "GHz", "KB", "kB", "MB", "GB", "TB", "pt", "px", "min"}
)  # fmt: skip
_NO_UNITS = frozenset({"am", "pm", "a.m", "p.m", "st", "nd", "rd", "th", "uhr", "e", "of", "to"})
_GROUPED = re.compile(r"\d{1,3}(?:[.,'’ ]\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}")  # the last: lakhs
_DIGIT = re.compile(r"\d")
_PLAIN = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?", re.ASCII)  # most are: quick
_LEADING_ZERO = re.compile(r"0\d")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as it is written, its value still open where the separators are.

    Attributes:
        digits: with separators; spaces between groups are plain ones.
        is_negative: by a sign or by brackets.
        unit: a currency or unit with it, "" for none.
        power: of ten, from "1.2E6".
    """

    digits: str
    is_negative: bool = False
    unit: str = ""
    power: int = 0

    @property
    def is_padded(self) -> bool:
        """Whether it begins with a zero that has no worth, as identifiers do."""
        return bool(_LEADING_ZERO.match(self.digits))

    def value(self, mark: str) -> Decimal | None:
        """Return the number with `mark` before its decimals; None where that makes no sense."""
        if self.digits.isdecimal() and not self.power:
            return Decimal(f"-{self.digits}" if self.is_negative else self.digits)
        whole, _, fraction = self.digits.rpartition(mark)
        if mark not in self.digits:
            whole, fraction = self.digits, ""
        elif not fraction.isdigit() or mark in whole:
            return None
        if whole and not whole.isdigit() and not _GROUPED.fullmatch(whole):
            return None
        if len({c for c in whole if not c.isdigit()}) > 1:
            return None
        number = Decimal(f"{re.sub(r'[^0-9]', '', whole) or 0}.{fraction or 0}")
        number = number.scaleb(self.power)
        return -number if self.is_negative else number


def amount(text: str) -> Amount | None:
    """Return the amount that `text` is, None if it is something else."""
    if _PLAIN.fullmatch(text):
        return Amount(text.removeprefix("-"), text[0] == "-")
    if len(text) > _LONGEST or not _DIGIT.search(text):
        return None
    match = _AMOUNT.fullmatch(text.strip())
    if match is None or bool(match["open"]) != bool(match["close"]):
        return None
    digits = match["digits"]
    for space in _SPACES[1:]:
        digits = digits.replace(space, " ")
    suffix = (match["suffix"] or "").strip()
    if suffix and not _is_unit(suffix, is_close=not match["gap"]):
        return None
    signs = (match["sign"] or "") + (match["sign2"] or "") + (match["behind"] or "")
    if len(signs) > 1 or (signs and match["open"]):
        return None
    found = Amount(
        digits,
        is_negative=bool(match["open"]) or (bool(signs) and signs != "+"),
        unit=f"{match['outer'] or match['prefix'] or ''} {suffix}".strip(),
        power=int(match["power"][1:]) if match["power"] else 0,
    )
    return found if any(found.value(mark) is not None for mark in ".,") else None


def decimal_mark(amounts: Iterable[Amount]) -> str:
    """Return the decimal mark that these amounts give away: "." or ",", "" where they do not.

    "?" says that they contradict each other.
    """
    votes = {vote for found in amounts if (vote := _vote(found.digits))}
    return "?" if len(votes) > 1 else next(iter(votes), "")


def _vote(digits: str) -> str:
    """Return the decimal mark by one number: "" for whole ones, and for 1,204 and 1.204."""
    if digits.isdecimal():
        return ""
    marks = [character for character in digits if character in ".,"]
    if not marks:
        return ""
    if len(set(marks)) == 2:
        return marks[-1]
    if len(marks) > 1:
        return "," if marks[0] == "." else "."
    whole, _, fraction = digits.partition(marks[0])
    other_groups = any(character in "'’ " for character in whole)
    is_open = len(fraction) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    return "" if is_open and not other_groups else marks[0]


def _is_unit(suffix: str, *, is_close: bool) -> bool:
    if not suffix[0].isalpha():
        return True
    first = suffix.split(maxsplit=1)[0]
    if {suffix.lower().rstrip("."), first.lower()} & _NO_UNITS:
        return False
    return not is_close or first in _CLOSE_UNITS or (len(suffix) == 3 and suffix.isupper())
