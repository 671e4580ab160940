"""Ties the sentences of an answer to the places in the documents that are closest to them."""

import re
from collections.abc import Sequence

from assistant.conversations.asking.answer import AnswerCitation, AnswerSentence, Passage
from assistant.conversations.asking.attached import Attached
from assistant.documents.sentences import split
from assistant.evidence.checking import check
from assistant.evidence.citation import Checked, Citation
from assistant.evidence.index import EvidenceIndex
from assistant.evidence.terms import count_words
from assistant.paths import as_text

_BEFORE = re.compile(r"\s*(?:[-*•–]\s+|\(?\d{1,2}[.)]\s+|#{1,6}\s+|>\s*)*")
_MARKS = re.compile(r"\*\*|__|`+")
# "Yes." and "No, never." stand for the sentence after them and claim nothing alone.
_LEAST_WORDS = 3


def cited(
    text: str, attached: Attached, passages: Sequence[Passage] = ()
) -> tuple[AnswerSentence, ...]:
    """Return the sentences of an answer with the places closest to them, each sentence once.

    Args:
        text: the answer, as the model wrote it.
        attached: the documents.
        passages: all that the model was given; () for the whole text.
    """
    indexes = _indexes(attached, passages)
    return tuple(_sentence(one, attached, indexes) for one in dict.fromkeys(sentences_of(text)))


def sentences_of(text: str) -> list[str]:
    """Return the sentences of an answer as they stand in it, without what marks lists."""
    found: list[str] = []
    for line in text.splitlines():
        before = _BEFORE.match(line)
        bare = line[before.end() :] if before else line
        found += [bare[start:end] for start, end in split(bare)]
    return [one for one in found if any(character.isalnum() for character in one)]


def placed(citation: Citation, number: int, attached: Attached) -> AnswerCitation:
    """Return a citation with its document, by that one's place in `attached`."""
    one = attached.documents[number]
    span = citation.span
    return AnswerCitation(
        document_id=one.id,
        path=as_text(one.document.path),
        title=one.document.title,
        page=span.page,
        start=span.start,
        end=span.end,
        quote=citation.quote,
        unit=one.document.unit,
        label=one.document.pages[span.page - 1].label,
    )


def _indexes(attached: Attached, passages: Sequence[Passage]) -> list[tuple[int, EvidenceIndex]]:
    """Return the sentences that may be cited, of each document that has some."""
    numbers = {one.id: number for number, one in enumerate(attached.documents)}
    if not passages:
        return [(number, attached.evidence(number)) for number in numbers.values()]
    given: dict[int, set[int]] = {}
    for passage in passages:
        number = numbers[passage.document_id]
        sentences = attached.documents[number].document.sentences
        given.setdefault(number, set()).update(
            at
            for at, sentence in enumerate(sentences)
            for span in sentence.spans
            if span.page == passage.page and span.start < passage.end and passage.start < span.end
        )
    return [(number, attached.evidence(number).among(places)) for number, places in given.items()]


def _sentence(
    text: str, attached: Attached, indexes: Sequence[tuple[int, EvidenceIndex]]
) -> AnswerSentence:
    bare = _MARKS.sub("", text)
    if count_words(bare) < _LEAST_WORDS and not any(character.isdigit() for character in bare):
        return AnswerSentence(text=text)
    checked = [(number, check(bare, index)) for number, index in indexes]
    if not checked:
        return AnswerSentence(text=text)
    number, best = max(checked, key=lambda one: _closeness(one[1]))
    return AnswerSentence(
        text=text,
        citations=tuple(placed(citation, number, attached) for citation in best.citations),
        support=best.support,
        flags=best.flags,
    )


def _closeness(checked: Checked) -> tuple[bool, float]:
    return bool(checked.citations), checked.support - 0.1 * len(checked.flags)
