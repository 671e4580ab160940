"""What a person does in a conversation in the terminal besides asking."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import pytest

from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database
from assistant.storage.recaps import RecapStore

Chat: TypeAlias = Callable[..., tuple[int, str, str]]
TypeIn: TypeAlias = Callable[[str], None]


@contextmanager
def opened(home: Path) -> Iterator[Database]:
    database = Database(home / "data" / "alcove.db")
    yield database
    database.close()


def questions(home: Path, conversation_id: int = 1) -> list[str]:
    with opened(home) as database:
        path = ConversationStore(database).messages(conversation_id)
        return [one.content for one in path if one.role == "user"]


def test_a_question_is_asked_in_other_words_and_both_are_kept(
    chat: Chat, type_in: TypeIn, own_home: Path
) -> None:
    type_in("Red?\nBlue?\n/edit 1\nGreen?\n/history\n/variant 1 1\n/history\n/edit\n\n")
    code, printed, said = chat("--save")
    assert code == 0
    assert "Red?" in said.split("In other words")[0]
    first, second = printed.split("   1  you ")[1:]
    assert first.startswith("‹2/2›: Green?\n")
    assert "Blue?" not in first.split("   2 ")[1].split("\n")[0]
    assert second.startswith("‹1/2›: Red?\n")
    assert "   3  you: Blue?\n" in second
    assert questions(own_home) == ["Red?", "Blue?"]  # the empty line left the last one


def test_a_variant_of_the_last_reply_is_shown_and_goes_on(
    chat: Chat, type_in: TypeIn, own_home: Path
) -> None:
    type_in("Red?\n/variant 1\n/again\n/variant 1\nBlue?\n/variant 9\n/variant 1 1\n/variant x\n")
    code, _, said = chat("--save")
    assert code == 0
    assert "no message has variants yet" in said
    assert "there are the variants 1 to 2." in said
    assert "message 1 has no variants." in said
    assert "not a number: x" in said
    with opened(own_home) as database:
        store = ConversationStore(database)
        first, second = store.siblings(1)[store.messages(1)[1].id]
        assert store.messages(1)[1].id == first < second
        assert len(store.messages(1)) == 4


def test_a_branch_goes_on_in_a_conversation_of_its_own(
    chat: Chat, type_in: TypeIn, own_home: Path
) -> None:
    type_in("Red?\nBlue?\n/branch 2\nGreen?\n/branch 7\n")
    code, _, said = chat("--save")
    assert code == 0
    assert "in a new conversation, number 2;" in said
    assert "there are the messages 1 to 4;" in said
    assert questions(own_home, 1) == ["Red?", "Blue?"]
    assert questions(own_home, 2) == ["Red?", "Green?"]


def test_a_branch_that_ends_with_a_question_is_replied_to(
    chat: Chat, type_in: TypeIn, own_home: Path
) -> None:
    type_in("Red?\n/branch 1\n/again\n")
    assert chat("--save")[0] == 0
    with opened(own_home) as database:
        path = ConversationStore(database).messages(2)
    assert [one.role for one in path] == ["user", "assistant"]
    assert path[1].content


def test_what_is_not_kept_branches_all_the_same(
    chat: Chat, type_in: TypeIn, own_home: Path
) -> None:
    type_in("Red?\n/branch\nGreen?\n/history\n")
    code, printed, said = chat()
    assert code == 0
    assert "in a new conversation;" in said
    assert "   3  you: Green?" in printed
    assert not (own_home / "data" / "alcove.db").exists()


def test_the_summary_of_earlier_messages_is_read_changed_and_switched(
    chat: Chat, type_in: TypeIn, own_home: Path
) -> None:
    type_in("/recap\nRed?\n")
    assert "all of them fit so far" in chat("--save")[2]
    with opened(own_home) as database:
        last = ConversationStore(database).messages(1)[-1].id
        RecapStore(database).put(1, last, "User: Red?")
    type_in("/recap\n/recap edit\nThe person likes red.\n/recap\n/recap off\n/history\n/recap x\n")
    code, printed, said = chat("--continue")
    assert code == 0
    assert "(in use) User: Red?\n" in printed
    assert "(in use, in your words) The person likes red.\n" in printed
    assert "a summary, switched off (/recap)" in printed
    assert "(the summary is not used from now on)" in said
    assert "/recap edit, /recap off" in said
    with opened(own_home) as database:
        [recap] = RecapStore(database).of(1)
    assert (recap.text, recap.is_edited, recap.is_off) == ("The person likes red.", True, True)
    type_in("/recap on\n/recap edit\n\n")
    assert "(the summary is used from now on)" in chat("--continue")[2]
    with opened(own_home) as database:
        [recap] = RecapStore(database).of(1)
    assert (recap.text, recap.is_off) == ("The person likes red.", False)


def test_how_a_reply_was_made_is_told(chat: Chat, type_in: TypeIn) -> None:
    type_in("/figures\nRed?\n/figures\n/show 1\n/show\n")
    code, printed, said = chat("--preset", "code", "--top-k", 5, "--seed", 7)
    assert code == 0
    assert "there is no reply yet" in said
    _, _, reply, figures, question, again, _ = printed.split("\n> ")
    assert figures.startswith("tiny · 20")
    assert " · preset Code · temperature 0, top-k 5, " in figures
    assert ", seed 7 · " in figures
    assert " · 8 tokens written · " in figures
    assert question.strip() == "Red?"
    assert again.strip() == reply.strip()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/edit", "nothing was asked yet"),
        ("/show", "nothing was said yet"),
        ("/history", "nothing was said yet"),
        ("/branch x", "nothing was said yet"),
        ("/nothing", "there is no command /nothing"),
        ("/again now", "takes nothing after it"),
        ("/help", "/branch [N]"),
        ("Red?\n/edit 2", "message 2 is none of yours"),
        ("Red?\n/show 0", "messages 1 to 2"),
        ("Red?\n/edit", "In other words"),  # standard input ends there
    ],
)
def test_what_cannot_be_done_is_said(
    chat: Chat, type_in: TypeIn, capsys: pytest.CaptureFixture[str], line: str, said: str
) -> None:
    type_in(f"{line}\n")
    code, printed, told = chat()
    assert code == 0
    assert said in told + printed


def test_a_path_is_a_question(chat: Chat, type_in: TypeIn, own_home: Path) -> None:
    type_in("/etc/hosts: what is it?\n")
    assert chat("--save")[0] == 0
    assert questions(own_home) == ["/etc/hosts: what is it?"]
