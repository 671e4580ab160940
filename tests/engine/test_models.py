"""Models of all kinds: transformers, sliding windows, recurrent, hybrid, base, and bad files."""

import shutil
import threading
from pathlib import Path

import psutil
import pytest

from assistant.engine.client import Engine
from assistant.engine.protocol import GREEDY, Message, Role
from assistant.errors import (
    CrashedLastTime,
    DeathCause,
    EngineDied,
    ModelError,
    ModelFault,
)
from tests.engine.conftest import Reply
from tests.engine.tiny_models import CHATML, tiny_gemma, tiny_hybrid, tiny_llama, tiny_mamba

HELLO = [Message(Role.USER, "hello")]
LONG = "the quick brown fox jumps over the lazy dog and runs " * 4


def say(engine: Engine, prompt: str, cancel: threading.Event, tokens: int = 24) -> Reply:
    return Reply(engine.generate(prompt=prompt, sampling=GREEDY, max_tokens=tokens, cancel=cancel))


@pytest.mark.parametrize(
    ("make", "can_rewind"),
    [(tiny_llama, True), (tiny_gemma, True), (tiny_mamba, False), (tiny_hybrid, False)],
)
def test_reuse_never_changes_a_reply(new_engine, tmp_path, never, make, can_rewind) -> None:
    """Whatever was evaluated before, a prompt is continued as by an engine that is fresh."""
    prompts = [LONG + "and ends", LONG + "and goes on", "other", LONG, LONG + "and goes on"]
    fresh = []
    for number, prompt in enumerate(prompts):
        new_engine.choose(make(tmp_path / f"{number}.gguf"))
        fresh.append(say(new_engine, prompt, never).text)
    again = [say(new_engine, prompt, never) for prompt in prompts]
    assert [reply.text for reply in again] == fresh
    assert new_engine.info.can_rewind is can_rewind
    reused = [reply.finished.reused_tokens for reply in again]
    assert (reused[1] > len(LONG) - 2) is can_rewind


@pytest.mark.parametrize("make", [tiny_mamba, tiny_hybrid])
def test_a_state_that_cannot_be_cut_is_continued(new_engine, tmp_path, never, make) -> None:
    new_engine.choose(make(tmp_path / "model.gguf"))
    first = say(new_engine, LONG, never, tokens=1)
    longer = say(new_engine, LONG + "and more", never)
    assert longer.finished.reused_tokens == first.finished.prompt_tokens
    new_engine.choose(make(tmp_path / "fresh.gguf"))
    assert say(new_engine, LONG + "and more", never).text == longer.text


def test_a_stopped_prompt_leaves_nothing_wrong(new_engine, tmp_path) -> None:
    for make in (tiny_llama, tiny_mamba):
        new_engine.choose(make(tmp_path / f"{make.__name__}.gguf"))
        never, cancel = threading.Event(), threading.Event()
        expected = say(new_engine, LONG, never).text
        running = new_engine.generate(prompt="x" + LONG, sampling=GREEDY, cancel=cancel)
        next(running)
        cancel.set()
        assert list(running)[-1].reason == "stopped"
        assert say(new_engine, LONG, never).text == expected


def test_a_base_model_continues_text_but_does_not_converse(new_engine, tmp_path, never) -> None:
    new_engine.choose(tiny_llama(tmp_path / "base.gguf", chat_template=""))
    with pytest.raises(ModelError) as caught:
        list(new_engine.generate(HELLO, cancel=never))
    assert caught.value.fault is ModelFault.NO_CHAT_TEMPLATE
    assert not new_engine.info.has_chat_template
    assert say(new_engine, "hello", never).finished.generated_tokens


def test_a_broken_template_is_said_so(new_engine, tmp_path, never) -> None:
    new_engine.choose(tiny_llama(tmp_path / "broken.gguf", chat_template="{% if %}"))
    with pytest.raises(ModelError) as caught:
        list(new_engine.generate(HELLO, cancel=never))
    assert caught.value.fault is ModelFault.TEMPLATE_FAILED
    assert say(new_engine, "hello", never).finished.generated_tokens


def test_reasoning_is_told_apart_and_timed(new_engine, tmp_path, never) -> None:
    path = tiny_llama(tmp_path / "thinks.gguf", chat_template="{{ messages[0].content }}<think>")
    new_engine.choose(path)
    reply = Reply(new_engine.generate(HELLO, sampling=GREEDY, max_tokens=8, cancel=never))
    assert (new_engine.info.thinks, new_engine.info.can_switch_thinking) == (True, False)
    assert reply.thinking
    assert not reply.text
    assert 0 < reply.finished.thinking_s <= reply.finished.generation_s


def test_thinking_can_be_switched_where_the_template_asks_for_it(
    new_engine, tmp_path, never
) -> None:
    template = CHATML + "{% if enable_thinking is not false %}{{ '<think>' }}{% endif %}"
    new_engine.choose(tiny_llama(tmp_path / "switch.gguf", chat_template=template))
    for thinking in (True, False):
        events = new_engine.generate(HELLO, max_tokens=8, thinking=thinking, cancel=never)
        assert bool(Reply(events).thinking) is thinking
    assert (new_engine.info.thinks, new_engine.info.can_switch_thinking) == (True, True)


def test_unloading_frees_the_file_until_the_next_request(new_engine, tmp_path, never) -> None:
    new_engine.unload()
    path = tiny_llama(tmp_path / "model.gguf")
    new_engine.choose(path)
    say(new_engine, "a", never)
    areas = psutil.Process(new_engine._process.link.pid).memory_maps
    assert str(path) in {area.path for area in areas()}
    new_engine.unload()
    assert new_engine.info is None
    assert str(path) not in {area.path for area in areas()}
    say(new_engine, "a", never)
    assert new_engine.info is not None


def test_a_replaced_file_is_loaded_anew(new_engine, tmp_path, never) -> None:
    path = tiny_llama(tmp_path / "model.gguf")
    new_engine.choose(path)
    say(new_engine, "a", never)
    tiny_gemma(tmp_path / "other.gguf").replace(path)
    say(new_engine, "a", never)
    assert new_engine.info.architecture == "gemma3"


def truncated(path: Path) -> Path:
    tiny_llama(path)
    path.write_bytes(path.read_bytes()[:-5000])
    return path


def bad(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (lambda path: path, ModelFault.MISSING),
        (lambda path: path.parent, ModelFault.DIRECTORY),
        (lambda path: bad(path, b""), ModelFault.EMPTY),
        (lambda path: bad(path, b"%PDF-1.7 not a model at all"), ModelFault.NOT_GGUF),
        (lambda path: bad(path, b"GGUF\x03"), ModelFault.TRUNCATED),
        (truncated, ModelFault.TRUNCATED),
        (
            lambda path: tiny_llama(path, general__architecture="hal9000"),
            ModelFault.UNKNOWN_ARCHITECTURE,
        ),
        (lambda path: tiny_llama(path, llama__block_count=3), ModelFault.REFUSED),
        (lambda path: tiny_llama(path, split__count=2), ModelFault.LATER_PART),
        (lambda path: tiny_llama(path, tokenizer__ggml__model="no_vocab"), ModelFault.REFUSED),
    ],
)
def test_a_bad_file_is_refused_with_its_fault(new_engine, tmp_path, never, make, fault) -> None:
    path = make(tmp_path / "bad.gguf")
    new_engine.choose(path)
    for _ in range(2):
        with pytest.raises(ModelError) as caught:
            list(new_engine.load(cancel=never))
        assert (caught.value.path, caught.value.fault) == (path, fault)
    new_engine.choose(tiny_llama(tmp_path / "good.gguf"))
    assert new_engine.count_tokens(["ab"]) == (2,)


@pytest.mark.parametrize(
    "changes", [{"llama__block_count": 0}, {"llama__attention__layer_norm_rms_epsilon": -1.0}]
)
def test_metadata_that_aborts_llama_cpp_is_remembered(new_engine, tmp_path, never, changes) -> None:
    path = tiny_llama(tmp_path / "aborts.gguf", **changes)
    new_engine.choose(path)
    with pytest.raises(EngineDied) as caught:
        new_engine.count_tokens(["a"])
    assert caught.value.while_loading
    assert (caught.value.cause, caught.value.model) == (DeathCause.CRASHED, path)
    later = Engine(log=None, crash_record=tmp_path / "crashes.json")
    for engine in (new_engine, later):
        engine.choose(path)
        with pytest.raises(CrashedLastTime) as crashed:
            engine.count_tokens(["a"])
        assert (crashed.value.path, crashed.value.cause) == (path, DeathCause.CRASHED)
    later.close()
    with pytest.raises(EngineDied):
        list(new_engine.load(cancel=never, force=True))
    shutil.copy(tiny_llama(tmp_path / "good.gguf"), path)  # a new download of it
    assert new_engine.count_tokens(["a"]) == (1,)
