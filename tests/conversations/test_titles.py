"""Titles from first messages."""

import pytest

from assistant.conversations.titles import title_from


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
