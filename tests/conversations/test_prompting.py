"""What the model is given of a conversation."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.conversations.prompting import alternating, fit
from assistant.engine.protocol import Message, Role


def user(text: str) -> Message:
    return Message(Role.USER, text)


def assistant(text: str) -> Message:
    return Message(Role.ASSISTANT, text)


def conversation(turns: int) -> list[Message]:
    return [m for i in range(turns) for m in (user(f"q{i}"), assistant(f"a{i}"))] + [user("last")]


def test_everything_that_fits_stays() -> None:
    messages = conversation(3)
    fitted = fit(messages, [10] * 7, room=70)
    assert fitted.messages == tuple(messages)
    assert fitted.left_out == 0


def test_the_oldest_turns_are_left_out_whole() -> None:
    messages = conversation(3)
    fitted = fit(messages, [10] * 7, room=69)
    assert fitted.left_out % 2 == 0
    assert fitted.messages == tuple(messages[fitted.left_out :])
    assert fitted.messages[0].role is Role.USER
    assert 10 * len(fitted.messages) <= 69


def test_the_last_message_stays_even_if_it_is_too_long() -> None:
    fitted = fit(conversation(2), [10, 10, 10, 10, 500], room=100)
    assert fitted.messages == (user("last"),)
    assert fitted.left_out == 4


def test_the_cut_stays_where_it_is_for_some_turns() -> None:
    """Otherwise each turn would evaluate the whole history again."""
    cuts = [fit(conversation(n), [10] * (2 * n + 1), room=300).left_out for n in range(60)]
    assert cuts == sorted(cuts)
    assert cuts[10] == 0
    moves = sum(a != b for a, b in pairwise(cuts))
    assert 5 <= moves <= 12


@given(st.lists(st.integers(1, 200), min_size=1, max_size=40), st.integers(50, 400))
def test_the_rest_fits_unless_it_is_the_last_turn_alone(tokens: list[int], room: int) -> None:
    messages = [user(str(i)) if i % 2 == 0 else assistant(str(i)) for i in range(len(tokens))]
    if messages[-1].role is Role.ASSISTANT:
        messages, tokens = messages[:-1], tokens[:-1]
    fitted = fit(messages, tokens, room)
    kept = sum(tokens[fitted.left_out :])
    assert kept <= room or fitted.left_out == len(messages) - 1
    assert fitted.messages[-1] == messages[-1]


def test_roles_take_turns() -> None:
    messages = [assistant("hello"), user("a"), user("b"), assistant(" "), user("c"), assistant("d")]
    assert alternating(messages) == (user("a\n\nb\n\nc"), assistant("d"))


@pytest.mark.parametrize("messages", [[], [assistant("x")]])
def test_nothing_to_say_is_nothing(messages: list[Message]) -> None:
    assert alternating(messages) == ()
