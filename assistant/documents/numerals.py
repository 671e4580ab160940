"""Writes the numbers of lists and headings as a document's format names them."""

from collections.abc import Callable
from enum import StrEnum

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LARGEST_ROMAN = 4_999
_CHINESE = "〇一二三四五六七八九"
_CYRILLIC = "абвгдежзиклмнопрстуфхцчшщэюя"
_HEBREW = "אבגדהוזחטיכלמנסעפצקרשת"
_ARABIC = "أبتثجحخدذرزسشصضطظعغفقكلمنهوي"


class Numeral(StrEnum):
    """How a number is written."""

    NONE = "none"  # a bullet, or nothing
    DECIMAL = "decimal"
    PADDED = "padded"  # 01, 02
    LOWER_LETTER = "a"
    UPPER_LETTER = "A"
    LOWER_ROMAN = "i"
    UPPER_ROMAN = "I"
    ORDINAL = "ordinal"  # 1st
    CHINESE = "chinese"
    CIRCLED = "circled"
    CYRILLIC = "cyrillic"
    HEBREW = "hebrew"
    ARABIC_LETTER = "arabic-letter"
    ARABIC_DIGIT = "arabic-digit"


def written(number: int, numeral: Numeral) -> str:
    """Return `number` as `numeral` writes it; a plain number where it cannot."""
    write = _WRITERS.get(numeral)
    return write(number) if write else str(number)


def _letters(number: int) -> str:
    """Return a, b … z, aa, bb, as Word and LibreOffice count on."""
    if not 1 <= number <= 26 * 10:
        return str(number)
    times, index = divmod(number - 1, 26)
    return chr(ord("a") + index) * (times + 1)


def _roman(number: int) -> str:
    if not 1 <= number <= _LARGEST_ROMAN:
        return str(number)
    text = ""
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        text += letters * times
    return text


def _ordinal(number: int) -> str:
    if number % 100 in {11, 12, 13}:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def _chinese(number: int) -> str:
    if not 1 <= number <= 99:
        return str(number)
    tens, ones = divmod(number, 10)
    text = ("" if tens == 1 else _CHINESE[tens]) + "十" if tens else ""
    return text + (_CHINESE[ones] if ones else "")


def _from_alphabet(number: int, alphabet: str) -> str:
    return alphabet[number - 1] if 1 <= number <= len(alphabet) else str(number)


def _from_arabic_digits(number: int) -> str:
    return "".join(chr(0x660 + int(digit)) for digit in str(abs(number)))


_WRITERS: dict[Numeral, Callable[[int], str]] = {
    Numeral.NONE: lambda _: "",
    Numeral.PADDED: "{:02d}".format,
    Numeral.LOWER_LETTER: _letters,
    Numeral.UPPER_LETTER: lambda number: _letters(number).upper(),
    Numeral.LOWER_ROMAN: _roman,
    Numeral.UPPER_ROMAN: lambda number: _roman(number).upper(),
    Numeral.ORDINAL: _ordinal,
    Numeral.CHINESE: _chinese,
    Numeral.CIRCLED: lambda number: chr(0x245F + number) if 1 <= number <= 20 else str(number),
    Numeral.CYRILLIC: lambda number: _from_alphabet(number, _CYRILLIC),
    Numeral.HEBREW: lambda number: _from_alphabet(number, _HEBREW),
    Numeral.ARABIC_LETTER: lambda number: _from_alphabet(number, _ARABIC),
    Numeral.ARABIC_DIGIT: _from_arabic_digits,
}
