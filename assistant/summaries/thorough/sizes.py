"""How long passages, notes and merges may be: what fits the model's context, and no more."""

from dataclasses import dataclass

from assistant.summaries.thorough.passages import Passage

# Small models lose what stands in the middle of long texts (arXiv 2410.23609), and the attention
# of a long passage costs more than the instructions of a second one.
_PASSAGE_TOKENS = 820
_NOTE_TOKENS = 72
_MERGE_TOKENS = 112
_SHORTEST_NOTE = 24
# The longest final question, as Quick's: it goes alone.
_TOP_TOKENS = 2_000
_NOTE_SHARE = 9  # a note has at most this part of what it is of
_TEMPLATE_TOKENS = 48
_WAY_TOKENS = 56
_SPARE = 24
_LEAST = 48
_QUOTED_TOKENS = 44
_SOURCE_TOKENS = 48
# A model counts words badly: so much more than it was asked for is let through.
_LOOSE = 1.35


@dataclass(frozen=True, slots=True)
class Sizes:
    """Lengths in tokens, for one model and one document.

    Attributes:
        passage: of a passage's text, and of the notes of a merge.
        overhead: what instructions, title, headings and template take.
        reply: of a note, about.
        top: of the notes that the final question may have.
        quoted: a passage of so many at most is its own note.
        sources: of the sentences that go with each note of a merge.
        a_word: tokens of a word of this document.
        opening: how an answer begins that is asked for again.
    """

    passage: int
    overhead: int
    reply: int
    top: int
    quoted: int
    sources: int
    a_word: float
    opening: str

    def note(self, passage: Passage) -> tuple[int, int]:
        """Return how many words a passage's note is asked to have, and its most tokens."""
        tokens = max(_SHORTEST_NOTE, min(self.reply, passage.tokens // _NOTE_SHARE))
        return self._words(tokens), tokens + _SPARE // 2

    @property
    def merge(self) -> tuple[int, int]:
        """How many words a merge is asked to have, and its most tokens."""
        tokens = min(_MERGE_TOKENS, max(self.reply, self.passage // 4))
        return self._words(tokens), tokens + _SPARE // 2

    def _words(self, tokens: int) -> int:
        return max(8, round(tokens / self.a_word / _LOOSE))


def passage_tokens(context_tokens: int, fixed_tokens: int) -> int:
    """Return how many tokens the text of a passage may have.

    Args:
        context_tokens: the model's.
        fixed_tokens: of instructions and title.
    """
    replies = min(_MERGE_TOKENS, context_tokens // 5) + _SPARE
    room = context_tokens - fixed_tokens - _TEMPLATE_TOKENS - _WAY_TOKENS - replies
    # Texts that are counted one by one have a few tokens more when they are joined.
    return max(_LEAST, min(_PASSAGE_TOKENS, round(room * 0.94)))


def sizes_of(context_tokens: int, fixed_tokens: int, *, a_word: float, opening: str) -> Sizes:
    """Return the lengths for a model and a document.

    Args:
        context_tokens: the model's.
        fixed_tokens: of instructions and title.
        a_word: tokens of a word of the document.
        opening: how an answer begins that is asked for again.
    """
    passage = passage_tokens(context_tokens, fixed_tokens)
    whole = min(context_tokens // 2, _TOP_TOKENS)
    return Sizes(
        passage=passage,
        overhead=fixed_tokens + _TEMPLATE_TOKENS + _WAY_TOKENS,
        reply=min(_NOTE_TOKENS, max(_SHORTEST_NOTE, passage // 5)),
        top=max(passage, round((whole - fixed_tokens) * 0.6)),
        quoted=min(_QUOTED_TOKENS, passage // 4),
        sources=min(_SOURCE_TOKENS, passage // 8),
        a_word=min(8.0, max(1.0, a_word)),
        opening=opening,
    )
