"""What the model is given of a conversation."""

import pytest

from assistant.conversations.prompting import SYSTEM_PROMPT, alternating, system_prompt_of
from assistant.engine.protocol import Message, Role
from assistant.storage.chat_settings import ChatSettings


def user(text: str) -> Message:
    return Message(Role.USER, text)


def assistant(text: str) -> Message:
    return Message(Role.ASSISTANT, text)


def test_roles_take_turns() -> None:
    messages = [assistant("hello"), user("a"), user("b"), assistant(" "), user("c"), assistant("d")]
    assert alternating(messages) == (user("a\n\nb\n\nc"), assistant("d"))


@pytest.mark.parametrize("messages", [[], [assistant("x")]])
def test_nothing_to_say_is_nothing(messages: list[Message]) -> None:
    assert alternating(messages) == ()


def test_a_person_may_change_and_empty_what_stands_before() -> None:
    assert system_prompt_of(ChatSettings()) == SYSTEM_PROMPT
    assert system_prompt_of(ChatSettings(system_prompt="Be brief.")) == "Be brief."
    assert system_prompt_of(ChatSettings(system_prompt="")) == ""
