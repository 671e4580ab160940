"""What is foretold of a model, in words."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.forecast import Forecast, Machine, SpeedRecords, Verdict, forecast
from assistant.gguf import read_header
from assistant.ui.models.verdict import (
    Fit,
    grounds_words,
    memory_words,
    number_in_words,
    sign,
    speed_words,
    time_in_words,
    verdict,
    verdict_of,
)

GB = 10**9


@pytest.fixture
def seen(starter_model: Path) -> Forecast:
    machine = Machine(total_bytes=16 * GB, free_bytes=8 * GB, cores=4, memory_bytes_per_s=20e9)
    return forecast(read_header(starter_model), machine, SpeedRecords(None))


def test_the_verdict_comes_first(seen: Forecast) -> None:
    assert verdict_of(seen) == "Runs well here"
    full = replace(seen, verdict=Verdict.TIGHT, context_tokens=0)
    assert verdict_of(full) == "Runs, but memory is tight: close other programs to use it"
    assert verdict_of(replace(full, verdict=Verdict.TOO_LARGE)) == "Too large for this computer"
    for one in (*Verdict, *Fit):
        assert verdict(one)
        assert sign(one)[1] in {"success", "warning", "danger"}


def test_the_speed_is_told_as_people_meet_it(seen: Forecast) -> None:
    told = replace(seen, tokens_per_s=12.4, pages50_s=61.0)
    assert speed_words(told) == (
        "Writes about 9 words a second. A document of 50 pages: key points in seconds, "
        "a summary in about 1 min."
    )
    assert speed_words(replace(seen, verdict=Verdict.TOO_LARGE)) == ""
    assert memory_words(seen, 16 * GB).endswith("of 16.0 GB memory.")


def test_what_it_is_based_on_is_said(seen: Forecast) -> None:
    words = {
        grounds_words(seen),
        grounds_words(replace(seen, is_measured=True)),
        grounds_words(replace(seen, is_measured=True, is_corrected=True)),
    }
    assert len(words) == 3


def test_no_more_digits_than_are_known() -> None:
    assert [time_in_words(s) for s in (1, 12, 59, 90, 600)] == [
        "about 5 s", "about 10 s", "about 60 s", "about 1.5 min", "about 10 min",
    ]  # fmt: skip
    assert [number_in_words(n) for n in (0.84, 2.96, 12.4, 134.0)] == ["0.8", "3", "12", "130"]
