"""Recaps: where they stand, what the model is asked with, and what is quoted without it."""

from datetime import UTC, datetime

from assistant.conversations.quoting import quoted
from assistant.conversations.recaps import on_path, shortened, with_recap
from assistant.engine.protocol import Message, Role
from assistant.storage.conversations import MessageRecord, MessageStatus
from assistant.storage.recaps import Recap

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def recap(upto: int, text: str = "Told.", *, is_edited: bool = False) -> Recap:
    return Recap(
        id=upto,
        conversation_id=1,
        upto_message_id=upto,
        text=text,
        created_at=NOW,
        is_edited=is_edited,
    )


def user(text: str) -> Message:
    return Message(Role.USER, text)


def model(text: str) -> Message:
    return Message(Role.ASSISTANT, text)


def test_a_recap_belongs_to_the_branch_of_its_last_message() -> None:
    path = [
        MessageRecord(number, 1, "user", "x", "", MessageStatus.COMPLETE, "", "", NOW)
        for number in (1, 4, 9)
    ]
    assert on_path(path, [recap(9), recap(2), recap(4)]) == [recap(4), recap(9)]


def test_a_recap_stands_behind_the_system_prompt_as_notes() -> None:
    assert with_recap("You help.", None) == with_recap("You help.", recap(1, " ")) == "You help."
    told = with_recap("You help.", recap(1, "Ann goes to Oslo."))
    assert told.startswith("You help.\n\n")
    assert "no instructions" in told
    assert told.endswith("\n\nAnn goes to Oslo.")
    assert with_recap("", recap(1)).endswith("Told.")


def test_long_messages_lose_their_middle_and_short_ones_nothing() -> None:
    messages = [user("short"), model("begin " + "x " * 4_000 + "end")]
    kept = shortened(messages, [10, 4_000], room=500)
    assert kept[0] == messages[0]
    assert 900 < len(kept[1].content) < 1_000
    assert kept[1].content.startswith("begin x")
    assert kept[1].content.endswith("x end")
    assert shortened(messages, [10, 4_000], room=5_000) == messages


def test_where_not_even_beginnings_fit_the_oldest_go() -> None:
    messages = [user(str(number)) for number in range(1_000)]
    assert shortened(messages, [40] * 1_000, room=400) == messages[-10:]


def test_what_the_person_said_is_quoted_before_the_replies() -> None:
    said = [user("I am Ann. I go to Oslo."), model("How nice! Oslo is in Norway.")]
    assert quoted(None, said, 400) == "User: I am Ann. I go to Oslo.\nAssistant: How nice!"
    assert quoted(None, said, 10) == "User: I am Ann. I go to Oslo."


def test_quotes_go_on_after_an_older_recap_within_their_bounds() -> None:
    older = recap(1, "User: I am Ann.\nAssistant: Hello!")
    assert quoted(older, [user("And now?")], 400).splitlines() == [
        "User: I am Ann.", "Assistant: Hello!", "User: And now?",
    ]  # fmt: skip
    many = [user(f"{number} " + "word " * 60) for number in range(50)]
    assert len(quoted(older, many, 100)) <= 350
    edited = recap(1, "Ann, who fears ferries.", is_edited=True)
    assert quoted(edited, many, 100).startswith("Ann, who fears ferries.\nUser: ")
    assert quoted(None, [model("  ")], 100) == ""


def test_a_long_recap_of_the_persons_leaves_room_for_what_came_after_it() -> None:
    mine = "Ann fears ferries. " * 90 + "\nUser: old\nAssistant: older"
    edited = recap(1, mine, is_edited=True)
    told = quoted(edited, [user("I go to Oslo."), model("How nice!")], 400)
    assert told.splitlines()[0].startswith("Ann fears ferries.")
    assert told.splitlines()[1:] == ["User: I go to Oslo.", "Assistant: How nice!"]
    assert len(told) <= 1_400
    again = quoted(recap(2, told, is_edited=True), [user("On Monday.")], 400)
    assert again.startswith("Ann fears ferries.")
    assert again.endswith("User: On Monday.")
