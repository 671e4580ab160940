"""What one reply of a chat prints: its words as they come, or one line of JSON at its end."""

import json
import unicodedata
from typing import Any

from assistant.cli.answers import answer_data
from assistant.cli.terminal import Progress, say, say_given_up, write_result
from assistant.conversations.asking.answer import Answer, Answered, Preparing
from assistant.conversations.events import (
    DocumentWanted,
    HistoryCut,
    RecapBegun,
    RecapMade,
    RecordedEvent,
    ReplyBegun,
    Working,
)
from assistant.conversations.figures import ReplyFigures
from assistant.documents.places import place_short
from assistant.engine.protocol import (
    Finished,
    FinishReason,
    LoadProgress,
    ModelInfo,
    PromptProgress,
    TextPart,
)
from assistant.wording import size

_BIDI = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}


class ReplyOutput:
    """Prints one reply.

    Args:
        is_json: nothing but a line of JSON, at its end.
        is_verbose: what it took is told after it.
        kept_in: the conversation's number; None for one that is not kept.

    Attributes:
        wants_document: the question means a document, and none is attached: there is no reply.
    """

    def __init__(self, *, is_json: bool, is_verbose: bool, kept_in: int | None) -> None:
        self._is_json = is_json
        self._is_verbose = is_verbose
        self._progress = Progress()
        self._parts: dict[bool, list[str]] = {False: [], True: []}
        self._told: dict[str, Any] = {"conversation": kept_in}
        self._finished: Finished | None = None
        self._answer: Answer | None = None
        self._has_begun = False
        self.wants_document = False

    def take(self, event: RecordedEvent) -> None:
        """Print what an event of the turn tells."""
        match event:
            case ReplyBegun():
                self._told["message"] = event.message_id
                self._has_begun = True
            case TextPart():
                self._progress.close()
                self._parts[event.is_thinking].append(event.text)
                if not (self._is_json or event.is_thinking):
                    write_result(harmless(event.text), None)
            case DocumentWanted():
                self.wants_document = True
                say(
                    "alcove: the question is about a document, and none is attached. --attach FILE "
                    "takes one along; with --insist, or asked again, it is answered without one."
                )
            case Finished():
                self._finished = event
            case Answered():
                self._answer = event.answer
            case _:
                self._take_step(event)

    def _take_step(self, event: RecordedEvent) -> None:
        match event:
            case LoadProgress():
                self._progress.show("Loading the model", round(event.fraction, 2), 1)
            case ModelInfo():
                self._progress.close()
                self._told["model"] = event.name
                say_given_up(event)
            case PromptProgress():
                self._progress.show("Reading", event.evaluated_tokens, event.total_tokens)
            case Preparing():
                self._progress.show("Preparing the documents", event.done, event.total)
            case Working():
                self._progress.show(event.words, round(event.fraction or 0, 2), 1)
            case RecapBegun():
                self._progress.close()
                say(f"(summing up the first {event.messages} messages, to go on)")
            case RecapMade():
                self._told["recap"] = event.recap.text
            case HistoryCut():
                self._told["left_out"] = event.messages
                if event.messages:
                    say(f"(the first {event.messages} messages no longer fit the context)")
                if event.cuts_recap:
                    self._told["cuts_recap"] = True
                    say("(of the summary of earlier messages only the beginning fits the context)")

    def end(self) -> None:
        """Print what comes after the last word."""
        self._progress.close()
        if not self._has_begun:
            return
        if self._is_json:
            write_result(json.dumps(self._whole(), ensure_ascii=False) + "\n", None)
            return
        write_result("\n", None)
        if self._answer:
            write_result(_sources(self._answer), None)
        if self._finished and self._finished.reason is FinishReason.LENGTH:
            say("(the reply was cut: its length or the context is used up; /continue goes on)")
        if self._finished and self._is_verbose:
            say(f"({figures_words(ReplyFigures.of(self._finished))})")

    def _end_without_figures(self) -> FinishReason:
        """Return why a reply is over that no model wrote: stopped, unless there is an answer."""
        return FinishReason.END if self._answer else FinishReason.STOPPED

    def _whole(self) -> dict[str, Any]:
        finished = self._finished
        told = answer_data(self._answer, None) if self._answer else None
        return {
            **self._told,
            "reply": "".join(self._parts[False]),
            "thinking": "".join(self._parts[True]),
            "reason": str(finished.reason if finished else self._end_without_figures()),
            "figures": ReplyFigures.of(finished).stats() if finished else {},
            **({name: told[name] for name in ("answer", "found", "passages")} if told else {}),
        }


def harmless(text: str) -> str:
    """Return `text` without what steers a terminal or turns its lines around."""
    return "".join(
        c for c in text if c in "\n\t" or (unicodedata.category(c) != "Cc" and ord(c) not in _BIDI)
    )


def _sources(answer: Answer) -> str:
    """Return where the sentences of an answer stand, each place once."""
    places = {
        (one.title, place_short(one.unit, one.page, one.label)): one.quote
        for said in answer.sentences
        for one in said.citations
    }
    lines = [f"  {title}, {place}: {quote}" for (title, place), quote in places.items()]
    return harmless("\n" + "\n".join(lines) + "\n") if lines else ""


def figures_words(figures: ReplyFigures) -> str:
    """Return the figures of a reply in one line."""
    known = f", {figures.reused_tokens} of them known" if figures.reused_tokens else ""
    known += f" ({figures.restored_tokens} from disk)" if figures.restored_tokens else ""
    return " · ".join(
        [
            f"{figures.prompt_tokens} tokens read{known}",
            f"first token after {figures.first_token_s:.2f} s",
            f"{figures.generated_tokens} tokens written",
            f"{figures.tokens_per_s:.1f} tokens/s",
            f"{figures.threads} thread{'' if figures.threads == 1 else 's'}",
            f"at most {size(figures.peak_memory_bytes)} of memory",
        ]
    )
