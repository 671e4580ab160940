"""In which language a summary is written, and whether a model kept to it."""

import unicodedata
from collections import Counter

from assistant.documents.language import detect

# Fewer letters are a name or a heading, of which nothing can be told.
_LEAST_LETTERS = 24
# Below so many characters the statistics of a language say little; its script still does.
_LEAST_CHARACTERS = 120
_MOST_FOREIGN = 0.5
# Standards of one language, or languages that a short text does not tell apart.
_ALIKE = (
    frozenset({"no", "nb", "nn", "da"}),
    frozenset({"hr", "sr", "bs"}),
    frozenset({"id", "ms"}),
    frozenset({"cs", "sk"}),
    frozenset({"gl", "pt"}),
    frozenset({"ca", "oc"}),
    frozenset({"af", "nl"}),
)
_SCRIPTS: dict[str, tuple[str, ...]] = {
    "am": ("ETHIOPIC",),
    "ar": ("ARABIC",),
    "bg": ("CYRILLIC",),
    "bn": ("BENGALI",),
    "el": ("GREEK",),
    "fa": ("ARABIC",),
    "he": ("HEBREW",),
    "hi": ("DEVANAGARI",),
    "hy": ("ARMENIAN",),
    "ja": ("HIRAGANA", "KATAKANA", "CJK"),
    "ka": ("GEORGIAN",),
    "ko": ("HANGUL", "CJK"),
    "mr": ("DEVANAGARI",),
    "ru": ("CYRILLIC",),
    "sr": ("CYRILLIC", "LATIN"),
    "ta": ("TAMIL",),
    "th": ("THAI",),
    "uk": ("CYRILLIC",),
    "ur": ("ARABIC",),
    "zh": ("CJK",),
}
_LATIN = ("LATIN",)

# Languages that can be chosen for a summary: those that models commonly write.
OFFERED: tuple[str, ...] = (
    *("ar", "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi"),
    *("hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "nb", "nl", "pl", "pt", "ro", "ru", "sk"),
    *("sl", "sr", "sv", "th", "tr", "uk", "vi", "zh"),
)


def drifted(text: str, wished: str) -> bool:
    """Tell whether `text` is plainly in another language than `wished`.

    Args:
        text: what a model wrote.
        wished: ISO 639-1 code; "" is no wish, from which nothing can drift.

    Returns:
        False also where it cannot be told: a retry is only worth its time where it is clear.
    """
    letters = [character for character in text if character.isalpha()]
    if not wished or len(letters) < _LEAST_LETTERS:
        return False
    if _foreign_share(letters, wished) > _MOST_FOREIGN:
        return True
    if len(text) < _LEAST_CHARACTERS:
        return False
    found = detect(text)
    return bool(found) and not _is_same(found, wished)


def _is_same(found: str, wished: str) -> bool:
    return found == wished or any({found, wished} <= alike for alike in _ALIKE)


def _foreign_share(letters: list[str], wished: str) -> float:
    """Return the share of letters in a script in which `wished` is not written."""
    scripts = _SCRIPTS.get(wished, _LATIN)
    seen = Counter(letters)
    own = sum(
        times for letter, times in seen.items() if unicodedata.name(letter, "").startswith(scripts)
    )
    return 1 - own / len(letters)
