"""The process that writes a model in another format and compares the two, and what it says."""

import shutil
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import numpy.typing as npt

from assistant.child import Channel
from assistant.engine.others import Others
from assistant.paths import from_text

if TYPE_CHECKING:
    from assistant.engine.llama import LlamaLog
    from assistant.engine.llama.trial import Speed, Times, Trial
    from assistant.engine.side_child import Outbox

_KEPT_BYTES = 256 * 1024 * 1024  # of the original's scores, in 16-bit floats
_RESERVE_BYTES = 200 * 1024 * 1024  # the disk keeps as much
_ROUNDS = 4
_FULL_BYTES = 16 * 1024 * 1024  # less than that is a full disk


class Stage(StrEnum):
    """What is being done."""

    MEASURING = "measuring"  # the original's speed, and what it expects of the text
    WRITING = "writing"
    CHECKING = "checking"  # the same of the new file


# Where each stage ends; shares of time as a model of 4B took them, roughly.
_ENDS = {Stage.MEASURING: 0.25, Stage.WRITING: 0.7, Stage.CHECKING: 1.0}


class Requantize(msgspec.Struct, frozen=True, tag=True):
    """Write the model file `source` as `quantization` to `target`, and compare them on `text`.

    `patience_s` is how long to wait for other programs to be quiet.
    """

    source: str
    target: str
    quantization: str
    text: str
    threads: int
    patience_s: float


class RequantizeProgress(msgspec.Struct, frozen=True, tag=True):
    """What is being done, and how much of everything is done, from 0 to 1."""

    stage: Stage
    fraction: float


class Compared(msgspec.Struct, frozen=True, tag=True):
    """Both models, measured. Speeds in tokens a second.

    Attributes:
        prompt_before, generation_before: the original's speeds; `_after` are the new file's.
        tokens: how many places of the text were compared.
        agreement: the share of them where both expect the same next token.
        divergence: the mean Kullback-Leibler divergence of the new from the original
            probabilities, in nats.
        perplexity_ratio: how much more the text surprises the new one; 1 is no more.
        was_busy: other programs took much of the processor: the speeds are rough.
    """

    prompt_before: float
    generation_before: float
    prompt_after: float
    generation_after: float
    tokens: int
    agreement: float
    divergence: float
    perplexity_ratio: float
    was_busy: bool = False


Event = RequantizeProgress | Compared


def main(channel: Channel) -> None:
    """Serve the requests of `channel` until the app goes."""
    # llama.cpp is loaded here, and never in the app's own process.
    from assistant.engine.side_child import serve  # noqa: PLC0415

    serve(channel, msgspec.msgpack.Decoder(Requantize).decode, _Requantizing)


class _Requantizing:
    """Does the steps in their order. It is stopped by ending the process."""

    def __init__(self, log: "LlamaLog", outbox: "Outbox") -> None:
        self._log = log
        self._outbox = outbox
        self._others = Others()

    def begin(self) -> None:
        """Nothing: it does one request."""

    def stop(self) -> None:
        """Nothing: the app ends the process."""

    def do(self, request: Requantize) -> None:
        """Send progress, then `Compared`."""
        from assistant.engine.llama.trial import Times, trial  # noqa: PLC0415

        source, target = from_text(request.source), from_text(request.target)
        self._others = Others(request.patience_s)
        self._refuse_if_full(source, target, request.quantization)
        self._report(Stage.MEASURING, 0)
        before, after = Times(), Times()
        # Threads wait for each other: beside busy programs only one alone can be timed.
        threads = request.threads if self._others.are_quiet(self._outbox.step) else 1
        with trial(source, threads, self._log) as original:
            tokens = original.tokens(request.text)
            self._measure(original, tokens, before, Stage.MEASURING, (0.0, 0.5))
            comparison = _Comparison(tokens, original.vocabulary_size)
            for scores in self._scores(original, comparison, Stage.MEASURING, (0.5, 1.0)):
                comparison.keep(scores)
        self._write(source, target, request)
        with trial(target, threads, self._log) as new:
            self._measure(new, tokens, after, Stage.CHECKING, (0.0, 0.2))
            for scores in self._scores(new, comparison, Stage.CHECKING, (0.2, 0.6)):
                comparison.compare(scores)
        # Once more in turns: the computer may have been busier the first time.
        with trial(source, threads, self._log) as original:
            self._measure(original, tokens, before, Stage.CHECKING, (0.6, 0.8))
        with trial(target, threads, self._log) as new:
            self._measure(new, tokens, after, Stage.CHECKING, (0.8, 1.0))
        compared = comparison.result(before.speed(), after.speed())
        was_busy = self._others.were_busy
        self._outbox.send(msgspec.structs.replace(compared, was_busy=was_busy))

    def _refuse_if_full(self, source: Path, target: Path, quantization: str) -> None:
        from assistant.engine.llama.quantizer import planned_bytes  # noqa: PLC0415
        from assistant.engine.side_child import WorkFailed  # noqa: PLC0415

        needed = planned_bytes(source, quantization, self._log) + _RESERVE_BYTES
        free = shutil.disk_usage(target.parent).free
        if needed > free:
            raise WorkFailed("no-space", str(target.parent), (needed, free))

    def _write(self, source: Path, target: Path, request: Requantize) -> None:
        from assistant.engine.llama import LoadRefused  # noqa: PLC0415
        from assistant.engine.llama.quantizer import quantize  # noqa: PLC0415
        from assistant.engine.side_child import WorkFailed  # noqa: PLC0415

        try:
            quantize(
                source,
                target,
                request.quantization,
                threads=request.threads,
                log=self._log,
                on_tensor=lambda done, total: self._report(Stage.WRITING, done / total),
            )
        except LoadRefused:
            if shutil.disk_usage(target.parent).free < _FULL_BYTES:  # someone else filled it
                raise WorkFailed("no-space", str(target.parent)) from None
            raise

    def _measure(
        self,
        model: "Trial",
        tokens: list[int],
        times: "Times",
        stage: Stage,
        span: tuple[float, float],
    ) -> None:
        """Measure a model's speed; the progress of `stage` goes through `span`."""
        with self._others.watched():
            for number in model.rounds(tokens, _ROUNDS, times):
                self._report(stage, span[0] + (span[1] - span[0]) * number / _ROUNDS)

    def _scores(
        self, model: "Trial", comparison: "_Comparison", stage: Stage, span: tuple[float, float]
    ) -> Iterator[npt.NDArray[np.float32]]:
        """Yield a model's log probabilities; the progress of `stage` goes through `span`."""
        done = 0
        for scores in model.log_probabilities(comparison.tokens):
            yield scores
            done += len(scores)
            share = done / len(comparison.tokens)
            self._report(stage, span[0] + (span[1] - span[0]) * share)

    def _report(self, stage: Stage, fraction: float) -> None:
        """Tell the app how far `stage` is."""
        begin = max((end for end in _ENDS.values() if end < _ENDS[stage]), default=0.0)
        whole = begin + (_ENDS[stage] - begin) * fraction
        self._outbox.step()
        self._outbox.send(RequantizeProgress(stage, whole))


class _Comparison:
    """Two models' log probabilities of the next token, place by place.

    Args:
        tokens: the text; as many places are compared as memory is kept for.
        vocabulary_size: of both models.
    """

    def __init__(self, tokens: list[int], vocabulary_size: int) -> None:
        self.tokens = tokens[: max(64, _KEPT_BYTES // (2 * vocabulary_size))]
        self._kept: list[npt.NDArray[np.float16]] = []
        self._next = 0
        self._position = 0
        self._same = 0
        self._divergence = 0.0
        self._lost = 0.0

    def keep(self, scores: npt.NDArray[np.float32]) -> None:
        """Take the original's."""
        # 16 bits know a log probability to 1 in 2,000, and nothing below e to the -60 matters.
        self._kept.append(np.maximum(scores, -60).astype(np.float16))

    def compare(self, scores: npt.NDArray[np.float32]) -> None:
        """Take the new one's, in the same parts as the original's."""
        original = self._kept[self._next].astype(np.float32)
        new = np.maximum(scores, -60)
        self._next += 1
        self._same += int((original.argmax(axis=1) == new.argmax(axis=1)).sum())
        self._divergence += float((np.exp(original) * (original - new)).sum())
        following = self.tokens[self._position + 1 : self._position + 1 + len(new)]
        rows = np.arange(len(following))
        self._lost += float((original[rows, following] - new[rows, following]).sum())
        self._position += len(new)

    def result(self, before: "Speed", after: "Speed") -> Compared:
        """Return the whole comparison."""
        count = max(1, self._position)
        return Compared(
            prompt_before=before.prompt,
            generation_before=before.generation,
            prompt_after=after.prompt,
            generation_after=after.generation,
            tokens=self._position,
            agreement=self._same / count,
            divergence=max(0.0, self._divergence / count),
            perplexity_ratio=float(np.exp(min(20.0, self._lost / max(1, count - 1)))),
        )
