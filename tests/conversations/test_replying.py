"""Replies of the real engine with the starter model."""

import threading
import time
from pathlib import Path

import pytest

from assistant.conversations.replying import HistoryCut, is_small, reply
from assistant.engine.client import Engine
from assistant.engine.protocol import (
    GREEDY,
    Finished,
    FinishReason,
    LoadSettings,
    Message,
    ModelInfo,
    PromptProgress,
    Role,
    TextPart,
)
from assistant.errors import ModelError, ModelFault, PromptTooLong

pytestmark = pytest.mark.shared_process  # another context is another load

QUESTION = Message(Role.USER, "What is the capital of France? One sentence.")


def test_a_reply_streams_and_ends(engine: Engine) -> None:
    events = list(reply(engine, [QUESTION], sampling=GREEDY, cancel=threading.Event()))
    assert any(isinstance(event, ModelInfo) for event in events)
    text = "".join(event.text for event in events if isinstance(event, TextPart))
    assert "Paris" in text
    assert sum(isinstance(event, TextPart) for event in events) > 3
    assert isinstance(events[-1], Finished)
    assert events[-1].reason is FinishReason.END
    assert not any(isinstance(event, HistoryCut) for event in events)


def test_the_model_reads_what_was_said_before(engine: Engine) -> None:
    history = [
        Message(Role.USER, "My name is Isolde."),
        Message(Role.ASSISTANT, "Nice to meet you, Isolde."),
        Message(Role.USER, "What is my name? Answer with my name."),
    ]
    events = reply(engine, history, sampling=GREEDY, cancel=threading.Event())
    assert "Isolde" in "".join(e.text for e in events if isinstance(e, TextPart))


def test_a_stop_ends_it_at_once_with_what_there_is(engine: Engine) -> None:
    cancel = threading.Event()
    parts: list[str] = []
    last: object = None
    stopped_at = 0.0
    story = Message(Role.USER, "Tell me a very long story about a lighthouse.")
    for event in reply(engine, [story], cancel=cancel):
        last = event
        if isinstance(event, TextPart):
            parts.append(event.text)
            if len(parts) == 5:
                cancel.set()
                stopped_at = time.perf_counter()
    assert time.perf_counter() - stopped_at < 2
    assert isinstance(last, Finished)
    assert last.reason is FinishReason.STOPPED
    assert len(parts) >= 5


def test_a_stop_before_the_start_is_not_lost(engine: Engine) -> None:
    cancel = threading.Event()
    cancel.set()
    events = list(reply(engine, [QUESTION], cancel=cancel))
    assert not any(isinstance(event, TextPart) for event in events)


@pytest.fixture
def small_context(engine: Engine, starter_model: Path) -> Engine:
    engine.choose(starter_model, LoadSettings(context_tokens=512, threads=1))
    return engine


def long_history(turns: int) -> list[Message]:
    fact = "The harbour of Limassol has seven cranes and two lighthouses. " * 3
    told = [
        message
        for i in range(turns)
        for message in (
            Message(Role.USER, f"Fact {i}: {fact}"),
            Message(Role.ASSISTANT, f"Thank you for fact {i}."),
        )
    ]
    return [*told, Message(Role.USER, "How many cranes are there?")]


def test_a_long_history_loses_its_oldest_turns_and_says_so(small_context: Engine) -> None:
    history = long_history(20)
    events = list(
        reply(small_context, history, sampling=GREEDY, max_tokens=20, cancel=threading.Event())
    )
    (cut,) = (event for event in events if isinstance(event, HistoryCut))
    assert cut.context_tokens == 512
    assert 0 < cut.messages < len(history)
    assert cut.messages % 2 == 0
    first_text = next(i for i, event in enumerate(events) if isinstance(event, TextPart))
    assert events.index(cut) < first_text
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert finished.prompt_tokens + 20 <= 512
    text = "".join(event.text for event in events if isinstance(event, TextPart))
    assert "7" in text or "seven" in text.lower()


def test_many_short_messages_fit_though_the_template_writes_around_each(
    small_context: Engine,
) -> None:
    history = [Message(role, "Hm.") for _ in range(120) for role in (Role.USER, Role.ASSISTANT)]
    history.append(QUESTION)
    events = list(reply(small_context, history, max_tokens=8, cancel=threading.Event()))
    assert isinstance(events[-1], Finished)
    assert any(isinstance(event, HistoryCut) for event in events)


def test_one_message_longer_than_the_context_is_told_of(small_context: Engine) -> None:
    huge = Message(Role.USER, "word " * 2000)
    with pytest.raises(PromptTooLong) as caught:
        list(reply(small_context, [QUESTION, huge], cancel=threading.Event()))
    assert caught.value.prompt_tokens > caught.value.context_tokens == 512


def test_the_beginning_of_a_conversation_is_not_read_twice(
    engine: Engine, starter_model: Path
) -> None:
    engine.choose(starter_model, LoadSettings(context_tokens=2048, threads=1))
    history = long_history(4)
    text = ""
    for event in reply(engine, history, max_tokens=16, cancel=threading.Event()):
        if isinstance(event, TextPart):
            text += event.text
    history += [Message(Role.ASSISTANT, text), Message(Role.USER, "And lighthouses?")]
    events = list(reply(engine, history, max_tokens=4, cancel=threading.Event()))
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert finished.reused_tokens > finished.prompt_tokens / 2
    progress = [event for event in events if isinstance(event, PromptProgress)]
    assert all(event.reused_tokens == finished.reused_tokens for event in progress)


def test_a_base_model_is_said_to_be_one(
    engine: Engine, starter_model: Path, tmp_path: Path
) -> None:
    path = without_template(starter_model, tmp_path / "base.gguf")
    engine.choose(path)
    with pytest.raises(ModelError) as caught:
        list(reply(engine, [QUESTION], cancel=threading.Event()))
    assert caught.value.fault is ModelFault.NO_CHAT_TEMPLATE
    engine.choose(starter_model)


def without_template(model: Path, path: Path) -> Path:
    """Copy a model under another name of its template's key: a base model by all appearances."""
    content = model.read_bytes()
    assert content.count(b"tokenizer.chat_template") == 1
    path.write_bytes(content.replace(b"tokenizer.chat_template", b"tokenizer.nope_template"))
    return path


@pytest.mark.parametrize(
    ("parameters", "small"), [(135_000_000, True), (1_000_000_000, False), (0, False)]
)
def test_small_models_are_known(parameters: int, small: bool) -> None:
    assert is_small(parameters) is small
