"""What is asked in each language: our own words, in resources/checkups."""

import functools

import msgspec

from assistant.paths import resource

# In the order in which they are asked; docs/checkups.md says why these.
LANGUAGES = ("en", "de", "fr", "es", "ar", "zh", "hi")


class Filler(msgspec.Struct, frozen=True):
    """Parts of sentences that say nothing that is asked about."""

    pattern: str
    when: tuple[str, ...]
    who: tuple[str, ...]
    did: tuple[str, ...]
    what: tuple[str, ...]
    where: tuple[str, ...]


class Fact(msgspec.Struct, frozen=True):
    """A sentence to be found, with its question; `answer` is "number" or "person"."""

    text: str
    ask: str
    answer: str


class Report(msgspec.Struct, frozen=True):
    """A text to be summarised.

    Attributes:
        text: with places for persons, a place and numbers.
        keep: what a summary should keep of them.
        short: a summary that is right.
        numbers: smallest and largest of each number.
    """

    text: str
    keep: tuple[str, ...]
    short: str
    numbers: dict[str, tuple[int, int]]


class Story(msgspec.Struct, frozen=True):
    """A sum in words."""

    ask: str
    op: str


class Foreign(msgspec.Struct, frozen=True):
    """A question about a text in another language, to be answered in this one."""

    language: str
    ask: str


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that is asked in one language; `{…}` are places to be filled."""

    language: str
    persons: tuple[str, ...]
    places: tuple[str, ...]
    words: tuple[str, ...]
    topics: tuple[str, ...]
    things: tuple[str, ...]
    examples: tuple[str, ...]
    opening: str
    filler: Filler
    facts: tuple[Fact, ...]
    ask_text: str
    completion: str
    missing: str
    missing_forms: tuple[str, ...]
    reports: tuple[Report, ...]
    ask_report: str
    talk: tuple[str, ...]
    foreign: Foreign
    exact: str
    upper: str
    bullets: str
    commas: str
    length: str
    sentences: str
    begin: str
    repeat: str
    sum: str
    stories: tuple[Story, ...]
    json_object: str
    json_list: str


@functools.cache
def words_of(language: str) -> Words:
    """Return what is asked in a language of `LANGUAGES`."""
    return msgspec.json.decode(resource(f"checkups/{language}.json").read_bytes(), type=Words)


def asked_first(preferred: str) -> tuple[str, ...]:
    """Return the languages in their order, the preferred one first if it is among them."""
    return tuple(sorted(LANGUAGES, key=lambda language: language != preferred))
