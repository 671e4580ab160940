"""Each setting of llama.cpp's samplers does what its name says, with the starter model."""

import threading
from itertools import pairwise

import pytest

from assistant.engine.client import Engine
from assistant.engine.protocol import GREEDY, Priority, Sampling
from tests.engine.conftest import Reply

PROMPT = "The old lighthouse keeper looked at the sea and"
FREE = Sampling(temperature=1.5, top_k=0, top_p=1.0, min_p=0.0, repeat_penalty=1.0, seed=7)


@pytest.fixture
def write(ask):
    """Continue a text and return what was written."""

    def write(sampling: Sampling, **options: object) -> str:
        text: str = ask(prompt=PROMPT, sampling=sampling, max_tokens=16, **options).text
        return text

    return write


def changed(**settings: float) -> Sampling:
    return Sampling(
        **{**{name: getattr(FREE, name) for name in FREE.__struct_fields__}, **settings}
    )


@pytest.mark.parametrize(
    "only_one",
    [
        {"top_k": 1},
        {"top_p": 0.0001},
        {"min_p": 1.0},
        {"top_n_sigma": 0.0001},
        {"mirostat": 2, "mirostat_tau": 0.0},
    ],
)
def test_a_cut_that_leaves_one_candidate_is_greedy(write, only_one: dict[str, float]) -> None:
    assert write(changed(**only_one)) == write(GREEDY)


def test_the_seed_decides_and_nothing_else(write) -> None:
    free = [write(changed(seed=seed)) for seed in (1, 2, 1)]
    assert free[0] == free[2] != free[1]


def test_what_is_left_of_the_typical_is_one(write) -> None:
    """The most typical token need not be the likeliest, but is the same for each seed."""
    assert len({write(changed(typical_p=0.0001, seed=seed)) for seed in (1, 2, 3)}) == 1


def test_xtc_leaves_out_the_likeliest(write) -> None:
    narrow = {"top_k": 2, "xtc_probability": 1.0, "xtc_threshold": 0.0001}
    first = write(changed(**narrow)).split()[0]
    assert first != write(GREEDY).split()[0]


def test_penalties_keep_words_from_coming_back(ask) -> None:
    listed = "red, red, red, red,"
    plain = ask(prompt=listed, sampling=GREEDY, max_tokens=12).text
    assert " red, red" in plain
    for name in ("presence_penalty", "frequency_penalty"):
        strict = Sampling(temperature=0, repeat_penalty=1.0, **{name: 100.0})
        words = ask(prompt=listed, sampling=strict, max_tokens=12).text.split()
        assert not any(one == next_ for one, next_ in pairwise(words))


def test_dry_ends_a_run_that_repeats_itself(ask) -> None:
    listed = "one two three four one two three four one two three four"
    plain = ask(prompt=listed, sampling=GREEDY, max_tokens=40).text
    dry = Sampling(temperature=0, repeat_penalty=1.0, dry_multiplier=5.0)
    dried = ask(prompt=listed, sampling=dry, max_tokens=40).text
    assert has_run_twice(plain)
    assert not has_run_twice(dried)


def has_run_twice(text: str, words: int = 6) -> bool:
    said = text.split()
    runs = [tuple(said[at : at + words]) for at in range(len(said) - words + 1)]
    return len(set(runs)) < len(runs)


@pytest.mark.parametrize("version", [1, 2])
def test_mirostat_writes_also_in_a_form(write, version: int) -> None:
    wished = changed(mirostat=version, temperature=0.8)
    assert write(wished) == write(wished) != ""
    assert write(wished, grammar='root ::= " yes" | " no"') in {" yes", " no"}


def test_a_moving_temperature(write) -> None:
    assert write(changed(dynatemp_range=1.0)) != write(changed())
    assert write(changed(dynatemp_range=1.0)) == write(changed(dynatemp_range=1.0))


def test_an_aside_leaves_what_a_chat_has_evaluated(engine: Engine) -> None:
    """A title for a chat begins like it; the chat's next turn goes on as if nothing had been."""
    never = threading.Event()
    chat = "A talk about boats. " * 40

    def ask(text: str, **options: object) -> Reply:
        return Reply(
            engine.generate(prompt=text, sampling=GREEDY, max_tokens=4, cancel=never, **options)
        )

    first = ask(chat)
    for about in ("A title for it:", "A summary of it:"):
        aside = ask(chat + first.text + about, priority=Priority.ASIDE)
        assert aside.finished.prompt_tokens - aside.finished.reused_tokens < 12
    other = ask("Something else altogether, about trains.", priority=Priority.ASIDE)
    assert other.finished.reused_tokens <= 1
    again = ask(chat + first.text + " And then")
    assert again.finished.prompt_tokens - again.finished.reused_tokens <= 6
