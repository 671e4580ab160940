"""Names in a text: capitalised words within a sentence, and abbreviations."""

import re

from assistant.evidence.terms import stem, words

_ACRONYM = re.compile(r"^(?=.*[A-ZÀ-Þ].*[A-ZÀ-Þ])[\w&.-]{2,}$")
# Languages that capitalise all nouns: only abbreviations and runs of capitals are names there.
_CAPITAL_NOUNS = frozenset({"de", "lb"})
_TOKEN = re.compile(r"[^\W_]+(?:[-'’&.][^\W_]+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;]\s+|[\"“„«(]\s*|^\W+)$")


def names(text: str, language: str = "") -> list[str]:
    """Return the names in `text`; a capital at its beginning alone makes none."""
    tokens = [(m.group(), m.start()) for m in _TOKEN.finditer(text)]
    found: list[str] = []
    for at, (token, start) in enumerate(tokens):
        if _ACRONYM.match(token) and not token.isdigit():
            found.append(token)
        elif token[0].isupper() and len(token) > 1 and token != "I":  # noqa: S105 - a word
            opens = at == 0 or bool(_SENTENCE_START.search(text[:start]))
            next_is_capital = at + 1 < len(tokens) and tokens[at + 1][0][0].isupper()
            after_capital = at > 0 and tokens[at - 1][0][0].isupper()
            if language in _CAPITAL_NOUNS:
                opens = opens or not (after_capital and at > 1)
            elif opens and next_is_capital and _adjacent(text, tokens[at], tokens[at + 1]):
                opens = False
            if not opens:
                found.append(token)
    return found


def missing(claim: list[str], source: str) -> list[str]:
    """Return the names of `claim` that do not occur in `source`, as a word or an abbreviation."""
    folded = source.casefold()
    there = {stem(word) for word in words(source)}
    initials = "".join(word[0] for word in words(source))
    return [name for name in claim if not _occurs(name, folded, there, initials)]


def _adjacent(text: str, first: tuple[str, int], second: tuple[str, int]) -> bool:
    """Tell whether only a blank stands between two words."""
    return text[first[1] + len(first[0]) : second[1]].strip() == ""


def _occurs(name: str, folded: str, there: set[str], initials: str) -> bool:
    parts = words(name)
    if all(stem(part) in there for part in parts) or name.casefold() in folded:
        return True
    letters = "".join(character for character in name.casefold() if character.isalpha())
    if name.isupper() or _ACRONYM.match(name):
        return len(letters) > 1 and letters.rstrip("s") in initials
    return False
