"""What the final text of a Thorough summary is written from."""

import threading
from collections.abc import Container, Sequence

from assistant.documents.document import Document
from assistant.engine.client import Engine
from assistant.engine.protocol import Priority
from assistant.summaries.final_text import Given
from assistant.summaries.planning import budget, choose_for_prompt
from assistant.summaries.prompts import Noted, Passage, Task, noted_text, request
from assistant.summaries.ranking import Ranking
from assistant.summaries.thorough.units import Unit
from assistant.summaries.thorough.whole import Whole

# Less room than this is not worth a sentence of the document beside the notes.
_LEAST_TOKENS = 64


def given_for_whole(
    document: Document,
    ranking: Ranking,
    task: Task,
    whole: Whole,
    *,
    engine: Engine,
    orders: Container[int],
    cancel: threading.Event,
) -> Given:
    """Return the notes of all parts, and beside them the best sentences of the document.

    The notes are the same whatever the focus: the sentences beside them are the ones that answer
    it. A document that fits into one passage is given as it is.
    """
    info = engine.info
    assert info is not None

    def count(texts: Sequence[str]) -> tuple[int, ...]:
        return engine.count_tokens(texts, priority=Priority.SUMMARY, cancel=cancel)

    if not whole.read.top:
        return Given(task=task, passages=_all_of(document, whole.units))
    noted = tuple(Noted(note.title, note.text) for note in whole.read.top)
    used = sum(count([noted_text(noted)]))
    room = budget(info.context_tokens) - used
    passages: tuple[Passage, ...] = ()
    if room - sum(count([request(task, ())])) > _LEAST_TOKENS and not cancel.is_set():
        plan = choose_for_prompt(document, ranking, task, tokens=room, count=count, orders=orders)
        passages = plan.passages
    return Given(task=task, passages=passages, noted=noted)


def _all_of(document: Document, units: Sequence[Unit]) -> tuple[Passage, ...]:
    """Return all of a short document, by section and page."""
    found: list[Passage] = []
    place = (-1, -1)
    for unit in units:
        sentence = document.sentences[unit.sentence]
        here = (sentence.section, sentence.page)
        title = document.sections[sentence.section].title
        if here == place:
            found[-1] = Passage(title, sentence.page, f"{found[-1].text} {unit.text}")
        else:
            found.append(Passage(title, sentence.page, unit.text))
        place = here
    return tuple(found)
