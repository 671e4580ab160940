"""Every kind of model that llama.cpp evaluates differently: load, generate, save, batch, stop."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.engine.llama import Context, Model, Rows, Step, start
from assistant.engine.protocol import GREEDY, LoadSettings, Message, Role
from assistant.errors import ModelError, ModelFault
from assistant.wording import explain
from tests.engine.conftest import Reply
from tests.engine.tiny_architectures import (
    tiny_gpt2,
    tiny_jamba,
    tiny_mamba2,
    tiny_qwen3,
    tiny_qwen3moe,
)
from tests.engine.tiny_models import tiny_gemma, tiny_hybrid, tiny_llama, tiny_mamba

Make = Callable[[Path], Path]
MAKERS = [
    tiny_llama, tiny_gpt2, tiny_qwen3, tiny_qwen3moe, tiny_gemma, tiny_hybrid, tiny_jamba,
    tiny_mamba, tiny_mamba2,
]  # fmt: skip
CANNOT_REWIND = {tiny_hybrid, tiny_jamba, tiny_mamba, tiny_mamba2}
LONG = "the quick brown fox jumps over the lazy dog "  # longer than gemma3's window of 16
# Steps of another size are rounded otherwise; random weights magnify it.
CLOSE = {"rtol": 0.02, "atol": 0.02}


@pytest.fixture(params=MAKERS, ids=lambda make: make.__name__)
def make(request) -> Make:
    return request.param


@pytest.fixture
def context(make, tmp_path) -> Iterator[Context]:
    log = start()
    model = Model(make(tmp_path / "model.gguf"), lambda _: True, log)
    settings = LoadSettings(context_tokens=512, threads=1, ubatch_tokens=64, sequences=4)
    context = Context(model, settings, log)
    yield context
    context.close()
    model.close()


def read(context: Context, sequence: int, position: int, tokens: list[int]) -> np.ndarray:
    """Evaluate `tokens`; return what is said of the next one."""
    assert context.evaluate([Rows(sequence, position, tokens, outputs=1)]) is Step.DONE
    return context.logits(len(tokens) - 1).copy()


def continued(context: Context, sequence: int, position: int, first: np.ndarray, count: int = 12):
    """Return greedy tokens and what was said of each of them."""
    said, tokens = [first], [int(first.argmax())]
    for step in range(count):
        said.append(read(context, sequence, position + step, [tokens[-1]]))
        tokens.append(int(said[-1].argmax()))
    return tokens, said


def encoded(context: Context, text: str) -> list[int]:
    return context.model.tokenize(text, parse_special=False, add_special=True)


def test_a_saved_state_is_continued_exactly(context, tmp_path) -> None:
    prompt = encoded(context, LONG)
    first = read(context, 1, 0, prompt)
    context.save(1, prompt, tmp_path / "state")
    expected, said = continued(context, 1, len(prompt), first)
    context.clear()
    assert context.restore(2, tmp_path / "state") == prompt
    tokens, again = continued(context, 2, len(prompt), first)
    assert tokens == expected
    np.testing.assert_array_equal(said, again)


def test_a_state_goes_to_a_new_context(context, make, tmp_path) -> None:
    prompt = encoded(context, LONG)
    first = read(context, 0, 0, prompt)
    context.save(0, prompt, tmp_path / "state")
    expected, _ = continued(context, 0, len(prompt), first)
    log = start()
    model = Model(make(tmp_path / "again.gguf"), lambda _: True, log)
    settings = LoadSettings(context_tokens=512, threads=1, ubatch_tokens=64, sequences=4)
    with contextlib.closing(model), contextlib.closing(Context(model, settings, log)) as other:
        assert other.restore(3, tmp_path / "state") == prompt
        assert continued(other, 3, len(prompt), first)[0] == expected


def test_sequences_in_one_step_do_not_touch_each_other(context) -> None:
    prompts = [encoded(context, text) for text in (LONG[:20], "other words", LONG[10:30])]
    alone = []
    for prompt in prompts:
        alone.append(continued(context, 0, len(prompt), read(context, 0, 0, prompt), 6))
        context.clear()
    together = [Rows(number, 0, prompt, outputs=1) for number, prompt in enumerate(prompts)]
    assert context.evaluate(together) is Step.DONE
    ends = np.cumsum([len(prompt) for prompt in prompts]) - 1
    said = [[context.logits(int(end)).copy()] for end in ends]
    for step in range(6):
        # The same tokens as alone: one that is nearly as good must not lead elsewhere.
        rows = [
            Rows(number, len(prompt) + step, [alone[number][0][step]], outputs=1)
            for number, prompt in enumerate(prompts)
        ]
        assert context.evaluate(rows) is Step.DONE
        for number in range(len(prompts)):
            said[number].append(context.logits(number).copy())
    for number in range(len(prompts)):
        np.testing.assert_allclose(said[number], alone[number][1], **CLOSE)


def test_a_shared_beginning_is_read_once(context, make) -> None:
    """A copy of a whole sequence for all; of its beginning where a state can be cut."""
    prompt, rest = encoded(context, LONG), context.model.tokenize("and", parse_special=False)
    read(context, 0, 0, prompt)
    expected, said = continued(
        context, 0, len(prompt) + len(rest), read(context, 0, len(prompt), rest), 6
    )
    context.clear()
    end = len(prompt)
    read(context, 1, 0, prompt)
    if context.model.can_rewind:
        read(context, 1, end, rest[::-1])
    assert context.model.can_rewind is (make not in CANNOT_REWIND)
    context.copy(1, 2, end)
    tokens, again = continued(context, 2, end + len(rest), read(context, 2, end, rest), 6)
    assert tokens == expected
    np.testing.assert_allclose(again, said, **CLOSE)
    # What the copy goes on with does not change the original.
    if context.model.can_rewind:
        assert context.cut(1, end)
    tokens, again = continued(context, 1, end + len(rest), read(context, 1, end, rest), 6)
    assert tokens == expected
    np.testing.assert_allclose(again, said, **CLOSE)


def test_a_sequence_is_cut_back_or_says_it_cannot(context) -> None:
    prompt = encoded(context, LONG)
    first = read(context, 0, 0, prompt)
    expected, _ = continued(context, 0, len(prompt), first, 20)
    if context.model.can_rewind:
        assert context.cut(0, len(prompt) - 1)
        again = read(context, 0, len(prompt) - 1, prompt[-1:])
        np.testing.assert_allclose(again, first, **CLOSE)
        assert continued(context, 0, len(prompt), first, 20)[0] == expected
    else:
        assert not context.cut(0, len(prompt) - 1)
        context.clear_sequence(0)
        np.testing.assert_array_equal(read(context, 0, 0, prompt), first)


def test_a_stopped_step_leaves_nothing_behind(context) -> None:
    prompt = encoded(context, LONG)
    first = read(context, 0, 0, prompt)
    context.clear_sequence(0)
    context.stop()
    assert context.evaluate([Rows(0, 0, prompt, outputs=1)]) is Step.STOPPED
    context.resume()
    context.clear_sequence(0)
    np.testing.assert_array_equal(read(context, 0, 0, prompt), first)


def test_the_engine_replies_again_the_same(new_engine, make, tmp_path, never) -> None:
    new_engine.choose(make(tmp_path / "model.gguf"), LoadSettings(threads=1))
    messages = [Message(Role.USER, LONG)]
    texts = []
    for _ in range(2):
        reply = Reply(new_engine.generate(messages, sampling=GREEDY, max_tokens=40, cancel=never))
        texts.append(reply.text + reply.thinking)
    assert reply.finished.generated_tokens
    assert new_engine.info.can_rewind is (make not in CANNOT_REWIND)
    assert texts[0] == texts[1]


def test_an_unknown_architecture_is_refused_by_name(new_engine, tmp_path, never) -> None:
    path = tiny_llama(tmp_path / "model.gguf", general__architecture="hal9000")
    new_engine.choose(path)
    with pytest.raises(ModelError) as caught:
        new_engine.count_tokens(["a"])
    assert caught.value.fault is ModelFault.UNKNOWN_ARCHITECTURE
    what, next_step = str(explain(caught.value)), explain(caught.value).next_step
    assert "hal9000" in what
    assert "newer version" in next_step
