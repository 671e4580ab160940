"""What the palette lists: a command, a page, a chat, a document or a model."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from assistant.ui.palette.matching import Folded, Match, begins_words, fold, match

_BY_OTHER_WORDS = 0.7  # found by a word that is not in the title


class Kind(StrEnum):
    """What an entry is; equal matches stand in this order."""

    COMMAND = "command"
    PAGE = "page"
    CHAT = "chat"
    DOCUMENT = "document"
    MODEL = "model"


# Points added to a match: what the window does, before what is in it.
_WEIGHT = {Kind.COMMAND: 6.0, Kind.PAGE: 8.0, Kind.CHAT: 0.0, Kind.DOCUMENT: 0.0, Kind.MODEL: 2.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the palette.

    Attributes:
        kind: what it is.
        key: what it is known by within its kind, such as a conversation's id.
        title: what it is called; may come from a document or a model.
        run: opens or does it.
        detail: what stands beside the title, muted; untrusted, too.
        marked: which characters of `detail` carry the words that were typed.
        icon: its picture.
        keys: the shortcut that does the same, as `QKeySequence` writes it portably.
        words: by what else it is found.
    """

    kind: Kind
    key: str
    title: str
    run: Callable[[], object]
    detail: str = ""
    marked: frozenset[int] = frozenset()
    icon: str = ""
    keys: str = ""
    words: str = ""
    _title: Folded = field(init=False, repr=False, compare=False)
    _words: Folded = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_title", fold(self.title))
        object.__setattr__(self, "_words", fold(f"{self.title} {self.words}"))

    def matched(self, words: tuple[str, ...]) -> Match | None:
        """Return how well the typed `words` are found in it; None if they are not."""
        found = match(words, self._title)
        if found is not None:
            return Match(found.score + _WEIGHT[self.kind], found.places)
        if not self.words:
            return None
        other = begins_words(words, self._words)
        if other is None:
            return None
        return Match(other.score * _BY_OTHER_WORDS + _WEIGHT[self.kind])


@dataclass(frozen=True, slots=True)
class Found:
    """An entry and which characters of its title were typed."""

    entry: Entry
    places: frozenset[int] = frozenset()


def best(entries: list[Entry], words: tuple[str, ...], limit: int) -> list[Found]:
    """Return the entries that match `words`, the best first; equal ones in their order."""
    scored = []
    for entry in entries:
        found = entry.matched(words)
        if found is not None:
            scored.append((found.score, entry, found.places))
    scored.sort(key=lambda one: -one[0])
    return [Found(entry, places) for _, entry, places in scored[:limit]]
