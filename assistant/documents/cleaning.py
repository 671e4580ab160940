"""Takes characters out of text that a reader does not see, and opens ligatures."""

import re
import unicodedata

# Presentation forms: Latin, Armenian, Hebrew and Arabic ligatures and positional shapes. Other
# compatibility characters (², ½, ™) mean something and stay.
_FORMS = "\ufb00-\ufb06\ufb13-\ufb17\ufb1d-\ufb4f\ufb50-\ufdff\ufe70-\ufefc"
_FORM = re.compile(f"[{_FORMS}]")
# Soft hyphens, zero-width and direction marks, controls, lone surrogates, noncharacters.
_UNSEEN = re.compile(
    "[\u00ad\u200b\u2060\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
)


def clean(text: str) -> str:
    """Return `text` without what cannot be seen, ligatures as letters; line breaks stay."""
    if text.isascii() and text.isprintable():
        return text
    text = _FORM.sub(_open, text)
    return _UNSEEN.sub("", text)


def fold(text: str) -> str:
    """Return `text` with each run of white space as one space, none at the ends."""
    return " ".join(text.split())


def open_ligature(character: str) -> str:
    """Return the letters of a presentation form, any other character as it is."""
    return _open_character(character) if _FORM.match(character) else character


def _open(match: re.Match[str]) -> str:
    return _open_character(match.group())


def _open_character(character: str) -> str:
    return unicodedata.normalize("NFKC", character)
