"""Finds the passages of attached documents that are closest to a question.

Groups of passages are ranked by words, by letters and by their best passage; reciprocal ranks fuse
them (Cormack et al. 2009). With an embedding model scores are fused in place of ranks: how far
the vectors put a group before the others tells more than its rank. The best passage of a group is
what is found, with its neighbours. benchmarks/retrieval.py has the figures.
"""

import math
import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.conversations.asking.answer import MOST_PASSAGES, Passage
from assistant.conversations.asking.attached import Attached
from assistant.conversations.asking.idioms import Idiom, group, idiom_of
from assistant.conversations.asking.index import PassageIndex
from assistant.conversations.asking.vectors import PassageVectors
from assistant.evidence.questions import asked_terms, asked_words
from assistant.evidence.terms import count_words, terms, words
from assistant.paths import as_text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_RANK_OFFSET = 60
_VECTORS_COUNT = 2.0  # words and letters together being 1
_DEFINES_COUNTS = 0.5
# So many groups, the best by words, are compared by letters as well; all where there are fewer.
_CANDIDATES = 300
# A passage takes its neighbours in up to so many words.
_WITH_NEIGHBOURS = 200
_LONGEST_QUESTION = 2_000  # characters; what is longer is a text, and its beginning asks
_FEWEST_WORDS = 2
# The documents tell if a passage has this share of what is asked, rare words counting more. On R's
# list of questions with all headings hidden it refuses 7% of what is answered there, with headings
# none, and of 50 questions that it does not answer it recognises 70% (benchmarks/retrieval.py).
CLOSE_ENOUGH = 0.36
# Or if a passage stands out so far among the cosines, in standard deviations: other words for it.
_STANDS_OUT = 4.5
_SURE_OF_RARITY = 4.0  # logarithm of how many groups tell which words are rare: some fifty


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, taken apart.

    Attributes:
        terms: what each of its words is answered by, with weights.
        content: its words without its frame.
        defines: finds a sentence that says what it asks the meaning of; None for other questions.
        wants_value: it asks for a number or a date.
    """

    terms: tuple[dict[str, float], ...]
    content: str
    defines: re.Pattern[str] | None
    wants_value: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a question.

    Attributes:
        passages: the best first.
        is_told: they are close enough to the question that they may answer it.
    """

    passages: tuple[Passage, ...] = ()
    is_told: bool = False


def find(
    attached: Attached,
    question: str,
    *,
    vectors: PassageVectors | None = None,
    cancel: threading.Event,
) -> tuple[Passage, ...]:
    """Return the passages closest to `question`, the best first; see `search`."""
    return search(attached, question, vectors=vectors, cancel=cancel).passages


def search(
    attached: Attached,
    question: str,
    *,
    vectors: PassageVectors | None = None,
    cancel: threading.Event,
) -> Found:
    """Return the passages closest to `question`, and whether they may answer it.

    A passage's score is the share of what is asked that stands in it, or in one that is ranked
    after it, so that scores fall with the rank.

    Args:
        attached: where to look.
        question: a person's question.
        vectors: of an embedding model, prepared; without it words and letters are compared.
        cancel: stops it; nothing is found then.

    Raises:
        ModelError, ModelTooLarge, EngineDied, EngineClosed: the embedding model failed.
    """
    import numpy as np  # noqa: PLC0415 - the window starts without it

    index = attached.index
    if not index.pieces or cancel.is_set():
        return Found()
    asked = ask(question, attached.documents[0].document.language)
    cosines = vectors.closeness(attached, question, cancel=cancel) if vectors else None
    scores = scores_of_groups(index, asked, cosines)
    order = [int(at) for at in np.argsort(-scores, kind="stable")[:MOST_PASSAGES] if scores[at] > 0]
    if not order or cancel.is_set():
        return Found()
    by_words = index.words_of_pieces.of(asked.terms)
    runs = [_with_neighbours(index, _best(index.groups[at], by_words, cosines), at) for at in order]
    shares = [share_of(asked, index, "\n".join(index.searched(at) for at in run)) for run in runs]
    stands_out = cosines is not None and _stands_out(cosines)
    if not any(shares) and not stands_out:
        return Found()
    passages = tuple(_passage(attached, run, max(shares[rank:])) for rank, run in enumerate(runs))
    return Found(passages, is_told=max(shares) >= CLOSE_ENOUGH or stands_out)


def ask(question: str, language: str = "") -> Asked:
    """Take a question apart; `language` is that of the documents."""
    question = question[:_LONGEST_QUESTION]
    idiom = idiom_of(question, language)
    content = " ".join(asked_words(question, idiom.frame))
    what = _defined(question, idiom)
    if what and content == " ".join(words(question)):  # "What does MUST mean?": all small words
        content = what
    return Asked(
        terms=asked_terms(content, idiom.frame),
        content=content,
        defines=_definition(what, idiom) if what else None,
        wants_value=idiom.value.search(question.casefold()) is not None,
    )


def is_short(question: str) -> bool:
    """Tell whether a question says too little by itself to be searched for: "And cats?"."""
    idiom = idiom_of(question)
    content = [one for one in asked_words(question, idiom.frame) if one not in idiom.frame]
    return len(content) < _FEWEST_WORDS and not _defined(question, idiom)


def _defined(question: str, idiom: Idiom) -> str:
    """Return what a question asks the meaning of; "" for other questions."""
    folded = " ".join(question.casefold().split()).rstrip("?？ .!")
    match = idiom.definition.fullmatch(folded)
    return group(match, "what") if match else ""


def _definition(what: str, idiom: Idiom) -> re.Pattern[str]:
    """Return what finds a sentence that says what something is."""
    name = rf"[\"'“‘„«]?{re.escape(what)}[\"'”’“»]?"
    # "A key is …" at a sentence's beginning, and "Ann Lee, the tenant," or "(the “Tenant”)".
    begins = rf"(?:^|[.!?:;]\s+|\n)(?:\w{{1,4}} )?{name}(?: \([^)]{{1,40}}\))?,?"
    says = rf"{begins} (?:{idiom.defines})(?!\w)"
    stands_for = rf"[,(]\s?(?:\w+ ){{0,3}}{name}\s?[,).]"
    return re.compile(f"{says}|{stands_for}", re.IGNORECASE)


def scores_of_groups(
    index: PassageIndex, asked: Asked, cosines: "NDArray[np.float32] | None" = None
) -> "NDArray[np.float64]":
    """Return the fused score of each group of the index; those that cannot be meant have 0.

    Args:
        index: what is searched.
        asked: the question.
        cosines: of each passage with the question, from an embedding model.
    """
    import numpy as np  # noqa: PLC0415 - the window starts without it

    starts = np.array([group_[0] for group_ in index.groups])
    whole = index.words_of_groups.of(asked.terms)
    single = np.maximum.reduceat(index.words_of_pieces.of(asked.terms), starts)
    near = np.argsort(-whole, kind="stable")[:_CANDIDATES]
    nearest = None if cosines is None else np.maximum.reduceat(cosines, starts)
    if nearest is not None:
        near = np.union1d(near, np.argsort(-nearest, kind="stable")[:_CANDIDATES])
    letters = index.letters_of_groups.of(asked.content, near.tolist())
    lexical = [whole[near], letters, single[near]]
    if nearest is None:
        fused = sum((_ranked(one) for one in lexical), np.zeros(len(near)))
        fused[(whole[near] <= 0) & (letters <= 0)] = 0
        bonus = 1 / _RANK_OFFSET
    else:
        fused = sum((_to_one(one) for one in lexical), np.zeros(len(near))) / len(lexical)
        fused += _VECTORS_COUNT * np.maximum(0, _to_one(nearest - nearest.mean())[near])
        bonus = _DEFINES_COUNTS
    if asked.defines is not None:
        says = [
            any(asked.defines.search(index.text(at)) for at in index.groups[number])
            for number in near
        ]
        fused += bonus * np.array(says) * (fused > 0)
    scores = np.zeros(len(index.groups))
    scores[near] = fused
    return scores


def share_of(asked: Asked, index: PassageIndex, text: str) -> float:
    """Return the share of what is asked that stands in `text`, words rare in the index more."""
    table = index.words_of_groups.table
    there = set(terms(text))
    # In a short text no word is rare, and one that is not there would outweigh all others.
    more = max(0.0, _SURE_OF_RARITY - math.log(len(table.lengths) + 1))
    weights = [
        more
        + (
            max((table.weight(term) for term in one if term in table.vocabulary), default=0.0)
            or table.unseen_weight
        )
        for one in asked.terms
    ]
    told = sum(
        weight * max((count for term, count in one.items() if term in there), default=0.0)
        for weight, one in zip(weights, asked.terms, strict=True)
    )
    return round(told / (sum(weights) or 1.0), 4)


def _stands_out(cosines: "NDArray[np.float32]") -> bool:
    spread = float(cosines.std())
    return spread > 0 and float(cosines.max() - cosines.mean()) / spread >= _STANDS_OUT


def _best(
    group_: range, by_words: "NDArray[np.float32]", cosines: "NDArray[np.float32] | None"
) -> int:
    """Return the passage of a group that is closest to the question."""
    most = max(float(by_words[at]) for at in group_) or 1.0
    nearest = 1.0 if cosines is None else max(float(cosines[at]) for at in group_) or 1.0

    def closeness(at: int) -> float:
        near = float(cosines[at]) / nearest if cosines is not None else 0.0
        return float(by_words[at]) / most + _VECTORS_COUNT * near

    return max(group_, key=closeness)


def _with_neighbours(index: PassageIndex, best: int, number: int) -> range:
    """Return a passage and what stands around it in its group, on its page."""
    group_ = index.groups[number]
    first = last = best
    words_left = _WITH_NEIGHBOURS - _length(index, best)
    is_growing = True
    while is_growing:
        is_growing = False
        for at in (last + 1, first - 1):
            if at in group_ and index.pieces[at].page == index.pieces[best].page:
                length = _length(index, at)
                if length <= words_left:
                    first, last = min(first, at), max(last, at)
                    words_left -= length
                    is_growing = True
    return range(first, last + 1)


def _length(index: PassageIndex, at: int) -> int:
    return count_words(index.text(at))


def _passage(attached: Attached, run: range, score: float) -> Passage:
    pieces = [attached.index.pieces[at] for at in run]
    one = attached.documents[pieces[0].document]
    page = one.document.pages[pieces[0].page - 1]
    start, end = min(p.start for p in pieces), max(p.end for p in pieces)
    return Passage(
        document_id=one.id,
        path=as_text(one.document.path),
        title=one.document.title,
        page=page.number,
        start=start,
        end=end,
        text=page.text[start:end],
        heading=attached.index.heading(run[0]),
        score=round(score, 4),
        unit=one.document.unit,
        label=page.label,
    )


def _ranked(scores: "NDArray[np.floating[Any]]") -> "NDArray[np.float64]":
    import numpy as np  # noqa: PLC0415 - the window starts without it

    ranks = np.empty(len(scores))
    ranks[np.argsort(-scores, kind="stable")] = np.arange(len(scores))
    return 1 / (_RANK_OFFSET + ranks)


def _to_one(scores: "NDArray[np.floating[Any]]") -> "NDArray[np.float64]":
    """Return `scores` so that the largest is 1."""
    most = float(scores.max(initial=0.0))
    return scores.astype(float) / (most or 1.0)
