"""What does not load as it was wished loads with less, and says what was given up."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.engine import fitting, loading
from assistant.engine.choice import Choice
from assistant.engine.client import Engine
from assistant.engine.device_messages import Device
from assistant.engine.fitting import need_of, plans
from assistant.engine.protocol import GREEDY, Fallback, KvType, LoadSettings, ModelInfo
from assistant.engine.status import EngineState
from assistant.errors import DeathCause, EngineDied, ModelTooLarge
from assistant.gguf import read_header
from assistant.wording import given_up
from tests.engine.tiny_models import tiny_llama, tiny_mamba
from tests.processes import newest_child

COMPACT = {"kv_type": KvType.Q8_0, "flash_attention": True}


@pytest.fixture
def set_free(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let so much memory be free, as far as the plans know."""
    monkeypatch.setattr(loading, "private_bytes", lambda pid: 0)
    return lambda free: monkeypatch.setattr(fitting, "free_memory_bytes", lambda: free)


def load(engine: Engine, never, path: Path, **settings) -> ModelInfo:
    engine.choose(path, LoadSettings(threads=1, **settings))
    *_, info = engine.load(cancel=never)
    assert engine.info == info
    return info


def needed(path: Path, context: int, **settings) -> int:
    return need_of(read_header(path), LoadSettings(**settings), context).total_bytes


def test_the_longest_context_that_fits_is_made(new_engine, starter_model, never, set_free) -> None:
    set_free(needed(starter_model, 2048))
    info = load(new_engine, never, starter_model)
    assert (info.context_tokens, info.fallbacks) == (2048, ())  # no other was wished
    set_free(needed(starter_model, 8192))
    info = load(new_engine, never, starter_model)
    assert info.context_tokens == 2048  # it was loaded already
    new_engine.unload()
    info = load(new_engine, never, starter_model)
    assert (info.context_tokens, info.fallbacks) == (8192, ())


def test_a_wished_context_is_made_in_8_bits_before_it_is_cut(
    new_engine, starter_model, never, set_free
) -> None:
    set_free(needed(starter_model, 4096, **COMPACT))
    info = load(new_engine, never, starter_model, context_tokens=4096)
    assert (info.context_tokens, info.fallbacks) == (4096, (Fallback.COMPACT_MEMORY,))
    assert info.kv_bytes < 4096 * 30 * 3 * 128 * 2 * 0.54
    [*_, finished] = new_engine.generate(
        prompt="One, two,", sampling=GREEDY, max_tokens=4, cancel=never
    )
    assert finished.generated_tokens == 4
    set_free(needed(starter_model, 4096, **COMPACT) - 1_000_000)
    info = load(new_engine, never, starter_model, context_tokens=4097)
    assert info.fallbacks == (Fallback.SMALLER_CONTEXT,)
    assert f"{info.context_tokens} tokens" in str(given_up(info)[0])
    assert (info.wished_context_tokens, info.context_tokens % 256) == (4097, 0)
    assert 512 <= info.context_tokens < 4096


def test_says_what_is_needed_where_nothing_fits(new_engine, starter_model, never, set_free) -> None:
    set_free(needed(starter_model, 512, **COMPACT) - 1)
    with pytest.raises(ModelTooLarge) as caught:
        load(new_engine, never, starter_model)
    assert caught.value.needed_bytes > caught.value.free_bytes


def test_a_context_that_llama_cpp_has_no_memory_for_is_made_smaller(
    new_engine, starter_model, never
) -> None:
    """The figures promise more than the process may have: its address space is bounded."""
    assert load(new_engine, never, starter_model, context_tokens=8192).fallbacks == ()
    whole = newest_child().memory_info().vms
    end_process(new_engine)
    new_engine._process.options = replace(
        new_engine._process.options, memory_limit_bytes=whole - 60_000_000
    )
    info = load(new_engine, never, starter_model, context_tokens=8192)
    assert (info.context_tokens, info.fallbacks) == (8192, (Fallback.COMPACT_MEMORY,))
    end_process(new_engine)
    new_engine._process.options = replace(
        new_engine._process.options, memory_limit_bytes=whole - 190_000_000
    )
    info = load(new_engine, never, starter_model, context_tokens=8192)
    assert info.context_tokens in {4096, 2048, 1024, 512}
    assert info.fallbacks == (Fallback.COMPACT_MEMORY, Fallback.SMALLER_CONTEXT)
    [*_, finished] = new_engine.generate(
        prompt="One, two,", sampling=GREEDY, max_tokens=4, cancel=never
    )
    assert finished.generated_tokens == 4
    end_process(new_engine)
    new_engine._process.options = replace(
        new_engine._process.options, memory_limit_bytes=whole - 330_000_000
    )
    with pytest.raises((ModelTooLarge, EngineDied)) as caught:
        load(new_engine, never, starter_model, context_tokens=8192)
    if isinstance(caught.value, EngineDied):
        assert caught.value.cause is DeathCause.OUT_OF_MEMORY


def end_process(engine: Engine) -> None:
    """End the engine's process; its next one begins with its options as they are then."""
    child = newest_child()
    child.kill()
    child.wait(5)
    wait_until(lambda: engine.status().state is EngineState.OFF)


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_layers_for_a_gpu_that_is_not_there_are_given_up(
    new_engine, starter_model, never, tmp_path
) -> None:
    info = load(new_engine, never, tiny_llama(tmp_path / "tiny.gguf"), gpu_layers=2)
    assert (info.gpu_layers, info.fallbacks) == (0, (Fallback.NO_GPU,))
    assert "No GPU" in str(given_up(info)[0])
    all_there_are = load(new_engine, never, tmp_path / "tiny.gguf", gpu_layers=-1)
    assert (all_there_are.gpu_layers, all_there_are.fallbacks) == (0, ())


def test_gives_up_the_gpu_before_the_context(starter_model: Path, monkeypatch) -> None:
    monkeypatch.setattr(fitting, "gpus", lambda: (Device("Vulkan0", "A GPU", 8_000_000_000),))
    choice = Choice(starter_model, LoadSettings(context_tokens=2048, gpu_layers=-1), (0, 0))
    ways = [
        (p.settings.gpu_layers, p.settings.context_tokens, p.fallbacks) for p in plans(choice, 0)
    ]
    fewer, processor = Fallback.FEWER_GPU_LAYERS, Fallback.PROCESSOR
    compact, smaller = Fallback.COMPACT_MEMORY, Fallback.SMALLER_CONTEXT
    assert ways == [
        (-1, 2048, ()),
        (15, 2048, (fewer,)),
        (0, 2048, (processor,)),
        (0, 2048, (processor, compact)),
        (0, 1024, (processor, compact, smaller)),
        (0, 512, (processor, compact, smaller)),
    ]


def test_keys_that_are_no_whole_blocks_stay_in_16_bits(tmp_path: Path) -> None:
    choice = Choice(tiny_llama(tmp_path / "tiny.gguf"), LoadSettings(context_tokens=512), (0, 0))
    assert {plan.settings.kv_type for plan in plans(choice, 0)} == {KvType.F16}


def test_a_recurrent_model_gets_as_many_sequences_as_its_states_have_room(
    tmp_path: Path, set_free
) -> None:
    path = tiny_mamba(tmp_path / "mamba.gguf")
    choice = Choice(path, LoadSettings(), (0, 0))
    assert next(plans(choice, 0)).settings.sequences == 4
    one = LoadSettings(sequences=1)
    assert next(plans(replace(choice, settings=one), 0)).settings.sequences == 1
    state = need_of(read_header(path), one, 0).kv_bytes
    free = needed(path, 512)
    set_free(free)
    tight = next(plans(choice, 0)).settings.sequences
    assert tight == max(1, min(4, int(free * 0.1 // state)))
