"""Chooses sentences of the document in the shape of a style, where no model writes.

A timeline is the sentences with dates, the earliest first; actions are what was decided and what
somebody has to do; facts are sentences with figures, dates and names; a brief prefers conclusions,
costs, risks and deadlines; plain language prefers short sentences of common words.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.documents.document import BlockKind, Document, Sentence
from assistant.summaries.kinds.cues import cues
from assistant.summaries.kinds.dates import Date, dates, writes_month_first
from assistant.summaries.kinds.kind import Kind
from assistant.summaries.kinds.values import ValueKind, value_in
from assistant.summaries.ranking import Ranking
from assistant.summaries.selecting import choose
from assistant.summaries.summary import KeyPoint
from assistant.summaries.wishes.notes import PointKind, PointNote
from assistant.summaries.wishes.styles import Style

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# A sentence that fits the style counts a little even if the ranking gave it nothing.
_FITS = 0.05
_BRIEF_BOOST = 1.8
_NO_FACT = 0.25
_A_FACT = 0.35
_MOST_FACTS = 4
_EASY_WORD = 5.0  # letters; words of everyday language are shorter on average
_EASY_SENTENCE = 14  # words
_KINDS = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.TABLE})
_SAMPLE_PAGES = 40

_DUTY_WEIGHT = 0.8
_WHO = re.compile(
    r"^(?:(?:action|aufgabe|todo|acción|tarea|tâche)(?: (?:item|point))?s?\s*\d*\s*:\s*)?"
    r"(?P<who>(?!(?:if|when|in|on|as|there|it|this|that|these|all|no|any|which|what|wenn|falls|es|si"
    r"|en|il|ce|cela|esto|no|not)\b)(?:[\w.’'&-]+\s+){0,4}[\w.’'&-]+?)\s*(?:\([^)]{0,40}\)\s*)?[:,]?\s+"
    r"(?:will|must|shall|to|should|has to|have to|agreed to|is to|are to|volunteered to|muss|müssen"
    r"|soll|sollen|wird|werden|übernimmt|klärt|prüft|doit|doivent|devra|va|debe|deben|deberá|se"
    r" encarga)\s",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d")
_NAME = re.compile(r"(?<=[a-zß-ÿ,] )[A-ZÀ-Þ][\w’'-]+")


@dataclass(frozen=True, slots=True)
class ShapedPoint:
    """A sentence by its position in `Document.sentences`, and what was read out of it."""

    position: int
    note: PointNote | None = None


def shaped(
    document: Document,
    ranking: Ranking,
    style: Style,
    words: int,
    *,
    kind: Kind = Kind.OTHER,
    without: frozenset[int] = frozenset(),
) -> tuple[ShapedPoint, ...]:
    """Choose sentences in the shape of `style`, about `words` words of them.

    Args:
        document: what was read.
        ranking: which of its sentences matter.
        style: the shape. One that fits nothing in the document gives its key points, without notes.
        words: how many at most.
        kind: of the document: what a letter asks for is an action, what a paper proposes is not.
        without: positions of sentences that are never chosen, such as injections.

    Returns:
        Points in the order in which they are shown: a timeline's by date, others' as they stand.
    """
    scores = _left(ranking, without)
    notes: dict[int, PointNote] = {}
    if style in {Style.TIMELINE, Style.ACTIONS}:
        read = _events(document) if style is Style.TIMELINE else _actions(document, kind)
        notes = {at: note for at, note in read.items() if at not in without}
        if notes:
            scores = _only(scores, notes)
    elif style in {Style.BRIEF, Style.PLAIN, Style.FACTS}:
        scores = _weighted(document, scores, _weigher(document, style))
    chosen = choose(document, replace(ranking, scores=scores), words)
    ordered = sorted(chosen, key=lambda at: (_order(style, notes.get(at)), at))
    return tuple(ShapedPoint(at, notes.get(at)) for at in ordered)


def points(
    document: Document,
    ranking: Ranking,
    style: Style,
    words: int,
    *,
    kind: Kind = Kind.OTHER,
    without: frozenset[int] = frozenset(),
) -> tuple[KeyPoint, ...]:
    """Return the sentences that `shaped` chooses as key points, with their notes."""
    found = []
    for point in shaped(document, ranking, style, words, kind=kind, without=without):
        sentence = document.sentences[point.position]
        found.append(
            KeyPoint(
                text=sentence.text,
                span=sentence.spans[0],
                section=document.sections[sentence.section].title,
                score=round(float(ranking.scores[point.position]), 4),
                why=ranking.why(point.position, sentence.text),
                note=point.note,
            )
        )
    return tuple(found)


def _order(style: Style, note: PointNote | None) -> str:
    """Return by what points are put in order before their place."""
    return note.date if style is Style.TIMELINE and note else ""


def _left(ranking: Ranking, without: frozenset[int]) -> "NDArray[np.float32]":
    scores = ranking.scores.copy()
    for at in without:
        scores[at] = 0
    return scores


def _only(scores: "NDArray[np.float32]", notes: dict[int, PointNote]) -> "NDArray[np.float32]":
    """Return the scores of sentences with a note; all others 0."""
    kept = scores * 0
    for at, note in notes.items():
        weight = _DUTY_WEIGHT if note.kind is PointKind.DUTY else 1.0
        kept[at] = weight * (_FITS + scores[at])
    return kept


def _weighted(
    document: Document, scores: "NDArray[np.float32]", weigh: Callable[[Sentence], float]
) -> "NDArray[np.float32]":
    weighted = scores.copy()
    for at, sentence in enumerate(document.sentences):
        if weighted[at] > 0:
            weighted[at] *= weigh(sentence)
    return weighted


def _weigher(document: Document, style: Style) -> Callable[[Sentence], float]:
    if style is Style.PLAIN:
        return _ease
    if style is Style.FACTS:
        return _facts
    patterns = _patterns(
        document,
        (Kind.OTHER, "conclusion"),
        (Kind.FINANCIAL_REPORT, "risks"),
        (Kind.FINANCIAL_REPORT, "outlook"),
        (Kind.CONTRACT, "payment"),
        (Kind.CONTRACT, "deadlines"),
        (Kind.MINUTES, "decisions"),
    )

    def weigh(sentence: Sentence) -> float:
        low = sentence.text.lower()
        return _BRIEF_BOOST if any(pattern.search(low) for pattern in patterns) else 1.0

    return weigh


def _ease(sentence: Sentence) -> float:
    """Return how easily a sentence is read, by the length of its words and its own."""
    words = sentence.text.split()
    letters = sum(len(word) for word in words) / max(1, len(words))
    return min(1.0, _EASY_WORD / letters) ** 2 * min(1.0, _EASY_SENTENCE / max(1, len(words)))


def _facts(sentence: Sentence) -> float:
    """Return more for a sentence with figures and names."""
    found = len(_FIGURE.findall(sentence.text)) // 2 + len(_NAME.findall(sentence.text))
    return _NO_FACT if not found else 1 + _A_FACT * min(_MOST_FACTS, found)


def _patterns(document: Document, *wanted: tuple[Kind, str]) -> list[re.Pattern[str]]:
    """Return the strong cues of questions of several kinds in the document's language."""
    known = cues(document.language)
    return [
        asked.strong
        for kind, name in wanted
        for asked in known[kind].questions
        if asked.question.id == name and asked.strong is not None
    ]


def _events(document: Document) -> dict[int, PointNote]:
    """Return the sentences with dates that can be put in order."""
    sample = "\n".join(page.text for page in document.pages[:_SAMPLE_PAGES])
    month_first = writes_month_first(sample)
    found: dict[int, PointNote] = {}
    for at, sentence in enumerate(document.sentences):
        if sentence.kind not in _KINDS:
            continue
        date = _first(list(dates(sentence.text, month_first=month_first)))
        if date is not None:
            found[at] = PointNote(kind=PointKind.EVENT, when=date.written, date=date.iso)
    return found


def _first(found: Sequence[Date]) -> Date | None:
    """Return the first exact date, else the first that can be sorted."""
    sortable = [date for date in found if date.iso]
    exact = [date for date in sortable if len(date.iso) > len("2026")]
    return next(iter(exact or sortable), None)


def _actions(document: Document, of: Kind) -> dict[int, PointNote]:
    """Return the sentences that say what was decided, or what somebody has to do."""
    asked = [(Kind.LETTER, "request")] if of is Kind.LETTER else []
    of_kind = (
        (PointKind.DECISION, _patterns(document, (Kind.MINUTES, "decisions"))),
        (PointKind.ACTION, _patterns(document, (Kind.MINUTES, "actions"), *asked)),
        (PointKind.DUTY, _patterns(document, (Kind.CONTRACT, "duties"))),
    )
    found: dict[int, PointNote] = {}
    for at, sentence in enumerate(document.sentences):
        if sentence.kind not in _KINDS:
            continue
        low = sentence.text.lower()
        for kind, patterns in of_kind:
            if any(pattern.search(low) for pattern in patterns):
                found[at] = _action(sentence.text, kind)
                break
    return found


def _action(text: str, kind: PointKind) -> PointNote:
    who = _WHO.match(text)
    date = next(dates(text), None)
    when = date.written if date else value_in(text, ValueKind.DURATION)
    return PointNote(
        kind=kind, when=when, date=date.iso if date else "", who=who["who"].strip() if who else ""
    )
