"""The words by which kinds of documents and answers are known, from resources/kinds/*.toml."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.paths import resource
from assistant.summaries.kinds.key_fact import Question
from assistant.summaries.kinds.kind import Kind
from assistant.summaries.kinds.values import ValueKind

_FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class QuestionCues:
    """How sentences that answer a question are known; patterns are for text in lower case.

    Attributes:
        question: what is asked.
        heads: in the heading above an answer; None for no pattern.
        strong: in an answer.
        weak: in an answer, but also elsewhere.
        value: which sort of value it asks for, if any.
        needs_value: a sentence without one is no answer.
        is_early: the answer stands at the beginning.
    """

    question: Question
    heads: re.Pattern[str] | None
    strong: re.Pattern[str] | None
    weak: re.Pattern[str] | None
    value: ValueKind | None
    needs_value: bool
    is_early: bool


@dataclass(frozen=True, slots=True)
class KindCues:
    """How a kind is known, and what its readers ask.

    Attributes:
        opening: each in the title, the headings or the first lines.
        text: each anywhere.
        questions: in the order of a table.
    """

    opening: tuple[re.Pattern[str], ...]
    text: tuple[re.Pattern[str], ...]
    questions: tuple[QuestionCues, ...]


@cache
def languages() -> tuple[str, ...]:
    """Return the languages whose words are known, as ISO 639-1 codes."""
    return tuple(sorted(path.stem for path in _folder().glob("*.toml")))


@cache
def cues(language: str) -> dict[Kind, KindCues]:
    """Return the cues of a language; those of English where its words are not known."""
    code = language if language in languages() else _FALLBACK
    rows = tomllib.loads((_folder() / f"{code}.toml").read_text("utf-8"))
    return {
        kind: KindCues(
            opening=tuple(_pattern([source]) for source in rows[kind.value]["opening"]),
            text=tuple(_pattern([source]) for source in rows[kind.value]["text"]),
            questions=tuple(_question(row) for row in rows[kind.value]["question"]),
        )
        for kind in Kind
    }


def _folder() -> Path:
    return resource("kinds")


def _question(row: dict[str, Any]) -> QuestionCues:
    return QuestionCues(
        question=Question(row["id"], row["title"], row["text"]),
        heads=_whole(row.get("heads", [])),
        strong=_whole(row["strong"]),
        weak=_whole(row["weak"]),
        value=ValueKind(row["value"]) if "value" in row else None,
        needs_value=row.get("needs_value", False),
        is_early=row.get("early", False),
    )


def _whole(sources: list[str]) -> re.Pattern[str] | None:
    return _pattern(sources) if sources else None


def _pattern(sources: list[str]) -> re.Pattern[str]:
    """Return a pattern of any of `sources`, as whole words where they begin or end with letters."""
    return re.compile("|".join(map(_bounded, sources)), re.MULTILINE)


def _bounded(source: str) -> str:
    before = r"(?<!\w)" if re.match(r"[\w(\\]", source) else ""
    after = r"(?!\w)" if re.search(r"[\w)+*?\]]$", source) else ""
    return f"{before}(?:{source}){after}"
