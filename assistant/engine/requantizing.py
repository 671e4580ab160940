"""Makes a model faster on this computer: writes it in another format, and checks what it costs.

The original is never touched. The new file appears only when it is measured to be faster and to
expect nearly the same words; a stopped or failed try leaves nothing.
"""

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from assistant.engine import requantizing_process
from assistant.engine.requantizing_process import (
    Compared,
    Requantize,
    RequantizeProgress,
    Stage,
)
from assistant.engine.side_process import SideProcess, refuse_if_too_large
from assistant.engine.threads import usable_cores
from assistant.errors import (
    CannotWrite,
    RequantizingFault,
    RequantizingRefused,
)
from assistant.gguf import GgufHeader, read_header
from assistant.left_behind import is_stale
from assistant.paths import as_text, ensure_folder, resource, writing_error

__all__ = [
    "Quality",
    "RequantizeProgress",
    "Requantized",
    "Stage",
    "make_faster",
    "remove_leftovers",
]

# What can be asked for: see engine/llama/quantizer.py, which only the child may import.
FORMATS = (
    *("Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q3_K_M", "Q4_K_S", "Q4_K_M", "Q5_K_M", "Q6_K", "Q8_0"),
    *("IQ4_NL", "IQ4_XS", "F16"),
)
_CONTEXT_TOKENS, _STEP_TOKENS = 1_024, 128
_PATIENCE_S = 8.0  # for a moment when other programs are quiet
_MORE_BYTES = 640 * 1024 * 1024  # scores of the original, and rows that are being converted
# Faster is what a person notices: reading times writing, and neither much slower than before.
_GAIN, _LOSS = 1.15, 0.8
# Beyond this it is another model: half of the words differ, or the text surprises it half again.
_LEAST_AGREEMENT, _MOST_PERPLEXITY = 0.5, 1.5


class Quality(StrEnum):
    """How much of its quality a model kept, for words."""

    SAME = "same"
    SLIGHTLY_WORSE = "slightly-worse"
    WORSE = "worse"
    MUCH_WORSE = "much-worse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requantized:
    """A model in another format, measured against the original.

    Attributes:
        path: the new file; `original` is as it was.
        quantization_before, quantization: both formats.
        size_before_bytes, size_bytes: both files' lengths.
        compared: speeds, and what of the quality is left.
    """

    path: Path
    original: Path
    quantization_before: str
    quantization: str
    size_before_bytes: int
    size_bytes: int
    compared: Compared

    @property
    def prompt_ratio(self) -> float:
        """How many times as fast it reads."""
        return self.compared.prompt_after / self.compared.prompt_before

    @property
    def generation_ratio(self) -> float:
        """How many times as fast it writes."""
        return self.compared.generation_after / self.compared.generation_before

    @property
    def quality(self) -> Quality:
        """The measured cost in one word.

        By perplexity, which is what the authors of llama.cpp's formats compare them by: from 16
        bits, Q8_0 costs 0.1%, Q4_K_M 2 to 3% and Q2_K 15% and more.
        """
        lost = self.compared.perplexity_ratio - 1
        if lost <= 0.02:
            return Quality.SAME
        if lost <= 0.1:
            return Quality.SLIGHTLY_WORSE
        return Quality.WORSE if lost <= 0.25 else Quality.MUCH_WORSE


def make_faster(
    model: Path,
    target: Path,
    quantization: str,
    *,
    cancel: threading.Event,
    log: Path | None = None,
    threads: int = 0,
    nice: int = 5,
) -> Iterator[RequantizeProgress | Requantized]:
    """Write `model` as `quantization` to `target`, if that is measured to be faster here.

    The last value is `Requantized`, unless it was stopped.

    Args:
        model: a model that writes text, in any format; of one cut into parts the first. The new
            file is a whole one.
        target: the new file; nothing is there yet.
        quantization: one of `FORMATS`.
        cancel: stops it; nothing is left behind.
        log: file that takes llama.cpp's messages; None drops them.
        threads: exactly so many; 0 for as many as there are physical cores.
        nice: how much lower the process's priority is than the window's; a chat's is 5.

    Raises:
        RequantizingRefused: it is not faster, loses too much, or is no format we write.
        ModelError: the model cannot be used, or not be requantized.
        ModelTooLarge: it does not fit into memory.
        NoSpace, CannotWrite: the folder cannot take it.
        EngineDied: the process that works on it ended.
    """
    header = _checked(model, target, quantization)
    ensure_folder(target.parent)
    remove_leftovers(target.parent)
    part = target.with_name(f".{target.name}.{os.getpid()}.requantizing")
    _create(part)
    request = Requantize(
        source=as_text(header.path),
        target=as_text(part),
        quantization=quantization,
        text=resource("samples/languages.txt").read_text("utf-8"),
        threads=threads or usable_cores(),
        patience_s=_PATIENCE_S,
    )
    compared: Compared | None = None
    try:
        for event in _work(header, request, cancel, log, nice):
            if isinstance(event, RequantizeProgress):
                yield event
            else:
                compared = event
        if compared is None or cancel.is_set():
            return
        made = _judged(header, part, target, quantization, compared)
        _finish(part, target)
        yield made
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def remove_leftovers(folder: Path) -> None:
    """Delete what tries left that were killed with their app."""
    for left in folder.glob(".*.requantizing"):
        owner = left.suffixes[-2][1:] if len(left.suffixes) > 1 else ""
        if is_stale(left, owner):
            with contextlib.suppress(OSError):
                left.unlink()


def _checked(model: Path, target: Path, quantization: str) -> GgufHeader:
    """Return the model's header; raise if nothing can come of it."""
    header = read_header(model)
    if quantization not in FORMATS:
        raise RequantizingRefused(model, quantization, RequantizingFault.UNKNOWN_FORMAT)
    if quantization == header.quantization:
        raise RequantizingRefused(model, quantization, RequantizingFault.NOT_FASTER, 1.0, 1.0, 1.0)
    if target.exists():
        raise CannotWrite(target, "it is there already")
    refuse_if_too_large(header, _CONTEXT_TOKENS, _STEP_TOKENS, _MORE_BYTES)
    return header


def _work(
    header: GgufHeader, request: Requantize, cancel: threading.Event, log: Path | None, nice: int
) -> Iterator[RequantizeProgress | Compared]:
    process: SideProcess[RequantizeProgress | Compared] = SideProcess(
        requantizing_process.main,
        requantizing_process.Event,
        name="alcove requantizing",
        log=log,
        nice=nice,
    )
    try:
        yield from process.ask(request, header, Compared, cancel)
    finally:
        process.end()


def _judged(
    header: GgufHeader, part: Path, target: Path, quantization: str, compared: Compared
) -> Requantized:
    """Return the result if it is worth keeping.

    Raises:
        RequantizingRefused: it is not.
    """
    made = Requantized(
        path=target,
        original=header.path,
        quantization_before=header.quantization,
        quantization=quantization,
        size_before_bytes=header.file_bytes,
        size_bytes=read_header(part).file_bytes,
        compared=compared,
    )
    ratios = (made.prompt_ratio, made.generation_ratio)
    fault = None
    if ratios[0] * ratios[1] < _GAIN or min(ratios) < _LOSS:
        fault = RequantizingFault.NOT_FASTER
    # Negated, so that what is no number is refused.
    elif not (
        compared.agreement >= _LEAST_AGREEMENT and compared.perplexity_ratio <= _MOST_PERPLEXITY
    ):
        fault = RequantizingFault.TOO_MUCH_LOST
    if fault:
        raise RequantizingRefused(header.path, quantization, fault, *ratios, compared.agreement)
    return made


def _create(part: Path) -> None:
    """Make the file for this user alone, before llama.cpp writes it."""
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    except OSError as error:
        raise writing_error(part, error) from error


def _finish(part: Path, target: Path) -> None:
    """Make the part the file itself, in one step."""
    try:
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        raise writing_error(target, error) from error
