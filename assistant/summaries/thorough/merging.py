"""What is known of the parts of a section, and how it is put together for the model.

Each merge gets the notes of its parts and beside them the best sentences of the document itself,
word for word: merging amplifies what a model made up (arXiv 2502.00977), and the sources keep it
down. A noted sentence that its passage does not bear out is left out where others remain.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.evidence.citation import Flag
from assistant.summaries.prompts import Noted
from assistant.summaries.summary import SummarySentence

_SOURCES = 2
_LINE_TOKENS = 6
_NOTED_TOKENS = 12  # heading and marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What was written of a part of the document.

    Attributes:
        title: its heading, "" for none.
        sentences: what was written, each with its evidence.
        tokens: about how many those have.
        sources: numbers of its first and last sentence in the document.
        pages: its first and its last page.
        is_list: it is nothing but a list, such as references: no part of a merge.
    """

    title: str
    sentences: tuple[SummarySentence, ...]
    tokens: int
    sources: tuple[int, int]
    pages: tuple[int, int]
    is_list: bool = False

    @property
    def text(self) -> str:
        """What a merge is given of it."""
        borne = [one.text for one in self.sentences if Flag.UNSUPPORTED not in one.flags]
        return " ".join(borne or [one.text for one in self.sentences])


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence of the document that may go with a note, with its tokens and its worth."""

    text: str
    tokens: int
    worth: float


Sources = Callable[[tuple[int, int]], Sequence[Source]]


def noted(note: Note, sources: Sources, room: int) -> tuple[Noted, int]:
    """Return a note with the best of its sources, and about how many tokens that has.

    Args:
        note: of one part.
        sources: the best sentences between two sentences, the best first.
        room: tokens that the sources may have.
    """
    chosen: list[str] = []
    left = room
    for source in sources(note.sources):
        if len(chosen) == _SOURCES:
            break
        is_said = any(source.text in one.text for one in note.sentences)
        if not is_said and source.worth > 0 and source.tokens + _LINE_TOKENS <= left:
            chosen.append(source.text)
            left -= source.tokens + _LINE_TOKENS
    tokens = note.tokens + _NOTED_TOKENS + room - left
    return Noted(note.title, note.text, tuple(chosen)), tokens


def groups(sizes: Sequence[int], room: int) -> list[range]:
    """Return which of the parts in a row are merged together, each group within `room` tokens.

    The groups are about as large as each other, and of two parts at least, so that merging comes
    to an end.
    """
    if sum(sizes) <= room:
        return [range(len(sizes))]
    wanted = -(-sum(sizes) // room)
    share = min(room, sum(sizes) / wanted * 1.1)
    found: list[range] = []
    start = used = 0
    for at, size in enumerate(sizes):
        if at > start + 1 and used + size > share:
            found.append(range(start, at))
            start, used = at, 0
        used += size
    if found and len(sizes) - start < 2:
        start = found.pop().start
    return [*found, range(start, len(sizes))]
