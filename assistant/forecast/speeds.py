"""Speeds that were measured on this computer, by the shape of the model; kept as JSON.

A check-up puts its figures in; each reply afterwards corrects them. Of each length of prompt the
last few figures are kept, and their median holds: one reply beside a busy program changes nothing.
"""

import contextlib
import math
import statistics
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from assistant.errors import AssistantError
from assistant.forecast.shape import ModelShape
from assistant.paths import write_atomically

_KEPT = 5  # figures of one length
_MOST_MODELS = 200
_MOST_BYTES = 4_000_000
_LONGEST = 1 << 22  # tokens
_HIGHEST_FACTOR = 10.0
_UNWRITTEN = (0, 0)  # the time and length of a file that was never there
# Less is over before it can be measured: one step, or the first tokens after a prompt.
_FEWEST_PROMPT_TOKENS, _FEWEST_REPLY_TOKENS = 48, 8


class Point(msgspec.Struct, frozen=True):
    """Speeds at about one length, in tokens and tokens a second; the newest last.

    Attributes:
        tokens: of the prompt, or of what stood before the reply.
        speeds: the last ones measured.
    """

    tokens: int
    speeds: tuple[float, ...]

    @property
    def speed(self) -> float:
        """The one that holds."""
        return statistics.median(self.speeds)


class MeasuredSpeeds(msgspec.Struct, frozen=True):
    """What was measured of one model.

    Attributes:
        name: of the model that was measured first; others of its shape are as fast.
        shape: what its speed depends on.
        is_gpu: a GPU had layers of it.
        prompts: how fast prompts are evaluated, by their length.
        replies: how fast replies are generated, by what stands before them.
        summaries: the same, of summaries: much of one can be guessed from its prompt.
        summary_tokens: how long the last summaries were.
        is_corrected: real replies are among it, not a check-up alone.
        memory_factor: how much more memory it took than was estimated, at least 1.
    """

    name: str
    shape: ModelShape
    is_gpu: bool = False
    prompts: tuple[Point, ...] = ()
    replies: tuple[Point, ...] = ()
    summaries: tuple[Point, ...] = ()
    summary_tokens: tuple[int, ...] = ()
    is_corrected: bool = False
    memory_factor: float = 1.0


class SpeedRecords:
    """The speeds measured on this computer. Any thread may use it, and any process.

    Args:
        path: the JSON file; None keeps them for this run of the app only.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._stamp = _UNWRITTEN
        self._measured: tuple[MeasuredSpeeds, ...] = ()

    @property
    def is_on_gpu(self) -> bool:
        """Whether a GPU had layers of the model that was measured last."""
        with self._lock:
            last = self._current()[-1:]
            return bool(last and last[0].is_gpu)

    def all(self, *, is_gpu: bool = False) -> tuple[MeasuredSpeeds, ...]:
        """Return what was measured of each model, without or with a GPU."""
        with self._lock:
            return tuple(one for one in self._current() if one.is_gpu is is_gpu)

    def of(self, shape: ModelShape, *, is_gpu: bool = False) -> MeasuredSpeeds | None:
        """Return what was measured of models of this shape, if any was."""
        return next((one for one in self.all(is_gpu=is_gpu) if one.shape.is_same(shape)), None)

    def keep(
        self,
        name: str,
        shape: ModelShape,
        *,
        prompts: Sequence[tuple[int, float]],
        replies: Sequence[tuple[int, float]],
        is_gpu: bool = False,
    ) -> None:
        """Keep the figures of a check-up; they take the place of earlier ones at their lengths.

        Args:
            name: the model's.
            shape: what its speed depends on.
            prompts: lengths in tokens with the speed of each, in tokens a second.
            replies: the same of replies, by what stood before each.
            is_gpu: a GPU had layers of it.
        """

        def change(one: MeasuredSpeeds) -> MeasuredSpeeds:
            return msgspec.structs.replace(
                one,
                prompts=_with(one.prompts, prompts, is_fresh=True),
                replies=_with(one.replies, replies, is_fresh=True),
            )

        self._change(name, shape, is_gpu, change)

    def note(
        self,
        name: str,
        shape: ModelShape,
        *,
        prompt_tokens: int,
        reused_tokens: int,
        prompt_s: float,
        generated_tokens: int,
        generation_s: float,
        is_summary: bool = False,
        is_gpu: bool = False,
        memory_factor: float = 1.0,
    ) -> None:
        """Take the figures of a real reply into account.

        Args:
            name: the model's.
            shape: what its speed depends on.
            prompt_tokens: of the whole prompt; `reused_tokens` of them were not evaluated.
            reused_tokens: see there.
            prompt_s: seconds for the others.
            generated_tokens: those of the reply.
            generation_s: seconds for them.
            is_summary: it was a summary.
            is_gpu: a GPU had layers of it.
            memory_factor: how much more memory the model took than was estimated, at least 1.
        """
        evaluated = prompt_tokens - reused_tokens
        # What was evaluated after a long known text attended to all of it: no plain prompt.
        is_plain = reused_tokens <= evaluated // 4 and evaluated >= _FEWEST_PROMPT_TOKENS
        prompts = [(prompt_tokens, evaluated / prompt_s)] if is_plain and prompt_s > 0 else []
        is_long = generated_tokens >= _FEWEST_REPLY_TOKENS and generation_s > 0
        replies = [(prompt_tokens, generated_tokens / generation_s)] if is_long else []
        known = self.of(shape, is_gpu=is_gpu)
        is_new = memory_factor != (known.memory_factor if known else 1.0)
        if not prompts and not replies and not is_new:
            return

        def change(one: MeasuredSpeeds) -> MeasuredSpeeds:
            lengths = one.summary_tokens
            if is_summary and is_long:
                lengths = (*lengths, generated_tokens)[-_KEPT:]
            return msgspec.structs.replace(
                one,
                prompts=_with(one.prompts, prompts),
                replies=one.replies if is_summary else _with(one.replies, replies),
                summaries=_with(one.summaries, replies) if is_summary else one.summaries,
                summary_tokens=lengths,
                is_corrected=True,
                memory_factor=memory_factor,
            )

        self._change(name, shape, is_gpu, change)

    def _change(
        self,
        name: str,
        shape: ModelShape,
        is_gpu: bool,
        change: Callable[[MeasuredSpeeds], MeasuredSpeeds],
    ) -> None:
        with self._lock:
            known = self._current()
            mine = [one for one in known if one.is_gpu is is_gpu and one.shape.is_same(shape)]
            others = [one for one in known if one not in mine]
            old = mine[0] if mine else MeasuredSpeeds(name, shape, is_gpu)
            # The header that was read whole knows its shape better than an estimate.
            new = change(msgspec.structs.replace(old, shape=shape))
            self._write((*others[1 - _MOST_MODELS :], new))

    def _current(self) -> tuple[MeasuredSpeeds, ...]:
        """Return what the file holds: another process may have written it."""
        if self._path is None:
            return self._measured
        try:
            facts = self._path.stat()
            stamp = (facts.st_mtime_ns, facts.st_size)
            if stamp != self._stamp and facts.st_size <= _MOST_BYTES:
                content = self._path.read_bytes()
                self._measured = _sound(msgspec.json.decode(content, type=list[MeasuredSpeeds]))
                self._stamp = stamp
        except FileNotFoundError:
            if self._stamp != _UNWRITTEN:  # it was there: the person erased it
                self._measured, self._stamp = (), _UNWRITTEN
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            pass  # a lost record costs forecasts that are less exact until the next reply
        return self._measured

    def _write(self, measured: tuple[MeasuredSpeeds, ...]) -> None:
        self._measured = measured
        if self._path is None:
            return
        with contextlib.suppress(AssistantError, OSError):  # a read-only home: it holds for now
            write_atomically(self._path, msgspec.json.encode(measured))
            facts = self._path.stat()
            self._stamp = (facts.st_mtime_ns, facts.st_size)


def _with(
    points: Iterable[Point], figures: Sequence[tuple[int, float]], *, is_fresh: bool = False
) -> tuple[Point, ...]:
    """Return `points` with figures added to those of about their lengths (powers of two)."""
    by_size = {_size(point.tokens): point for point in points}
    for tokens, speed in figures:
        if not _is_sound(tokens, speed):
            continue
        old = by_size.get(_size(tokens))
        if old is None or is_fresh:
            by_size[_size(tokens)] = Point(tokens, (speed,))
            continue
        kept = (*old.speeds, speed)[-_KEPT:]
        middle = round((old.tokens * (len(kept) - 1) + tokens) / len(kept))
        by_size[_size(tokens)] = Point(middle, kept)
    return tuple(by_size[size] for size in sorted(by_size))


def _size(tokens: int) -> int:
    return round(math.log2(max(tokens, 1)))


def _is_sound(tokens: int, speed: float) -> bool:
    return 0 < tokens <= _LONGEST and math.isfinite(speed) and speed > 0


def _sound(measured: Iterable[MeasuredSpeeds]) -> tuple[MeasuredSpeeds, ...]:
    """Return what can be: a file that a person edited may say anything."""

    def points(kept: Iterable[Point]) -> tuple[Point, ...]:
        return tuple(p for p in kept if p.speeds and all(_is_sound(p.tokens, s) for s in p.speeds))

    return tuple(
        msgspec.structs.replace(
            one,
            prompts=points(one.prompts),
            replies=points(one.replies),
            summaries=points(one.summaries),
            summary_tokens=tuple(n for n in one.summary_tokens if 0 < n <= _LONGEST),
        )
        for one in measured
        if one.shape.parameters > 0 and 1.0 <= one.memory_factor < _HIGHEST_FACTOR
    )
