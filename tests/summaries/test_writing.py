"""What a model writes becomes clean sentences, as they are completed."""

import pytest

from assistant.summaries.writing import SentenceStream


def written(text: str, words: int = 200, *, is_complete: bool = True) -> list[str]:
    """Return the sentences of a text that comes in pieces of three characters."""
    stream = SentenceStream(words)
    found = []
    for at in range(0, len(text), 3):
        found += stream.add(text[at : at + 3])
    found += stream.finish(is_complete=is_complete)
    return [sentence.text for sentence in found]


def test_sentences_come_as_they_are_completed() -> None:
    stream = SentenceStream(100)
    assert stream.add("The tenant pays rent. The land") != []
    assert stream.add("lord repairs the roof.") == []
    assert [s.text for s in stream.finish(is_complete=True)] == ["The landlord repairs the roof."]


@pytest.mark.parametrize(
    "preamble",
    [
        "Here is a summary of the passages in about 80 words:\n\n",
        "Sure! Here's a summary:\n",
        "Summary:\n",
        "**Summary:** ",
        "Certainly.\n",
        "This is a summary of the document:\n",
    ],
)
def test_preambles_are_dropped(preamble: str) -> None:
    assert written(f"{preamble}The tenant pays rent on the first day.") == [
        "The tenant pays rent on the first day."
    ]


def test_lists_become_paragraphs_without_markup() -> None:
    stream = SentenceStream(100)
    text = "1. **Rent** is due monthly.\n- `Pets` are not allowed [page 3].\n\nNotice is 3 months."
    sentences = [*stream.add(text), *stream.finish(is_complete=True)]
    assert [(s.text, s.starts_paragraph) for s in sentences] == [
        ("Rent is due monthly.", True),
        ("Pets are not allowed.", True),
        ("Notice is 3 months.", True),
    ]


def test_a_paragraph_starts_once() -> None:
    stream = SentenceStream(100)
    sentences = [*stream.add("Rent is due. Notice is short."), *stream.finish(is_complete=True)]
    assert [s.starts_paragraph for s in sentences] == [True, False]


def test_repetitions_are_dropped() -> None:
    assert written("Rent is due monthly. Rent is due monthly. Pets are banned.") == [
        "Rent is due monthly.",
        "Pets are banned.",
    ]


def test_an_unfinished_sentence_is_dropped() -> None:
    assert written("Rent is due. The deposit must be", is_complete=False) == ["Rent is due."]


def test_the_budget_is_never_passed() -> None:
    stream = SentenceStream(8)
    found = stream.add("One two three four. Five six seven. Eight nine ten. Eleven.\n")
    assert [s.text for s in found] == ["One two three four.", "Five six seven."]
    assert stream.is_full
    assert stream.add("More text. And more.") == []


def test_a_first_sentence_over_the_budget_is_cut() -> None:
    assert written("The tenant, who moved in last May, pays the rent in cash.", words=8) == [
        "The tenant, who moved in last May …"
    ]


def test_emphasis_and_code_marks_go_but_names_stay() -> None:
    assert written("The *rent* of snake_case_2 costs 5 * 3 euros.") == [
        "The rent of snake_case_2 costs 5 * 3 euros."
    ]


def test_headings_of_the_model_are_dropped() -> None:
    assert written("## Key facts\nRent is due monthly.\n") == ["Rent is due monthly."]
