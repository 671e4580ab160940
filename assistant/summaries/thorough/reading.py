"""Reads all passages of a document with a model, and merges the notes up its headings.

What can be asked is asked, several at once; sections are merged as soon as all of their parts are
noted. A finished answer is stored at once. One that fails is asked once more; if the engine ended
meanwhile, alone, for nobody knows which question ended it. What fails twice is named in the
receipt, and the others go on.
"""

import heapq
import itertools
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from assistant.engine.client import Engine
from assistant.errors import EngineDied, PromptTooLong
from assistant.summaries.prompts import NoteTask, merge_request, note_request
from assistant.summaries.steps import Steps
from assistant.summaries.summary import SummarySentence
from assistant.summaries.thorough.asking import Ask, Reply, decode, encode
from assistant.summaries.thorough.flight import Advanced, Answered, Flight
from assistant.summaries.thorough.grounding import Grounding
from assistant.summaries.thorough.merging import Note, groups, noted
from assistant.summaries.thorough.passages import Cut, Node, Passage
from assistant.summaries.thorough.remaining import Remaining
from assistant.summaries.thorough.sizes import Sizes

_TICK_S = 0.25
# The engine that ends so often in a row, whatever it is asked, will not answer at all.
_DEATHS = 3

Key = Callable[[str, str, int], bytes]


@dataclass(frozen=True, slots=True)
class Turn:
    """What the reading is at, told now and then.

    Attributes:
        passage: number of the passage that is being read; -1 while sections are merged.
        section: index of the section that is being read or merged; -1 for the whole.
        done, total: passages, or merges.
        left_s: seconds left for all of it; None if that is not known.
        is_merging: all passages are read.
    """

    passage: int
    section: int
    done: int
    total: int
    left_s: float | None
    is_merging: bool = False


@dataclass(frozen=True, slots=True)
class PassageNoted:
    """A passage was read; `note` is None if that failed twice."""

    number: int
    note: Note | None
    reply: Reply | None = None
    is_stored: bool = False


@dataclass(frozen=True, slots=True)
class SectionMerged:
    """A section's notes were merged; `note` is None if there are none."""

    section: int
    note: Note | None
    reply: Reply | None = None
    is_stored: bool = False


ReadingEvent = Turn | PassageNoted | SectionMerged


@dataclass(eq=False, slots=True)
class _Level:
    """A section that waits for its parts, or for merges of groups of them."""

    node: Node
    waiting: int
    notes: list[Note | None] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class _Job:
    """A question, and where its answer belongs."""

    ask: Ask
    passage: int = -1
    level: _Level | None = None
    slot: int = 0
    parts: tuple[Note, ...] = ()
    is_last: bool = False  # of its section: the answer is the section's summary


class Reading:
    """Reads one document.

    Args:
        engine: with the model chosen and loaded.
        cut: the document in passages.
        sizes: how long questions and answers may be.
        task: the document's title and the language to write in.
        title_of: the title of a section.
        is_list: whether a section is nothing but a list, such as references.
        grounding: ties what was written to sentences of the document.
        steps: finished answers.
        key: the key of a question.
        remaining: counts the time that is left.
        is_reproducible: one question at a time.
        cancel: stops it.
        hold: pauses it while it is set.

    Attributes:
        top: when it is over, what is known of the parts of the whole.
        left_s: seconds that the final text will take then; None if that is not known.
    """

    def __init__(
        self,
        engine: Engine,
        cut: Cut,
        *,
        sizes: Sizes,
        task: NoteTask,
        title_of: Callable[[int], str],
        is_list: Callable[[int], bool],
        grounding: Grounding,
        steps: Steps,
        key: Key,
        remaining: Remaining,
        is_reproducible: bool,
        cancel: threading.Event,
        hold: threading.Event | None,
    ) -> None:
        self.top: tuple[Note, ...] = ()
        self.left_s: float | None = None
        self._engine = engine
        self._cut = cut
        self._sizes = sizes
        self._task = task
        self._title_of = title_of
        self._is_list = is_list
        self._grounding = grounding
        self._sources = grounding.sources
        self._steps = steps
        self._key = key
        self._remaining = remaining
        self._is_reproducible = is_reproducible
        self._cancel, self._hold = cancel, hold
        self._order = itertools.count()
        self._ready: list[tuple[int, int, _Job]] = []
        self._jobs: dict[bytes, list[_Job]] = {}
        self._parent: dict[int, tuple[_Level, int]] = {}
        self._notes_done = self._merges_done = self._merges_asked = self._deaths = 0
        self._section = self._passage = -1

    def run(self) -> Iterator[ReadingEvent]:
        """Read, and tell of each passage and section; ends early when stopped.

        Raises:
            AssistantError: the engine cannot go on at all.
        """
        yield from self._begin()
        timing = _Clock(self._hold)
        told = 0.0
        with Flight(
            self._engine,
            is_reproducible=self._is_reproducible,
            cancel=self._cancel,
            hold=self._hold,
        ) as flight:
            while (self._ready or len(flight)) and not self._cancel.is_set():
                self._send(flight)
                for event in flight.events(_TICK_S):
                    if isinstance(event, Advanced):
                        self._remaining.advance(event.ask.key, event.evaluated, event.written)
                    elif not self._cancel.is_set():
                        yield from self._take(event)
                now = timing.elapsed()
                if now - told >= _TICK_S or not told:
                    told = now
                    yield self._turn(now)
        self.left_s = self._remaining.left_s(timing.elapsed())

    def note_keys(self) -> list[bytes]:
        """Return the keys of all notes that are asked for."""
        long = [p for p in self._cut.passages if p.tokens > self._sizes.quoted]
        return [self._note_ask(passage).key for passage in long]

    # What is asked

    def _begin(self) -> Iterator[ReadingEvent]:
        """List what is to be asked, and take what is stored."""
        levels = {id(node): _Level(node, len(node.parts)) for node in self._cut.root.nodes()}
        places: list[tuple[int, _Level, int]] = []
        for node in self._cut.root.nodes():
            level = levels[id(node)]
            level.notes = [None] * len(node.parts)
            for slot, part in enumerate(node.parts):
                if isinstance(part, Node):
                    self._parent[id(levels[id(part)])] = (level, slot)
                else:
                    places.append((part, level, slot))
        for number, level, slot in sorted(places, key=lambda place: place[0]):
            passage = self._cut.passages[number]
            if passage.tokens <= self._sizes.quoted:
                yield from self._noted(number, level, slot, self._quoted(passage), None)
                continue
            job = _Job(self._note_ask(passage), passage=number, level=level, slot=slot)
            yield from self._want(job)

    def _want(self, job: _Job) -> Iterator[ReadingEvent]:
        """Take the answer if it is stored, else line the question up."""
        stored = self._steps.get(job.ask.key)
        if stored is not None and (reply := decode(stored)) is not None:
            yield from self._answer(job, reply, is_stored=True)
            return
        same = self._jobs.setdefault(job.ask.key, [])
        same.append(job)
        if len(same) == 1:  # the same text twice is read once
            self._remaining.expect(job.ask.key, job.ask.prompt_tokens, self._sizes.reply)
            self._line_up(job)

    def _line_up(self, job: _Job) -> None:
        """Merges go first: their sections can be shown then. What failed goes last."""
        rank = 2 if job.ask.is_alone else (0 if job.passage < 0 else 1)
        heapq.heappush(self._ready, (rank, next(self._order), job))

    def _send(self, flight: Flight) -> None:
        while self._ready and flight.has_room(self._ready[0][2].ask):
            _, _, job = heapq.heappop(self._ready)
            self._passage = job.passage
            section = self._cut.passages[job.passage].section if job.passage >= 0 else -1
            self._section = job.level.node.section if job.level and section < 0 else section
            flight.send(job.ask)

    def _note_ask(self, passage: Passage) -> Ask:
        words, tokens = self._sizes.note(passage)
        task = replace(self._task, way=passage.way, words=words)
        request = note_request(task, passage.text)
        return Ask(
            key=self._key("note", request, tokens),
            request=request,
            words=round(words * 1.25),
            max_tokens=tokens,
            prompt_tokens=passage.tokens + self._sizes.overhead // 3,
        )

    def _merge_ask(self, level: _Level, notes: Sequence[Note], size: int) -> Ask:
        words, tokens = self._sizes.merge
        section = level.node.section
        way = (self._title_of(section),) if section >= 0 and self._title_of(section) else ()
        task = replace(self._task, way=way, words=words)
        room = self._sizes.sources
        request = merge_request(task, [noted(note, self._sources, room)[0] for note in notes])
        return Ask(
            key=self._key("merge", request, tokens),
            request=request,
            words=round(words * 1.25),
            max_tokens=tokens,
            prompt_tokens=size + self._sizes.overhead // 3,
        )

    # What was answered

    def _take(self, event: Answered) -> Iterator[ReadingEvent]:
        """Store an answer and what follows from it, or ask again."""
        jobs = self._jobs[event.ask.key]
        first = jobs[0]
        if event.error is not None and not isinstance(event.error, EngineDied | PromptTooLong):
            raise event.error
        reply = event.reply
        is_usable = reply is not None and bool(reply.sentences(event.ask.words))
        if not is_usable:
            self._note_death(event)
            if self._ask_again(first, event.error):
                return
        else:
            self._deaths = 0
            assert reply is not None
            self._steps.put(event.ask.key, encode(reply))
        self._remaining.end(event.ask.key, reply.generated_tokens if reply else 0)
        for job in self._jobs.pop(event.ask.key):
            yield from self._answer(job, reply if is_usable else None)

    def _note_death(self, event: Answered) -> None:
        if isinstance(event.error, EngineDied):
            self._deaths += event.ask.is_alone
            if self._deaths >= _DEATHS:
                raise event.error

    def _ask_again(self, job: _Job, error: Exception | None) -> bool:
        """Ask once more, alone or with the first words of the answer; tell whether that is new."""
        if isinstance(error, EngineDied) and not job.ask.is_alone:
            job.ask = replace(job.ask, is_alone=True)
        elif error is None and not job.ask.reply_start:
            job.ask = replace(job.ask, reply_start=self._sizes.opening)
        else:
            return False
        self._line_up(job)
        return True

    def _answer(
        self, job: _Job, reply: Reply | None, *, is_stored: bool = False
    ) -> Iterator[ReadingEvent]:
        assert job.level is not None
        if job.passage >= 0:
            passage = self._cut.passages[job.passage]
            note = self._note_of(passage, reply, job.ask.words) if reply else None
            yield from self._noted(
                job.passage, job.level, job.slot, note, reply, is_stored=is_stored
            )
            return
        self._merges_done += 1
        yield from self._merged(job, reply)

    def _noted(
        self,
        number: int,
        level: _Level,
        slot: int,
        note: Note | None,
        reply: Reply | None,
        *,
        is_stored: bool = False,
    ) -> Iterator[ReadingEvent]:
        self._notes_done += 1
        yield PassageNoted(number, note, reply, is_stored)
        yield from self._fill(level, slot, note)

    def _merged(self, job: _Job, reply: Reply | None) -> Iterator[ReadingEvent]:
        level, parts = job.level, job.parts
        assert level is not None
        section = level.node.section
        span = (parts[0].sources[0], parts[-1].sources[1])
        sentences = (
            self._grounding.check(reply.sentences(job.ask.words), span, section) if reply else ()
        )
        note = Note(
            title=self._title_of(section) if job.is_last and section >= 0 else "",
            sentences=sentences or tuple(one for part in parts for one in part.sentences[:1]),
            tokens=reply.generated_tokens if reply else sum(part.tokens for part in parts),
            sources=span,
            pages=(min(part.pages[0] for part in parts), max(part.pages[1] for part in parts)),
        )
        if job.is_last:
            yield from self._finish(level, note, reply)
        else:
            yield from self._fill(level, job.slot, note)

    def _fill(self, level: _Level, slot: int, note: Note | None) -> Iterator[ReadingEvent]:
        """Take in a part of a section; merge it when all parts are there."""
        level.notes[slot] = note
        level.waiting -= 1
        if not level.waiting:
            yield from self._reduce(level)

    def _reduce(self, level: _Level) -> Iterator[ReadingEvent]:
        """Merge what is known of a section, in groups if it is too much for one question."""
        known = [note for note in level.notes if note is not None]
        notes = [note for note in known if not note.is_list] or known
        is_root = level.node is self._cut.root
        sizes = [noted(note, self._sources, self._sizes.sources)[1] for note in notes]
        if len(notes) < 2 or (is_root and sum(sizes) <= self._sizes.top):
            yield from self._finish(level, notes, None)
            return
        parts = groups(sizes, self._sizes.passage)
        level.notes = [None] * len(parts)
        level.waiting = len(parts)
        for slot, part in enumerate(parts):
            members = tuple(notes[at] for at in part)
            ask = self._merge_ask(level, members, sum(sizes[at] for at in part))
            is_last = len(parts) == 1 and not is_root
            self._merges_asked += 1
            self._remaining.ask_later()
            job = _Job(ask, level=level, slot=slot, parts=members, is_last=is_last)
            yield from self._want(job)

    def _finish(
        self, level: _Level, notes: Note | Sequence[Note], reply: Reply | None
    ) -> Iterator[ReadingEvent]:
        """Hand what is known of a section on to the one above it."""
        if level.node is self._cut.root:
            self.top = (notes,) if isinstance(notes, Note) else tuple(notes)
            return
        if isinstance(notes, Note):
            note: Note | None = notes
        else:
            note = replace(notes[0], title=self._title_of(level.node.section)) if notes else None
        yield SectionMerged(level.node.section, note, reply)
        above, slot = self._parent[id(level)]
        yield from self._fill(above, slot, note)

    # Notes

    def _note_of(self, passage: Passage, reply: Reply, words: int) -> Note:
        sentences = self._grounding.check(
            reply.sentences(words), passage.sentences, passage.section
        )
        return self._note(passage, sentences, reply.generated_tokens)

    def _quoted(self, passage: Passage) -> Note:
        """Return the note of a passage that is as short as one: its own sentences."""
        sentences = self._grounding.quote(passage.sentences, passage.section)
        return self._note(passage, sentences, passage.tokens)

    def _note(self, passage: Passage, sentences: tuple[SummarySentence, ...], tokens: int) -> Note:
        titles = [title for section in passage.sections if (title := self._title_of(section))]
        return Note(
            title=" · ".join(titles[:3]),
            sentences=sentences,
            tokens=tokens + len(" · ".join(titles[:3])) // 3,
            sources=passage.sentences,
            pages=(passage.pages[0], passage.pages[-1]),
            is_list=all(self._is_list(section) for section in passage.sections),
        )

    def _turn(self, elapsed_s: float) -> Turn:
        total = len(self._cut.passages)
        left_s = self._remaining.left_s(elapsed_s)
        if self._notes_done < total:
            return Turn(self._passage, self._section, self._notes_done, total, left_s)
        done, asked = self._merges_done, self._merges_asked
        return Turn(-1, self._section, done, asked, left_s, is_merging=True)


class _Clock:
    """Tells the time that has passed, without that of pauses."""

    def __init__(self, hold: threading.Event | None) -> None:
        self._hold = hold
        self._last = time.monotonic()
        self._elapsed_s = 0.0

    def elapsed(self) -> float:
        now = time.monotonic()
        if self._hold is None or not self._hold.is_set():
            self._elapsed_s += now - self._last
        self._last = now
        return self._elapsed_s
