"""How long a thorough summary will still take: from what it has taken so far.

Each question has a cost, foretold from the speeds of the model; how much real time a unit of cost
takes is measured as it goes, over the last part of the time, so that a computer that became busy
is noticed.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.forecast.pace import Pace

# Seconds of a prompt's and a reply's token where no speed is known; only their ratio matters.
_PROMPT_S, _REPLY_S = 1 / 200, 1 / 60
# Below these nothing can be told from what was measured; then what was foretold holds.
_LEAST_SHARE, _LEAST_S = 0.02, 2.0
_RECENT = 0.5


@dataclass(slots=True)
class _Work:
    """A question: its cost by token, and how far it is."""

    prompt_tokens: int
    reply_tokens: float
    a_prompt_token: float
    a_reply_token: float
    evaluated: int = 0
    written: int = 0

    def prompt(self) -> float:
        return self.prompt_tokens * self.a_prompt_token

    def reply(self) -> float:
        return self.reply_tokens * self.a_reply_token

    def begun(self, length: float) -> float:
        """Return the cost of what is done; replies have `length` of what was thought."""
        evaluated = min(self.evaluated, self.prompt_tokens) * self.a_prompt_token
        return evaluated + min(self.written, self.reply_tokens * length) * self.a_reply_token


class Remaining:
    """Counts what is done and what is to be done, in foretold seconds.

    Args:
        pace: how fast the model is here; None if that is not known.
        together: how much faster replies are written several at once.
    """

    def __init__(self, pace: Pace | None, together: float) -> None:
        self._pace = pace
        self._together = together
        self._waiting: dict[bytes, _Work] = {}
        self._begun: set[bytes] = set()
        self._prompts_s = self._replies_s = 0.0
        self._later: deque[float] = deque()
        self._last_s = 0.0
        self._done_s = 0.0
        self._expected = self._generated = 0.0
        self._samples: deque[tuple[float, float]] = deque([(0.0, 0.0)])

    def cost(self, prompt_tokens: int, reply_tokens: float) -> float:
        """Return what a question of so many tokens costs."""
        if self._pace is None:
            return prompt_tokens * _PROMPT_S + reply_tokens * _REPLY_S / self._together
        reply_s = self._pace.reply_s(1, prompt_tokens) * reply_tokens
        return self._pace.prompt_s(prompt_tokens) + reply_s / self._together

    def later(self, questions: Sequence[tuple[int, float]], last: tuple[int, float]) -> None:
        """Say what will be asked that is not known yet, as tokens of prompts and replies.

        Args:
            questions: in about the order in which they will be asked.
            last: the final one, which nobody tells of.
        """
        self._later = deque(self.cost(prompt, reply) for prompt, reply in questions)
        self._last_s = self.cost(last[0], last[1] * self._together)

    def ask_later(self) -> None:
        """Note that one of those is known now."""
        if self._later:
            self._later.popleft()

    def expect(self, key: bytes, prompt_tokens: int, reply_tokens: float) -> None:
        """Note that something will be asked."""
        prompt = self.cost(prompt_tokens, 0) / max(1, prompt_tokens)
        reply = self.cost(prompt_tokens, 1) - self.cost(prompt_tokens, 0)
        work = self._waiting[key] = _Work(prompt_tokens, reply_tokens, prompt, reply)
        self._prompts_s += work.prompt()
        self._replies_s += work.reply()

    def advance(self, key: bytes, evaluated: int, written: int) -> None:
        """Note how far it is."""
        if work := self._waiting.get(key):
            work.evaluated, work.written = evaluated, written
            self._begun.add(key)

    def end(self, key: bytes, generated_tokens: int) -> None:
        """Note that it is answered."""
        work = self._waiting.pop(key, None)
        if work is None:
            return
        self._begun.discard(key)
        self._prompts_s -= work.prompt()
        self._replies_s -= work.reply()
        self._expected += work.reply_tokens
        self._generated += generated_tokens
        self._done_s += work.prompt() + generated_tokens * work.a_reply_token

    def left_s(self, elapsed_s: float) -> float | None:
        """Return the seconds left, `elapsed_s` after the first question; None if not known."""
        length = self._generated / self._expected if self._expected else 1.0
        begun = sum(self._waiting[key].begun(length) for key in self._begun)
        done = self._done_s + begun
        waiting = self._prompts_s + self._replies_s * length - begun
        left = max(0.0, waiting) + sum(self._later) + self._last_s
        self._samples.append((elapsed_s, done))
        while len(self._samples) > 2 and self._samples[1][0] <= (1 - _RECENT) * elapsed_s:
            self._samples.popleft()
        since_s, since = self._samples[0]
        if done < _LEAST_SHARE * (done + left) or elapsed_s < _LEAST_S or done <= since:
            return left if self._pace is not None else None
        return left * (elapsed_s - since_s) / (done - since)
