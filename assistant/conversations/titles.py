"""A conversation's title: the first words of it, or the model's."""

import re
import threading
from collections.abc import Sequence

from assistant.engine.client import Engine
from assistant.engine.protocol import Message

_LONGEST = 48
_MARKUP = re.compile(r"^\s*(?:[#>*+-]+\s+|\d+[.)]\s+|```\w*)|[`*_]{2,}|`")
_SENTENCE_END = re.compile(r"(?<=[.!?…。！？؟])\s")


def title_from(text: str) -> str:
    """Return the first sentence of `text`, shortened at a word; empty if it has no words."""
    for line in text.splitlines():
        plain = " ".join(_MARKUP.sub("", line).split())
        if any(character.isalnum() for character in plain):
            return _shortened(_SENTENCE_END.split(plain, maxsplit=1)[0])
    return ""


def title_by_model(engine: Engine, messages: Sequence[Message], *, cancel: threading.Event) -> str:
    """Return the title that the loaded model gives a conversation; "" if it has none to give.

    Args:
        engine: with the model that replied.
        messages: what it was given, and its reply: their evaluated tokens are used again.
        cancel: ends it, with "".
    """
    return ""


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST:
        return text.rstrip(".:,;")
    cut = text[: _LONGEST - 1]
    head, space, _ = cut.rpartition(" ")
    return f"{(head if space and len(head) > _LONGEST // 2 else cut).rstrip(' .:,;')}…"
