"""A conversation's title: the first words of it, or the model's."""

import re
import threading
import unicodedata
from collections.abc import Sequence

from assistant.conversations.prompting import alternating
from assistant.engine.client import Engine
from assistant.engine.protocol import GREEDY, Message, Priority, Role, TextPart

# Below that the first words of the question are the better title: of six by SmolLM2-135M one was
# of use ("Paris: The City of Light"), three were wrong and two were none (measured).
TITLE_PARAMETERS = 500_000_000

_LONGEST = 48
_MARKUP = re.compile(r"^\s*(?:[#>*+-]+\s+|\d+[.)]\s+|```\w*)|[`*_]{2,}|`")
_SENTENCE_END = re.compile(r"(?<=[.!?…。！？؟])\s")
_ASKED = (
    "Give this conversation a title of two to six words, in the language of the conversation. "
    "Write the title alone."
)
_TITLE_TOKENS = 24
_MOST_WORDS = 10
_LABEL = re.compile(
    r"^(?:title|titel|titre|título|titolo|标题|標題|タイトル)\s*[:：]\s*", re.IGNORECASE
)
_QUOTES = " \"'“”„«»‘’「」『』*_#`"
_JOINERS = {"\u200c", "\u200d"}


def title_from(text: str) -> str:
    """Return the first sentence of `text`, shortened at a word; empty if it has no words."""
    for line in text.splitlines():
        plain = " ".join(_MARKUP.sub("", line).split())
        if any(character.isalnum() for character in plain):
            return _shortened(_SENTENCE_END.split(plain, maxsplit=1)[0])
    return ""


def title_by_model(engine: Engine, messages: Sequence[Message], *, cancel: threading.Event) -> str:
    """Return the title that the loaded model gives a conversation; "" if it has none to give.

    It is asked as the conversation would go on, so that next to nothing is read for it, and it
    gives way to everything else.

    Args:
        engine: with the model that replied.
        messages: what it was given, and its reply.
        cancel: ends it, with "".

    Raises:
        EngineDied, EngineClosed, PromptTooLong: as the engine says.
    """
    system = [message for message in messages if message.role is Role.SYSTEM]
    said = [message for message in messages if message.role is not Role.SYSTEM]
    events = engine.generate(
        [*system, *alternating([*said, Message(Role.USER, _ASKED)])],
        sampling=GREEDY,
        max_tokens=_TITLE_TOKENS,
        thinking=False,
        priority=Priority.ASIDE,
        cancel=cancel,
    )
    parts = [e.text for e in events if isinstance(e, TextPart) and not e.is_thinking]
    return "" if cancel.is_set() else cleaned("".join(parts))


def cleaned(written: str) -> str:
    """Return what a model wrote as a title; "" if it wrote something else."""
    line = next((line for line in written.splitlines() if line.strip(_QUOTES)), "")
    visible = (c for c in line if c in _JOINERS or unicodedata.category(c)[0] != "C")
    plain = " ".join("".join(visible).split()).strip(_QUOTES)
    plain = _LABEL.sub("", plain).strip(_QUOTES).rstrip(".:,;。")
    if len(plain.split()) > _MOST_WORDS or not any(c.isalnum() for c in plain):
        return ""
    return _shortened(plain)


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST:
        return text.rstrip(".:,;")
    cut = text[: _LONGEST - 1]
    head, space, _ = cut.rpartition(" ")
    return f"{(head if space and len(head) > _LONGEST // 2 else cut).rstrip(' .:,;')}…"
