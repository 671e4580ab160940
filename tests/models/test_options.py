"""How a model may be loaded here, with what each choice costs."""

from pathlib import Path

import pytest

from assistant.engine.fitting import need_of
from assistant.engine.wishes import wished
from assistant.fit import DEFAULT_CONTEXT
from assistant.forecast import Machine, SpeedRecords
from assistant.gguf import GgufHeader, read_header
from assistant.models.keeping.options import CONTEXTS, Setting, can_be_compact, options_of
from assistant.settings import LoadWishes, Settings
from tests.engine.tiny_models import tiny_llama, tiny_mamba

GB = 10**9


@pytest.fixture
def header(starter_model: Path) -> GgufHeader:
    return read_header(starter_model)


def machine(**changes: object) -> Machine:
    facts = {"total_bytes": 8 * GB, "free_bytes": 4 * GB, "cores": 4, "memory_bytes_per_s": 2e10}
    return Machine(**(facts | changes))  # type: ignore[arg-type]


def options(header: GgufHeader, wishes: LoadWishes | None = None, **changes: object):
    has_gpu = bool(changes.pop("has_gpu", False))
    return options_of(header, machine(**changes), SpeedRecords(None), wishes, has_gpu=has_gpu)


def test_longer_contexts_cost_memory_and_speed(header) -> None:
    found = options(header).of(Setting.CONTEXT_TOKENS)
    assert [choice.value for choice in found] == [n for n in CONTEXTS if n <= 8192]
    costs = [choice.memory_bytes for choice in found]
    speeds = [choice.tokens_per_s for choice in found]
    assert costs == sorted(costs)
    assert speeds == sorted(speeds, reverse=True)
    assert speeds[-1] > 0
    assert [choice.value for choice in found if choice.is_default] == [DEFAULT_CONTEXT]
    assert all(choice.fits for choice in found)


def test_what_a_choice_costs_is_what_the_engine_will_need(header) -> None:
    for wishes in (
        LoadWishes(context_tokens=4096),
        LoadWishes(context_tokens=4096, kv_type="q8_0"),
        LoadWishes(context_tokens=2048, flash_attention=True),
    ):
        chosen = options(header, wishes).chosen(Setting.CONTEXT_TOKENS)
        assert chosen is not None
        settings = wished(Settings(), wishes)
        need = need_of(header, settings, settings.context_tokens)
        assert chosen.memory_bytes == need.total_bytes


def test_a_recurrent_model_has_nothing_to_choose_of_its_keys(tmp_path) -> None:
    found = options(read_header(tiny_mamba(tmp_path / "mamba.gguf")))
    assert found.of(Setting.KV_TYPE) == found.of(Setting.FLASH_ATTENTION) == ()
    assert found.of(Setting.CONTEXT_TOKENS)


def test_eight_bits_halve_the_keys_where_they_can(header, tmp_path) -> None:
    small, half = options(header).of(Setting.KV_TYPE)
    assert (small.value, half.value) == ("f16", "q8_0")
    assert half.memory_bytes < small.memory_bytes
    assert half.prompt_tokens_per_s < small.prompt_tokens_per_s
    tiny = read_header(tiny_llama(tmp_path / "tiny.gguf"))
    assert not can_be_compact(tiny)
    assert options(tiny).of(Setting.KV_TYPE) == ()


def test_the_default_is_what_fits_this_computer(header) -> None:
    narrow = options(header, free_bytes=400 * 10**6)
    contexts = narrow.of(Setting.CONTEXT_TOKENS)
    [default] = [choice for choice in contexts if choice.is_default]
    assert default.fits
    assert not contexts[-1].fits
    assert default.is_chosen
    assert int(default.value) < DEFAULT_CONTEXT


def test_what_was_chosen_is_marked(header) -> None:
    wishes = LoadWishes(context_tokens=3000, kv_type="q8_0", threads=2, gpu_layers=0)
    found = options(header, wishes, has_gpu=True)
    chosen = {setting: found.chosen(setting) for setting in Setting}
    values = {setting: choice.value for setting, choice in chosen.items() if choice}
    assert values == {
        Setting.CONTEXT_TOKENS: 3000,
        Setting.KV_TYPE: "q8_0",
        Setting.THREADS: 2,
        Setting.GPU_LAYERS: 0,
    }
    assert found.of(Setting.FLASH_ATTENTION) == ()  # 8 bits want it: there is no choice
    assert options(header).of(Setting.GPU_LAYERS) == ()
    flash = options(header, LoadWishes(flash_attention=True)).chosen(Setting.FLASH_ATTENTION)
    assert flash is not None
    assert flash.value is True
    left = options(header, has_gpu=True).chosen(Setting.GPU_LAYERS)
    assert left is not None
    assert left.value == -1


def test_more_threads_are_faster_and_cost_no_memory(header) -> None:
    found = options(header).of(Setting.THREADS)
    assert [choice.value for choice in found] == [1, 2, 3, 4]
    assert len({choice.memory_bytes for choice in found}) == 1
    assert found[0].prompt_tokens_per_s < found[-1].prompt_tokens_per_s
    assert found[-1].is_default
