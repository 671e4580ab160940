"""The engine replies, counts, continues, stops and reports, with the real starter model."""

import threading

import pytest

from assistant.engine.client import Engine
from assistant.engine.protocol import (
    GREEDY,
    FinishReason,
    LoadProgress,
    LoadSettings,
    Message,
    ModelInfo,
    PromptProgress,
    Role,
    Sampling,
    TextPart,
)
from assistant.engine.status import EngineState
from assistant.errors import EngineClosed, ModelNotFound, PromptTooLong

QUESTION = [Message(Role.USER, "What is the capital of France?")]


def test_first_request_loads_the_model_and_replies(new_engine, starter_model, never) -> None:
    new_engine.choose(starter_model, LoadSettings(context_tokens=1024))
    assert new_engine.status().state is EngineState.OFF
    events = list(new_engine.generate(QUESTION, sampling=GREEDY, max_tokens=20, cancel=never))
    kinds = [type(event) for event in events]
    assert kinds.index(LoadProgress) < kinds.index(ModelInfo) < kinds.index(PromptProgress)
    assert kinds.index(PromptProgress) < kinds.index(TextPart)
    assert events[-1].generated_tokens == 20
    info = new_engine.info
    assert info is not None
    assert (info.architecture, info.quantization) == ("llama", "Q4_1")
    assert (info.context_tokens, info.trained_context_tokens) == (1024, 8192)
    assert (info.has_chat_template, info.can_rewind) == (True, True)
    assert (info.thinks, info.can_switch_thinking) == (False, False)
    assert info.weights_bytes > 90_000_000
    assert info.kv_bytes == 1024 * 30 * 3 * 128 * 2
    status = new_engine.status()
    assert status.state is EngineState.READY
    assert status.memory_bytes > info.weights_bytes
    assert status.tokens_per_s > 0


def test_counts_tokens(engine: Engine) -> None:
    assert engine.count_tokens(["Hello world", "", "<|im_end|>"])[:2] == (2, 0)
    # A control token written out in a text is text.
    assert engine.count_tokens(["<|im_end|>"])[0] > 1


def test_reuses_the_common_beginning(ask) -> None:
    text = "One day a fox met a crow in the wood, and the crow had a piece of cheese. " * 20
    first = ask(prompt=text + "The fox said", sampling=GREEDY, max_tokens=8)
    again = ask(prompt=text + "The fox said", sampling=GREEDY, max_tokens=8)
    other = ask(prompt=text + "The crow said", sampling=GREEDY, max_tokens=8)
    assert again.text == first.text
    assert again.finished.reused_tokens == first.finished.prompt_tokens - 1
    assert other.finished.prompt_tokens > other.finished.reused_tokens > 300


def test_reports_progress_of_the_prompt(ask) -> None:
    reply = ask(prompt="alpha beta gamma delta " * 100, sampling=GREEDY, max_tokens=1)
    progress = [event for event in reply.events if isinstance(event, PromptProgress)]
    done = [event.evaluated_tokens for event in progress]
    assert done == sorted(done)
    assert len(done) > 3
    assert done[-1] == progress[-1].total_tokens == reply.finished.prompt_tokens


def test_ends_at_max_tokens_and_at_a_stop_string(ask) -> None:
    whole = ask(prompt="One, two, three, four,", sampling=GREEDY, max_tokens=30)
    assert whole.finished.reason is FinishReason.LENGTH
    assert whole.finished.generated_tokens == 30
    assert " six, seven" in whole.text
    cut = ask(prompt="One, two, three, four,", sampling=GREEDY, max_tokens=30, stop=["ix, sev"])
    assert cut.finished.reason is FinishReason.END
    assert cut.text == whole.text[: whole.text.index("ix, sev")]


def test_the_same_seed_gives_the_same_text(ask) -> None:
    texts = [
        ask(prompt="My favourite", sampling=Sampling(seed=seed), max_tokens=20).text
        for seed in (1, 1, 2)
    ]
    assert texts[0] == texts[1] != texts[2]


def test_ends_when_the_context_is_full(new_engine, starter_model, never) -> None:
    new_engine.choose(starter_model, LoadSettings(context_tokens=256))
    events = list(
        new_engine.generate(
            prompt="one two three " * 60, sampling=GREEDY, max_tokens=0, cancel=never
        )
    )
    assert events[-1].reason in {FinishReason.LENGTH, FinishReason.END}
    assert events[-1].prompt_tokens + events[-1].generated_tokens <= 257
    with pytest.raises(PromptTooLong) as caught:
        list(new_engine.generate(prompt="one two three " * 200, cancel=never))
    assert caught.value.prompt_tokens > caught.value.context_tokens == 256
    assert list(new_engine.generate(prompt="one", max_tokens=2, cancel=never))


def test_needs_a_choice_and_ends_for_good(new_engine, starter_model, never) -> None:
    with pytest.raises(ModelNotFound):
        new_engine.count_tokens(["text"])
    new_engine.choose(starter_model)
    new_engine.close()
    with pytest.raises(EngineClosed):
        new_engine.count_tokens(["text"])


def test_closing_ends_what_is_under_way(new_engine, starter_model, never) -> None:
    new_engine.choose(starter_model)
    running = new_engine.generate(prompt="Once", sampling=GREEDY, max_tokens=0, cancel=never)
    while not isinstance(next(running), TextPart):
        pass
    threading.Timer(0.05, new_engine.close).start()
    with pytest.raises(EngineClosed):
        for _ in running:
            pass
