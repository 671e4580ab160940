"""What a person sets for one model reaches the engine: a chat template, memory, threads."""

import time
from pathlib import Path

import pytest

from assistant.engine.protocol import GREEDY, KvType, Message, Role
from assistant.engine.wishes import wished
from assistant.errors import ModelError, ModelFault
from assistant.settings import LoadWishes, Settings
from tests.engine.conftest import Reply
from tests.engine.tiny_models import tiny_llama

HELLO = [Message(Role.USER, "hello")]
LOUD = "{% for m in messages %}{{ m['content'] | upper }} {% endfor %}ONE TWO THREE FOUR FIVE SIX"
FOR_EVER = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"

SHORT = Settings(context_tokens=512)


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A model that takes no time, where only its template is looked at."""
    return tiny_llama(tmp_path / "tiny.gguf")


def hello(engine, never) -> Reply:
    return Reply(engine.generate(HELLO, sampling=GREEDY, max_tokens=1, cancel=never))


def test_a_template_of_the_persons_takes_the_place_of_the_files(
    new_engine, starter_model, never
) -> None:
    new_engine.choose(starter_model, wished(SHORT))
    own = hello(new_engine, never).finished.prompt_tokens
    new_engine.choose(starter_model, wished(SHORT, LoadWishes(chat_template=LOUD)))
    other = hello(new_engine, never).finished.prompt_tokens
    (wanted,) = new_engine.count_tokens(["HELLO ONE TWO THREE FOUR FIVE SIX"], cancel=never)
    assert (other, own) == (wanted, own)
    assert other != own
    new_engine.choose(starter_model, wished(SHORT))
    assert hello(new_engine, never).finished.prompt_tokens == own


def test_a_base_model_can_talk_with_a_template(new_engine, tmp_path, never) -> None:
    base = tiny_llama(tmp_path / "base.gguf", chat_template="")
    new_engine.choose(base)
    with pytest.raises(ModelError) as refused:
        hello(new_engine, never)
    assert refused.value.fault is ModelFault.NO_CHAT_TEMPLATE
    assert not new_engine.info.has_chat_template
    new_engine.choose(base, wished(Settings(), LoadWishes(chat_template=LOUD)))
    assert hello(new_engine, never).finished.generated_tokens == 1
    assert new_engine.info.has_chat_template


@pytest.mark.parametrize(
    "template", ["{{ messages", "{{ raise_exception('no') }}", "{{ messages.__class__.mro() }}"]
)
def test_a_template_that_fails_is_told_of(new_engine, tiny, never, template) -> None:
    new_engine.choose(tiny, wished(Settings(), LoadWishes(chat_template=template)))
    with pytest.raises(ModelError) as failed:
        hello(new_engine, never)
    assert failed.value.fault is ModelFault.TEMPLATE_FAILED
    assert new_engine.count_tokens(["goes on"], cancel=never)


def test_a_template_that_never_ends_is_ended(new_engine, tiny, never) -> None:
    new_engine.choose(tiny, wished(Settings(), LoadWishes(chat_template=FOR_EVER)))
    new_engine.count_tokens([""], cancel=never)
    begun = time.monotonic()
    with pytest.raises(ModelError) as failed:
        hello(new_engine, never)
    assert failed.value.fault is ModelFault.TEMPLATE_FAILED
    assert time.monotonic() - begun < 30  # the deadline is 5 s; other processes may be busy


def test_a_models_own_settings_come_before_those_for_all(new_engine, starter_model, never) -> None:
    own = LoadWishes(context_tokens=1024, kv_type="q8_0", threads=1)
    settings = wished(Settings(context_tokens=4096, threads=2), own)
    assert (settings.context_tokens, settings.threads) == (1024, 1)
    assert (settings.kv_type, settings.flash_attention) == (KvType.Q8_0, True)
    new_engine.choose(starter_model, settings)
    finished = hello(new_engine, never).finished
    info = new_engine.info
    assert (info.context_tokens, info.threads, finished.threads) == (1024, 1, 1)
    half = info.kv_bytes
    new_engine.choose(starter_model, wished(Settings(), LoadWishes(context_tokens=1024)))
    hello(new_engine, never)
    assert half < 0.6 * new_engine.info.kv_bytes


def test_what_a_model_cannot_do_is_not_asked_of_it(new_engine, tmp_path, never) -> None:
    """Keys and values in 8 bits are made of blocks of 32: the tiny model's heads are shorter."""
    new_engine.choose(
        tiny_llama(tmp_path / "tiny.gguf"), wished(Settings(), LoadWishes(kv_type="q8_0"))
    )
    assert hello(new_engine, never).finished.generated_tokens == 1


def test_no_gpu_for_all_is_none_for_each() -> None:
    own = LoadWishes(gpu_layers=12)
    assert wished(Settings(uses_gpu=False), own).gpu_layers == 0
    assert wished(Settings(), own).gpu_layers == 12
    assert wished(Settings()).gpu_layers == -1
