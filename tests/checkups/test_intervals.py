"""Intervals of shares, against what their papers and tables say."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.checkups.intervals import mean_of_shares, wilson


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_the_one_of_the_literature(right, of, low, high) -> None:
    """R. G. Newcombe 1998, table I, method 3."""
    assert wilson(right, of) == pytest.approx((low, high), abs=1e-4)


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_share_lies_within(right: int, more: int) -> None:
    of = right + more
    low, high = wilson(right, of)
    assert 0 <= low <= (right / of if of else 0) <= high <= 1


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=9))
def test_the_mean_lies_within(pairs: list[tuple[int, int]]) -> None:
    counts = [(right, right + more) for right, more in pairs]
    mean, low, high = mean_of_shares(counts)
    assert 0 <= low <= mean <= high <= 1


def test_the_mean_is_covered_as_often_as_promised() -> None:
    chance = random.Random(7)
    shares = (0.2, 0.5, 0.8, 0.95)
    truth = sum(shares) / len(shares)
    covered = 0
    for _ in range(2_000):
        counts = [(sum(chance.random() < share for _ in range(12)), 12) for share in shares]
        _, low, high = mean_of_shares(counts)
        covered += low <= truth <= high
    assert 0.93 <= covered / 2_000 <= 0.985
