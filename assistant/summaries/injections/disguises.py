"""Sees through writing that hides an order: look-alike letters, codes, characters nobody sees."""

import base64
import binascii
import codecs
import html
import re
from array import array
from collections.abc import Iterator
from urllib.parse import unquote

from assistant.summaries.injections.folding import Folded

# An order that is disguised shows itself by one of these once the disguise is off.
_CORES = ("ignor", "disregard", "instruct", "prompt", "override", "anweisung", "consigne", "forget")
_BACKWARDS = tuple(core[::-1] for core in _CORES)
_TURNED = tuple(codecs.encode(core, "rot13") for core in _CORES)
_LOOK_ALIKES = str.maketrans(
    "авсԁеһіјкӏмнорԛѕтуѵԝхɡαεικνορτυχγ",
    "abcdehijklmhopqstuvwxgaeiknoptuxy",
)
_DIGITS = str.maketrans("0134578@$!|", "oieastbasii")
_SPACED = re.compile(r"(?:(?<![^\W_])[^\W\d_][ .*_-]{1,3}){6,}[^\W\d_](?![^\W_])")
_BETWEEN = re.compile(r"[ .*_-]")
_RUN_TOGETHER = re.compile(
    r"(?:ignore|disregard|forget)(?:all|any|the|my|your|of)*(?:previous|prior|above|earlier|system)"
    r"(?:instructions?|prompts?|rules|directions)"
)
_BASE64 = re.compile(r"(?<![\w+/])(?:[A-Za-z0-9+/_-]{4}\n?){6,2000}[A-Za-z0-9+/_-]{0,4}={0,2}")
_HEX = re.compile(r"(?<![\w])(?:(?:0x|\\x)?[0-9A-Fa-f]{2}[:,]?){16,4000}(?![\w])")
_PERCENT = re.compile(r"(?:[\w.+-]*%[0-9A-Fa-f]{2}){6,2000}[\w.+-]*")
_ESCAPES = re.compile(r"(?:\\u[0-9A-Fa-f]{4}){6,2000}")
_ENTITIES = re.compile(r"(?:&#x?[0-9A-Fa-f]{2,6};){6,2000}")
_TAGS = re.compile("(?<![\U0001f3f4\U000e0020-\U000e007e])[\U000e0020-\U000e007e]{4,4000}")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{6,4000}")
# Read backwards, what follows the order stands before it without a full stop.
_BEGINNING = re.compile(r" (?=ignore|disregard|forget)")
_BITS = re.compile("[\u200b-\u200d\u2060-\u2064\ufeff]{16,16000}")
_LEAST_CODE = 24  # characters without a blank; shorter ones say nothing of worth
_MOST_CODES = 40  # of each sort on a page
_LEAST_READABLE = 0.9


def unmasked(folded: Folded) -> Iterator[Folded]:
    """Yield readings of a page in which a disguised order would be plain."""
    found = folded.text
    tables = [_DIGITS] if found.isascii() else [_DIGITS, _LOOK_ALIKES]
    before = _cores_in(found)
    for table in tables:
        reading = found.translate(table)
        if reading != found and _cores_in(reading) > before:
            yield Folded(reading, folded.places)
    if any(core in found for core in _BACKWARDS):
        yield _backwards(folded)
    if any(core in found for core in _TURNED):
        yield Folded(codecs.encode(found, "rot13"), folded.places)


def run_together(folded: Folded) -> Iterator[tuple[int, int]]:
    """Yield where an order is written letter by letter: "i g n o r e  a l l …"."""
    for match in _SPACED.finditer(folded.text):
        if _RUN_TOGETHER.search(_BETWEEN.sub("", match.group())):
            yield folded.original(*match.span())


def decoded(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where something readable stands in a code, and what it says."""
    if max(map(len, text.split()), default=0) < _LEAST_CODE:
        return
    for pattern, decode in (
        (_BASE64, _from_base64),
        (_HEX, _from_hex),
        (_PERCENT, unquote),
        (_ESCAPES, _from_escapes),
        (_ENTITIES, html.unescape),
    ):
        for count, match in enumerate(pattern.finditer(text)):
            if count == _MOST_CODES:
                break
            said = decode(match.group())
            if _is_readable(said):
                yield match.start(), match.end(), said


def unseen(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where characters that nobody sees carry a message, and what it says."""
    if text.isascii():
        return
    for match in _TAGS.finditer(text):
        yield match.start(), match.end(), "".join(chr(ord(c) - 0xE0000) for c in match.group())
    for match in _SELECTORS.finditer(text):
        said = bytes(_selected(character) for character in match.group())
        yield match.start(), match.end(), said.decode("utf-8", "replace")
    for match in _BITS.finditer(text):
        yield match.start(), match.end(), _from_bits(match.group())


def _cores_in(text: str) -> int:
    return sum(text.count(core) for core in _CORES)


def _backwards(folded: Folded) -> Folded:
    turned = folded.places[::-1] if folded.places is not None else None
    places = turned if turned is not None else _descending(len(folded.text))
    return Folded(_BEGINNING.sub("\n", folded.text[::-1]), places)


def _descending(length: int) -> "array[int]":
    return array("l", range(length - 1, -1, -1))


def _is_readable(said: str) -> bool:
    letters = sum(character.isalpha() or character == " " for character in said)
    return len(said) >= 12 and letters >= _LEAST_READABLE * len(said) and " " in said


def _from_base64(code: str) -> str:
    bare = re.sub(r"\s", "", code).rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4)).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _from_hex(code: str) -> str:
    bare = re.sub(r"0x|\\x|[\s:,]", "", code)
    try:
        return bytes.fromhex(bare).decode("utf-8")
    except (ValueError, UnicodeDecodeError):
        return ""


def _from_escapes(code: str) -> str:
    return "".join(chr(int(part, 16)) for part in code.split("\\u")[1:])


def _selected(character: str) -> int:
    """Return the byte that a variation selector stands for where text is smuggled in them."""
    code = ord(character)
    return code - 0xFE00 if code <= 0xFE0F else code - 0xE0100 + 16


def _from_bits(run: str) -> str:
    """Return what two invisible characters write as zeros and ones, "" if they write nothing."""
    kinds = sorted(set(run))
    if len(kinds) != 2:
        return ""
    for zero in kinds:
        bits = "".join("0" if character == zero else "1" for character in run)
        said = bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) - 7, 8))
        text = said.decode("utf-8", "replace")
        if _is_readable(text):
            return text
    return ""
