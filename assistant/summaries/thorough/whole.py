"""Thorough: the whole document read by the model, told as it goes.

What comes of it: an outline, a receipt, and what the final text is written from.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.documents.document import Document
from assistant.engine.client import Engine
from assistant.engine.protocol import ModelInfo, Priority
from assistant.evidence.index import EvidenceIndex
from assistant.forecast.pace import Pace
from assistant.gguf import fingerprint
from assistant.summaries.grounding import is_translated
from assistant.summaries.prompts import (
    NoteTask,
    Task,
    conversation,
    note_request,
    opening,
)
from assistant.summaries.ranking import Ranking
from assistant.summaries.sections import SectionRole, roles
from assistant.summaries.steps import Steps
from assistant.summaries.summary import (
    OutlineEntry,
    Stage,
    SummaryOptions,
    SummaryProgress,
    Timings,
    UnreadPassage,
)
from assistant.summaries.thorough.costs import TOGETHER, expect_merges
from assistant.summaries.thorough.grounding import Grounding
from assistant.summaries.thorough.keys import answer_key, keep_list, list_key
from assistant.summaries.thorough.merging import Note
from assistant.summaries.thorough.outline import Outline
from assistant.summaries.thorough.passages import Cut, Passage, cut
from assistant.summaries.thorough.reading import (
    PassageNoted,
    Reading,
    ReadingEvent,
    SectionMerged,
    Turn,
)
from assistant.summaries.thorough.remaining import Remaining
from assistant.summaries.thorough.sizes import Sizes, passage_tokens, sizes_of
from assistant.summaries.thorough.units import Unit, Units, units_of

_SHOW_EVERY_S = 0.5
_A_WORD = 1.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What there is of a reading so far.

    Attributes:
        outline: the document's parts, those that are done with a summary.
        pages: whose text the model was given.
        unread: passages that it failed at, twice.
        shortened: pages of lists and long tables of which it was given the beginning.
        timings: tokens so far; no seconds.
        top: when it is over, the notes that the summary is written from; of a document that is
            read at once there are none.
    """

    outline: tuple[OutlineEntry, ...] = ()
    pages: tuple[int, ...] = ()
    unread: tuple[UnreadPassage, ...] = ()
    shortened: tuple[int, ...] = ()
    timings: Timings = field(default_factory=Timings)
    top: tuple[Note, ...] = ()


class Whole:
    """Reads one document with a model.

    Args:
        document: what was read.
        options: what is asked for.
        engine: with the model chosen and loaded.
        ranking, index: of the document's sentences.
        steps: finished answers.
        orders: numbers of sentences that give orders to who reads them.
        pace: how fast the model is here; None if that is not known.
        cancel: stops it.
        hold: pauses it while it is set.

    Attributes:
        read: what there is so far.
        cut: the passages, when they are cut.
        units: what they were cut from.
        left_s: when it is over, the seconds that the final text will take; None if not known.
    """

    def __init__(
        self,
        document: Document,
        options: SummaryOptions,
        *,
        engine: Engine,
        ranking: Ranking,
        index: EvidenceIndex,
        steps: Steps,
        orders: frozenset[int],
        pace: Pace | None,
        cancel: threading.Event,
        hold: threading.Event | None,
    ) -> None:
        self.read = Read()
        self.cut: Cut | None = None
        self.left_s: float | None = None
        self.units: tuple[Unit, ...] = ()
        self._document = document
        self._options = options
        self._engine = engine
        self._ranking = ranking
        self._index = index
        self._steps = steps
        self._orders = orders
        self._pace = pace
        self._cancel = cancel
        self._hold = hold
        self._language = options.language or document.language
        assert engine.info is not None
        self._info: ModelInfo = engine.info
        self._model = fingerprint(Path(self._info.path))
        self._pages: set[int] = set()

    def run(self) -> Iterator[SummaryProgress | Read]:
        """Read all of it; ends early when stopped.

        Raises:
            AssistantError: the engine cannot go on.
            RankingStopped: it was stopped while the passages were cut.
        """
        document = self._document
        yield SummaryProgress(Stage.COUNTING, 0, len(document.sentences))
        units, sizes = self._measure()
        self.units = tuple(unit for own in units.of_section for unit in own)
        if self._cancel.is_set():
            return
        self.cut = cut(document, units, sizes.passage)
        outline = Outline(document, self._ranking, self.cut)
        self.read = Read(outline=outline.entries, shortened=units.shortened)
        if len(self.cut.passages) > 1:
            yield self.read
            yield from self._read(self.cut, units, sizes, outline)
        elif self.cut.passages:  # the final question has all of it
            self._pages.update(self.cut.passages[0].pages)
        if not self._cancel.is_set():
            outline.note_rest()
            self.read = replace(
                self.read, outline=outline.entries, pages=tuple(sorted(self._pages))
            )
            yield self.read

    def key(self, kind: str, request: str, max_tokens: int) -> bytes:
        """Return the key of a question's answer."""
        return answer_key(
            kind,
            request,
            model=self._model,
            max_tokens=max_tokens,
            is_chat=self._info.has_chat_template,
            is_reproducible=self._options.is_reproducible,
        )

    def _measure(self) -> tuple[Units, Sizes]:
        """Count the document's tokens, and say how long passages and notes may be."""
        task = NoteTask(self._document.title, (), 50, self._language)
        fixed = sum(self._count([m.content for m in conversation(note_request(task, ""))]))
        context = self._info.context_tokens
        units = units_of(
            self._document,
            longest=passage_tokens(context, fixed) // 2,
            count=self._count,
            orders=self._orders,
            cancel=self._cancel,
        )
        a_word = units.tokens / units.words if units.words else _A_WORD
        start = opening(Task(self._document.title, 50, language=self._language))
        return units, sizes_of(context, fixed, a_word=a_word, opening=start)

    def _count(self, texts: Sequence[str]) -> tuple[int, ...]:
        return self._engine.count_tokens(texts, priority=Priority.SUMMARY, cancel=self._cancel)

    def _read(
        self, whole: Cut, units: Units, sizes: Sizes, outline: Outline
    ) -> Iterator[SummaryProgress | Read]:
        together = 1.0 if self._options.is_reproducible else TOGETHER
        remaining = Remaining(self._pace, together)
        expected = expect_merges(whole, sizes)
        remaining.later(
            [(prompt, sizes.merge[1] * 0.8) for prompt in expected],
            (sizes.top + sizes.overhead, self._options.words * sizes.a_word),
        )
        letters = sum(len(unit.text) for own in units.of_section for unit in own)
        role = roles(self._document)
        reading = Reading(
            self._engine,
            whole,
            sizes=sizes,
            task=NoteTask(self._document.title, (), 0, self._language),
            title_of=lambda section: self._document.sections[section].title if section >= 0 else "",
            is_list=lambda section: role[section] is SectionRole.LISTING,
            grounding=Grounding(
                self._document,
                self._ranking,
                self._index,
                a_letter=units.tokens / max(1, letters),
                is_translated=is_translated(self._options, self._document),
            ),
            steps=self._steps,
            key=self.key,
            remaining=remaining,
            is_reproducible=self._options.is_reproducible,
            cancel=self._cancel,
            hold=self._hold,
        )
        keep_list(
            self._steps, list_key(self._document, self._options, self._model), reading.note_keys()
        )
        shown = 0.0
        for event in reading.run():
            now = time.monotonic()
            if isinstance(event, Turn):
                yield self._progress(event)
            elif self._note(event, outline) and now - shown >= _SHOW_EVERY_S:
                shown = now
                self.read = replace(self.read, outline=outline.entries)
                yield self.read
        self.read = replace(self.read, outline=outline.entries, top=reading.top)
        self.left_s = reading.left_s

    def _note(self, event: ReadingEvent, outline: Outline) -> bool:
        """Take in what was written; tell whether there is something new to show."""
        assert self.cut is not None
        if isinstance(event, PassageNoted):
            passage = self.cut.passages[event.number]
            if event.note is None:
                self._note_failure(passage)
            else:
                self._pages.update(passage.pages)
            outline.note_passage(event.number, event.note)
        elif isinstance(event, SectionMerged):
            outline.note_section(event.section, event.note)
        else:
            return False
        timings = self.read.timings
        if event.reply is not None and not event.is_stored:
            timings = replace(
                timings,
                prompt_tokens=timings.prompt_tokens + event.reply.prompt_tokens,
                reused_tokens=timings.reused_tokens + event.reply.reused_tokens,
                generated_tokens=timings.generated_tokens + event.reply.generated_tokens,
            )
        self.read = replace(self.read, pages=tuple(sorted(self._pages)), timings=timings)
        return True

    def _note_failure(self, passage: Passage) -> None:
        title = self._document.sections[passage.section].title
        failed = UnreadPassage(passage.pages[0], passage.pages[-1], title)
        self.read = replace(self.read, unread=(*self.read.unread, failed))

    def _progress(self, turn: Turn) -> SummaryProgress:
        assert self.cut is not None
        page = self.cut.passages[turn.passage].pages[0] if turn.passage >= 0 else 0
        title = self._document.sections[turn.section].title if turn.section >= 0 else ""
        stage = Stage.READING if turn.passage >= 0 or not turn.is_merging else Stage.MERGING
        return SummaryProgress(stage, turn.done, turn.total, page, title, turn.left_s)
