"""Turns the bytes of tokens into the parts of a reply: text, reasoning, and where it ends."""

import codecs
from dataclasses import dataclass
from enum import Enum, auto


@dataclass(frozen=True, slots=True)
class Reasoning:
    """How a model marks its reasoning before the reply."""

    opening: str
    closing: str


REASONINGS = (
    Reasoning("<think>", "</think>"),
    Reasoning("<|START_THINKING|>", "<|END_THINKING|>"),
    Reasoning("[THINK]", "[/THINK]"),
    Reasoning("<seed:think>", "</seed:think>"),
)


def reasoning_of(template: str) -> Reasoning | None:
    """Return how the model of this chat template marks its reasoning, or None if it does not."""
    for reasoning in REASONINGS:
        if reasoning.closing in template or reasoning.opening in template:
            return reasoning
    return REASONINGS[0] if "enable_thinking" in template else None


class _State(Enum):
    BEGINNING = auto()
    THINKING = auto()
    REPLYING = auto()
    ENDED = auto()


class ReplyReader:
    """Reads a reply as it is generated.

    A character may need several tokens, and a stop string or a marker may span several: what
    could be the beginning of one is held back until it is decided.

    Args:
        stop: strings that end the reply.
        reasoning: the model's marks, or None if it has none.
        is_thinking: the prompt has opened the reasoning already.
        is_chat: drop white space before the reply, which templates leave to the model.
    """

    def __init__(
        self,
        stop: tuple[str, ...] = (),
        reasoning: Reasoning | None = None,
        *,
        is_thinking: bool = False,
        is_chat: bool = False,
    ) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._stop = tuple(text for text in stop if text)
        self._reasoning = reasoning
        self._drops_space = is_chat
        self._held = ""
        self._state = _State.REPLYING
        if reasoning:
            self._state = _State.THINKING if is_thinking else _State.BEGINNING

    @property
    def is_thinking(self) -> bool:
        """Whether what comes next is reasoning, as far as is known."""
        return self._state is _State.THINKING

    @property
    def has_ended(self) -> bool:
        """Whether a stop string was met."""
        return self._state is _State.ENDED

    def read(self, piece: bytes) -> list[tuple[str, bool]]:
        """Take the next token's bytes; return (text, is reasoning) parts that are now certain."""
        self._held += self._decoder.decode(piece)
        return self._take(is_last=False)

    def finish(self) -> list[tuple[str, bool]]:
        """Return what was held back, at the reply's end."""
        self._held += self._decoder.decode(b"", final=True)
        return self._take(is_last=True)

    def _take(self, *, is_last: bool) -> list[tuple[str, bool]]:
        parts: list[tuple[str, bool]] = []
        before = None
        while self._held and before != (self._state, self._held):
            before = (self._state, self._held)
            if self._state is _State.BEGINNING:
                self._begin(is_last=is_last)
            elif self._state is _State.THINKING:
                self._add(parts, self._take_thought(is_last=is_last), is_thinking=True)
            elif self._state is _State.REPLYING:
                self._add(parts, self._take_reply(is_last=is_last), is_thinking=False)
        return parts

    def _add(self, parts: list[tuple[str, bool]], text: str, *, is_thinking: bool) -> None:
        if text:
            parts.append((text, is_thinking))

    def _begin(self, *, is_last: bool) -> None:
        assert self._reasoning
        opening = self._reasoning.opening
        text = self._held.lstrip()
        if text.startswith(opening):
            self._held = text[len(opening) :]
            self._state = _State.THINKING
        elif is_last or not opening.startswith(text):
            self._state = _State.REPLYING

    def _take_thought(self, *, is_last: bool) -> str:
        assert self._reasoning
        closing = self._reasoning.closing
        thought, found, rest = self._held.partition(closing)
        if found:
            self._held = rest
            self._state = _State.REPLYING
            self._drops_space = True
            return thought
        return self._release(0 if is_last else _overlap(self._held, (closing,)))

    def _take_reply(self, *, is_last: bool) -> str:
        if self._drops_space:
            self._held = self._held.lstrip()
            self._drops_space = not self._held
        places = [place for text in self._stop if (place := self._held.find(text)) >= 0]
        if places:
            reply = self._held[: min(places)]
            self._held = ""
            self._state = _State.ENDED
            return reply
        return self._release(0 if is_last else _overlap(self._held, self._stop))

    def _release(self, held: int) -> str:
        """Return all but the last `held` characters, and keep those."""
        cut = len(self._held) - held
        text, self._held = self._held[:cut], self._held[cut:]
        return text


def _overlap(text: str, ends: tuple[str, ...]) -> int:
    """Return how many of `text`'s last characters could be the beginning of one of `ends`."""
    longest = 0
    for end in ends:
        for size in range(min(len(end) - 1, len(text)), longest, -1):
            if text.endswith(end[:size]):
                longest = size
                break
    return longest
