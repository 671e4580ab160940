"""Answers the questions of a kind of document with its own sentences, without any model.

A sentence answers by its words, by the heading it stands under, by a value of the sort that is
asked for, and by its place. What reaches no threshold is "not found": an empty answer is better
than a wrong one.
"""

import re
import threading
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.documents.document import BlockKind, Document, PageUnit, Sentence, Span
from assistant.summaries.kinds.cues import QuestionCues, cues, languages
from assistant.summaries.kinds.key_fact import Answer, KeyFact
from assistant.summaries.kinds.kind import Kind
from assistant.summaries.kinds.values import value_in
from assistant.summaries.stopping import until

ENOUGH = 1.0
_STRONG = 1.0
_SECOND_STRONG = 0.35
_WEAK = 0.45
_UNDER_HEADING = 0.6
_FIRST_UNDER_HEADING = 0.25
_VALUE = 0.4
_EARLY = 0.7
_EARLY_SENTENCES = 25
_LONG_WORDS = 70
_LONG = 0.35
_QUESTION = 0.4
_MATTERS = 0.3
_FRAGMENT_WORDS = 5
_FRAGMENT = 0.6
_NUMBERED = re.compile(r"[(\[§]*\s?(?:\d+|[A-Z])[.)]")  # a heading that was read as a sentence
_MOST_ANSWERS = 3
_LEAST_OF_BEST = 0.6  # an answer so much worse than the best is left out
_LEFT_OUT = frozenset({BlockKind.CODE})


@dataclass(slots=True)
class _Candidate:
    """A sentence that may answer one question.

    Attributes:
        strong: how many strong cues it has.
        after: where the last of them ends, in the sentence.
    """

    strong: int = 0
    after: int = 0


def find(
    document: Document,
    kind: Kind,
    *,
    language: str = "",
    scores: Sequence[float] = (),
    without: frozenset[int] = frozenset(),
    cancel: threading.Event | None = None,
) -> tuple[KeyFact, ...]:
    """Answer the questions of `kind` from `document`.

    Args:
        document: what was read.
        kind: what it is.
        language: in which the questions are shown; the document's if empty.
        scores: how much each sentence of the document matters, from 0 to 1; of equal answers the
            one that matters more is better.
        without: positions of sentences that answer nothing, such as injections.
        cancel: stops it.

    Returns:
        One fact for each question, in the order of a table; without answers where there are none.

    Raises:
        RankingStopped: it was stopped.
    """
    places = _Places(document, without)
    shown = cues(language or document.language)[kind].questions
    asked = cues(document.language)[kind].questions
    facts = []
    for known, said in until(cancel, zip(asked, shown, strict=True)):
        answers = _answers(document, places, known, scores, cancel) or _by_name(
            document, kind, known
        )
        facts.append(
            KeyFact(said.question.id, said.question.text, answers, title=said.question.title)
        )
    return tuple(facts)


def _by_name(document: Document, kind: Kind, known: QuestionCues) -> tuple[Answer, ...]:
    """Return the subject of a message, which is its title and stands on no page."""
    is_subject = kind is Kind.LETTER and known.question.id == "subject"
    if not is_subject or document.unit is not PageUnit.MESSAGE or not document.title:
        return ()
    return (Answer(Span(1, 0, 0), document.title),)


def is_known(language: str) -> bool:
    """Tell whether answers are looked for in `language`; others are searched as English."""
    return language in languages()


class _Places:
    """The text of a document in lower case, and which sentence stands where in it."""

    def __init__(self, document: Document, without: frozenset[int]) -> None:
        self.texts = [_lower(page.text) for page in document.pages]
        self.heads = [_way(document, at) for at in range(len(document.sections))]
        self._spans: list[list[tuple[int, int, int]]] = [[] for _ in document.pages]
        self.of_section: dict[int, list[int]] = {}
        for at, sentence in enumerate(document.sentences):
            if at in without or sentence.kind in _LEFT_OUT:
                continue
            span = sentence.spans[0]
            self._spans[span.page - 1].append((span.start, span.end, at))
            self.of_section.setdefault(sentence.section, []).append(at)
        for spans in self._spans:
            spans.sort()

    def first(self, count: int) -> list[int]:
        """Return the positions of the first sentences."""
        return sorted(at for spans in self._spans[:count] for _, _, at in spans)[:count]

    def sentence_at(self, page: int, offset: int) -> tuple[int, int] | None:
        """Return the position of the sentence at a place of a page, and where it begins."""
        spans = self._spans[page]
        index = bisect_right(spans, (offset, len(self.texts[page]) + 1, 0)) - 1
        if index < 0 or offset >= spans[index][1]:
            return None
        return spans[index][2], spans[index][0]


def _lower(text: str) -> str:
    """Return `text` in lower case, letter for letter."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower()[:1] or c for c in text)


def _way(document: Document, section: int) -> str:
    """Return the titles from a section up to the highest above it, in lower case."""
    titles = []
    while section >= 0:
        titles.append(document.sections[section].title.lower())
        section = document.sections[section].parent
    return "\n".join(titles)


def _answers(
    document: Document,
    places: _Places,
    known: QuestionCues,
    scores: Sequence[float],
    cancel: threading.Event | None,
) -> tuple[Answer, ...]:
    candidates: dict[int, _Candidate] = {}
    for page, text in enumerate(until(cancel, places.texts)):
        _note(places, page, text, known, candidates)
    under = _under_heading(places, known)
    early = places.first(_EARLY_SENTENCES) if known.is_early else ()
    for at in (*under, *early):
        candidates.setdefault(at, _Candidate())
    worth: dict[int, float] = {}
    for at, candidate in candidates.items():
        own = _worth(document.sentences[at], at, candidate, under.get(at, 0.0), known)
        if own >= ENOUGH:
            worth[at] = own + (_MATTERS * float(scores[at]) if len(scores) else 0.0)
    taken = _different(document, sorted(worth, key=lambda at: (-worth[at], at)), worth)
    return tuple(_answer(document, at, known, candidates[at]) for at in taken)


def _note(
    places: _Places,
    page: int,
    text: str,
    known: QuestionCues,
    candidates: dict[int, _Candidate],
) -> None:
    """Note which sentences of a page have strong cues."""
    for match in known.strong.finditer(text) if known.strong else ():
        place = places.sentence_at(page, match.start())
        if place is not None and match.end() > match.start():
            candidate = candidates.setdefault(place[0], _Candidate())
            candidate.strong += 1
            candidate.after = max(candidate.after, match.end() - place[1])


def _under_heading(places: _Places, known: QuestionCues) -> dict[int, float]:
    """Return what it is worth to stand under a heading that names the question."""
    found: dict[int, float] = {}
    if known.heads is None:
        return found
    for section, head in enumerate(places.heads):
        if head.strip() and known.heads.search(head):
            for index, at in enumerate(places.of_section.get(section, ())):
                found[at] = _UNDER_HEADING + (_FIRST_UNDER_HEADING if index == 0 else 0.0)
    return found


def _worth(
    sentence: Sentence, at: int, candidate: _Candidate, heading: float, known: QuestionCues
) -> float:
    worth = heading
    if candidate.strong:
        worth += _STRONG + _SECOND_STRONG * min(2, candidate.strong - 1)
    if known.weak and known.weak.search(sentence.text.lower()):
        worth += _WEAK
    if known.value is not None:
        has_value = bool(value_in(sentence.text, known.value))
        if known.needs_value and not has_value:
            return 0.0
        worth += _VALUE * has_value
    if known.is_early:
        worth += _EARLY * max(0.0, 1 - at / _EARLY_SENTENCES)
    if len(sentence.text.split()) > _LONG_WORDS:
        worth -= _LONG
    if len(sentence.text.split()) <= _FRAGMENT_WORDS and _NUMBERED.match(sentence.text):
        worth -= _FRAGMENT
    if sentence.text.endswith("?"):
        worth -= _QUESTION
    return worth


def _different(
    document: Document, best_first: Sequence[int], worth: dict[int, float]
) -> Iterator[int]:
    """Yield the best sentences, none that says the same as one before."""
    told: list[frozenset[str]] = []
    for at in best_first:
        if len(told) == _MOST_ANSWERS or worth[at] < _LEAST_OF_BEST * worth[best_first[0]]:
            return
        said = frozenset(document.sentences[at].text.lower().split())
        if not any(len(said & other) > 0.7 * min(len(said), len(other)) for other in told):
            told.append(said)
            yield at


def _answer(document: Document, at: int, known: QuestionCues, candidate: _Candidate) -> Answer:
    sentence = document.sentences[at]
    value = value_in(sentence.text, known.value, candidate.after) if known.value else ""
    return Answer(sentence.spans[0], sentence.text, value)
