"""Names in a text: capitalised words within a sentence, and abbreviations."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.evidence.terms import stem, words

_TOKEN = re.compile(r"[^\W_]+(?:['’&.][^\W_]+)*")
_OPENS = re.compile(r"(?:^|[.!?:;][\"'”’»)]*\s+)[\"“„«(‘]*\s*$")
# Languages that write all nouns with a capital: only abbreviations and runs are names there.
_CAPITAL_NOUNS = frozenset({"de", "lb"})
# A name of so many letters is no part of another word by chance.
_LONG = 5
# Begin a sentence before a name and are none.
_OPENERS = frozenset(
    [
        *("a", "after", "all", "although", "an", "and", "as", "at", "before", "both", "but", "by"),
        *("despite", "during", "each", "every", "for", "from", "given", "he", "her", "his", "if"),
        *("in", "it", "its", "like", "many", "most", "no", "of", "on", "one", "only", "our"),
        *("several", "she", "since", "some", "that", "the", "their", "these", "they", "this"),
        *("those", "though", "to", "two", "under", "unlike", "until", "using", "we", "when"),
        *("where", "while", "with", "without", "your"),
        *(
            "am",
            "auf",
            "bei",
            "das",
            "den",
            "der",
            "die",
            "ein",
            "eine",
            "für",
            "im",
            "mit",
            "nach",
        ),
        *(
            "au",
            "aux",
            "avec",
            "dans",
            "de",
            "des",
            "du",
            "le",
            "les",
            "par",
            "pour",
            "selon",
            "sur",
        ),
        *("con", "del", "el", "en", "la", "las", "los", "para", "por", "según", "un", "una", "une"),
        *("al", "alla", "da", "dal", "em", "il", "lo", "na", "nel", "nella", "os", "secondo", "um"),
        *("een", "het", "met", "op", "van", "voor"),
    ]
)


@dataclass(frozen=True, slots=True)
class Capitals:
    """How a document writes its words, so that a capital at a sentence's start can be judged.

    Attributes:
        common: folded words that occur in lower case.
        proper: folded words that occur with a capital within sentences, and never without.
    """

    common: frozenset[str] = frozenset()
    proper: frozenset[str] = frozenset()

    @classmethod
    def of(cls, sentences: Iterable[str]) -> "Capitals":
        """Note the words of `sentences`."""
        common: set[str] = set()
        capital: set[str] = set()
        for sentence in sentences:
            tokens = _TOKEN.findall(sentence)
            common.update(token for token in tokens if token.islower())
            capital.update(token.casefold() for token in tokens[1:] if token[0].isupper())
        return cls(frozenset(common), frozenset(capital - common))


_NOTHING_KNOWN = Capitals()


def names(
    text: str, language: str = "", capitals: Capitals = _NOTHING_KNOWN
) -> list[tuple[str, ...]]:
    """Return the names in `text`, each as the run of words that stand together."""
    runs: list[list[str]] = []
    capital_end = name_end = -1
    for match in _TOKEN.finditer(text):
        token = match.group()
        if not _is_capital(token):
            continue
        follows = text[capital_end : match.start()] in {" ", "-"} and capital_end > 0
        opens = _OPENS.search(text[: match.start()]) is not None
        capital_end = -1 if opens and language in _CAPITAL_NOUNS else match.end()
        if language in _CAPITAL_NOUNS:
            is_name = follows
        else:
            is_name = not opens or _names_at_start(token, text[match.end() :], capitals)
        if not is_name and not _is_acronym(token):
            continue
        if name_end > 0 and text[name_end : match.start()] in {" ", "-"}:
            runs[-1].append(token)
        else:
            runs.append([token])
        name_end = match.end()
    return [tuple(run) for run in runs]


def missing(claim: Sequence[Sequence[str]], source: str) -> list[str]:
    """Return the names of `claim` that do not occur in `source`, as words or abbreviated."""
    there = _Source(source)
    return [
        name for run in claim if not there.abbreviates(run) for name in run if not there.has(name)
    ]


def _is_capital(token: str) -> bool:
    return token[0].isupper() and len(token) > 1


def _is_acronym(token: str) -> bool:
    """Tell whether a token has capitals beyond its first, or digits: "NER", "GmbH", "F1"."""
    return sum(map(str.isupper, token)) > 1 or (token[0].isupper() and not token.isalpha())


def _names_at_start(token: str, rest: str, capitals: Capitals) -> bool:
    """Tell whether the word that opens a sentence is a name; `rest` follows it."""
    folded = token.casefold()
    if folded in capitals.proper:
        return True
    before_capital = len(rest) > 1 and rest[0] in " -" and rest[1].isupper()
    return before_capital and folded not in capitals.common and folded not in _OPENERS


class _Source:
    """The text in which names are looked for."""

    def __init__(self, text: str) -> None:
        found = words(text)
        self._text = text.casefold()
        self._joined = self._text.replace(" ", "").replace("-", "")
        self._terms = {stem(word) for word in found}
        self._initials = "".join(word[0] for word in found)
        acronyms = {token.casefold() for token in _TOKEN.findall(text) if _is_acronym(token)}
        self._acronyms = acronyms | {acronym.removesuffix("s") for acronym in acronyms}

    def has(self, name: str) -> bool:
        """Tell whether `name` occurs: as its words, or an acronym by what it stands for."""
        folded = name.casefold()
        if len(folded) >= _LONG and folded in self._text:
            return True
        if all(stem(part) in self._terms for part in words(name)):
            return True
        if not _is_acronym(name):
            return False
        letters = "".join(c for c in folded if c.isalnum()).removesuffix("s")
        if letters in self._acronyms or letters in self._initials:
            return True
        return (len(letters) >= _LONG or not letters.isalpha()) and letters in self._joined

    def abbreviates(self, run: Sequence[str]) -> bool:
        """Tell whether the initials of several names in a row occur as an acronym."""
        return len(run) > 1 and "".join(name[0].casefold() for name in run) in self._acronyms
