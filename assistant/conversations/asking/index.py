"""The passages of several documents, and the groups that belong together, ready to be searched."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain

from assistant.conversations.asking.closeness import LetterCloseness, WordCloseness
from assistant.conversations.asking.passages import Piece, cut, heading_of
from assistant.documents.document import Document
from assistant.evidence.terms import words

# Passages of one section that follow each other are a group of up to so many words: a question's
# words stand in several of them, and the section as a whole is about them.
_GROUP_WORDS = 500


class PassageIndex:
    """What is searched; made at the first search, in about a second for a thousand pages."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = tuple(documents)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """All passages, document by document, in reading order."""
        return tuple(
            piece
            for number, document in enumerate(self.documents)
            for piece in cut(document, number)
        )

    @cached_property
    def groups(self) -> tuple[range, ...]:
        """The passages of each group, as positions in `pieces`."""
        return tuple(self._grouped())

    def text(self, at: int) -> str:
        """Return the sentences of a passage, whole where they go on overleaf."""
        piece = self.pieces[at]
        sentences = self.documents[piece.document].sentences[piece.first : piece.last + 1]
        return " ".join(sentence.text for sentence in sentences)

    def heading(self, at: int) -> str:
        """Return the titles of the sections that a passage stands in."""
        piece = self.pieces[at]
        return heading_of(self.documents[piece.document], piece.section)

    def searched(self, at: int) -> str:
        """Return what a passage is found by: its headings and its text."""
        return f"{self.heading(at)}\n{self.text(at)}"

    def group_text(self, number: int) -> str:
        """Return what a group is found by: its headings and its passages."""
        group = self.groups[number]
        return "\n".join([self.heading(group[0]), *map(self.text, group)])

    @cached_property
    def words_of_pieces(self) -> WordCloseness:
        """Compares words with single passages."""
        return WordCloseness(
            [*words(self.heading(at)), *self._words[at]] for at in range(len(self.pieces))
        )

    @cached_property
    def words_of_groups(self) -> WordCloseness:
        """Compares words with groups."""
        return WordCloseness(
            [*words(self.heading(group[0])), *chain(*(self._words[at] for at in group))]
            for group in self.groups
        )

    @cached_property
    def letters_of_groups(self) -> LetterCloseness:
        """Compares letters with groups."""
        return LetterCloseness(self.group_text, self._letters / max(1, len(self.groups)))

    @cached_property
    def _words(self) -> list[list[str]]:
        """The folded words of each passage, without its headings."""
        return [words(self.text(at)) for at in range(len(self.pieces))]

    @cached_property
    def _letters(self) -> float:
        return float(sum(len(self.text(at)) for at in range(len(self.pieces))))

    def _grouped(self) -> Iterator[range]:
        first = 0
        size = 0
        for at, piece in enumerate(self.pieces):
            length = len(self._words[at])
            begun = self.pieces[first]
            is_other = (begun.document, begun.section) != (piece.document, piece.section)
            if at > first and (is_other or size + length > _GROUP_WORDS):
                yield range(first, at)
                first, size = at, 0
            size += length
        if self.pieces:
            yield range(first, len(self.pieces))
