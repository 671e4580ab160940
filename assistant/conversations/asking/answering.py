"""Answers a question about attached documents, with the places behind each sentence.

The passages are searched first. Where none is close enough the answer is that the documents do
not tell, without asking the model, which would make something up. A model that cannot be trusted
with words is not asked either: the documents' own sentences are the answer.
"""

import re
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from assistant.conversations.asking import prompts
from assistant.conversations.asking.answer import (
    Answer,
    Answered,
    AnswerMode,
    AnswerSentence,
    AnswerTimings,
    PassagesFound,
    Preparing,
    Silence,
    WrittenBy,
)
from assistant.conversations.asking.attached import Attached
from assistant.conversations.asking.citing import cited, sentences_of
from assistant.conversations.asking.fitting import Fitted, Turn, fit
from assistant.conversations.asking.idioms import Idiom, idiom_of, is_in_language
from assistant.conversations.asking.quoting import as_markdown, quoted
from assistant.conversations.asking.retrieval import Found, ask, is_short, search
from assistant.conversations.asking.vectors import PassageVectors
from assistant.conversations.events import HistoryCut
from assistant.conversations.prompting import alternating
from assistant.engine.client import Engine
from assistant.engine.protocol import (
    Finished,
    LoadProgress,
    Message,
    ModelInfo,
    PromptProgress,
    Role,
    Sampling,
    TextPart,
)
from assistant.errors import ModelNotFound

# Below it a model answers worse than the passages it is given; measured, a 135M model answered
# questions that its passages answer with something else (benchmarks/retrieval.py).
SMALLEST_WRITER = 500_000_000
_TOKENS = 512
_ENDS = re.compile(r"[.!?…。！？\n]")
_MOST_TIMES = 2
_LONGEST_DENIAL = 3  # sentences; a longer text answers something

AnswerEvent: TypeAlias = (
    LoadProgress
    | ModelInfo
    | HistoryCut
    | PromptProgress
    | TextPart
    | Finished
    | Preparing
    | PassagesFound
    | Answered
)


def may_write(parameters: int, *, has_chat_template: bool = True) -> bool:
    """Whether a model of so many parameters may answer in its own words."""
    return has_chat_template and parameters >= SMALLEST_WRITER


def answer(
    engine: Engine | None,
    attached: Attached,
    history: Sequence[Message],
    question: str,
    *,
    owner: str = "",
    vectors: PassageVectors | None = None,
    writes: bool | None = None,
    insists: bool = False,
    sampling: Sampling = prompts.SAMPLING,
    thinking: bool | None = None,
    max_tokens: int = _TOKENS,
    cancel: threading.Event,
) -> Iterator[AnswerEvent]:
    """Answer `question` from the attached documents.

    The text comes as `TextPart`s, also where it consists of quotes or says that the documents do
    not tell; so it can be recorded like any reply. The last event is `Answered`, unless it was
    stopped before the first word.

    Args:
        engine: with the model chosen; None answers with the best quotes.
        attached: the documents.
        history: earlier messages of the conversation, without this question.
        question: the person's.
        owner: under which name the engine keeps what it evaluated; nothing if empty.
        vectors: of an embedding model, to search with; None searches by words and letters.
        writes: whether the model may write in its own words; None decides by its size.
        insists: answer from the closest passages even if they do not seem to tell.
        sampling: how the model's words are chosen.
        thinking: asks for reasoning, or forbids it, where the template knows how.
        max_tokens: the answer's longest length in tokens.
        cancel: stops it at once.

    Raises:
        ModelError, ModelTooLarge, EngineDied, CrashedLastTime, EngineClosed: as the engine says.
    """
    clock = _Clock()
    if vectors is not None:
        yield from vectors.prepare(attached, cancel=cancel)
    found = _search(attached, history, question, vectors, cancel)
    clock.search_s = clock.now()
    if cancel.is_set():
        return
    info = yield from _writer(engine, writes, cancel)
    if cancel.is_set():
        return
    reply = _Reply(attached, question, history, found, clock)
    if reply.is_silent(insists=insists, can_read=info is not None):
        yield PassagesFound(passages=found.passages, mode=AnswerMode.PASSAGES)
        yield from reply.silence()
    elif engine is None or info is None:
        yield PassagesFound(passages=found.passages, mode=AnswerMode.PASSAGES)
        yield from reply.quotes()
    else:
        fitted = fit(
            engine,
            attached,
            found.passages,
            Turn(alternating(history), question, reply.silent_words),
            context_tokens=info.context_tokens,
            max_tokens=max_tokens,
            cancel=cancel,
        )
        if fitted is None:
            return
        yield PassagesFound(passages=found.passages, mode=fitted.mode)
        if fitted.left_out:
            yield HistoryCut(fitted.left_out, info.context_tokens)
        stop = _Stop(cancel)
        events = engine.generate(
            fitted.messages,
            sampling=sampling,
            max_tokens=fitted.reply_tokens,
            stop=prompts.STOP,
            thinking=thinking,
            owner=owner,
            cancel=stop,
        )
        yield from reply.written(events, fitted, Path(info.path).stem, stop)


class _Stop(threading.Event):
    """Is set when it was set itself, or when the person stopped the answer."""

    def __init__(self, cancel: threading.Event) -> None:
        super().__init__()
        self._cancel = cancel

    def is_set(self) -> bool:
        return super().is_set() or self._cancel.is_set()


@dataclass
class _Clock:
    """Times of one answer, in seconds from its beginning."""

    begun: float = field(default_factory=time.perf_counter)
    search_s: float = 0.0
    first_text_s: float = 0.0

    def now(self) -> float:
        return time.perf_counter() - self.begun

    def note_text(self) -> None:
        self.first_text_s = self.first_text_s or self.now()

    def timings(self, finished: Finished | None = None) -> AnswerTimings:
        return AnswerTimings(
            search_s=round(self.search_s, 3),
            first_text_s=round(self.first_text_s, 3),
            total_s=round(self.now(), 3),
            prompt_tokens=finished.prompt_tokens if finished else 0,
            reused_tokens=finished.reused_tokens if finished else 0,
            generated_tokens=finished.generated_tokens if finished else 0,
        )


class _Reply:
    """The answer to one question, from what was found for it."""

    def __init__(
        self,
        attached: Attached,
        question: str,
        history: Sequence[Message],
        found: Found,
        clock: _Clock,
    ) -> None:
        self._attached = attached
        self._about = _about(question, history)
        self._question = question
        self._found = found
        self._clock = clock
        self._language = next((one.document.language for one in attached.documents), "")

    @property
    def idiom(self) -> Idiom:
        """The language of the question."""
        return idiom_of(self._question, self._language)

    @property
    def silent_words(self) -> str:
        """Says in the question's language that the documents do not tell."""
        return self.idiom.silence if len(self._attached.documents) == 1 else self.idiom.silences

    def is_silent(self, *, insists: bool, can_read: bool) -> bool:
        """Whether the documents do not tell.

        Words and letters cannot be compared between two languages: there a model has to read.
        """
        if self._found.is_told or (insists and (can_read or self._found.passages)):
            return False
        is_foreign = is_in_language(self._question, other_than=self._language)
        return not (can_read and is_foreign)

    def silence(self) -> Iterator[TextPart | Answered]:
        """Say that the documents do not tell."""
        has_text = any(prompts.has_text(one.document) for one in self._attached.documents)
        yield from self._say(self.silent_words)
        yield Answered(
            answer=Answer(
                is_found=False,
                passages=self._found.passages,
                written_by=WrittenBy.DOCUMENT,
                silence=Silence.NOTHING_CLOSE if has_text else Silence.NO_TEXT,
                timings=self._clock.timings(),
            )
        )

    def quotes(self) -> Iterator[TextPart | Answered]:
        """Answer with the documents' own sentences."""
        asked = ask(self._about, self._language)
        sentences = quoted(self._attached, asked, self._found.passages)
        if not sentences:
            yield from self.silence()
            return
        yield from self._say(as_markdown(sentences))
        yield Answered(
            answer=Answer(
                sentences=tuple(sentences),
                passages=self._found.passages,
                written_by=WrittenBy.DOCUMENT,
                timings=self._clock.timings(),
            )
        )

    def written(
        self,
        events: Iterator[LoadProgress | ModelInfo | PromptProgress | TextPart | Finished],
        fitted: Fitted,
        model: str,
        stop: threading.Event,
    ) -> Iterator[AnswerEvent]:
        """Pass on what the model writes, and compare it with the documents at the end.

        `stop` is set once the model only repeats itself.
        """
        parts: list[str] = []
        finished: Finished | None = None
        for event in events:
            if isinstance(event, TextPart) and not event.is_thinking:
                self._clock.note_text()
                parts.append(event.text)
                if _ENDS.search(event.text) and _goes_in_circles("".join(parts)):
                    stop.set()
            elif isinstance(event, Finished):
                finished = event
            yield event
        text = "".join(parts)
        if not text.strip():
            return
        passages = self._found.passages if fitted.mode is AnswerMode.PASSAGES else ()
        made = self._checked(text, cited(text, self._attached, passages))
        yield Answered(
            answer=replace(
                made, mode=fitted.mode, model=model, timings=self._clock.timings(finished)
            )
        )

    def _checked(self, text: str, sentences: tuple[AnswerSentence, ...]) -> Answer:
        if self._denies(text):
            return Answer(is_found=False, passages=self._found.passages, silence=Silence.MODEL)
        return Answer(sentences=sentences, passages=self._found.passages)

    def _denies(self, text: str) -> bool:
        """Whether the model says that the documents do not tell, and hardly anything else."""
        said = sentences_of(text)
        if not said or len(said) > _LONGEST_DENIAL:
            return False
        first = " ".join(said[0].casefold().split())
        known = {self.idiom.silence.casefold(), self.idiom.silences.casefold()}
        return first in known or self.idiom.denies.search(first) is not None

    def _say(self, text: str) -> Iterator[TextPart]:
        self._clock.note_text()
        yield TextPart(id=0, text=text)


def _goes_in_circles(text: str) -> bool:
    """Tell whether the last complete sentence was said twice before."""
    *said, _ = sentences_of(text) or [""]
    return bool(said) and said.count(said[-1]) > _MOST_TIMES


def _search(
    attached: Attached,
    history: Sequence[Message],
    question: str,
    vectors: PassageVectors | None,
    cancel: threading.Event,
) -> Found:
    """Search for a question, and for what it follows up where it says little by itself."""
    about = _about(question, history)
    found = search(attached, about, vectors=vectors, cancel=cancel)
    if about != question and not found.is_told:
        alone = search(attached, question, vectors=vectors, cancel=cancel)
        return alone if alone.is_told else found
    return found


def _about(question: str, history: Sequence[Message]) -> str:
    """Return a question with the one before it, if it says little by itself: "And cats?"."""
    before = [message.content for message in history if message.role is Role.USER]
    return f"{before[-1]}\n{question}" if before and is_short(question) else question


def _writer(
    engine: Engine | None, writes: bool | None, cancel: threading.Event
) -> Generator[LoadProgress | ModelInfo, None, ModelInfo | None]:
    """Load the model; return what it is if it may write in its own words."""
    if engine is None or writes is False:
        return None
    info: ModelInfo | None = None
    try:
        for event in engine.load(cancel=cancel):
            yield event
            if isinstance(event, ModelInfo):
                info = event
    except ModelNotFound as error:
        if error.name:
            raise
        return None  # there is no model at all: the documents speak for themselves
    if info is None or not info.has_chat_template:
        return None
    return info if writes or may_write(info.parameters) else None
