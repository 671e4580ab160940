"""How a model may be loaded on this computer, with what each choice costs, as data."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from assistant.fit import (
    DEFAULT_CONTEXT,
    F16_BYTES,
    Q8_0_BYTES,
    largest_context,
    memory_need,
)
from assistant.forecast import Machine, SpeedRecords, shape_of
from assistant.forecast.speed import prompt_speed, reply_speed
from assistant.gguf import GgufHeader
from assistant.settings import LoadWishes, Settings

CONTEXTS = (1_024, 2_048, 4_096, 8_192, 16_384, 32_768, 65_536, 131_072)
_BLOCK = 32  # keys and values of 8 bits are kept in whole blocks of so many
_RECURRENT_SEQUENCES = 4  # engine/fitting.py
_FILLED = 0.75  # of the context, when it is told how fast a reply is in a long one
# Speeds (prompt, reply) to those of 16 bits without flash attention, on a processor with AVX2 and
# a context of 1,000 to 1,300 tokens: benchmarks/load_settings.py. Heads of 64 (SmolLM2-135M) lose
# much and more the longer the context is (0.24 and 0.35 at 2,500); heads of 256 (Gemma 3) nothing.
_FLASH = (0.98, 1.0)
_FLASH_SHORT_HEADS = (0.4, 0.54)
_COMPACT = (0.7, 1.0)
_SHORT_HEAD = 128
# Twice the threads made prompts 1.77 and replies 1.70 times as fast: engine/threads.py.
_PROMPT_GAIN, _REPLY_GAIN = 0.82, 0.77


class Setting(StrEnum):
    """What can be chosen; the names of `LoadWishes`' fields."""

    CONTEXT_TOKENS = "context_tokens"
    KV_TYPE = "kv_type"
    FLASH_ATTENTION = "flash_attention"
    THREADS = "threads"
    GPU_LAYERS = "gpu_layers"


_ZERO_IS_LEFT = {Setting.CONTEXT_TOKENS, Setting.THREADS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value of a setting, the others being as they are wished.

    Attributes:
        setting: which one.
        value: what `LoadWishes` takes.
        memory_bytes: what the model takes in all, once its context is full.
        fits: whether that can be had now.
        prompt_tokens_per_s, tokens_per_s: how fast it reads and writes then, for a context that
            is three quarters full; 0 if nobody can say.
        is_default: what holds if nothing is chosen.
        is_chosen: what holds now.
    """

    setting: Setting
    value: int | str | bool
    memory_bytes: int
    fits: bool
    prompt_tokens_per_s: float = 0.0
    tokens_per_s: float = 0.0
    is_default: bool = False
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """All choices for one model on one computer, in the order in which they are shown."""

    choices: tuple[Choice, ...]

    def of(self, setting: Setting) -> tuple[Choice, ...]:
        """Return the choices of one setting; () where there is nothing to choose."""
        return tuple(choice for choice in self.choices if choice.setting is setting)

    def chosen(self, setting: Setting) -> Choice | None:
        """Return the choice of one setting that holds now."""
        return next((choice for choice in self.of(setting) if choice.is_chosen), None)


def options_of(
    header: GgufHeader,
    machine: Machine,
    records: SpeedRecords,
    wishes: LoadWishes | None = None,
    *,
    has_gpu: bool = False,
) -> LoadOptions:
    """Return how `header`'s model may be loaded.

    Args:
        header: the model's.
        machine: this computer, with what may be used.
        records: what was measured on it.
        wishes: what was chosen, settings for all models included; nothing if not given.
        has_gpu: there is a GPU that this build can use.
    """
    return _Options(header, machine, records, wishes or LoadWishes()).all(has_gpu=has_gpu)


def with_general(wishes: LoadWishes, settings: Settings) -> LoadWishes:
    """Return `wishes` of one model with what Settings says of all where it has none of its own."""
    return replace(
        wishes,
        context_tokens=wishes.context_tokens or settings.context_tokens,
        threads=wishes.threads or settings.threads,
    )


def can_be_compact(header: GgufHeader) -> bool:
    """Return whether keys and values can be kept in 8 bits."""
    lengths = (header.key_length, header.value_length)
    return any(header.head_counts_kv) and not any(length % _BLOCK for length in lengths)


@dataclass(frozen=True, slots=True)
class _Options:
    header: GgufHeader
    machine: Machine
    records: SpeedRecords
    wishes: LoadWishes

    def all(self, *, has_gpu: bool) -> LoadOptions:
        """Return the choices of all settings."""
        found = self._each(Setting.CONTEXT_TOKENS, self._contexts(), self._default_context)
        if can_be_compact(self.header):
            found += self._each(Setting.KV_TYPE, ("f16", "q8_0"), "f16")
        is_compact = self.wishes.kv_type == "q8_0"  # which wants flash attention
        if any(self.header.head_counts_kv) and not is_compact:
            found += self._each(Setting.FLASH_ATTENTION, (False, True), False)
        cores = self.machine.cores
        found += self._each(Setting.THREADS, range(1, cores + 1), cores)
        if has_gpu:
            layers = self.header.block_count + 1
            counts = sorted({0, layers // 4, layers // 2, layers * 3 // 4})
            found += self._each(Setting.GPU_LAYERS, (*counts, -1), -1)
        return LoadOptions(tuple(found))

    @property
    def _trained(self) -> int:
        return self.header.context_length or CONTEXTS[-1]

    @property
    def _default_context(self) -> int:
        """What the engine would choose: as much as fits, up to what is usual."""
        wished = min(DEFAULT_CONTEXT, self._trained)
        return largest_context(self.header, self.machine.free_bytes, wished) or wished

    def _contexts(self) -> list[int]:
        known = {size for size in CONTEXTS if size <= self._trained}
        known |= {min(self._trained, CONTEXTS[-1]), self._default_context}
        if self.wishes.context_tokens:
            known.add(min(self.wishes.context_tokens, self._trained))
        return sorted(known)

    def _each(
        self, setting: Setting, values: Sequence[int | str | bool], default: int | str | bool
    ) -> list[Choice]:
        """Return a choice for each value of `setting`."""
        wished = self._wished(setting, default)
        choices = []
        for value in values:
            changes: dict[str, Any] = {setting.value: value}
            wishes = replace(self.wishes, **changes)
            memory = self._memory(wishes)
            is_on_gpu = setting is Setting.GPU_LAYERS
            reading, writing = (0.0, 0.0) if is_on_gpu else self._speeds(wishes)
            choices.append(
                Choice(
                    setting=setting,
                    value=value,
                    memory_bytes=memory,
                    fits=memory <= self.machine.free_bytes,
                    prompt_tokens_per_s=reading,
                    tokens_per_s=writing,
                    is_default=value == default,
                    is_chosen=value == wished,
                )
            )
        return choices

    def _wished(self, setting: Setting, default: int | str | bool) -> int | str | bool:
        """Return what holds now: what was chosen, or the default."""
        value: int | str | bool | None = getattr(self.wishes, setting.value)
        is_left = value is None or value == "" or (value == 0 and setting in _ZERO_IS_LEFT)
        return default if is_left or value is None else value

    def _context(self, wishes: LoadWishes) -> int:
        return min(wishes.context_tokens or self._default_context, self._trained)

    def _memory(self, wishes: LoadWishes) -> int:
        is_compact = wishes.kv_type == "q8_0"
        states = {"sequences": _RECURRENT_SEQUENCES} if self.header.recurrent_bytes else {}
        return memory_need(
            self.header,
            self._context(wishes),
            kv_value_bytes=Q8_0_BYTES if is_compact else F16_BYTES,
            has_flash_attention=is_compact or bool(wishes.flash_attention),
            **states,
        ).total_bytes

    def _speeds(self, wishes: LoadWishes) -> tuple[float, float]:
        """Return tokens read and written a second, when the context is nearly full."""
        threads = min(wishes.threads or self.machine.cores, self.machine.cores)
        shape, measured = shape_of(self.header), self.records.all(is_gpu=self.machine.uses_gpu)
        tokens = max(1, round(self._context(wishes) * _FILLED))
        reading = prompt_speed(shape, self.machine, measured, tokens)
        writing = reply_speed(shape, self.machine, measured, tokens)
        factors = (1.0, 1.0)
        if wishes.kv_type == "q8_0":
            factors = _COMPACT
        elif wishes.flash_attention:
            factors = _FLASH_SHORT_HEADS if self.header.key_length < _SHORT_HEAD else _FLASH
        reading, writing = reading * factors[0], writing * factors[1]
        share = threads / self.machine.cores
        return reading * share**_PROMPT_GAIN, writing * share**_REPLY_GAIN
