"""Numbers, dates, percentages and amounts in a text, brought to one form so they can be compared.

"1,000" is 1000, "five" is 5, "30 percent" is 30%, "3 March 2021" and "2021-03-03" have the same
day, month and year.
"""

import re
import unicodedata
from collections.abc import Set as AbstractSet
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and what it counts.

    Attributes:
        value: the number in plain decimal digits, such as "1000" or "0.5".
        unit: "%", a currency's code, a unit's short form, "month" for a month's name, or "".
    """

    value: str
    unit: str = ""


_SMALL = {
    word: number
    for number, words in {
        0: "zero null zéro cero nul",
        1: "once",
        2: "two zwei deux dos due dois twee twice",
        3: "three drei trois tres tre três drie thrice",
        4: "four vier quatre cuatro quattro quatro",
        5: "five fünf cinq cinco cinque vijf",
        6: "six sechs seis sei zes",
        7: "seven sieben sept siete sette sete zeven",
        8: "eight acht huit ocho otto oito",
        9: "nine neun neuf nueve nove negen",
        10: "ten zehn dix diez dieci dez tien",
        11: "eleven elf onze once undici",
        12: "twelve zwölf douze doce dodici doze twaalf dozen",
        13: "thirteen dreizehn treize trece tredici treze dertien",
        14: "fourteen vierzehn quatorze catorce quattordici veertien",
        15: "fifteen fünfzehn quinze quince quindici vijftien",
        16: "sixteen sechzehn seize",
        17: "seventeen siebzehn",
        18: "eighteen achtzehn",
        19: "nineteen neunzehn",
        20: "twenty zwanzig vingt veinte venti vinte twintig",
        30: "thirty dreißig trente treinta trenta trinta dertig",
        40: "forty vierzig quarante cuarenta quaranta quarenta veertig",
        50: "fifty fünfzig cinquante cincuenta cinquanta cinquenta vijftig",
        60: "sixty sechzig soixante sesenta sessanta sessenta zestig",
        70: "seventy siebzig setenta settanta zeventig",
        80: "eighty achtzig ochenta ottanta oitenta tachtig",
        90: "ninety neunzig noventa novanta negentig",
    }.items()
    for word in words.split()
}
# Words of other languages that mean something else in English or are too common to be numbers.
for _word in ("once", "null", "due", "dix", "sei", "sept", "elf", "quince", "nul", "dos", "tre"):
    _SMALL.pop(_word, None)
# Mostly no number: "one of them". It counts with a unit, and after tens.
_ONE = frozenset({"one", "un", "une", "uno", "una", "um", "uma", "ein", "eine", "einen", "een"})
_LARGE = {
    "hundred": 100,
    "hundert": 100,
    "cent": 100,
    "thousand": 1_000,
    "tausend": 1_000,
    "mille": 1_000,
    "mil": 1_000,
    "million": 1_000_000,
    "millions": 1_000_000,
    "millionen": 1_000_000,
    "millones": 1_000_000,
    "milioni": 1_000_000,
    "milhões": 1_000_000,
    "mio": 1_000_000,
    "billion": 1_000_000_000,
    "billions": 1_000_000_000,
    "milliarden": 1_000_000_000,
    "milliards": 1_000_000_000,
    "trillion": 1_000_000_000_000,
}
_SUFFIXES = {"k": 1_000, "m": 1_000_000, "mn": 1_000_000, "bn": 1_000_000_000}
_ORDINALS = {
    word: number
    for number, word in enumerate(
        # "first" and "second" mostly order an argument
        ("third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
        start=3,
    )
}
_FRACTIONS = {"half": "0.5", "quarter": "0.25", "½": "0.5", "¼": "0.25", "¾": "0.75"}
_MONTHS = {
    name: str(number)
    for number, names in enumerate(
        (
            "january januar janvier enero gennaio janeiro januari",
            "february februar février febrero febbraio fevereiro februari",
            "march märz mars marzo março maart",
            "april avril abril aprile",
            "may mai mayo maggio maio mei",
            "june juni juin junio giugno junho",
            "july juli juillet julio luglio julho",
            "august août agosto augustus",
            "september septembre septiembre settembre setembro",
            "october oktober octobre octubre ottobre outubro",
            "november novembre noviembre novembro",
            "december dezember décembre diciembre dicembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}
_UNITS = {
    form: unit
    for unit, forms in {
        "%": "% percent percentage prozent pourcent",
        "USD": "$ usd dollar dollars us$",
        "EUR": "€ eur euro euros",
        "GBP": "£ gbp pound pounds sterling",
        "JPY": "¥ jpy yen",
        "CHF": "chf francs franken",
        "second": "second seconds sec secs sekunde sekunden secondes segundos",
        "minute": "minute minutes min mins minuten minutos minuti",
        "hour": "hour hours hr hrs stunde stunden heures heure horas hora ore uur",
        "day": "day days tag tage tagen jour jours día días giorni giorno dia dias dag dagen",
        "week": "week weeks woche wochen semaine semaines semana semanas settimane weken",
        "month": "month months monat monate monaten mois mes meses mese mesi maand maanden",
        "year": "year years jahr jahre jahren an ans année années año años anno anni ano anos jaar",
        "km": "km kilometre kilometres kilometer kilometers",
        "m": "metre metres meter meters",
        "kg": "kg kilogram kilograms kilo kilos",
        "GB": "gb gigabyte gigabytes",
        "MB": "mb megabyte megabytes",
    }.items()
    for form in forms.split()
}
_CURRENCIES = frozenset({"USD", "EUR", "GBP", "JPY", "CHF"})
_TOKEN = re.compile(
    r"[^\W\d_]+-?\d+\w*"  # a name: "COVID-19", "F1"
    r"|\d{4}-\d{2}-\d{2}(?!\d)|\d+(?:[.,'’ ]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)?"
    r"|[^\W\d_]+|[%$€£¥½¼¾]",
)


def quantities(text: str) -> list[Quantity]:
    """Return the numbers in `text` in order, each with its unit where one stands beside it."""
    tokens = _TOKEN.findall(unicodedata.normalize("NFKC", text).replace("\xa0", " "))
    found: list[Quantity] = []
    at = 0
    while at < len(tokens):
        used = _date(tokens, at, found) or _amount(tokens, at, found)
        at += used or 1
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
        found.append(Quantity(day.lstrip("0")))
        return 1
    month_number = _MONTHS.get(token.casefold())
    if month_number is None or not token[0].isupper():
        return 0
    beside = tokens[max(0, at - 2) : at] + tokens[at + 1 : at + 2]
    if any(other[0].isdigit() for other in beside):  # "May" alone may be the verb
        found.append(Quantity(month_number, "name"))
    return 1


def _amount(tokens: list[str], at: int, found: list[Quantity]) -> int:
    """Read a number at `at` with what multiplies it and its unit; return how many tokens."""
    value, used = _number(tokens, at)
    if value is None:
        return 0
    after = tokens[at + used].casefold() if at + used < len(tokens) else ""
    before = _UNITS.get(tokens[at - 1].casefold(), "") if at else ""
    if before in _CURRENCIES:
        unit = before
    elif after in {"per", "pour", "por"} and tokens[at + used + 1 : at + used + 2] in (
        ["cent"],
        ["cento"],
        ["ciento"],
    ):
        unit = "%"
        used += 2
    else:
        unit = _UNITS.get(after, "")
        used += 1 if unit else 0
    found.append(Quantity(_plain(value), unit))
    return used


def _number(tokens: list[str], at: int) -> tuple[float | None, int]:
    """Return the number that starts at `at` and how many tokens it takes, None if none does."""
    token = tokens[at].casefold()
    if token[0].isdigit():
        value: float = _digits(token)
    elif token in _FRACTIONS:
        return float(_FRACTIONS[token]), 1
    elif token in _ORDINALS:
        return float(_ORDINALS[token]), 1
    elif token in _SMALL:
        value = float(_SMALL[token])
    elif token in _ONE and _follows(tokens, at, _UNITS.keys() | _LARGE.keys()):
        value = 1.0
    else:
        return None, 0
    used = 1
    if not token[0].isdigit() and value >= 20 and at + 1 < len(tokens):
        following = tokens[at + 1].casefold()
        ones = 1 if following in _ONE else _SMALL.get(following, 0)
        if 0 < ones < 10:
            value += ones
            used += 1
    while at + used < len(tokens):
        following = tokens[at + used].casefold()
        factor = _LARGE.get(following)
        if factor is None and token[0].isdigit():
            factor = _SUFFIXES.get(following)
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
