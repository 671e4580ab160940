"""Which languages a picture is read in: each one more makes Tesseract slower and less sure."""

import locale
from collections.abc import Sequence

from assistant.documents.language import detect

_MOST = 2
_LEAST_LETTERS = 100  # fewer do not tell a language
# ISO 639-1 and Tesseract's code, the first of several being the usual one.
_CODES = {
    "af": "afr", "am": "amh", "ar": "ara", "az": "aze", "be": "bel", "bg": "bul", "bn": "ben",
    "bs": "bos", "ca": "cat", "cs": "ces", "cy": "cym", "da": "dan", "de": "deu", "el": "ell",
    "en": "eng", "eo": "epo", "es": "spa", "et": "est", "eu": "eus", "fa": "fas", "fi": "fin",
    "fr": "fra", "ga": "gle", "gl": "glg", "gu": "guj", "he": "heb", "hi": "hin", "hr": "hrv",
    "hu": "hun", "hy": "hye", "id": "ind", "is": "isl", "it": "ita", "ja": "jpn", "ka": "kat",
    "kk": "kaz", "km": "khm", "kn": "kan", "ko": "kor", "la": "lat", "lo": "lao", "lt": "lit",
    "lv": "lav", "mk": "mkd", "ml": "mal", "mn": "mon", "mr": "mar", "ms": "msa", "mt": "mlt",
    "my": "mya", "ne": "nep", "nl": "nld", "no": "nor", "nb": "nor", "pa": "pan", "pl": "pol",
    "pt": "por", "ro": "ron", "ru": "rus", "si": "sin", "sk": "slk", "sl": "slv", "sq": "sqi",
    "sr": "srp", "sv": "swe", "sw": "swa", "ta": "tam", "te": "tel", "th": "tha", "tr": "tur",
    "uk": "ukr", "ur": "urd", "uz": "uzb", "vi": "vie", "yi": "yid", "zh": "chi_sim",
}  # fmt: skip
# What Tesseract calls a script, and the languages that use it, the most read first.
_SCRIPTS = {
    "Arabic": ("ara", "fas", "urd"),
    "Armenian": ("hye",),
    "Bengali": ("ben",),
    "Cyrillic": ("rus", "ukr", "bul", "srp", "bel", "mkd", "kaz"),
    "Devanagari": ("hin", "mar", "nep"),
    "Georgian": ("kat",),
    "Greek": ("ell",),
    "Gujarati": ("guj",),
    "Han": ("chi_sim", "chi_tra", "jpn"),
    "Hangul": ("kor",),
    "Hebrew": ("heb", "yid"),
    "Hiragana": ("jpn",),
    "Japanese": ("jpn",),
    "Kannada": ("kan",),
    "Katakana": ("jpn",),
    "Korean": ("kor",),
    "Malayalam": ("mal",),
    "Tamil": ("tam",),
    "Telugu": ("tel",),
    "Thai": ("tha",),
}


def code(language: str) -> str:
    """Return Tesseract's code of `language`, which may be one of its own already."""
    return _CODES.get(language.lower(), language)


def first_guess(installed: Sequence[str], wished: Sequence[str], likely: str) -> tuple[str, ...]:
    """Return the languages to begin with, of those `installed`.

    Args:
        installed: Tesseract's codes; at least one.
        wished: what the person asked for, as ISO 639-1 or Tesseract's codes.
        likely: ISO 639-1 code of the language around the picture, "" if unknown.
    """
    asked = [name for name in dict.fromkeys(map(code, wished)) if name in installed]
    if asked:
        return tuple(asked)
    system = (locale.getlocale()[0] or "").split("_")[0]
    guesses = dict.fromkeys(code(name) for name in (likely, system, "en") if name)
    return tuple(name for name in guesses if name in installed)[:_MOST] or (installed[0],)


def better(installed: Sequence[str], used: Sequence[str], text: str) -> tuple[str, ...]:
    """Return the languages to read on with, after a page was read as `text`."""
    if sum(character.isalpha() for character in text) < _LEAST_LETTERS:
        return tuple(used)
    found = code(detect(text))
    return _led_by(found, used) if found in installed else tuple(used)


def of_script(installed: Sequence[str], used: Sequence[str], script: str) -> tuple[str, ...]:
    """Return the languages to read a page with that is written in `script`."""
    known = [name for name in _SCRIPTS.get(script, ()) if name in installed]
    known += [f"script/{script}"] if f"script/{script}" in installed else []
    return _led_by(known[0], used) if known else tuple(used)


def _led_by(first: str, used: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((first, *used)))[:_MOST]
