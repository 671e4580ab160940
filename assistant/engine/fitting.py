"""Decides from a file's header, before anything is loaded, how a model is loaded here.

What was wished comes first. When llama.cpp cannot do it, less is tried: fewer layers on the GPU,
none, keys and values in 8 bits, and at last shorter contexts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import msgspec
import psutil

from assistant.engine.choice import Choice, Plan
from assistant.engine.devices import gpus
from assistant.engine.gpu_part import has_gpu_part
from assistant.engine.protocol import Fallback, KvType, LoadSettings
from assistant.errors import ModelTooLarge
from assistant.fit import (
    F16_BYTES,
    MIN_CONTEXT,
    Q8_0_BYTES,
    MemoryNeed,
    free_memory_bytes,
    largest_context,
    memory_need,
)
from assistant.forecast import shape_of
from assistant.gguf import GgufHeader, read_header

_STEP = 256
# A recurrent state is one for each sequence, whatever its length, and prefixes are copies.
_RECURRENT_SEQUENCES = 4
_STATES_SHARE = 0.1  # of the free memory
_Q8_0_BLOCK = 32  # a head's keys and values are whole blocks of so many, or cannot be q8_0


def plans(choice: Choice, own_bytes: int, correction: float = 1.0) -> Iterator[Plan]:
    """Yield ways to load `choice`, the wished one first; the next is asked for when one failed.

    Args:
        choice: what was wished.
        own_bytes: memory of the engine's process that is free before the model is loaded.
        correction: how much more this model took than was estimated, measured earlier.

    Raises:
        ModelError: the file cannot be used.
        ModelTooLarge: no context of use fits.
    """
    header = read_header(choice.path)
    shop = _Shop(choice, header, free_memory_bytes() + own_bytes, correction)
    plan = shop.first()
    yield plan
    layers = plan.settings.gpu_layers
    if layers and gpus():
        whole = header.block_count + 1
        fewer = (whole if layers < 0 else min(layers, whole)) // 2
        if fewer:
            yield shop.less(plan, Fallback.FEWER_GPU_LAYERS, gpu_layers=fewer)
    if layers and (gpus() or has_gpu_part()):  # a driver that crashes found none, either
        plan = shop.less(plan, Fallback.PROCESSOR, gpu_layers=0)
        yield plan
    if plan.settings.kv_type is KvType.F16 and shop.can_be_compact:
        plan = shop.less(plan, Fallback.COMPACT_MEMORY, **_COMPACT)
        yield plan
    context = plan.settings.context_tokens
    while context > MIN_CONTEXT:
        context = max(MIN_CONTEXT, context // 2 // _STEP * _STEP)
        yield shop.less(plan, Fallback.SMALLER_CONTEXT, context_tokens=context)


_COMPACT = {"kv_type": KvType.Q8_0, "flash_attention": True}


@dataclass(frozen=True, slots=True)
class _Shop:
    """Makes plans for one choice from what is known and free."""

    choice: Choice
    header: GgufHeader
    free_bytes: int
    correction: float

    @property
    def can_be_compact(self) -> bool:
        """Whether keys and values can be kept in 8 bits."""
        lengths = (self.header.key_length, self.header.value_length)
        return any(self.header.head_counts_kv) and not any(n % _Q8_0_BLOCK for n in lengths)

    def first(self) -> Plan:
        """Return the best plan that fits by our figures.

        Raises:
            ModelTooLarge: none does.
        """
        wish = self._possible(self._with_sequences(self.choice.settings))
        compact = msgspec.structs.replace(wish, **_COMPACT)
        limit = min(
            n for n in (wish.context_tokens or MIN_CONTEXT, self.header.context_length) if n
        )
        context = self._largest(wish)
        if context >= limit:
            return self._plan(wish, context)
        if (
            self.can_be_compact
            and (wide := self._largest(compact))
            and (wide >= limit or not context)
        ):
            shorter = (Fallback.SMALLER_CONTEXT,) if wide < limit else ()
            return self._plan(compact, wide, (Fallback.COMPACT_MEMORY, *shorter))
        if context:
            return self._plan(wish, context, (Fallback.SMALLER_CONTEXT,))
        raise ModelTooLarge(
            self.header.path,
            self._need(wish, limit).total_bytes,
            self.free_bytes,
        )

    def less(self, plan: Plan, given_up: Fallback, **changes: object) -> Plan:
        """Return a plan that gives something up against `plan`."""
        settings = msgspec.structs.replace(plan.settings, **changes)
        fallbacks = (*plan.fallbacks, given_up)
        return self._plan(settings, settings.context_tokens, tuple(dict.fromkeys(fallbacks)))

    def _plan(
        self, settings: LoadSettings, context: int, fallbacks: tuple[Fallback, ...] = ()
    ) -> Plan:
        settings = msgspec.structs.replace(settings, context_tokens=context)
        return Plan(
            self.choice,
            settings,
            self._need(settings, context).peak_bytes,
            fallbacks,
            shape_of(self.header),
        )

    def _largest(self, settings: LoadSettings) -> int:
        return largest_context(
            self.header,
            self.free_bytes,
            settings.context_tokens,
            need=lambda _, context: self._need(settings, context),
        )

    def _need(self, settings: LoadSettings, context: int) -> MemoryNeed:
        need = need_of(self.header, settings, context)
        more = round(need.peak_bytes * (self.correction - 1))
        return replace(need, buffer_bytes=need.buffer_bytes + more)

    def _possible(self, settings: LoadSettings) -> LoadSettings:
        """Return the settings, with 16 bits where heads are not made of whole blocks."""
        if settings.kv_type is KvType.F16 or self.can_be_compact:
            return settings
        return msgspec.structs.replace(settings, kv_type=KvType.F16)

    def _with_sequences(self, settings: LoadSettings) -> LoadSettings:
        """Return the settings with as many sequences as a recurrent model has memory for."""
        if not self.header.recurrent_bytes:
            return settings
        one = memory_need(self.header, 0, sequences=1).kv_bytes
        room = int(self.free_bytes * _STATES_SHARE // max(one, 1))
        sequences = max(1, min(settings.sequences, _RECURRENT_SEQUENCES, room))
        return msgspec.structs.replace(settings, sequences=sequences)


def need_of(header: GgufHeader, settings: LoadSettings, context_tokens: int) -> MemoryNeed:
    """Return what a model takes that is loaded with `settings` and so long a context."""
    return memory_need(
        header,
        context_tokens,
        settings.ubatch_tokens,
        sequences=settings.sequences,
        outputs=settings.outputs,
        kv_value_bytes=Q8_0_BYTES if settings.kv_type is KvType.Q8_0 else F16_BYTES,
        has_flash_attention=settings.flash_attention,
    )


def too_large(choice: Choice) -> ModelTooLarge:
    """Return the error for a model that fitted by the figures, but not into llama.cpp's hands."""
    header = read_header(choice.path)
    needed = need_of(header, choice.settings, MIN_CONTEXT).total_bytes
    return ModelTooLarge(header.path, needed, free_memory_bytes())


def private_bytes(pid: int) -> int:
    """Return what the process has for itself; a new model takes its place."""
    try:
        memory = psutil.Process(pid).memory_info()
        return int(memory.rss - getattr(memory, "shared", memory.rss))
    except psutil.Error:
        return 0
