"""What a change is about: duties and permissions, negations, numbers, names."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from assistant.evidence.lexicon import lexicon_of
from assistant.evidence.number_words import UNITS
from assistant.evidence.numbers import quantities
from assistant.summaries.comparing.comparison import Concern, Edit, EditKind
from assistant.summaries.comparing.figures import touches

_WORD = re.compile(r"[^\W\d_]+(?:['’]t\b)?")
_CAPITAL = re.compile(r"(?<![.!?:;•-]\s)(?<!^)\b[^\W\d_a-z][\w&.-]*\w")
_CAPITAL_NOUNS = frozenset({"de", "lb"})
# Of the words for conditions, those that say little else.
_CONDITIONS = frozenset(
    [
        *("if", "until", "provided", "unless", "wenn", "falls", "sofern", "soweit", "lorsque"),
        *("jusqu", "cuando", "hasta", "quando", "finché", "indien", "tenzij", "mits"),
    ]
)
_NEGATED = re.compile(r"n['’]t$|^cannot$")


def of_change(old: str, new: str, edits: Sequence[Edit], language: str) -> tuple[Concern, ...]:
    """Return what the change of `old` to `new` is about, the gravest first.

    Args:
        old: what it was.
        new: what it is.
        edits: what was removed and added.
        language: of both, ISO 639-1.
    """
    changed = [edit.text for edit in edits if edit.kind is not EditKind.KEPT]
    found = _said(changed, language)
    same_words = Counter(_WORD.findall(old.casefold())) == Counter(_WORD.findall(new.casefold()))
    if same_words and any(map(str.isalpha, "".join(changed))):
        found.add(Concern.ROLES)
    if any(map(touches, changed)) and (
        any(map(str.isdigit, "".join(changed))) or quantities(old) != quantities(new)
    ):
        found.add(Concern.NUMBER)
    if _has_name(old, new, changed, language):
        found.add(Concern.NAME)
    return tuple(concern for concern in Concern if concern in found)


def of_text(text: str, language: str) -> tuple[Concern, ...]:
    """Return what a sentence that was added or removed is about, the gravest first."""
    found = _said([text], language, is_change=False)
    if any(map(str.isdigit, text)):
        found.add(Concern.NUMBER)
    return tuple(concern for concern in Concern if concern in found)


def _said(texts: Iterable[str], language: str, *, is_change: bool = True) -> set[Concern]:
    """Return what the markers in `texts` say; conditions count where a sentence was changed."""
    lexicon = lexicon_of(language)
    if lexicon is None:
        return set()
    binding = lexicon.musts | lexicon.duties | lexicon.prohibitions
    binding |= lexicon.mays | lexicon.limits if is_change else frozenset()
    if is_change:
        binding |= lexicon.conditions & _CONDITIONS
    found: set[Concern] = set()
    for text in texts:
        folded = text.casefold()
        if _is_plain(folded, binding | lexicon.negations):
            continue
        for word in _WORD.findall(lexicon.idioms.sub(" ", folded)):
            if word in binding:
                found.add(Concern.OBLIGATION)
            if word in lexicon.negations or word in lexicon.prohibitions or _NEGATED.search(word):
                found.add(Concern.NEGATION)
    return found


def _is_plain(folded: str, markers: AbstractSet[str]) -> bool:
    """Tell whether no word of `folded` is a marker: most sentences need no closer look."""
    words = _WORD.findall(folded)
    return markers.isdisjoint(words) and not any(_NEGATED.search(word) for word in words)


def _has_name(old: str, new: str, changed: Sequence[str], language: str) -> bool:
    """Tell whether a word with a capital within its sentence was put in or taken out."""
    if language in _CAPITAL_NOUNS:
        return False
    inside = {*_CAPITAL.findall(old), *_CAPITAL.findall(new)}
    inside = {name for name in inside if name.casefold() not in UNITS}
    return any(name in text for name in inside for text in changed)
