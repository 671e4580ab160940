"""Words, sentences, digits and scripts of a reply, in any of the languages that are asked in."""

import re
import unicodedata
from collections import Counter

_QUOTES = "\"'`“”„«»‹›‘’「」『』*_()[] \t\r\n"
_ENDS = ".!?:;,。！？：；，、।؟؛،"
# Marks between digits: Arabic has a decimal mark and a thousands mark of its own.
_DECIMAL, _THOUSANDS = "\u066b", "\u066c"
_SPACES = " \u00a0\u202f'’"
_NUMBER = re.compile(rf"\d+(?:[.,{_DECIMAL}{_THOUSANDS}{_SPACES}]\d{{3}})*(?:[.,{_DECIMAL}]\d+)?")
_SENTENCE_END = re.compile(r"[.!?؟]+(?=[\s\"”»')\]]|$)|[。！？।]+")
_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_MARKS = re.compile(r"[ً-ْـ]")  # Arabic vowel signs and the stretching line

# Languages written without spaces are counted in characters.
_WITHOUT_SPACES = frozenset({"zh", "ja", "th"})
_SCRIPTS = {"ar": "ARABIC", "zh": "CJK", "hi": "DEVANAGARI"}


def script_of(language: str) -> str:
    """Return the script of a language as Unicode's character names begin with it."""
    return _SCRIPTS.get(language, "LATIN")


def plain(text: str) -> str:
    """Return a text so that two can be compared: without quotes, marks at its ends, and case."""
    composed = _MARKS.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return " ".join(composed.strip(_QUOTES + _ENDS).split())


def bare(text: str) -> str:
    """Return a text without quotes and marks around it, its case as it is."""
    return " ".join(unicodedata.normalize("NFC", text).strip(_QUOTES + _ENDS).split())


def ascii_digits(text: str) -> str:
    """Return a text with the digits of every script written 0 to 9."""
    return "".join(
        str(unicodedata.digit(c)) if c.isdigit() and unicodedata.category(c) == "Nd" else c
        for c in text
    )


def numbers_in(text: str) -> list[str]:
    """Return the numbers that stand in a text in digits, without separators of thousands.

    "41 200", "41,200" and "41.200" are "41200"; "3,5" and "3.5" are "3.5".
    """
    found = []
    for match in _NUMBER.finditer(ascii_digits(text)):
        token = re.sub(f"[{_SPACES}{_THOUSANDS}]", "", match.group())
        token = token.replace(_DECIMAL, ".")
        token = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", token).replace(",", ".")
        head, _, tail = token.partition(".")
        head = head.lstrip("0") or "0"
        tail = tail.replace(".", "").rstrip("0")
        found.append(f"{head}.{tail}" if tail else head)
    return found


def words_in(text: str, language: str) -> list[str]:
    """Return the words of a text; of Chinese its characters."""
    if language in _WITHOUT_SPACES:
        return [c for c in text if c.isalnum()]
    if language in {"ar", "hi"}:  # combining vowels are no letters to `re`
        return [word for word in (plain(part) for part in text.split()) if word]
    return _WORD.findall(text)


def sentences_in(text: str) -> list[str]:
    """Return the sentences of a text, by their final marks and its lines."""
    found = []
    for line in text.splitlines():
        found += [part.strip(_QUOTES) for part in _SENTENCE_END.split(line)]
    return [part for part in found if any(c.isalnum() for c in part)]


def share_in_script(text: str, script: str) -> float:
    """Return which share of a text's letters is of a script, from 0 to 1."""
    letters = [c for c in text if c.isalpha()]
    if not letters:
        return 0.0
    return sum(unicodedata.name(c, "").startswith(script) for c in letters) / len(letters)


def is_looping(text: str) -> bool:
    """Tell whether a text repeats itself as a model does that cannot stop.

    A run of words, digits counted as the same, that comes three times in a row and fills at
    least twelve words; or a sentence of four words and more that comes three times. Writing
    without spaces is looked at by character.
    """
    masked = re.sub(r"\d+", "0", ascii_digits(text)).casefold()
    units = masked.split()
    if len(units) < len(masked) / 15:  # hardly any spaces
        units = [c for c in masked if not c.isspace()]
    if _has_run(units):
        return True
    sentences = Counter(
        " ".join(part.split())
        for part in sentences_in(masked)
        if len(part.split()) >= 4 or (len(part) >= 8 and not part.isascii() and " " not in part)
    )
    return any(count >= 3 for count in sentences.values())


def _has_run(units: list[str]) -> bool:
    for period in range(1, min(60, len(units) // 3) + 1):
        run = 0
        for at in range(period, len(units)):
            run = run + 1 if units[at] == units[at - period] else 0
            if run + period >= max(3 * period, 12):
                return True
    return False
