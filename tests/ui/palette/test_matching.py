"""Typed letters against titles."""

import time

import pytest

from assistant.ui.palette.entry import Entry, Kind, best
from assistant.ui.palette.matching import fold, match, words_of


def found(query: str, title: str) -> str | None:
    """The characters of `title` that `query` is found in; None if it is not."""
    result = match(words_of(query), fold(title))
    return None if result is None else "".join(title[i] for i in sorted(result.places))


def order(query: str, *titles: str) -> list[str]:
    """The titles in the order in which the palette lists them."""
    entries = [Entry(kind=Kind.CHAT, key=t, title=t, run=lambda: None) for t in titles]
    return [one.entry.title for one in best(entries, words_of(query), 50)]


@pytest.mark.parametrize(
    ("query", "title", "characters"),
    [
        ("lease", "Lease questions", "Lease"),
        ("QUEST lea", "Lease questions", "Leaquest"),
        ("sumfol", "Summarise a folder…", "Sumfol"),
        ("nch", "New chat", "Nch"),
        ("sumarise", "Summarise a folder…", "Sumarise"),
        ("strasse", "Die Straße nach Köln", "Straße"),
        ("koln", "Die Straße nach Köln", "Köln"),
        ("契約", "賃貸契約について", "契約"),
        ("عقد", "أسئلة عن عقد الإيجار", "عقد"),
        ("rent", "🙂 Rent increase", "Rent"),
        ("zzz", "Lease questions", None),
        ("lease zzz", "Lease questions", None),
        ("qesl", "Lease questions", None),  # in another order
    ],
)
def test_letters_are_found_in_words_beginnings_and_initials(
    query: str, title: str, characters: str | None
) -> None:
    assert found(query, title) == characters


def test_the_likelier_title_comes_first() -> None:
    titles = (
        "A release of the press",
        "Please",
        "My lease",
        "Lease questions about the flat",
        "Lease",
    )
    assert order("lease", *titles) == [
        "Lease",
        "Lease questions about the flat",
        "My lease",
        "Please",
        "A release of the press",
    ]
    assert order("qa", "Equal rights", "Quick ask", "Aqua") == ["Quick ask", "Aqua"] or order(
        "qa", "Equal rights", "Quick ask"
    ) == ["Quick ask"]


def test_equal_matches_keep_their_order_so_that_the_last_chat_is_first() -> None:
    assert order("tri", "Trip to Kyoto", "Trip to Paris") == ["Trip to Kyoto", "Trip to Paris"]


def test_other_words_of_an_entry_are_found_at_their_beginnings_only() -> None:
    entry = Entry(
        kind=Kind.COMMAND, key="k", title="Settings", words="options preferences", run=lambda: None
    )
    assert entry.matched(words_of("pref")) is not None
    assert entry.matched(words_of("opt set")) is not None
    assert entry.matched(words_of("tions")) is None


def test_no_title_takes_long() -> None:
    hard = "a " * 80 + "xb"
    began = time.process_time()
    assert match(words_of("a" * 40 + "c"), fold(hard)) is None
    match(words_of("a" * 40 + "b"), fold(hard))
    assert time.process_time() - began < 2  # it took minutes before what failed was remembered
