"""What each load setting of a model costs in memory, from its file's header."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from assistant.engine.fitting import need_of
from assistant.engine.protocol import KvType, LoadSettings
from assistant.fit import DEFAULT_CONTEXT, MemoryNeed, largest_context
from assistant.gguf import GgufHeader

_CONTEXTS = (1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072)
_BLOCK = 32  # a head's keys and values are whole blocks of so many, or cannot be 8-bit


@dataclass(frozen=True, slots=True)
class LoadCosts:
    """Answers what a model would take if it were loaded in this or that way.

    Attributes:
        header: the model's.
        free_bytes: memory that can be had, with what the model itself holds now.
        correction: how much more it took than was estimated, measured earlier.
    """

    header: GgufHeader
    free_bytes: int
    correction: float = 1.0

    @property
    def can_be_compact(self) -> bool:
        """Whether keys and values can be kept in 8 bits."""
        lengths = (self.header.key_length, self.header.value_length)
        return any(self.header.head_counts_kv) and not any(n % _BLOCK for n in lengths)

    @property
    def layers(self) -> int:
        """How many layers a GPU can be given: the model's, and what is around them."""
        return self.header.block_count + 1

    def contexts(self, chosen: int = 0) -> Sequence[int]:
        """Return contexts to choose from, up to the one it was trained with."""
        most = self.header.context_length or _CONTEXTS[-1]
        offered = {n for n in _CONTEXTS if n <= most} | {min(most, _CONTEXTS[-1])}
        return sorted(offered | ({chosen} if chosen else set()))

    def context_of(self, settings: LoadSettings) -> int:
        """Return the context that `settings` would get now; 0 if none fits."""
        return largest_context(
            self.header,
            self.free_bytes,
            settings.context_tokens,
            need=lambda _, tokens: self._need(settings, tokens),
        )

    def wished_context(self, settings: LoadSettings) -> int:
        """Return the context that `settings` ask for, whether or not it fits."""
        wished = settings.context_tokens or DEFAULT_CONTEXT
        return min(n for n in (wished, self.header.context_length or wished) if n)

    def need(self, settings: LoadSettings) -> MemoryNeed:
        """Return the memory for the context that `settings` ask for."""
        return self._need(settings, self.wished_context(settings))

    def total_bytes(self, settings: LoadSettings, **changes: object) -> int:
        """Return the whole need of `settings` with `changes`."""
        changed = msgspec.structs.replace(settings, **changes)
        if changed.kv_type is KvType.Q8_0:
            changed = msgspec.structs.replace(changed, flash_attention=True)
        return self.need(changed).total_bytes

    def _need(self, settings: LoadSettings, tokens: int) -> MemoryNeed:
        need = need_of(self.header, settings, tokens)
        more = round(need.peak_bytes * (self.correction - 1))
        return MemoryNeed(
            weights_bytes=need.weights_bytes,
            repacked_bytes=need.repacked_bytes,
            kv_bytes=need.kv_bytes,
            scores_bytes=need.scores_bytes,
            buffer_bytes=need.buffer_bytes + more,
        )
