"""Will a model fit into memory, and with how long a context."""

from dataclasses import dataclass
from pathlib import Path

import psutil

from assistant.gguf import GgufHeader

DEFAULT_CONTEXT = 8_192  # longer ones are made when wished: each token of it takes memory
MIN_CONTEXT = 512  # below this neither a chat nor a summary is of use
_STEP = 256  # llama.cpp pads its caches to so many tokens
_PROCESS_BYTES = 120 * 1024 * 1024  # the engine's process without a model: measured 65 MB
_VOCABULARY_ENTRY_BYTES = 400  # token, its piece, both directions, merges
_F16, _F32 = 2, 4


@dataclass(frozen=True, slots=True)
class MemoryNeed:
    """What a model takes, in bytes, once it runs."""

    weights_bytes: int
    kv_bytes: int
    buffer_bytes: int

    @property
    def total_bytes(self) -> int:
        """All of it."""
        return self.weights_bytes + self.kv_bytes + self.buffer_bytes


def memory_need(header: GgufHeader, context_tokens: int, ubatch_tokens: int = 128) -> MemoryNeed:
    """Return what `header`'s model takes with a context of `context_tokens`.

    Keys and values are 16-bit for every position, also in layers with a sliding window; a
    recurrent layer has one state of fixed size. The largest buffer holds the attention scores of
    one step, heads x step x context, since llama.cpp works without flash attention here.
    """
    context = -(-context_tokens // _STEP) * _STEP
    own_layers = header.head_counts_kv[: header.block_count - header.shared_kv_layers]
    kv = sum(own_layers) * (header.key_length + header.value_length) * _F16 * context
    recurrent = header.block_count * header.recurrent_bytes
    scores = max(header.head_counts, default=0) + 1  # one more for the mask
    widths = 2 * header.feed_forward_length + 4 * header.embedding_length
    step = ubatch_tokens * _F32 * (scores * context + widths)
    vocabulary = header.vocabulary * (_F32 * 4 + _VOCABULARY_ENTRY_BYTES)
    return MemoryNeed(
        weights_bytes=header.tensor_bytes,
        kv_bytes=kv + recurrent,
        buffer_bytes=step + vocabulary + _PROCESS_BYTES,
    )


def largest_context(header: GgufHeader, free_bytes: int, wished: int = 0) -> int:
    """Return the longest context that fits into `free_bytes`, in tokens; 0 if none does.

    Args:
        header: the model's.
        free_bytes: memory that can be had.
        wished: never more than this; 0 for `DEFAULT_CONTEXT`. A model is never given a longer
            context than it was trained with.
    """
    limit = wished or DEFAULT_CONTEXT
    if header.context_length:
        limit = min(limit, header.context_length)
    if memory_need(header, limit).total_bytes <= free_bytes:
        return limit
    fixed = memory_need(header, 0).total_bytes
    per_step = memory_need(header, _STEP).total_bytes - fixed  # the need is linear in steps
    fitting = (free_bytes - fixed) // per_step * _STEP if free_bytes > fixed else 0
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
