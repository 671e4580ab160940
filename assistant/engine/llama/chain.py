"""llama.cpp's samplers in the order in which its own programs use them."""

import ctypes
from collections.abc import Iterator
from typing import Any

import llama_cpp.llama_cpp as llama

from assistant.engine.llama.model import Model
from assistant.engine.protocol import Sampling

# What ends a run of words for DRY: llama.cpp's own.
_DRY_BREAKERS = (b"\n", b":", b'"', b"*")
_MIROSTAT_CANDIDATES = 100  # of version 1; llama.cpp's own


def is_greedy(sampling: Sampling) -> bool:
    """Whether the likeliest token is always taken, whatever was said before."""
    return sampling.temperature <= 0 and not _has_penalties(sampling) and not _has_dry(sampling)


def samplers(model: Model, sampling: Sampling) -> Iterator[Any]:
    """Yield what chooses a token, in order; the caller frees them.

    The order is that of common/sampling.cpp of llama.cpp: what punishes repetitions first, then
    what leaves candidates out, then the temperature and the choice. Penalties see the reply and
    not the prompt: a question's words may well come back.
    """
    if _has_penalties(sampling):
        yield llama.llama_sampler_init_penalties(
            model.vocabulary_size,
            sampling.repeat_last_n,
            sampling.repeat_penalty if sampling.repeat_penalty > 0 else 1.0,
            sampling.frequency_penalty,
            sampling.presence_penalty,
        )
    if _has_dry(sampling):
        yield _dry(model, sampling)
    if sampling.temperature <= 0:
        yield llama.llama_sampler_init_greedy()
    elif sampling.mirostat:
        yield from _mirostat(model, sampling)
    else:
        yield from _cuts(sampling)
        yield _temperature(sampling)
        yield llama.llama_sampler_init_dist(_seed(sampling))


def _has_penalties(sampling: Sampling) -> bool:
    repeats = sampling.repeat_penalty > 0 and sampling.repeat_penalty != 1
    counts = sampling.presence_penalty or sampling.frequency_penalty
    return bool(sampling.repeat_last_n and (repeats or counts))


def _has_dry(sampling: Sampling) -> bool:
    return sampling.dry_multiplier > 0 and sampling.dry_penalty_last_n > 0


def _dry(model: Model, sampling: Sampling) -> Any:
    breakers = (ctypes.c_char_p * len(_DRY_BREAKERS))(*_DRY_BREAKERS)
    return llama.llama_sampler_init_dry(
        model.vocabulary,
        sampling.dry_multiplier,
        sampling.dry_base,
        sampling.dry_allowed_length,
        sampling.dry_penalty_last_n,
        breakers,
        len(_DRY_BREAKERS),
    )


def _cuts(sampling: Sampling) -> Iterator[Any]:
    """Yield what leaves candidates out; one that is switched off costs nothing."""
    if sampling.top_n_sigma > 0:
        yield llama.llama_sampler_init_top_n_sigma(sampling.top_n_sigma)
    yield llama.llama_sampler_init_top_k(sampling.top_k)
    if sampling.typical_p < 1:
        yield llama.llama_sampler_init_typical(sampling.typical_p, 1)
    yield llama.llama_sampler_init_top_p(sampling.top_p, 1)
    yield llama.llama_sampler_init_min_p(sampling.min_p, 1)
    if sampling.xtc_probability > 0:
        yield llama.llama_sampler_init_xtc(
            sampling.xtc_probability, sampling.xtc_threshold, 1, _seed(sampling)
        )


def _temperature(sampling: Sampling) -> Any:
    if sampling.dynatemp_range <= 0:
        return llama.llama_sampler_init_temp(sampling.temperature)
    return llama.llama_sampler_init_temp_ext(
        sampling.temperature, sampling.dynatemp_range, sampling.dynatemp_exponent
    )


def _mirostat(model: Model, sampling: Sampling) -> Iterator[Any]:
    """Yield Mirostat, which takes the place of everything that leaves candidates out."""
    yield llama.llama_sampler_init_temp(sampling.temperature)
    seed, tau, eta = _seed(sampling), sampling.mirostat_tau, sampling.mirostat_eta
    if sampling.mirostat == 1:
        yield llama.llama_sampler_init_mirostat(
            model.vocabulary_size, seed, tau, eta, _MIROSTAT_CANDIDATES
        )
    else:
        yield llama.llama_sampler_init_mirostat_v2(seed, tau, eta)


def _seed(sampling: Sampling) -> int:
    return sampling.seed & 0xFFFF_FFFF
