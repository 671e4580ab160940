"""What is said to a question, from what was found for it: silence, quotes or words."""

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import msgspec

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
from assistant.conversations.asking.fitting import Fitted
from assistant.conversations.asking.idioms import Idiom, idiom_of, is_in_language
from assistant.conversations.asking.quoting import as_markdown, quoted
from assistant.conversations.asking.retrieval import Found, ask
from assistant.conversations.events import HistoryCut, RecapBegun, RecapMade
from assistant.engine.protocol import (
    Finished,
    FinishReason,
    LoadProgress,
    ModelInfo,
    PromptProgress,
    TextPart,
)

_ENDS = re.compile(r"[.!?…。！？\n]")
_MOST_TIMES = 2
_LONGEST_DENIAL = 3  # sentences; a longer text answers something

AnswerEvent: TypeAlias = (
    LoadProgress
    | ModelInfo
    | RecapBegun
    | RecapMade
    | HistoryCut
    | PromptProgress
    | TextPart
    | Finished
    | Preparing
    | PassagesFound
    | Answered
)


@dataclass
class Clock:
    """Times of one answer, in seconds from its beginning."""

    begun: float = field(default_factory=time.perf_counter)
    search_s: float = 0.0
    first_text_s: float = 0.0

    def now(self) -> float:
        """Return the time since its beginning."""
        return time.perf_counter() - self.begun

    def note_text(self) -> None:
        """Note that text comes; the first time counts."""
        self.first_text_s = self.first_text_s or self.now()

    def timings(self, finished: Finished | None = None) -> AnswerTimings:
        """Return what it cost by now, with the engine's figures where it was asked."""
        return AnswerTimings(
            search_s=round(self.search_s, 3),
            first_text_s=round(self.first_text_s, 3),
            total_s=round(self.now(), 3),
            prompt_tokens=finished.prompt_tokens if finished else 0,
            reused_tokens=finished.reused_tokens if finished else 0,
            generated_tokens=finished.generated_tokens if finished else 0,
        )


class DocumentReply:
    """The answer to one question, from what was found for it."""

    def __init__(
        self,
        attached: Attached,
        question: str,
        about: str,
        found: Found,
        clock: Clock,
    ) -> None:
        self._attached = attached
        self._about = about
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

    @property
    def _is_foreign(self) -> bool:
        """Whether the question is in another language than the documents."""
        return is_in_language(self._question, other_than=self._language)

    def is_silent(self, *, insists: bool, can_read: bool) -> bool:
        """Whether the documents do not tell.

        Words and letters cannot be compared between two languages: there a model has to read.
        """
        if self._found.is_told or (insists and (can_read or self._found.passages)):
            return False
        return not (can_read and self._is_foreign)

    def silence(self) -> Iterator[TextPart | Answered]:
        """Say that the documents do not tell."""
        silence = Silence.OTHER_LANGUAGE if self._is_foreign else Silence.NOTHING_CLOSE
        if not any(prompts.has_text(one.document) for one in self._attached.documents):
            silence = Silence.NO_TEXT
        is_foreign = silence is Silence.OTHER_LANGUAGE
        yield from self._say(self.idiom.foreign if is_foreign else self.silent_words)
        yield Answered(
            answer=Answer(
                is_found=False,
                passages=self._found.passages,
                written_by=WrittenBy.DOCUMENT,
                silence=silence,
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

        `stop` is set once the model only repeats itself; then it counts as having ended by itself.
        """
        parts: list[str] = []
        finished: Finished | None = None
        is_circling = False
        for event in events:
            if isinstance(event, TextPart) and not event.is_thinking:
                self._clock.note_text()
                parts.append(event.text)
                if _ENDS.search(event.text) and _goes_in_circles("".join(parts)):
                    is_circling = True
                    stop.set()
            elif isinstance(event, Finished):
                is_ended = is_circling and event.reason is FinishReason.STOPPED
                finished = (
                    msgspec.structs.replace(event, reason=FinishReason.END) if is_ended else event
                )
                yield finished
                continue
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
