"""Where the links of a result lead, and in which order they stand."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from assistant.documents.document import Span
from assistant.evidence.citation import Citation
from assistant.summaries.summary import Summary


@dataclass(frozen=True, slots=True)
class Target:
    """Where a citation leads."""

    span: Span
    quote: str


def shown(citations: Sequence[Citation]) -> list[int]:
    """Return which of a sentence's citations are shown: the first on each page."""
    pages: set[int] = set()
    first: list[int] = []
    for number, citation in enumerate(citations):
        if citation.span.page not in pages:
            first.append(number)
            pages.add(citation.span.page)
    return first


def target(summary: Summary, address: str) -> Target | None:
    """Return where the link `address` leads; None for one that leads nowhere.

    "point:3" is a key point, "cite:2:0" the first citation of a sentence, "part:1:2:0" the same
    within a part of the document, "fact:4:0" the first answer to a question.
    """
    kind, _, rest = address.partition(":")
    if not rest or not all(part.isdigit() for part in rest.split(":")):
        return None
    numbers = [int(part) for part in rest.split(":")]
    try:
        return _target(summary, kind, numbers)
    except IndexError:  # of a summary that was another a moment ago
        return None


def _target(summary: Summary, kind: str, numbers: list[int]) -> Target | None:
    if kind == "point" and len(numbers) == 1:
        point = summary.key_points[numbers[0]]
        return Target(point.span, point.text)
    if kind == "cite" and len(numbers) == 2:
        citation = summary.sentences[numbers[0]].citations[numbers[1]]
        return Target(citation.span, citation.quote)
    if kind == "part" and len(numbers) == 3:
        sentence = summary.outline[numbers[0]].sentences[numbers[1]]
        return Target(sentence.citations[numbers[2]].span, sentence.citations[numbers[2]].quote)
    if kind == "fact" and len(numbers) == 2:
        answer = summary.facts[numbers[0]].answers[numbers[1]]
        return Target(answer.span, answer.quote)
    return None


def of_sentences(summary: Summary) -> list[str]:
    """Return the addresses of the summary's citations, in reading order."""
    return [
        f"cite:{at}:{number}"
        for at, sentence in enumerate(summary.sentences)
        for number in shown(sentence.citations)
    ]


def of_facts(summary: Summary) -> list[str]:
    """Return the addresses of the answers, in reading order."""
    return [
        f"fact:{at}:{number}"
        for at, fact in enumerate(summary.facts)
        for number in range(len(fact.answers))
    ]


def of_parts(summary: Summary, unfolded: Container[int]) -> list[str]:
    """Return the addresses of the citations within the parts that are unfolded."""
    return [
        f"part:{at}:{i}:{number}"
        for at, entry in enumerate(summary.outline)
        if at in unfolded
        for i, sentence in enumerate(entry.sentences)
        for number in shown(sentence.citations)
    ]


def of_points(summary: Summary) -> list[str]:
    """Return the addresses of the key points."""
    return [f"point:{at}" for at in range(len(summary.key_points))]
