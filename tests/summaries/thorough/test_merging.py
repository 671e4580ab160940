"""Which notes are merged together, and how honest the time left is."""

import random

import pytest

from assistant.summaries.prompts import Noted
from assistant.summaries.summary import Flag, SummarySentence
from assistant.summaries.thorough.merging import Note, Source, groups, noted
from assistant.summaries.thorough.remaining import Remaining


def test_merging_comes_to_an_end_and_groups_fit() -> None:
    assert groups([100, 100], 300) == [range(2)]
    for sizes in ([90] * 47, [400] * 3, [10, 500, 10], [1_000] * 2):
        found = groups(sizes, 300)
        assert [at for group in found for at in group] == list(range(len(sizes)))
        assert all(len(group) > 1 for group in found)
        assert len(found) < len(sizes)
    even = [sum([90] * len(group)) for group in groups([90] * 47, 300)]
    assert max(even) <= 300
    assert min(even) >= 180


def test_what_a_passage_does_not_bear_out_is_not_merged() -> None:
    said = SummarySentence("The rent is 900.", (), 0.9)
    made_up = SummarySentence("The moon is green.", (), 0.1, (Flag.UNSUPPORTED,))
    sources = (Source("Rent: 900 a month.", 6, 1.0), Source("Long.", 90, 0.9), Source("No.", 2, 0))
    note = Note(title="Rent", sentences=(said, made_up), tokens=9, sources=(0, 3), pages=(1, 1))
    merged, tokens = noted(note, lambda _: sources, 48)
    assert merged == Noted("Rent", "The rent is 900.", ("Rent: 900 a month.",))
    assert tokens < 48
    alone = Note(title="", sentences=(made_up,), tokens=9, sources=(0, 3), pages=(1, 1))
    assert noted(alone, lambda _: (), 48)[0].note == "The moon is green."


@pytest.mark.parametrize("slower", [1.0, 2.5])
def test_the_time_left_is_honest_from_a_tenth_on(slower: float) -> None:
    """A computer that reads 200 tokens a second and writes 60, or becomes busy at a third."""
    rng = random.Random(3)
    notes = [(rng.randrange(300, 900), rng.randrange(30, 80)) for _ in range(120)]
    remaining = Remaining(None, together=1.0)
    for number, (prompt, _) in enumerate(notes):
        remaining.expect(bytes([number]), prompt, 72)
    remaining.later([(900, 90)] * 15, (1_500, 200))
    last_s = 1_500 / 200 + 200 / 60 + 15 * (900 / 200 + 80 / 60)
    times = [prompt / 200 + reply / 60 for prompt, reply in notes]
    speed = [1.0 if at < 40 else slower for at in range(len(notes))]
    real = [each * factor for each, factor in zip(times, speed, strict=True)]
    elapsed, told = 0.0, []
    for number, (prompt, reply) in enumerate(notes):
        elapsed += real[number] / 2
        remaining.advance(bytes([number]), prompt, 0)
        elapsed += real[number] / 2
        remaining.end(bytes([number]), reply)
        told.append((elapsed, remaining.left_s(elapsed)))
    total = elapsed + last_s * slower
    for at, left in told:
        if at > 0.1 * total and (slower == 1.0 or at > 0.65 * total):
            assert left == pytest.approx(total - at, rel=0.3)
