"""What was evaluated is continued as far as it reads like the new prompt, byte for byte."""

import random
import time
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.engine.llama import LlamaLog, Model, start
from assistant.engine.prompts import PromptWriter
from assistant.engine.protocol import Message, Role
from assistant.engine.reuse import join
from assistant.engine.templates import ChatTemplate
from assistant.gguf import read_header
from tests.engine.tiny_models import CHATML

# Tokens are places in this list; "<x>" is also the name of a control token.
PIECES = [b"a", b"b", b"ab", b"aba", b"ba", b"<", b"x>", b"<x>", b"\xc3", b"\xa9", b"\xc3\xa9", b""]
CONTROL = {len(PIECES): b"<x>", len(PIECES) + 1: b""}
TOKENS = range(len(PIECES) + len(CONTROL))


def piece(token: int) -> bytes:
    return CONTROL[token] if token in CONTROL else PIECES[token]


def is_control(token: int) -> bool:
    return token in CONTROL


def reading(tokens: Sequence[int]) -> list[int]:
    """The tokens as a person would compare them: bytes, and control tokens as none of them.

    A token without bytes is like itself alone, as a control token is.
    """
    units: list[int] = []
    for token in tokens:
        is_whole = is_control(token) or not piece(token)
        units += [1000 + token] if is_whole else piece(token)
    return units


def plain_join(known: Sequence[int], fresh: Sequence[int]) -> list[int]:
    """The same by trying every pair of borders, the longest first."""
    for used in range(len(known), -1, -1):
        for replaced in range(len(fresh) + 1):
            if reading(known[:used]) == reading(fresh[:replaced]):
                return [*known[:used], *fresh[replaced:]]
    raise AssertionError


def test_every_short_pair() -> None:
    tokens = (0, 1, 2, 3, 7, 12)
    lists = [list(x) for size in range(4) for x in product(tokens, repeat=size)]
    for known, fresh in product(lists, lists):
        assert join(known, fresh, piece, is_control) == plain_join(known, fresh)


lists_of_tokens = st.lists(st.sampled_from(TOKENS), max_size=14)


@given(lists_of_tokens, lists_of_tokens)
def test_any_pair(known: list[int], fresh: list[int]) -> None:
    assert join(known, fresh, piece, is_control) == plain_join(known, fresh)


def respell(tokens: Sequence[int], chance: random.Random) -> list[int]:
    """Return other tokens that read like `tokens`."""
    spelled: list[int] = []
    for token in tokens:
        if is_control(token) or not piece(token) or chance.random() < 0.5:
            spelled.append(token)
        else:
            spelled += [PIECES.index(bytes([byte])) for byte in piece(token)]
    return spelled


@given(
    st.lists(st.sampled_from([0, 1, 2, 3, 4, 10, 12]), max_size=40), lists_of_tokens, st.randoms()
)
def test_another_spelling_is_kept_whole(
    fresh: list[int], rest: list[int], chance: random.Random
) -> None:
    known = respell(fresh, chance)
    joined = join(known, [*fresh, *rest], piece, is_control)
    assert joined[: len(known)] == known
    assert reading(joined) == reading([*fresh, *rest])


def test_a_control_token_is_not_its_name() -> None:
    name, control = PIECES.index(b"<x>"), len(PIECES)
    assert join([0, name, 1], [0, control, 1], piece, is_control) == [0, control, 1]
    assert join([0, control, 1], [0, name, 1], piece, is_control) == [0, name, 1]
    assert join([0, control], [0, control, 1], piece, is_control) == [0, control, 1]


def test_it_is_fast() -> None:
    """A generous bound: other programs may run. Alone it took 2 and 14 ms."""
    chance = random.Random(1)
    fresh = [chance.choice((0, 1, 2, 3, 4, 10, 12)) for _ in range(20_000)]
    known = respell(fresh, chance)
    for known_tokens in (fresh, known):
        fastest = 1.0
        for _ in range(5):
            begun = time.process_time()
            joined = join(known_tokens, fresh, piece, is_control)
            fastest = min(fastest, time.process_time() - begun)
        assert joined == known_tokens
        assert fastest < 0.1


@pytest.fixture(scope="module")
def model(starter_model: Path) -> Iterator[Model]:
    log: LlamaLog = start()
    model = Model(starter_model, lambda _: True, log)
    yield model
    model.close()


@pytest.fixture(scope="module")
def writer(model: Model, starter_model: Path) -> PromptWriter:
    template = read_header(starter_model).chat_template
    assert template
    return PromptWriter(model, ChatTemplate(template, *model.begin_and_end_texts()))


QUESTION = Message(Role.USER, "Where does the harbour master live?")
REPLIES = [
    "In the lighthouse, at the far end of the pier. Naturally!",
    "Dans l'île, à côté du phare — 在灯塔里。 🙂🙂",
    "1. north\n2. south\n\n```python\nprint('pier')\n```",
    "He writes <|im_end|> and <|im_start|>user into his book.",
]


def controls(model: Model):
    names = set(model.marked_tokens()[0])
    return lambda token: model.text_of(token) in names


@pytest.mark.parametrize("reply", REPLIES)
@pytest.mark.parametrize("size", [1, 3, 7])
def test_a_reply_with_other_tokens_is_continued(
    model: Model, writer: PromptWriter, reply: str, size: int
) -> None:
    """The reply was sampled in small pieces, as no tokenizer would cut it."""
    first = writer.write([QUESTION], None).tokens
    sampled = [
        token
        for begin in range(0, len(reply), size)
        for token in model.tokenize(reply[begin : begin + size], parse_special=False)
    ]
    history = [QUESTION, Message(Role.ASSISTANT, reply), Message(Role.USER, "Why?")]
    fresh = writer.write(history, None).tokens
    known = [*first, *sampled]
    joined = join(known, fresh, model.piece, controls(model))
    assert fresh[: len(known)] != known
    assert joined[: len(known)] == known
    assert text_of(model, joined) == text_of(model, fresh)


def text_of(model: Model, tokens: Sequence[int]) -> bytes:
    names = controls(model)
    return b"".join(
        f"[{token}]".encode() if names(token) else model.piece(token) for token in tokens
    )


def test_white_space_that_the_template_strips(model: Model) -> None:
    """What is before it is continued, what follows comes from the new prompt."""
    source = CHATML.replace("message['content'] +", "message['content'].strip() +")
    writer = PromptWriter(model, ChatTemplate(source, *model.begin_and_end_texts()))
    first = writer.write([QUESTION], None).tokens
    body = [t for c in "In the old tower." for t in model.tokenize(c, parse_special=False)]
    known = [*first, *body, *model.tokenize(" \n\n ", parse_special=False)]
    reply = Message(Role.ASSISTANT, "In the old tower. \n\n ")
    fresh = writer.write([QUESTION, reply, Message(Role.USER, "Why?")], None).tokens
    joined = join(known, fresh, model.piece, controls(model))
    kept = len(first) + len(body)
    assert joined[:kept] == known[:kept]
    assert joined[kept] == fresh[len(fresh) - (len(joined) - kept)]
    assert text_of(model, joined) == text_of(model, fresh)


def test_a_changed_message_is_not_continued(model: Model, writer: PromptWriter) -> None:
    known = writer.write([QUESTION], None).tokens
    other = Message(Role.USER, "Where does the harbour pilot live?")
    fresh = writer.write([other], None).tokens
    assert join(known, fresh, model.piece, controls(model)) == fresh
