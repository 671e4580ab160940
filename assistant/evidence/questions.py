"""What a person's question asks for: its own words, and others that say the same.

"What does it say about termination?" asks for one word; a document answers it with "cancel" or
"notice" as well. Words of a question's frame ("what does it say about") count for nothing.
"""

import tomllib
from collections.abc import Set as AbstractSet
from functools import cache

from assistant.evidence.terms import stem, terms, words
from assistant.paths import resource

# What another word for a term counts, the term itself being 1.
_OTHER_WORD = 0.7
_NONE: frozenset[str] = frozenset()


def asked_terms(
    question: str, more_frame: AbstractSet[str] = _NONE
) -> tuple[dict[str, float], ...]:
    """Return for each word that `question` asks about the terms that answer it, with weights.

    Args:
        question: a person's words.
        more_frame: folded words that count for nothing, too.
    """
    _, others = _known()
    found: dict[str, dict[str, float]] = {}
    for term in terms(" ".join(asked_words(question, more_frame))):
        same = dict.fromkeys(others.get(term, ()), _OTHER_WORD)
        found[term] = same | {term: 1.0}
    return tuple(found.values())


def asked_words(question: str, more_frame: AbstractSet[str] = _NONE) -> list[str]:
    """Return the words that `question` asks about, folded; all where nothing else is left."""
    frame, _ = _known()
    found = words(question)
    return [word for word in found if word not in frame and word not in more_frame] or found


@cache
def _known() -> tuple[frozenset[str], dict[str, frozenset[str]]]:
    """Return the words of a question's frame, and for each term those that say the same."""
    rows = tomllib.loads(resource("focus.toml").read_text("utf-8"))
    same: dict[str, set[str]] = {}
    for group in rows["same"]:
        stems = {stem(word) for word in words(group)}
        for term in stems:
            same.setdefault(term, set()).update(stems - {term})
    return frozenset(words(rows["frame"])), {term: frozenset(o) for term, o in same.items()}
