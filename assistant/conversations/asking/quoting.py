"""Answers with the documents' own sentences: for models that cannot be trusted with words.

A model below half a billion parameters answers worse than the passages it is given: what is asked
stands in them, and their own sentences can be checked by anyone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.conversations.asking.answer import AnswerSentence, Passage
from assistant.conversations.asking.attached import Attached
from assistant.conversations.asking.citing import placed
from assistant.conversations.asking.retrieval import Asked, share_of
from assistant.documents.document import BlockKind, Document, Sentence
from assistant.evidence.checking import cite
from assistant.evidence.numbers import quantities
from assistant.evidence.terms import count_words

MOST_QUOTES = 3
_FROM_PASSAGES = 3  # the others are there to be looked at
# What a sentence's heading has of the question counts almost as much as what it has itself; what
# stands first below it answers most often; code answers seldom.
_HEADING_COUNTS = 0.8
_PLACE_COUNTS = 0.15
_RANK_COUNTS = 0.2
_DEFINES_COUNTS = 0.5
_VALUE_COUNTS = 0.25  # a number, where one is asked for
_CODE_COUNTS = 0.6
_ALMOST_AS_GOOD = 0.75
_LEAST_WORDS = 4
_MOST_WORDS = 120
_SOLID = 0.6  # share of letters and digits
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&])|(?<=^\d)(?=[.)])|^(?=[+-])")
_ESCAPED = r"\\\g<0>"
_ASKS = re.compile(r"[?？؟]\s*$")
_LEADS_ON = re.compile(r"[:：]\s*$")


def as_markdown(sentences: Sequence[AnswerSentence]) -> str:
    """Return quotes as the Markdown of a message; nothing in them is markup."""
    return "\n\n".join(f"> {_SPECIAL.sub(_ESCAPED, one.text)}" for one in sentences)


@dataclass(frozen=True, slots=True)
class _Candidate:
    number: int
    at: int
    sentence: Sentence
    score: float


def quoted(attached: Attached, asked: Asked, passages: Sequence[Passage]) -> list[AnswerSentence]:
    """Return the sentences of the passages that answer best, up to three, the best first.

    What ends in a colon takes the sentence after it along.
    """
    candidates = sorted(
        _candidates(attached, asked, passages), key=lambda one: (-one.score, one.number, one.at)
    )
    if not candidates:
        return []
    least = _ALMOST_AS_GOOD * candidates[0].score
    taken: list[tuple[int, int]] = []
    words = 0
    for one in candidates:
        if len(taken) >= MOST_QUOTES or one.score < least:
            break
        document = attached.documents[one.number].document
        for at in _with_what_follows(document, one.at):
            words += count_words(document.sentences[at].text)
            if (one.number, at) not in taken and (not taken or words <= _MOST_WORDS):
                taken.append((one.number, at))
    return [_quote(attached, number, at) for number, at in taken]


def _candidates(
    attached: Attached, asked: Asked, passages: Sequence[Passage]
) -> Iterator[_Candidate]:
    numbers = {one.id: number for number, one in enumerate(attached.documents)}
    for rank, passage in enumerate(passages[:_FROM_PASSAGES]):
        number = numbers[passage.document_id]
        document = attached.documents[number].document
        places = [at for at, one in enumerate(document.sentences) if _is_in(one, passage)]
        above = passage.heading
        for place, at in enumerate(places):
            text = document.sentences[at].text
            if _ASKS.search(text):  # a heading, or as good as one: the answer follows
                above = text
                continue
            if count_words(text) < _LEAST_WORDS or not _reads(text):
                continue
            own = share_of(asked, attached.index, text)
            with_heading = share_of(asked, attached.index, f"{above}\n{text}")
            score = own + _HEADING_COUNTS * (with_heading - own)
            score += _PLACE_COUNTS * (1 - place / len(places)) + _RANK_COUNTS / (1 + rank)
            if asked.defines is not None and asked.defines.search(text):
                score += _DEFINES_COUNTS
            if asked.wants_value and quantities(text):
                score += _VALUE_COUNTS
            if document.sentences[at].kind is BlockKind.CODE:
                score *= _CODE_COUNTS
            yield _Candidate(number, at, document.sentences[at], score)


def _reads(text: str) -> bool:
    """Tell whether a sentence is made of words, not of rules and boxes."""
    solid = [character for character in text if not character.isspace()]
    return sum(character.isalnum() for character in solid) > _SOLID * len(solid)


def _is_in(sentence: Sentence, passage: Passage) -> bool:
    first = sentence.spans[0]
    return first.page == passage.page and passage.start <= first.start < passage.end


def _with_what_follows(document: Document, at: int) -> range:
    sentences = document.sentences
    leads_on = _LEADS_ON.search(sentences[at].text) and at + 1 < len(sentences)
    return range(at, at + 2 if leads_on else at + 1)


def _quote(attached: Attached, number: int, at: int) -> AnswerSentence:
    document = attached.documents[number].document
    sentence = document.sentences[at]
    return AnswerSentence(
        text=" ".join(sentence.text.split()),
        citations=tuple(placed(one, number, attached) for one in cite(sentence, document)),
        support=1.0,
    )
