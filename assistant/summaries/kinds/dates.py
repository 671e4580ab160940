"""Finds dates in text and puts them in order: years, months, days, in several languages.

What is found is quoted as written; the date beside it (`YYYY-MM-DD`, `YYYY-MM` or `YYYY`) is only
for sorting. "03/04/2026" is the third of April except in American English, where the document
shows by a day above 12 in the second place that it writes the month first.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MONTHS = {
    1: "january jan januar jänner janvier janv enero ene gennaio gen janeiro januari",
    2: "february feb februar février févr febrero febbraio fevereiro fev februari",
    3: "march mar märz mrz mars marzo março maart mrt",
    4: "april apr avril avr abril abr aprile abril",
    5: "may mai mayo maggio mag maio mei",
    6: "june jun juni juin junio giugno giu junho",
    7: "july jul juli juillet juil julio luglio lug julho",
    8: "august aug août agosto ago augustus",
    9: "september sep sept septembre septiembre settembre set setembro",
    10: "october oct oktober okt octobre octubre ottobre ott outubro out",
    11: "november nov novembre noviembre novembro",
    12: "december dec dezember dez décembre déc diciembre dic dicembre dezembro",
}
_MONTH_OF = {name: number for number, names in _MONTHS.items() for name in names.split()}
_NAMES = "|".join(sorted(_MONTH_OF, key=len, reverse=True))
_YEAR = r"(?:1[5-9]|20|21)\d\d"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_ORDINAL = r"(?:st|nd|rd|th|er|re|º|ª|\.)?"
_OF = r"(?:\s+(?:of|de|del|di))?"
_DATE = re.compile(
    rf"""
    (?<![\w.,/-])(?:
      (?P<iso_year>{_YEAR})[-/.](?P<iso_month>1[0-2]|0[1-9])(?:[-/.](?P<iso_day>{_DAY}))?
    | (?P<day>{_DAY}){_ORDINAL}{_OF}\s+(?P<month>{_NAMES})\.?,?
      (?:{_OF}\s+(?P<year>{_YEAR}))?
    | (?P<month2>{_NAMES})\.?\s+(?P<day2>{_DAY})(?:st|nd|rd|th)?(?:,?\s+(?P<year2>{_YEAR}))?
      (?![\d:])
    | (?P<month3>{_NAMES})\.?,?{_OF}\s+(?P<year3>{_YEAR})
    | (?P<first>{_DAY})(?P<mark>[./-])(?P<second>{_DAY})(?P=mark)(?P<year4>{_YEAR}|\d\d)
    | (?P<cjk_year>{_YEAR})\s?年
      (?:\s?(?P<cjk_month>\d{{1,2}})\s?月(?:\s?(?P<cjk_day>\d{{1,2}})\s?日)?)?
    | (?:(?P<lead>in|im\ jahr|im\ jahre|en|depuis|since|seit|from|von|ab|until|till|bis|jusqu'en
      |hasta|desde|year|jahr|année|año|by|nel|em|circa|about|um)\s+)(?P<year5>{_YEAR})
    | (?P<year6>{_YEAR})(?=\s?[–-]\s?{_YEAR}|\s+(?:bis|to)\s+{_YEAR})
    )(?![\w%]|[.,/-]\d)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PIVOT = 70  # "69" is 2069, "70" is 1970


@dataclass(frozen=True, slots=True)
class Date:
    """A date in a text: where it stands, as it is written, and as it is sorted."""

    start: int
    end: int
    written: str
    iso: str


def dates(text: str, *, month_first: bool = False) -> Iterator[Date]:
    """Yield the dates in `text`; `month_first` if it writes "12/31/2026"."""
    if not any(character.isdigit() for character in text):
        return
    for match in _DATE.finditer(text):
        found = {name: value for name, value in match.groupdict().items() if value}
        iso = _iso(found, month_first=month_first)
        if iso is None:
            continue
        start, end = match.span()
        if "lead" in found:
            start = match.start("year5")
        elif "year6" in found:
            start, end = match.span("year6")
        yield Date(start, end, " ".join(text[start:end].split()).rstrip(",."), iso)


def writes_month_first(text: str) -> bool:
    """Tell whether the numeric dates of `text` have the month in the first place."""
    first = second = 0
    for match in re.finditer(r"(?<!\d)(\d{1,2})/(\d{1,2})/(?:\d\d){1,2}(?!\d)", text):
        first += int(match[1]) > 12
        second += int(match[2]) > 12
    return second > first


def _iso(found: dict[str, str], *, month_first: bool) -> str | None:
    """Return the date for sorting, None if there is no such day."""
    if "iso_year" in found:
        return _joined(found["iso_year"], found["iso_month"], found.get("iso_day"))
    if "cjk_year" in found:
        return _joined(found["cjk_year"], found.get("cjk_month"), found.get("cjk_day"))
    for name in ("month", "month2", "month3"):
        if name in found:
            end = name.removeprefix("month")
            month = str(_MONTH_OF[found[name].lower()])
            year = found.get(f"year{end}")
            if year is None and found[name].islower() and name == "month2":
                return None  # "may 5" is rather a verb
            return _joined(year, month, found.get(f"day{end}")) if year else ""
    if "year4" in found:
        return _numeric(found, month_first=month_first)
    return found.get("year5") or found.get("year6")


def _numeric(found: dict[str, str], *, month_first: bool) -> str | None:
    day, month = found["first"], found["second"]
    if month_first or int(month) > 12:
        day, month = month, day
    year = found["year4"]
    if len(year) == 2:
        if found["mark"] == "-":
            return None  # a version or a number of a file
        year = f"{'19' if int(year) >= _PIVOT else '20'}{year}"
    return _joined(year, month, day)


def _joined(year: str, month: str | None, day: str | None) -> str | None:
    if month is None:
        return year
    if not 1 <= int(month) <= 12 or (day is not None and not 1 <= int(day) <= 31):
        return None
    return "-".join([year, f"{int(month):02}", *([f"{int(day):02}"] if day else [])])
