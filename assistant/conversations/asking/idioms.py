"""How questions about documents are put in a language, from resources/asking/*.toml."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.evidence.terms import words
from assistant.paths import resource

_FALLBACK = "en"
_CLEARLY = 2  # so many more words of the frame are of another language


@dataclass(frozen=True, slots=True, kw_only=True)
class Idiom:
    """What questions look like in one language; patterns are for text in lower case.

    Attributes:
        language: ISO 639-1 code.
        frame: words that say nothing of what a question is about.
        silence: says that one document does not tell; `silences` the same of several.
        foreign: says that they are in another language than the question.
        denies: a reply that the documents do not tell.
        definition: a question for what something is; group `what`.
        defines: what stands between a thing and what it is.
        value: a question for a number or a date.
        summary: a wish for a summary; a group `focus` may say of what.
        list: a wish for all of something; group `what`.
        timeline, actions, facts: what of such lists has a style of its own.
        document: means a document.
        creates: asks for something new, so that no document is meant.
    """

    language: str
    frame: frozenset[str]
    silence: str
    silences: str
    foreign: str
    denies: re.Pattern[str]
    definition: re.Pattern[str]
    defines: str
    value: re.Pattern[str]
    summary: re.Pattern[str]
    list: tuple[re.Pattern[str], ...]
    timeline: re.Pattern[str]
    actions: re.Pattern[str]
    facts: re.Pattern[str]
    document: re.Pattern[str]
    creates: re.Pattern[str]


@cache
def idioms() -> tuple[Idiom, ...]:
    """Return the idioms of all languages that are known."""
    return tuple(_read(path) for path in sorted(resource("asking").glob("*.toml")))


def idiom_of(question: str, document_language: str = "") -> Idiom:
    """Return the idiom of a question: of the language with most of its words in the frame.

    Args:
        question: a person's words.
        document_language: decides where the question's words do not, and English where that is
            not known.
    """
    asked = words(question)
    known = {idiom.language: sum(word in idiom.frame for word in asked) for idiom in idioms()}
    most = max(known.values())
    best = [language for language, count in known.items() if count == most]
    wanted = document_language if document_language in known else _FALLBACK
    chosen = wanted if wanted in best or not most else best[0]
    return next(idiom for idiom in idioms() if idiom.language == chosen)


def is_in_language(question: str, *, other_than: str) -> bool:
    """Tell whether a question is clearly in another language than a document."""
    asked = words(question)
    known = {idiom.language: sum(word in idiom.frame for word in asked) for idiom in idioms()}
    return bool(other_than) and max(known.values()) >= known.get(other_than, 0) + _CLEARLY


def _read(path: Path) -> Idiom:
    rows: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    return Idiom(
        language=path.stem,
        frame=frozenset(words(rows["frame"])),
        silence=rows["silence"],
        silences=rows["silences"],
        foreign=rows["foreign"],
        denies=_any(rows["denies"]),
        definition=_any_named(rows["definition"]),
        defines="|".join(rows["defines"]),
        value=_any(rows["value"]),
        summary=_any_named(rows["summary"]),
        list=tuple(re.compile(source) for source in rows["list"]),
        timeline=_any(rows["timeline"]),
        actions=_any(rows["actions"]),
        facts=_any(rows["facts"]),
        document=_any(rows["document"]),
        creates=_any(rows["creates"]),
    )


def _any(sources: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<!\w)(?:{source})(?!\w)" for source in sources))


def _any_named(sources: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern of any of `sources`; a group's name may stand in several of them."""
    named = [
        re.sub(r"\(\?P<(\w+)>", rf"(?P<\g<1>_{number}>", source)
        for number, source in enumerate(sources)
    ]
    return re.compile("|".join(f"(?:{source})" for source in named))


def group(match: re.Match[str], name: str) -> str:
    """Return what a group of this name matched, in whichever of the sources; "" for nothing."""
    for key, value in match.groupdict().items():
        if value and key.rpartition("_")[0] == name:
            return value.strip()
    return ""
