"""How many threads llama.cpp gets.

Its threads wait for each other after every part of a step. On two idle cores two threads are
twice as fast as one (283 against 160 prompt tokens/s, 90 against 53 generated); beside one busy
process two are slower than one (22 against 52 generated), since the other core is never free when
it is waited for. How it is with three cores of eight nobody can tell beforehand: it is tried.
"""

import time
from dataclasses import dataclass

import psutil

from assistant.engine.battery import is_on_battery
from assistant.engine.others import Moment
from assistant.forecast.machine import usable_cores

__all__ = ["Threads", "usable_cores"]

_LOOK_S = 0.3  # how often the load of the computer is looked at
_IDLE_SHARE = 0.35  # of a core that others may use before the engine tries fewer threads
_MEMORY_S = 6.0  # measurements of speed fade within this time
_TRIAL_S = 0.15  # how long another number of threads is tried
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.8, 40.0  # between trials
_PATIENCE = 4.0  # times longer after each trial that found nothing: one may cost seconds
_BETTER = 1.08
_LARGE_STEP = 12  # tokens: prompts are computed, replies wait for memory


@dataclass(slots=True)
class _Speed:
    """Steps at one number of threads, the older the lighter."""

    tokens: float = 0.0
    seconds: float = 0.0
    at: float = 0.0

    def add(self, tokens: int, seconds: float, now: float) -> None:
        fade = 0.5 ** ((now - self.at) / _MEMORY_S) if self.at else 0.0
        self.tokens = self.tokens * fade + tokens
        self.seconds = self.seconds * fade + seconds
        self.at = now

    @property
    def per_s(self) -> float:
        return self.tokens / self.seconds if self.seconds else 0.0


class _Climber:
    """Finds the best number of threads for one kind of step by trying its neighbours.

    Its time is that of the steps alone: a trial must pay for itself while something is computed.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._best = most
        self._now = 0.0
        self._trial = 0
        self._tried_s = 0.0
        self._goes_up = False
        self._pause_s = _FIRST_PAUSE_S
        self._next_trial = 0.0
        self._speeds: dict[int, _Speed] = {}

    def reset(self, best: int) -> None:
        """Begin anew with `best`: the load of the computer has changed."""
        self._best = best
        self._trial = 0
        self._speeds.clear()
        self._pause_s = _FIRST_PAUSE_S
        self._next_trial = self._now + _FIRST_PAUSE_S

    def threads(self, most: int) -> int:
        """Return how many are used now, at most `most`."""
        if most != self._most:
            self._most = most
            self._best = min(self._best, most)
            self._trial = 0
        if not self._trial and self._now >= self._next_trial:
            self._begin_trial()
        return self._trial or self._best

    def note(self, threads: int, tokens: int, seconds: float) -> None:
        self._now += seconds
        self._speeds.setdefault(threads, _Speed()).add(tokens, seconds, self._now)
        if threads != self._trial:
            return
        self._tried_s += seconds
        if self._tried_s >= _TRIAL_S:
            self._end_trial()

    def _begin_trial(self) -> None:
        self._goes_up = not self._goes_up
        other = self._best + (1 if self._goes_up else -1)
        if not 1 <= other <= self._most:
            self._goes_up = not self._goes_up
            other = self._best + (1 if self._goes_up else -1)
        if 1 <= other <= self._most and self._best in self._speeds:
            self._trial, self._tried_s = other, 0.0
            self._speeds.pop(other, None)

    def _end_trial(self) -> None:
        is_better = self._speeds[self._trial].per_s > _BETTER * self._speeds[self._best].per_s
        if is_better:
            self._best = self._trial
            self._pause_s = _FIRST_PAUSE_S
        else:
            self._pause_s = min(_PATIENCE * self._pause_s, _LONGEST_PAUSE_S)
        self._trial = 0
        self._next_trial = self._now + (0.0 if is_better else self._pause_s)


class Threads:
    """How many threads the next step gets, while other programs come and go.

    While the computer is otherwise idle: all. Else other numbers are tried now and then, and the
    fastest one stays, for prompts and for replies apart.

    Args:
        most: at most so many; exactly so many if `adapts` is False.
        adapts: whether to give way to other programs.
        saves_battery: leave a core alone while the computer runs on its battery.
    """

    def __init__(self, most: int, *, adapts: bool = True, saves_battery: bool = False) -> None:
        self.most = most
        self._limit = most
        self._adapts = adapts
        self._saves_battery = saves_battery
        self._climbers = {is_large: _Climber(most) for is_large in (False, True)}
        self._looked: Moment | None = None
        self._others = 0.0
        self._others_then = 0.0
        self._is_idle = True

    def for_step(self, tokens: int) -> int:
        """Return the threads for a step of so many tokens."""
        if not self._adapts:
            return self.most
        if not self._looked or time.perf_counter() - self._looked.at >= _LOOK_S:
            self._look(Moment.now())
        if self._is_idle:
            return self._limit
        return self._climbers[tokens >= _LARGE_STEP].threads(self._limit)

    def note(self, tokens: int, threads: int, seconds: float) -> None:
        """Take in how long a step took."""
        if self._adapts and not self._is_idle:
            self._climbers[tokens >= _LARGE_STEP].note(threads, tokens, seconds)

    def _look(self, now: Moment) -> None:
        """See how many cores other programs use."""
        if self._looked and now.at - self._looked.at < 10 * _LOOK_S:
            self._others += 0.6 * (now.cores_of_others(self._looked) - self._others)
        self._looked = now
        self._limit = self._most_now()
        was_idle, self._is_idle = self._is_idle, self._others < _IDLE_SHARE
        changed = abs(self._others - self._others_then) > 0.7
        if (was_idle and not self._is_idle) or (changed and not self._is_idle):
            self._others_then = self._others
            cores = psutil.cpu_count(logical=False) or self.most
            guess = max(1, min(self._limit, round(cores - self._others)))
            for climber in self._climbers.values():
                climber.reset(guess)

    def _most_now(self) -> int:
        if not self._saves_battery or self.most == 1:
            return self.most
        return self.most - 1 if is_on_battery() else self.most
