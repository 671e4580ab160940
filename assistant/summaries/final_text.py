"""Lets the model write the summary itself: sentence by sentence, each checked as it comes.

A text that is empty, too short or in another language is asked for once more; nothing is added to
it that the model did not write.
"""

import contextlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.engine.client import Engine
from assistant.engine.protocol import (
    Finished,
    FinishReason,
    Priority,
    PromptProgress,
    TextPart,
)
from assistant.errors import PromptTooLong
from assistant.evidence.index import EvidenceIndex
from assistant.evidence.terms import count_words
from assistant.summaries.ending import Ending
from assistant.summaries.grounding import checked
from assistant.summaries.prompts import (
    SAMPLING,
    STOP,
    Noted,
    Passage,
    Task,
    continuation,
    conversation,
    more_messages,
    opening,
    request,
)
from assistant.summaries.summary import Stage, SummaryProgress, SummarySentence, Timings
from assistant.summaries.wishes import languages, lengths
from assistant.summaries.wishes.styles import is_list
from assistant.summaries.writing import SentenceStream, Written

# Tokens a word takes at most in ordinary text, with room for a last sentence.
_TOKENS_A_WORD = 2.0
_SPARE_TOKENS = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the final text is written from, and how.

    Attributes:
        task: what is asked.
        passages: of the document.
        noted: of its parts.
        owner: for whom the engine keeps on disk what it evaluated; nothing if empty.
        is_reproducible: the same text each time.
        is_translated: the text is in another language than the document.
    """

    task: Task
    passages: tuple[Passage, ...] = ()
    noted: tuple[Noted, ...] = ()
    owner: str = ""
    is_reproducible: bool = False
    is_translated: bool = False

    @property
    def request(self) -> str:
        """What is asked, without the instructions."""
        return request(self.task, self.passages, self.noted)

    @property
    def max_tokens(self) -> int:
        """So many are written at most."""
        return round(lengths.most(self.task.words) * _TOKENS_A_WORD) + _SPARE_TOKENS


class FinalText:
    """Writes one summary.

    Args:
        engine: with the model chosen and loaded.
        given: what it is written from.
        index: what its sentences are checked against.
        cancel: stops it.
        hold: pauses it while it is set.

    Attributes:
        sentences: those there are.
        timings: tokens so far; no seconds.
        drifted: it is in another language than was asked for, also when asked again.
    """

    def __init__(
        self,
        engine: Engine,
        given: Given,
        index: EvidenceIndex,
        *,
        cancel: threading.Event,
        hold: threading.Event | None,
    ) -> None:
        self.sentences: tuple[SummarySentence, ...] = ()
        self.timings = Timings()
        self.drifted = False
        self._engine = engine
        self._given = given
        self._task = given.task
        self._index = index
        self._cancel = cancel
        self._hold = hold

    def run(self) -> Iterator[SummaryProgress | tuple[SummarySentence, ...]]:
        """Write it; yield progress, and the sentences so far after each new one.

        Raises:
            AssistantError: the engine failed.
        """
        asked = self._given.request
        yield from self._try(asked)
        if not self.sentences and not self._cancel.is_set():
            # The prompt is still in the engine's memory: only the few first words are new.
            yield from self._try(asked, reply_start=opening(self._task))
        if self._has_drifted():
            self.sentences = ()
            yield from self._try(asked, reply_start=opening(self._task))
            self.drifted = self._has_drifted()
        more = lengths.wanting(self._words(), self._task.words)
        if self.sentences and more and not self.drifted and not self._cancel.is_set():
            said = " ".join(sentence.text for sentence in self.sentences)
            with contextlib.suppress(PromptTooLong):  # a small context is full: it stays short
                yield from self._try(asked, said=said, words=more)
        if self._hold_length():
            yield self.sentences

    def take(self, sentences: Sequence[SummarySentence]) -> None:
        """Use a text that was stored."""
        self.sentences = tuple(sentences)

    def _words(self) -> int:
        return sum(count_words(sentence.text) for sentence in self.sentences)

    def _has_drifted(self) -> bool:
        text = " ".join(sentence.text for sentence in self.sentences)
        return not self._cancel.is_set() and languages.drifted(text, self._task.language)

    def _hold_length(self) -> bool:
        """Leave out what is too much, the least borne out first; tell whether anything was."""
        sizes = [count_words(sentence.text) for sentence in self.sentences]
        worths = [0.0 if sentence.flags else 1.0 for sentence in self.sentences]
        kept = lengths.kept(sizes, self._task.words, worths)
        self.sentences = tuple(self.sentences[at] for at in kept)
        return len(kept) < len(sizes)

    def _try(
        self, asked: str, *, reply_start: str = "", said: str = "", words: int = 0
    ) -> Iterator[SummaryProgress | tuple[SummarySentence, ...]]:
        """Let the model write a reply that begins with `reply_start`, or goes on after `said`."""
        stream = SentenceStream(lengths.most(self._task.words))
        for sentence in self.sentences:  # what it has said is not said again
            stream.add(f"{sentence.text}\n")
        stream.add(reply_start)
        ending = Ending(self._cancel)
        has_ended = False
        for event in self._generate(asked, ending, reply_start, said, words):
            if isinstance(event, PromptProgress):
                yield SummaryProgress(Stage.PROMPT, event.evaluated_tokens, event.total_tokens)
            elif isinstance(event, TextPart) and not event.is_thinking:
                yield from self._checked(stream.add(event.text))
                if stream.is_full:
                    ending.set()
            elif isinstance(event, Finished):
                has_ended = event.reason is FinishReason.END
                self._note(event)
        if not self._cancel.is_set():
            yield from self._checked(stream.finish(is_complete=has_ended))

    def _generate(
        self, asked: str, ending: threading.Event, reply_start: str, said: str, words: int
    ) -> Iterator[object]:
        is_chat = self._engine.info is None or self._engine.info.has_chat_template
        # A base model goes on where its text ends.
        start = (
            reply_start if is_chat else "".join(f" {text}" for text in (reply_start, said) if text)
        )
        messages = conversation(asked)
        if said:
            messages = more_messages(asked, said, self._task, words)
        return self._engine.generate(
            messages if is_chat else (),
            prompt="" if is_chat else continuation(asked),
            sampling=SAMPLING,
            max_tokens=self._given.max_tokens,
            stop=STOP,
            thinking=False,
            priority=Priority.SUMMARY,
            reply_start=start,
            owner=self._given.owner,
            is_reproducible=self._given.is_reproducible,
            is_part=bool(said),
            cancel=ending,
            hold=self._hold,
        )

    def _checked(
        self, found: list[Written]
    ) -> Iterator[SummaryProgress | tuple[SummarySentence, ...]]:
        """Check each sentence against the document and add it."""
        for sentence in found:
            done = len(self.sentences)
            yield SummaryProgress(Stage.CHECKING, done, done + 1)
            starts = sentence.starts_paragraph or is_list(self._task.style)
            added = checked(
                replace(sentence, starts_paragraph=starts),
                self._index,
                is_translated=self._given.is_translated,
            )
            self.sentences = (*self.sentences, added)
            yield self.sentences
            yield SummaryProgress(Stage.WRITING, self._words(), self._task.words)

    def _note(self, finished: Finished) -> None:
        """Add what the engine counted to the receipt.

        The prompt is that of the first question: later ones have it before them, evaluated.
        """
        self.timings = replace(
            self.timings,
            prompt_tokens=self.timings.prompt_tokens or finished.prompt_tokens,
            reused_tokens=self.timings.reused_tokens or finished.reused_tokens,
            generated_tokens=self.timings.generated_tokens + finished.generated_tokens,
        )
