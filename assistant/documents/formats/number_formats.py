"""Shows the numbers of a workbook as its format codes say: dates, percent, currencies, decimals.

ECMA-376, part 1, 18.8.30 and 18.8.31. Dates come out as ISO 8601 and thousands with commas,
whatever the language of the program that wrote them.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

BUILT_IN: Mapping[int, str] = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "$#,##0", 6: "$#,##0", 7: "$#,##0.00",
    8: "$#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "yyyy-mm-dd h:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0",
    42: "$#,##0", 43: "#,##0.00", 44: "$#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    **dict.fromkeys((*range(27, 37), *range(50, 59)), "yyyy-mm-dd"),
}  # fmt: skip
_LONGEST = 255
_SKIPPED = re.compile(r"\\(.)|_.|\*.")
_BRACKET = re.compile(
    r"\[(?P<elapsed>h+|m+|s+)\]|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[[^\]]*\]", re.IGNORECASE
)
_QUOTED = re.compile(r'"([^"]*)"')
_DIGITS = re.compile(r"[0#?][0#?,. ]*")
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet's dates are of no time zone
_DAY_ZERO_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_LEAP_BUG = 60  # before it, 1900 has a 29 February that never was
_LAST_DAY = 2_958_466
_MOST_DECIMALS = 12
_KEPT = 0xE000  # private characters stand for literals while the rest is looked at


@dataclass(frozen=True, slots=True)
class _Shape:
    """How one section of a format code writes a number."""

    has_date: bool = False
    has_time: bool = False
    has_seconds: bool = False
    is_elapsed: bool = False
    is_general: bool = False
    before: str = ""
    after: str = ""
    decimals: int = 0
    groups: bool = False
    percent: int = 0
    thousands: int = 0
    width: int = 0


def shown(value: float, code: str, *, is_1904: bool = False) -> tuple[str, float | None]:
    """Return how `value` is shown, and the number that is shown; None for a date or a time.

    0.15 shown as 15% is 15, and 1,200,000 shown as 1.2 M is 1.2: the unit is in the text.
    """
    sections = _sections(code[:_LONGEST])
    is_own_section = value < 0 and len(sections) > 1
    shape = sections[1] if is_own_section else sections[0]
    if value == 0 and len(sections) > 2:
        shape = sections[2] if not sections[2].is_general else sections[0]
    if shape.is_elapsed:
        return _elapsed(value), None
    if shape.has_date or shape.has_time:
        moment = _moment(value, is_1904=is_1904)
        if moment is not None:
            return _date(moment, shape), None
    if shape.is_general or shape.has_date or shape.has_time or not math.isfinite(value):
        return general(value), value
    number = abs(value) if is_own_section else value
    scale = 100.0**shape.percent / 1_000.0**shape.thousands
    number *= scale
    padded = shape.width + (shape.decimals + 1 if shape.decimals else 0)
    style = f"0{padded}" if shape.width > 1 else ""
    text = f"{number:{style}{',' if shape.groups else ''}.{shape.decimals}f}"
    exact = value if scale == 1.0 else round(value * scale, _MOST_DECIMALS)
    return f"{shape.before}{text}{shape.after}".strip(), exact


def general(value: float) -> str:
    """Return a number as it stands in a cell without a format."""
    if math.isfinite(value) and value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.15g}"


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[_Shape, ...]:
    """Return the shapes of positive, negative and zero numbers."""
    parts = re.split(r";(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", code)
    return tuple(_shape(part) for part in parts[:3])


def _shape(code: str) -> _Shape:
    literals: list[str] = []

    def keep(text: str) -> str:
        literals.append(text)
        return chr(_KEPT + len(literals) - 1)

    elapsed = False

    def bracket(match: re.Match[str]) -> str:
        nonlocal elapsed
        elapsed = elapsed or bool(match["elapsed"])
        return keep(match["currency"]) if match["currency"] else ""

    code = re.sub("[\ue000-\uf8ff]", "", code)
    rest = _QUOTED.sub(lambda match: keep(match[1]), code)
    rest = _SKIPPED.sub(lambda match: keep(match[1]) if match[1] else " ", rest)
    rest = _BRACKET.sub(bracket, rest)
    if rest.strip().lower() in {"", "general", "@", "standard"}:
        return _Shape(is_general=not literals)
    letters = re.sub(r"[\ue000-\ue0ff]|am/pm|a/p|e[+-]", "", rest.lower())
    if elapsed:
        return _Shape(is_elapsed=True)
    if re.search(r"[ymdhs]", letters) and not re.search(r"[#?]", letters):
        has_time = bool(re.search(r"[hs]", letters))
        has_date = bool(re.search(r"[yd]", letters)) or ("m" in letters and not has_time)
        return _Shape(has_date=has_date, has_time=has_time, has_seconds="s" in letters)
    digits = _DIGITS.search(rest)
    if digits is None or re.search(r"e[+-]|/", rest.lower()):
        return _Shape(is_general=True)
    whole, _, fraction = digits[0].rstrip().partition(".")
    restored = [
        re.sub("[\ue000-\ue0ff]", lambda match: literals[ord(match[0]) - _KEPT], text)
        for text in (rest[: digits.start()], rest[digits.start() + len(digits[0].rstrip()) :])
    ]
    return _Shape(
        before=restored[0].lstrip(),
        after=restored[1].rstrip(),
        decimals=min(_MOST_DECIMALS, sum(fraction.count(mark) for mark in "0#?")),
        width=whole.replace(",", "").count("0"),
        groups="," in whole.rstrip(","),
        percent=rest.count("%"),
        thousands=len(digits[0].rstrip()) - len(digits[0].rstrip().rstrip(",")),
    )


def _moment(value: float, *, is_1904: bool) -> datetime | None:
    if not math.isfinite(value) or not 0 <= value < _LAST_DAY:
        return None
    zero = _DAY_ZERO_1904 if is_1904 else _DAY_ZERO
    days = value + 1 if not is_1904 and value < _LEAP_BUG else value
    try:
        return zero + timedelta(seconds=round(days * 86_400))
    except OverflowError:
        return None


def _date(moment: datetime, shape: _Shape) -> str:
    time = moment.strftime("%H:%M:%S" if shape.has_seconds else "%H:%M")
    if not shape.has_date:
        return time
    day = moment.date().isoformat()
    return f"{day} {time}" if shape.has_time else day


def _elapsed(value: float) -> str:
    if not math.isfinite(value) or abs(value) > _LAST_DAY:
        return str(value)
    minutes, seconds = divmod(round(abs(value) * 86_400), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{'-' if value < 0 else ''}{hours}:{minutes:02}:{seconds:02}"
