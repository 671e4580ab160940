"""Chooses what a model is given of a document, within a budget of tokens.

Quick gives the model the best sentences of every section, in reading order. The budget is the
smaller of half of the context and 2,000 tokens, instructions included, so that the cost does not
grow with the document.
"""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass

from assistant.documents.document import Document
from assistant.summaries.prompts import Passage, Task, harmless, messages
from assistant.summaries.ranking import Ranking

QUICK_TOKENS = 2_000
# A template adds role names and delimiters around each message.
_TEMPLATE_TOKENS = 48
_LABEL_TOKENS = 5
_CANDIDATES = 320
# A prompt that is fuller than this is full; it is soon reached.
_SLACK_TOKENS, _TRIES = 24, 8
# A section's next sentence counts less for each one taken before it: every section gets a word.
_CROWDING = 0.85

CountTokens = Callable[[Sequence[str]], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What the model is given.

    Attributes:
        passages: sentences by section and page, in reading order.
        pages: the pages they stand on.
        tokens: of the whole prompt, with room for the template.
    """

    passages: tuple[Passage, ...]
    pages: tuple[int, ...]
    tokens: int


def budget(context_tokens: int) -> int:
    """Return how many tokens the prompt of a Quick summary may have."""
    return min(context_tokens // 2, QUICK_TOKENS)


def choose_for_prompt(
    document: Document,
    ranking: Ranking,
    task: Task,
    *,
    tokens: int,
    count: CountTokens,
    orders: Container[int] = (),
) -> Plan:
    """Choose the sentences that fill a prompt of at most `tokens` tokens.

    Args:
        document: the document.
        ranking: scores of its sentences.
        task: what is asked, part of the prompt.
        tokens: budget of the whole prompt.
        count: the model's own token count of several texts; () when it was stopped.
        orders: numbers of sentences that give orders to who reads them: they are left out.
    """
    import numpy as np  # noqa: PLC0415 - the window starts without it

    order = np.argsort(-ranking.scores, kind="stable")[:_CANDIDATES]
    pool = [int(at) for at in order if ranking.scores[at] > 0 and at not in orders]
    empty = messages(task, ())
    titles = sorted({document.sections[document.sentences[at].section].title for at in pool})
    texts = [
        *(message.content for message in empty),
        *(f"\n## {harmless(title)}" for title in titles),
        *(" " + harmless(document.sentences[at].text) for at in pool),
    ]
    counted = count(texts)
    if len(counted) < len(texts):  # stopped
        return Plan((), (), 0)
    fixed = sum(counted[: len(empty)]) + _TEMPLATE_TOKENS
    costs = _Costs(
        of_title=dict(zip(titles, counted[len(empty) :], strict=False)),
        of_sentence=dict(zip(pool, counted[len(empty) + len(titles) :], strict=True)),
    )
    return _filled(document, ranking, costs, task, fixed=fixed, tokens=tokens, count=count)


@dataclass(frozen=True, slots=True)
class _Costs:
    """Tokens of the section titles and of the sentences that could be taken."""

    of_title: dict[str, int]
    of_sentence: dict[int, int]


def _filled(
    document: Document,
    ranking: Ranking,
    costs: _Costs,
    task: Task,
    *,
    fixed: int,
    tokens: int,
    count: CountTokens,
) -> Plan:
    """Return the fullest plan of at most `tokens` tokens.

    What sentences cost in a prompt is not the sum of what they cost alone: page labels are longer
    in long documents, and sentences of a page share one. So what was taken is counted as a whole,
    and taken again with more room or less.
    """
    best = Plan((), (), fixed)
    room = tokens - fixed
    for _ in range(_TRIES):
        taken = _take(document, ranking, costs, room)
        passages = _passages(document, sorted(taken))
        counted = count([message.content for message in messages(task, passages)])
        if not counted:  # stopped
            return Plan((), (), 0)
        exact = sum(counted) + _TEMPLATE_TOKENS
        is_whole = len(taken) == len(costs.of_sentence)
        if best.tokens < exact <= tokens:
            best = Plan(passages, tuple(sorted({p.page for p in passages})), exact)
            if is_whole or exact >= tokens - _SLACK_TOKENS:
                break
        if not taken:
            break
        room += tokens - _SLACK_TOKENS // 2 - exact
    return best


def _take(document: Document, ranking: Ranking, costs: _Costs, room: int) -> list[int]:
    """Take the best sentence that fits until none does, each section's worth falling."""
    worth = {at: float(ranking.scores[at]) for at in costs.of_sentence}
    crowding: dict[int, float] = {}
    sections: set[int] = set()
    taken: list[int] = []
    used = 0
    while worth:
        best = max(
            worth,
            key=lambda at: worth[at] * crowding.get(document.sentences[at].section, 1.0),
        )
        section = document.sentences[best].section
        title = document.sections[section].title
        cost = costs.of_sentence[best] + _LABEL_TOKENS
        if title and section not in sections:
            cost += costs.of_title[title] + 1
        if used + cost <= room:
            taken.append(best)
            used += cost
            sections.add(section)
            crowding[section] = crowding.get(section, 1.0) * _CROWDING
        del worth[best]
    return taken


def _passages(document: Document, taken: Sequence[int]) -> tuple[Passage, ...]:
    """Join sentences of the same section and page, in reading order."""
    passages: list[Passage] = []
    last: tuple[int, int] | None = None
    for at in taken:
        sentence = document.sentences[at]
        place = (sentence.section, sentence.page)
        if place == last:
            joined = f"{passages[-1].text} {sentence.text}"
            passages[-1] = Passage(passages[-1].section, sentence.page, joined)
        else:
            title = document.sections[sentence.section].title
            passages.append(Passage(title, sentence.page, sentence.text))
        last = place
    return tuple(passages)
