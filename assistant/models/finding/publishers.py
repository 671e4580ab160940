"""Who is known on the hub, and which names only look like theirs.

The list is `resources/publishers.json` with its sources. Not to be on it says nothing about
anybody; it is only what Alcove can say without asking.
"""

import functools
import re

import msgspec

from assistant.paths import resource

# A letter more or less makes another word of a short one: those must look the same.
_SHORTEST_PUBLISHER, _SHORTEST_FAMILY = 6, 4
# What a reader takes for another letter: skeletons of names that look alike are the same.
_LOOKS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("0", "o"), ("1", "l"), ("i", "l"), ("5", "s"))
_APART = re.compile(r"[-_.\s]+")
_DOUBLED = re.compile(r"(.)\1+")
_FIRST_WORD = re.compile(r"[a-z01]*[a-z][a-z01]*")
_LEADING_WORDS = frozenset({"meta", "the", "tiny", "distil", "mini", "open", "new", "official"})


class _Publishers(msgspec.Struct, frozen=True):
    about: str
    sources: tuple[str, ...]
    makers: dict[str, str]
    quantizers: dict[str, str]
    families: dict[str, tuple[str, ...]]
    words: tuple[str, ...]


@functools.cache
def _publishers() -> _Publishers:
    return msgspec.json.decode(resource("publishers.json").read_bytes(), type=_Publishers)


@functools.cache
def _known() -> frozenset[str]:
    listed = _publishers()
    return frozenset(name.lower() for name in (*listed.makers, *listed.quantizers))


@functools.cache
def _skeletons() -> dict[str, str]:
    """Return the known publishers by what their names look like."""
    listed = _publishers()
    return {_skeleton(name): name for name in (*listed.quantizers, *listed.makers)}


def is_known(publisher: str) -> bool:
    """Return whether a publisher trains models, or writes files of them, that people know."""
    return publisher.lower() in _known()


def looks_like(publisher: str) -> str:
    """Return the known publisher that this one's name only looks like; "" for none."""
    if not publisher or is_known(publisher):
        return ""
    if known := _skeletons().get(_skeleton(publisher)):
        return known
    joined = _joined(publisher)
    near = (
        name
        for name in _skeletons().values()
        if len(_joined(name)) >= _SHORTEST_PUBLISHER and _is_one_letter_away(joined, _joined(name))
    )
    return next(near, "")


def claims_family(name: str) -> str:
    """Return the famous family whose name a model's name begins with; "" for none."""
    return word if (word := _family_word(name)) in _publishers().families else ""


def looks_like_family(name: str) -> str:
    """Return the famous family that a model's name only looks like, "llama" for "Lama"; or ""."""
    word = _family_word(name)
    listed = _publishers()
    if not word or word in listed.families or word in listed.words:
        return ""
    skeleton = _skeleton(word)
    for family in listed.families:
        if skeleton == _skeleton(family):
            return family
        is_long = len(family) > _SHORTEST_FAMILY
        is_near = len(family) >= _SHORTEST_FAMILY and _is_one_letter_away(word, family)
        if is_near and (is_long or word[0] == family[0]):
            return family
    return ""


def owners_of(family: str) -> tuple[str, ...]:
    """Return whose a famous family is."""
    return _publishers().families.get(family, ())


def _family_word(name: str) -> str:
    """Return the word that a model's name begins with, without "Meta-" and the like."""
    rest = name.lower()
    while True:
        # Digits that pass for letters, as in "1lama", must not end the word.
        found = _FIRST_WORD.match(rest)
        word = found[0].rstrip("01") if found else ""
        tail = rest[len(word) :].lstrip("-_. ")
        if word in _LEADING_WORDS and tail and tail[0].isalpha():
            rest = tail
            continue
        return "gpt-oss" if rest.startswith("gpt-oss") else word


def _joined(name: str) -> str:
    return _APART.sub("", name.lower())


def _skeleton(name: str) -> str:
    """Return what a name looks like at a glance: no dashes, no doubles, lookalikes as one."""
    seen = _joined(name)
    for look, letter in _LOOKS:
        seen = seen.replace(look, letter)
    return _DOUBLED.sub(r"\1", seen)


def _is_one_letter_away(one: str, other: str) -> bool:
    """Return whether one letter was changed, added, left out, or two changed places."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    if len(one) == len(other):
        differ = [place for place in range(len(one)) if one[place] != other[place]]
        if len(differ) == 1:
            return True
        first, *rest = differ
        swapped = one[first : first + 2][::-1] == other[first : first + 2]
        return rest == [first + 1] and swapped
    short, long = sorted((one, other), key=len)
    place = next((i for i, letter in enumerate(short) if letter != long[i]), len(short))
    return short[place:] == long[place + 1 :]
