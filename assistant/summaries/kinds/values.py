"""The part of a sentence that answers at a glance: an amount, a date, a period, a number."""

import re
from enum import StrEnum

from assistant.summaries.kinds.dates import dates

_NUMBER = r"\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?"
_SCALE = (
    r"(?:\s?(?:million|billion|thousand|trillion|mio\.?|mrd\.?|millionen|milliarden|tausend|millions"
    r"|milliards|millones|mil millones|m|bn|k)\b)?"
)
_CURRENCY = (
    r"[$€£¥₹]|US\$|USD|EUR|GBP|CHF|JPY|CAD|AUD|SEK|NOK|DKK|PLN|CZK|INR|CNY|RMB|Euros?|dollars?|pounds"
    r"|Franken|francs|euros|dólares|pesos"
)
_AMOUNT = re.compile(
    rf"(?:(?:{_CURRENCY})\s?-?(?:{_NUMBER}){_SCALE}|-?(?:{_NUMBER}){_SCALE}\s?(?:{_CURRENCY})(?!\w))",
    re.IGNORECASE,
)
_SHARE = re.compile(
    rf"-?(?:{_NUMBER})\s?(?:%|per ?cent|Prozent|pour cent|por ciento)", re.IGNORECASE
)
_PLAIN = re.compile(rf"(?<![\w.,/-])(?:{_NUMBER}){_SCALE}(?![\w/-])", re.IGNORECASE)
_DURATION = re.compile(
    r"(?:\(?\d+\)?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|fifteen|thirty"
    r"|sixty|ninety|ein(?:e[mnrs]?)?|zwei|drei|vier|fünf|sechs|zehn|zwölf|vierzehn|dreißig|un[ea]?|deux"
    r"|trois|quatre|six|dix|quinze|trente|dos|tres|cuatro|cinco|seis|diez|quince|treinta)"
    r"(?:\s\(\d+\))?\s(?:(?:calendar|business|working|consecutive|full|volle[nr]?|weitere[nr]?)\s)?"
    r"(?:days?|weeks?|months?|years?|hours?|tage?n?|wochen?|monat(?:e|en|s)?|jahr(?:e|en|es)?"
    r"|stunden?|werktagen?|jours?|semaines?|mois|ans?|années?|heures?|días?|semanas?|mes(?:es)?|años?"
    r"|horas?)(?!\w)",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(
    r"(?:(?:no|nr|num|number|nummer|numéro|n[°º]|número|id)\s?[.:]*|#|:)\s*"
    r"(?P<value>(?=[\w/-]*\d)[A-Z0-9][\w/.-]{2,}\w)",
    re.IGNORECASE,
)
_LONE_IDENTIFIER = re.compile(r"(?<![\w.,])(?=\w*\d)[A-Z]{0,6}[-/]?\d[\w/-]{3,}(?![\w.,]*\d)")


class ValueKind(StrEnum):
    """What sort of value a question asks for."""

    AMOUNT = "amount"
    FIGURE = "figure"  # an amount, or a bare number as tables have them
    DATE = "date"
    DURATION = "duration"
    IDENTIFIER = "identifier"


def value_in(text: str, kind: ValueKind, after: int = 0) -> str:
    """Return the value of `kind` in `text`, as it is written; "" if there is none.

    Args:
        text: a sentence or a row of a table.
        kind: what is looked for.
        after: where the words stand that ask for it: what follows them is preferred.
    """
    found = _found(text, kind)
    following = [value for start, value in found if start >= after]
    return (following or [value for _, value in found] or [""])[0]


def _found(text: str, kind: ValueKind) -> list[tuple[int, str]]:
    if kind is ValueKind.DATE:
        return [(date.start, date.written) for date in dates(text)]
    if kind is ValueKind.DURATION:
        return [(m.start(), m.group()) for m in _DURATION.finditer(text)]
    if kind is ValueKind.IDENTIFIER:
        named = [(m.start("value"), m["value"]) for m in _IDENTIFIER.finditer(text)]
        return named or [(m.start(), m.group()) for m in _LONE_IDENTIFIER.finditer(text)]
    patterns = (_AMOUNT, _SHARE, _PLAIN) if kind is ValueKind.FIGURE else (_AMOUNT, _SHARE)
    for pattern in patterns:
        matches = [(m.start(), " ".join(m.group().split())) for m in pattern.finditer(text)]
        if matches:
            return matches
    return []
