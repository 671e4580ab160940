"""One question to the model about a passage or about notes, and what it answered."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from assistant.engine.client import Engine
from assistant.engine.protocol import (
    Finished,
    FinishReason,
    Priority,
    PromptProgress,
    TextPart,
)
from assistant.summaries.ending import Ending
from assistant.summaries.prompts import SAMPLING, STOP, continuation, conversation
from assistant.summaries.writing import SentenceStream, Written

Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is asked.

    Attributes:
        key: of the step that the answer is.
        request: what is asked, without the instructions that all have in common.
        words: at most so many are taken of the answer.
        max_tokens: at most so many are written.
        prompt_tokens: about how many the request has.
        reply_start: how the answer has to begin; for a model that said nothing.
        is_alone: nothing else is asked meanwhile: it may be what ended the engine.
    """

    key: bytes
    request: str
    words: int
    max_tokens: int
    prompt_tokens: int
    reply_start: str = ""
    is_alone: bool = False


class Reply(msgspec.Struct, frozen=True):
    """What the model wrote, word for word, and what that took."""

    text: str
    has_ended: bool
    prompt_tokens: int = 0
    reused_tokens: int = 0
    generated_tokens: int = 0

    def sentences(self, words: int) -> list[Written]:
        """Return its clean sentences, at most `words` words of them."""
        stream = SentenceStream(words)
        found = stream.add(self.text)
        return found + stream.finish(is_complete=self.has_ended)


def encode(reply: Reply) -> bytes:
    """Return an answer as the bytes of a step."""
    return msgspec.json.encode(reply)


def decode(content: bytes) -> Reply | None:
    """Return the answer that `encode` made bytes of; None if they are something else."""
    try:
        return msgspec.json.decode(content, type=Reply)
    except msgspec.MsgspecError:
        return None


def ask_model(
    engine: Engine,
    ask: Ask,
    *,
    is_reproducible: bool,
    cancel: threading.Event,
    hold: threading.Event | None,
    report: Report,
) -> Reply | None:
    """Ask, and return the answer; None if it was stopped.

    The model is stopped as soon as it has written the words that are taken.

    Args:
        engine: with the model chosen.
        ask: what is asked.
        is_reproducible: the same answer each time, if nothing else is asked meanwhile.
        cancel: stops it.
        hold: pauses it while it is set.
        report: told of the tokens of the prompt that are evaluated, and of those written.

    Raises:
        AssistantError: see `Engine.generate`.
    """
    is_chat = engine.info is None or engine.info.has_chat_template
    stream = SentenceStream(ask.words)
    stream.add(ask.reply_start)
    ending = Ending(cancel)
    pieces = [ask.reply_start]
    evaluated = written = 0
    for event in engine.generate(
        conversation(ask.request) if is_chat else (),
        prompt="" if is_chat else continuation(ask.request),
        sampling=SAMPLING,
        max_tokens=ask.max_tokens,
        stop=STOP,
        thinking=False,
        priority=Priority.SUMMARY,
        reply_start=ask.reply_start if is_chat or not ask.reply_start else f" {ask.reply_start}",
        is_reproducible=is_reproducible,
        is_part=True,
        cancel=ending,
        hold=hold,
    ):
        if isinstance(event, PromptProgress):
            evaluated = event.evaluated_tokens
            report(evaluated, 0)
        elif isinstance(event, TextPart) and not event.is_thinking:
            pieces.append(event.text)
            written += max(1, len(event.text) // 5)
            report(evaluated, written)
            stream.add(event.text)
            if stream.is_full:
                ending.set()
        elif isinstance(event, Finished) and not cancel.is_set():
            return Reply(
                "".join(pieces),
                event.reason is FinishReason.END,
                event.prompt_tokens,
                event.reused_tokens,
                event.generated_tokens,
            )
    return None
