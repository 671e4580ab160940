"""Titles from first messages, and by the model."""

import threading

import pytest

from assistant.conversations.titles import cleaned, title_by_model, title_from
from assistant.engine.client import Engine
from assistant.engine.protocol import GREEDY, Finished, Message, Role, TextPart


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("What does the lease say about pets?", "What does the lease say about pets?"),
        ("Hello there. Please help me with a letter.", "Hello there"),
        ("\n\n  # A *plan* for `Kyoto`\nmore", "A *plan* for Kyoto"),
        ("```python\nprint(1)\n```", "print(1)"),
        ("1. first\n2. second", "first"),
        ("ما هي عاصمة فرنسا؟ أجب باختصار", "ما هي عاصمة فرنسا؟"),
        ("???", ""),
        ("", ""),
    ],
)
def test_title(text: str, title: str) -> None:
    assert title_from(text) == title


def test_long_titles_end_at_a_word() -> None:
    title = title_from("Please explain to me how photosynthesis works in desert plants at night")
    assert title.endswith("…")
    assert len(title) <= 48
    assert title[:-1] + " " in "Please explain to me how photosynthesis works in desert plants "


def test_one_endless_word_is_cut() -> None:
    assert title_from("x" * 500) == "x" * 47 + "…"


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("A week in Norway", "A week in Norway"),
        ('**"A week in Norway."**\n\nI chose it because …', "A week in Norway"),
        ("Title: A week in Norway", "A week in Norway"),
        ("标题：挪威的一周", "挪威的一周"),
        ("\n\n# Une semaine en Norvège\n", "Une semaine en Norvège"),
        ("A week\u202e in\x1b[31m Norway", "A week in[31m Norway"),
        ("I am sorry, but as an assistant I cannot give titles to conversations like this", ""),
        ("…", ""),
        ("", ""),
    ],
)
def test_what_a_model_writes_is_made_a_title(written: str, title: str) -> None:
    assert cleaned(written) == title


def test_the_models_title_is_asked_for_beside_the_conversation(engine: Engine) -> None:
    """It reads its own words and no more, and the conversation goes on as if it had not been."""
    never = threading.Event()
    said = [Message(Role.USER, "Where is the harbour of Limassol? " * 10)]

    def ask(messages: list[Message]) -> tuple[str, int]:
        events = list(engine.generate(messages, sampling=GREEDY, max_tokens=6, cancel=never))
        end = events[-1]
        assert isinstance(end, Finished)
        text = "".join(event.text for event in events if isinstance(event, TextPart))
        return text, end.prompt_tokens - end.reused_tokens

    said.append(Message(Role.ASSISTANT, ask(said)[0]))
    title = title_by_model(engine, said, cancel=never)
    assert len(title) <= 48
    assert ask([*said, Message(Role.USER, "Why?")])[1] <= 18
    stopped = threading.Event()
    stopped.set()
    assert title_by_model(engine, said, cancel=stopped) == ""
