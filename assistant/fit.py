"""Will a model fit into memory, and with how long a context."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from assistant.gguf import GgufHeader
from assistant.quantizations import features

DEFAULT_CONTEXT = 8_192  # longer ones are made when wished: each token of it takes memory
MIN_CONTEXT = 512  # below this neither a chat nor a summary is of use
F16_BYTES = 2.0
Q8_0_BYTES = 34 / 32  # of one value: blocks of 32 with a 16-bit scale
_STEP = 256  # llama.cpp pads its caches to so many tokens
_F16, _F32 = 2, 4
# What follows was measured with llama.cpp's build of November 2026: benchmarks/memory.py.
_PROCESS_BYTES = 53 * 1024 * 1024  # the engine's process without a model, Python and libraries
_CELL_BYTES = 100  # what llama.cpp notes of each position: its sequences, a node of a tree
# Token, its piece, both directions; a "gpt2" vocabulary has merges besides.
_VOCABULARY_ENTRY_BYTES = {"gpt2": 420, "llama": 215}
_OTHER_ENTRY_BYTES = 300
# Matrices of these types are copied in another order while loading (ggml's `repack.cpp`).
_REPACKED = {
    "avx2": {"Q4_0", "Q4_K", "IQ4_NL", "MXFP4"},
    "avx512": {"Q2_K"},
    "dotprod": {"Q4_0", "Q4_K", "Q5_K", "Q6_K", "Q8_0", "IQ4_NL", "MXFP4"},
}


@dataclass(frozen=True, slots=True)
class MemoryNeed:
    """What a model takes, in bytes, once it has evaluated a full context.

    Attributes:
        weights_bytes: the file's weights, mapped.
        repacked_bytes: copies of those that are repacked for this processor.
        kv_bytes: keys and values, and recurrent states.
        scores_bytes: what grows with the text that is evaluated, up to the whole context.
        buffer_bytes: everything else: steps, vocabulary, the process itself.
    """

    weights_bytes: int
    repacked_bytes: int
    kv_bytes: int
    scores_bytes: int
    buffer_bytes: int

    @property
    def total_bytes(self) -> int:
        """All that must be held at once.

        Weights that were repacked are not read again: the system takes their pages back when
        memory runs short.
        """
        return self.peak_bytes - self.repacked_bytes

    @property
    def peak_bytes(self) -> int:
        """What the process takes while memory is plenty; its peak (VmHWM) is compared to it."""
        return (
            self.weights_bytes
            + self.repacked_bytes
            + self.kv_bytes
            + self.scores_bytes
            + self.buffer_bytes
        )

    def peak_at(self, share: float) -> int:
        """Return the peak when only `share` of the context, 0 to 1, has been evaluated."""
        return self.peak_bytes - round(self.scores_bytes * (1 - share))


def memory_need(
    header: GgufHeader,
    context_tokens: int,
    ubatch_tokens: int = 128,
    *,
    sequences: int = 12,
    outputs: int = 24,
    kv_value_bytes: float = F16_BYTES,
    has_flash_attention: bool = False,
) -> MemoryNeed:
    """Return what `header`'s model takes with a context of `context_tokens`.

    Keys and values are kept for every position, also in layers with a sliding window; all
    sequences share them. A recurrent layer has one state of fixed size for each sequence.

    Args:
        header: the model's.
        context_tokens: of all sequences together.
        ubatch_tokens: evaluated in one step.
        sequences: how many there may be.
        outputs: of how many tokens of a step the next one can be sampled.
        kv_value_bytes: of one key's or value's element.
        has_flash_attention: then a step's attention scores are never held all at once.
    """
    context = -(-context_tokens // _STEP) * _STEP
    own_layers = header.head_counts_kv[: header.block_count - header.shared_kv_layers]
    values = sum(own_layers) * (header.key_length + header.value_length) * context
    caches = (2 if header.sliding_window else 1) if sum(own_layers) else 0
    state = _recurrent_layers(header) * header.recurrent_bytes * sequences
    scores = _score_bytes(header, caches, has_flash_attention) * ubatch_tokens * context
    widths = ubatch_tokens * _F32 * (2 * header.feed_forward_length + 4 * header.embedding_length)
    # Of the rows for the next token's odds, those that are used are touched: two buffers of a
    # few. The first shares its place with the attention scores.
    odds = header.vocabulary * _F32 * max(1, outputs // 4)
    entry = _VOCABULARY_ENTRY_BYTES.get(header.tokenizer, _OTHER_ENTRY_BYTES)
    fixed = widths + odds + header.vocabulary * entry + _PROCESS_BYTES
    return MemoryNeed(
        weights_bytes=header.tensor_bytes,
        repacked_bytes=_repacked_bytes(header),
        kv_bytes=round(values * kv_value_bytes) + state,
        scores_bytes=scores,
        buffer_bytes=fixed + context * caches * _CELL_BYTES + max(0, odds - scores),
    )


def _score_bytes(header: GgufHeader, caches: int, has_flash_attention: bool) -> int:
    """Return the bytes for each pair of a step's token and a position of the context.

    Without flash attention each head's score is held in 32 bits, and in 16 to multiply it with
    the values. With or without, there is one mask for all heads and each cache.
    """
    if has_flash_attention:
        return caches * _F16
    heads = max(header.head_counts, default=0) if caches else 0
    return heads * (_F32 + _F16) + caches * _F32


def _recurrent_layers(header: GgufHeader) -> int:
    """Return how many layers have a recurrent state: those without attention, else all."""
    without = sum(not count for count in header.head_counts_kv)
    return without or header.block_count


def _repacked_bytes(header: GgufHeader) -> int:
    types = {name for feature in features() for name in _REPACKED.get(feature, ())}
    return sum(size for name, size in header.matrix_bytes if name in types)


def largest_context(
    header: GgufHeader,
    free_bytes: int,
    wished: int = 0,
    *,
    need: Callable[[GgufHeader, int], MemoryNeed] = memory_need,
) -> int:
    """Return the longest context that fits into `free_bytes`, in tokens; 0 if none does.

    Args:
        header: the model's.
        free_bytes: memory that can be had.
        wished: never more than this; 0 for `DEFAULT_CONTEXT`. A model is never given a longer
            context than it was trained with.
        need: what a context takes, where it is not made in the usual way.
    """
    limit = wished or DEFAULT_CONTEXT
    if header.context_length:
        limit = min(limit, header.context_length)
    if need(header, limit).total_bytes <= free_bytes:
        return limit
    steps = bisect_right(
        range(1, -(-limit // _STEP)), free_bytes, key=lambda n: need(header, n * _STEP).total_bytes
    )
    fitting = steps * _STEP
    return fitting if fitting >= min(MIN_CONTEXT, limit) else 0


def total_memory_bytes() -> int:
    """Return the memory of this computer, or of the container the app runs in."""
    total = int(psutil.virtual_memory().total)
    return min([total, *(limit for limit, _ in _cgroup_limits())])


def free_memory_bytes() -> int:
    """Return the memory that can be had now without pressing others out, less a reserve."""
    memory = psutil.virtual_memory()
    limits = _cgroup_limits()
    free = min([int(memory.available), *(limit - used for limit, used in limits)])
    reserve = min(max(total_memory_bytes() // 20, 256 * 1024 * 1024), 1024 * 1024 * 1024)
    return max(0, free - reserve)


def _cgroup_limits(root: Path = Path("/sys/fs/cgroup")) -> list[tuple[int, int]]:
    """Return (limit, in use) of every control group that bounds this process (Linux)."""
    limits = []
    for folder, limit_file, used_file in _cgroup_files(root):
        try:
            limit = (folder / limit_file).read_text().strip()
            used = int((folder / used_file).read_text())
            if limit != "max" and int(limit) < 1 << 60:
                limits.append((int(limit), used - _reclaimable(folder)))
        except (OSError, ValueError):
            continue
    return limits


def _cgroup_files(root: Path) -> list[tuple[Path, str, str]]:
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError:
        return []
    files = []
    for line in lines:
        _, controllers, name = line.split(":", 2)
        if not controllers:  # version 2: one tree
            base, names = root, ("memory.max", "memory.current")
        elif "memory" in controllers.split(","):
            base, names = root / "memory", ("memory.limit_in_bytes", "memory.usage_in_bytes")
        else:
            continue
        own = base / name.lstrip("/")
        folders = [own, *own.parents]
        files += [(folder, *names) for folder in folders[: folders.index(base) + 1]]
    return files


def _reclaimable(folder: Path) -> int:
    """Return how much of a group's memory is file cache that the kernel gives up by itself."""
    for line in (folder / "memory.stat").read_text().splitlines():
        name, _, value = line.partition(" ")
        if name in {"inactive_file", "total_inactive_file"}:
            return int(value)
    return 0
