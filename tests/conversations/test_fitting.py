"""What of a conversation fits: whole turns, recaps in their place, and no cut without a word."""

from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from assistant.conversations.fitting import Fitting, Said, Told, fit
from assistant.storage.conversations import MessageRecord, MessageStatus
from assistant.storage.recaps import Recap

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def said(tokens: list[int]) -> list[Said]:
    """Messages of so many tokens, by turns the user's and the model's."""
    return [
        Said(
            MessageRecord(
                place, 1, "assistant" if place % 2 else "user", "x", "",
                MessageStatus.COMPLETE, "", "", NOW,
            ),
            count,
        )
        for place, count in enumerate(tokens)
    ]  # fmt: skip


def told(end: int, tokens: int = 5, *, is_off: bool = False) -> Told:
    recap = Recap(
        id=end, conversation_id=1, upto_message_id=end - 1, text="t", created_at=NOW, is_off=is_off
    )
    return Told(recap, end, tokens)


def test_everything_that_fits_is_given() -> None:
    assert fit(said([10] * 7), [], room=70) == Fitting()


def test_what_no_longer_fits_is_summed_up_in_whole_turns() -> None:
    fitting = fit(said([10] * 7), [], room=69)
    assert fitting.to_sum_up == range(fitting.first)
    assert fitting.first % 2 == 0
    assert 10 * (7 - fitting.first) <= 69 / 2
    assert not fitting.left_out


def test_before_the_next_question_there_is_time_to_sum_up() -> None:
    talk = said([10] * 6)
    assert fit(talk, [], room=70) == Fitting()
    assert fit(talk, [], room=70, looks_ahead=True).to_sum_up
    assert not fit(talk, [], room=80, looks_ahead=True).to_sum_up


def test_a_recap_stands_for_what_it_tells_of() -> None:
    recap = told(4)
    assert fit(said([10] * 9), [recap], room=80) == Fitting(first=4, recap=recap.recap)
    # In a larger context all of it is given again.
    assert fit(said([10] * 9), [recap], room=1000) == Fitting()


def test_a_recap_is_summed_up_with_what_came_after_it() -> None:
    recap = told(4)
    fitting = fit(said([10] * 15), [recap], room=80)
    assert fitting.recap == recap.recap
    assert fitting.to_sum_up.start == 4
    assert fitting.to_sum_up.stop == fitting.first


def test_of_several_recaps_the_last_one_that_is_on_is_used() -> None:
    fitting = fit(said([10] * 9), [told(2), told(4), told(6, is_off=True)], room=80)
    assert fitting == Fitting(first=4, recap=told(4).recap)


def test_where_a_recap_was_undone_the_oldest_turns_are_left_out() -> None:
    fitting = fit(said([10] * 15), [told(4, is_off=True)], room=80)
    assert (fitting.to_sum_up, fitting.recap) == (range(0), None)
    assert fitting.left_out == fitting.first > 0
    assert 10 * (15 - fitting.first) <= 80


def test_the_last_turn_stays_even_if_it_is_too_long() -> None:
    fitting = fit(said([10, 10, 10, 10, 500]), [], room=100)
    assert (fitting.first, fitting.to_sum_up) == (4, range(4))
    assert fit(said([500]), [], room=100) == Fitting(to_sum_up=range(0))


def test_the_cut_stays_where_it_is_for_some_turns() -> None:
    """Otherwise each turn would evaluate the whole history again."""
    off = told(2, is_off=True)
    cuts = [fit(said([10] * (2 * n + 1)), [off], room=300).left_out for n in range(1, 60)]
    assert cuts == sorted(cuts)
    assert cuts[10] == 0
    moves = sum(a != b for a, b in pairwise(cuts))
    assert 5 <= moves <= 12


@given(st.lists(st.integers(1, 200), min_size=1, max_size=40), st.integers(50, 400), st.booleans())
def test_what_is_given_fits_unless_it_is_the_last_turn(
    tokens: list[int], room: int, was_undone: bool
) -> None:
    talk = said(tokens)
    old = [told(1, is_off=True)] if was_undone else []
    fitting = fit(talk, old, room)
    last = max(place for place, one in enumerate(talk) if one.is_question)
    assert sum(tokens[fitting.first :]) <= room or fitting.first == last
    assert fitting.first % 2 == 0
    assert fitting.left_out in {0, fitting.first}
