"""Which formats of a model are slow on this computer's processor, and what to make of them.

llama.cpp multiplies some formats much faster than others: those it repacks while loading (ggml's
`repack.cpp`, `ggml_repack_get_optimal_repack_type`: Q4_0, Q4_K and IQ4_NL with AVX2 and with
NEON's dot products, there also Q5_K, Q6_K and Q8_0) and those its block kernels know
(`llamafile/sgemm.cpp`). Q4_1 and Q5_1 are among neither. benchmarks/quantizations.py measures it:
with AVX2, Q4_1 reads a prompt at 0.35-0.6 and Q5_1 at 0.3-0.5 of Q4_K_M's speed. IQ3_S reads as
fast and writes at half the speed: nothing here is faster in both.
"""

import ctypes
import functools
import platform
import re
from enum import StrEnum
from pathlib import Path

_REPACKED = frozenset({"avx2", "dotprod"})  # what the processor must know for Q4_K to be fast
_SLOW = frozenset({"Q4_1", "Q5_1"})
_WIDE = frozenset({"F32", "F16", "BF16"})  # a token costs as long as its weights take to arrive
# From Q4_1, a model of 135M chose the same next token in 81% of 598 places as Q4_K_M (perplexity
# +7%), in 68% as IQ4_NL (+29%), in 62% as Q4_0 (+31%), in 93% as Q8_0 (+0.6%, half again as long).
_FASTER, _SHORTER = "Q4_K_M", "Q8_0"

_BITS = re.compile(r"(?:UD-)?(?:IQ|TQ|Q|BF|F|MXFP|NVFP)(\d+)", re.IGNORECASE)


class Grade(StrEnum):
    """How small and how good a format is, in five steps."""

    SMALLEST = "smallest"
    SMALLER = "smaller"
    BALANCED = "balanced"
    BETTER = "better"
    BEST = "best"


def grade_of(quantization: str) -> Grade:
    """Return the grade of "Q4_K_M" …; a name that says nothing is taken for the best.

    The steps are bits to a weight, as the formats are named: two and less, three, four, five and
    six, eight and more.
    """
    found = _BITS.match(quantization)
    bits = int(found[1]) if found else 16
    steps = ((2, Grade.SMALLEST), (3, Grade.SMALLER), (4, Grade.BALANCED), (6, Grade.BETTER))
    return next((grade for most, grade in steps if bits <= most), Grade.BEST)


def is_slow(quantization: str, known: frozenset[str] | None = None) -> bool:
    """Return whether another format is faster on this processor.

    Args:
        quantization: "Q4_1" …, as a header tells it.
        known: the processor's features; this one's if not given.
    """
    return bool(faster_format(quantization, known))


def faster_format(quantization: str, known: frozenset[str] | None = None) -> str:
    """Return the format to make of `quantization` for speed; "" if none is known to help."""
    known = features() if known is None else known
    if quantization in _WIDE:
        return _SHORTER
    return _FASTER if quantization in _SLOW and known & _REPACKED else ""


@functools.cache
def features() -> frozenset[str]:
    """Return what this processor knows of "avx2", "avx512", "dotprod" and "i8mm"."""
    machine = platform.machine().lower()
    system = platform.system()
    if machine in {"arm64", "aarch64"}:
        if system == "Linux":
            return _named({"asimddp": "dotprod", "i8mm": "i8mm"})
        return frozenset({"dotprod"})  # every one of Apple's, and every one of Windows 11's
    if machine not in {"x86_64", "amd64"}:
        return frozenset()
    if system == "Windows":
        return _windows_features()
    if system == "Darwin":
        return frozenset({"avx2"})  # every Intel Mac since 2013
    return _named({"avx2": "avx2", "avx512f": "avx512"})


def _named(names: dict[str, str], file: Path = Path("/proc/cpuinfo")) -> frozenset[str]:
    """Return what Linux says of the processor, in our words."""
    try:
        lines = file.read_text("utf-8", "replace").splitlines()
    except OSError:
        return frozenset()
    for line in lines:
        key, _, value = line.partition(":")
        if key.strip().lower() in {"flags", "features"}:
            return frozenset(names[word] for word in value.split() if word in names)
    return frozenset()


def _windows_features() -> frozenset[str]:
    # IsProcessorFeaturePresent: PF_AVX2_INSTRUCTIONS_AVAILABLE, PF_AVX512F_INSTRUCTIONS_AVAILABLE
    present = vars(ctypes)["windll"].kernel32.IsProcessorFeaturePresent
    return frozenset(name for name, number in (("avx2", 40), ("avx512", 41)) if present(number))
