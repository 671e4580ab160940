"""What a loaded model is given of a conversation; recaps stand for what does not fit."""

import math
import threading
from bisect import bisect_right
from collections.abc import Generator, Sequence
from dataclasses import replace

from assistant.conversations.counting import TokenCounts
from assistant.conversations.events import RecapBegun, RecapMade
from assistant.conversations.fitting import Fitting, Said, Told, fit
from assistant.conversations.prompting import alternating
from assistant.conversations.quoting import quoted
from assistant.conversations.recaps import (
    RECAP_PARAMETERS,
    longest_tokens,
    on_path,
    sum_up,
    with_notes,
    with_recap,
)
from assistant.engine.client import Engine
from assistant.engine.protocol import Message, ModelInfo, Priority, Role
from assistant.storage.conversations import MessageRecord
from assistant.storage.recaps import Recap, RecapStore

# So much of the context is kept free for the reply, at most a third of it.
_RESERVED_TOKENS = 1024
# What a chat template writes around a message, before the engine tells the real figure.
_FRAME_TOKENS = 8
# Where there is room for less, there is none for a recap.
_SHORTEST_RECAP_TOKENS = 40


class History:
    """One path of a conversation, for the model that is loaded.

    Args:
        engine: with the model.
        path: the messages, up to the last one that the model is given.
        recaps: where recaps are kept.
        counts: remembers how many tokens messages have.
        system_prompt: what stands before them.
        reply_start: what there is of the reply already.
        reply_tokens: how long the reply may be; 0 for as long as there is room.
        room: tokens that the messages and a recap may take; None for what the context has left.
        info: the model.
        priority: `CHAT` where a reply waits for it.
        cancel: ends counting and summing up.
    """

    def __init__(
        self,
        engine: Engine,
        path: Sequence[MessageRecord],
        recaps: RecapStore,
        counts: TokenCounts,
        *,
        system_prompt: str,
        reply_start: str = "",
        reply_tokens: int = 0,
        room: int | None = None,
        info: ModelInfo,
        priority: Priority = Priority.CHAT,
        cancel: threading.Event,
    ) -> None:
        self._engine = engine
        self._recaps = recaps
        self._known = counts
        self._system_prompt = system_prompt
        self._info = info
        self._context_tokens = context_tokens = info.context_tokens
        self._priority = priority
        self._cancel = cancel
        roles = {str(Role.USER), str(Role.ASSISTANT)}
        self._path = list(path)
        self._records = [r for r in path if r.role in roles and r.content.strip()]
        self._reply_start = reply_start
        wanted = reply_tokens or _RESERVED_TOKENS
        self._reserved = min(_RESERVED_TOKENS, context_tokens // 3, wanted)
        self._given_room = room
        self._frame = _FRAME_TOKENS
        self._counts: dict[str, int] = {}
        self._cut_recaps: set[int] = set()

    def fitted(self) -> Generator[RecapBegun | RecapMade, None, Fitting]:
        """Return what the model is given; what no longer fits is summed up before."""
        fitting = self.fit()
        if not fitting.to_sum_up or self._cancel.is_set():
            return fitting
        yield RecapBegun(len(fitting.to_sum_up))
        recap = self.sum_up(fitting)
        if recap is None:
            left_out = len(fitting.to_sum_up)
            return Fitting(first=fitting.first, recap=fitting.recap, left_out=left_out)
        yield RecapMade(recap)
        return Fitting(first=fitting.first, recap=self._bounded(recap))

    def fit(self, *, looks_ahead: bool = False) -> Fitting:
        """Return what of it fits; see `fitting.fit`."""
        recaps = self._on_path()
        self._count([r.content for r in self._records] + [_notes(one.text) for one in recaps])
        if self._cancel.is_set():
            return Fitting()
        places = {record.id: place for place, record in enumerate(self._path)}
        ends = [places[one.upto_message_id] for one in recaps]
        at = [places[record.id] for record in self._records]
        bounded = [self._bounded(one) for one in recaps]
        told = [
            Told(one, bisect_right(at, end), self._tokens_of_notes(one.text))
            for one, end in zip(bounded, ends, strict=True)
        ]
        said = [Said(r, self._tokens_of(r)) for r in self._records]
        return fit(said, told, self._room(), looks_ahead=looks_ahead)

    def sum_up(self, fitting: Fitting) -> Recap | None:
        """Make, store and return the recap that `fitting` asks for; None if there is none to be.

        Raises:
            EngineDied, EngineClosed: as the engine says.
            NoSpace, CannotWrite, DamagedData: it cannot be stored.
        """
        told = [self._records[place] for place in fitting.to_sum_up]
        room = self._recap_room() - self._tokens_of_notes("…")
        longest = min(longest_tokens(self._context_tokens), room)
        if longest < _SHORTEST_RECAP_TOKENS:
            return None
        text = self._recap_of(told, fitting.recap, longest)
        if not text:
            return None
        last = told[-1]
        is_edited = self._quotes and fitting.recap is not None and fitting.recap.is_edited
        made = self._recaps.put(last.conversation_id, last.id, text, is_edited=is_edited)
        return next((one for one in self._recaps.of(last.conversation_id) if one.id == made), None)

    def cuts(self, recap: Recap | None) -> bool:
        """Whether only the beginning of a recap is given: the context has no room for more."""
        return recap is not None and recap.id in self._cut_recaps

    @property
    def _quotes(self) -> bool:
        """Whether the model is too small to sum up, so that its recaps are quotes."""
        return 0 < self._info.parameters < RECAP_PARAMETERS

    def _recap_of(self, told: Sequence[MessageRecord], older: Recap | None, longest: int) -> str:
        messages = [Message(Role(r.role), r.content) for r in told]
        if self._quotes:
            return quoted(older, messages, longest)
        return sum_up(
            self._engine,
            with_recap(self._system_prompt, older),
            messages,
            [self._tokens_of(r) for r in told],
            self._context_tokens,
            longest=longest,
            priority=self._priority,
            cancel=self._cancel,
        )

    def messages(self, fitting: Fitting) -> tuple[Message, ...]:
        """Return the prompt's messages."""
        system_prompt = with_recap(self._system_prompt, fitting.recap)
        system = (Message(Role.SYSTEM, system_prompt),) if system_prompt else ()
        return (*system, *alternating(self.said(fitting)))

    def said(self, fitting: Fitting) -> list[Message]:
        """Return the messages that are given word for word, the question last."""
        return [Message(Role(r.role), r.content) for r in self._records[fitting.first :]]

    def learn(self, prompt_tokens: int, fitting: Fitting) -> bool:
        """Take in how long a prompt really was; False if less of it cannot be given."""
        sent = [message.content for message in self.messages(fitting)]
        self._count(sent)
        frame = math.ceil(
            (prompt_tokens - sum(self._counts.get(text, 0) for text in sent)) / len(sent)
        )
        is_least = fitting.first >= len(self._records) - 1 and fitting.recap is None
        if frame <= self._frame or is_least:
            return False
        self._frame = frame
        return True

    def _on_path(self) -> list[Recap]:
        if not self._records:
            return []
        return on_path(self._path, self._recaps.of(self._records[0].conversation_id))

    def _tokens_of(self, record: MessageRecord) -> int:
        return self._counts.get(record.content, 0) + self._frame

    def _tokens_of_notes(self, text: str) -> int:
        self._count([_notes(text)])
        frame = 0 if self._system_prompt else self._frame
        return self._counts.get(_notes(text), 0) + frame

    def _recap_room(self) -> int:
        """Return how many tokens a recap may take: half of the room, if the last turn has its."""
        room = self._room()
        last = len(self._records) - 1
        while last > 0 and self._records[last].role != Role.USER:
            last -= 1
        turn = sum(self._tokens_of(record) for record in self._records[max(0, last) :])
        return max(0, min(room // 2, room - turn))

    def _bounded(self, recap: Recap) -> Recap:
        """Return a recap with as much of its text as there is room for; its person wrote more."""
        most = self._recap_room()
        text = recap.text
        share = 1.0
        while text and self._tokens_of_notes(text) > most:
            share = 0.8 * min(share, most / self._tokens_of_notes(recap.text))
            beginning = recap.text[: int(len(recap.text) * share)].rstrip()
            text = f"{beginning} […]" if beginning else ""
        if text == recap.text:
            return recap
        self._cut_recaps.add(recap.id)
        return replace(recap, text=text)

    def _room(self) -> int:
        """Return how many tokens the messages and a recap may take."""
        if self._given_room is not None:
            return self._given_room
        texts = [text for text in (self._system_prompt, self._reply_start) if text]
        self._count(texts)
        own = sum(self._counts.get(text, 0) + self._frame for text in texts)
        return self._context_tokens - self._reserved - own

    def _count(self, texts: Sequence[str]) -> None:
        unknown = [text for text in texts if text not in self._counts]
        if unknown:
            self._counts |= self._known.of(
                self._engine,
                self._info.path,
                unknown,
                priority=self._priority,
                cancel=self._cancel,
            )


def _notes(text: str) -> str:
    """Return what a recap with this text adds to a prompt."""
    return with_notes("", text)
