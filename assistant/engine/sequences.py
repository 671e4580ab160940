"""Which tokens each sequence of a context has, so that nothing is evaluated twice.

Every position that is held has a number. A prefix that was copied has the numbers of its source,
as llama.cpp shares its cells: so it is known how many are free.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from assistant.engine.llama import Context

_SHARED = 16  # fewer tokens in common are not worth a copy


@dataclass(eq=False, slots=True)
class Held:
    """A sequence of a context, with what it has evaluated.

    Attributes:
        number: the sequence's.
        tokens: what was evaluated, in order.
        cells: the number of each token's cell.
        owner: whose words they are.
        is_busy: a request uses it.
        is_kept: its tokens are on disk as they are, or are not to be.
        used: when it was last given back, as a count.
    """

    number: int
    tokens: list[int] = field(default_factory=list)
    cells: list[int] = field(default_factory=list)
    owner: str = ""
    is_busy: bool = False
    is_kept: bool = True
    used: int = 0


class Sequences:
    """The sequences of one context.

    Args:
        context: whose sequences they are.
        keep: told of a sequence whose owner's tokens are about to be dropped.
        stream_tokens: how many each may hold, where each has cells of its own; 0 where all share
            the context's.
    """

    def __init__(
        self, context: Context, keep: Callable[[Held], None], stream_tokens: int = 0
    ) -> None:
        self._context = context
        self._keep = keep
        self._stream_tokens = stream_tokens
        self._capacity = stream_tokens or context.context_tokens
        self._all = [Held(number) for number in range(context.sequences)]
        self._cells: Counter[int] = Counter()
        self._next_cell = itertools.count()
        self._ticks = itertools.count(1)

    def idle(self) -> list[Held]:
        """Return those that hold tokens and that nobody uses, the least recently used first."""
        return sorted((s for s in self._all if s.tokens and not s.is_busy), key=lambda s: s.used)

    def held(self) -> Iterator[Held]:
        """Yield those that hold tokens."""
        return (sequence for sequence in self._all if sequence.tokens)

    @property
    def free_cells(self) -> int:
        """How many tokens can still be evaluated, before idle sequences are dropped."""
        if self._stream_tokens:
            return self._capacity
        return self._capacity - len(self._cells)

    @property
    def has_free(self) -> bool:
        """Whether one is to be had, now or by dropping an idle one."""
        return any(not sequence.is_busy for sequence in self._all)

    def closest(self, tokens: Sequence[int]) -> tuple[Held | None, int]:
        """Return the sequence that has most of `tokens`' beginning, and how much of it."""
        best, most = None, 0
        for sequence in self._all:
            common = self._usable(sequence, tokens)
            if common > most or (common and common == most and best and best.is_busy):
                best, most = sequence, common
        return best, most

    def take(self, tokens: Sequence[int], owner: str, *, is_aside: bool = False) -> Held:
        """Return a sequence that has as much of `tokens`' beginning as there is, for a request.

        There is one: `has_free`. It lacks one token at least, so that there is something to
        evaluate.

        Args:
            tokens: of the request.
            owner: whose words they are.
            is_aside: what others have stays as it is, as long as there is room.
        """
        source, common = self.closest(tokens)
        is_continued = source is not None and self._is_continued(source, common, owner)
        if is_aside and source is not None:
            is_continued = is_continued and bool(owner) and owner == source.owner
        if source is not None and not source.is_busy and is_continued:
            taken = source
            self._cut(taken, common)
        else:
            taken = self._empty(keeping=source)
            if source is not None and common >= _SHARED:
                self._copy(source, taken, common)
        return self._taken(taken, owner, is_aside=is_aside)

    def empty(self) -> Held:
        """Return a sequence without tokens, alone in the context but for those in use."""
        self._drop_idle(0)
        return self._empty(keeping=None)

    def fresh(self, owner: str) -> Held:
        """Return a sequence without tokens for a request. There is one: `has_free`."""
        return self._taken(self.empty(), owner)

    def _taken(self, sequence: Held, owner: str, *, is_aside: bool = False) -> Held:
        sequence.is_busy = True
        sequence.owner = owner
        sequence.is_kept = False
        # Attention goes over all cells up to the last used one: 1,000 that nobody uses slowed each
        # token of a reply from 6 to 9 ms. An owner's are had again from disk within milliseconds.
        if not self._stream_tokens and self._context.model.can_rewind and not is_aside:
            self._drop_idle(0)
        return sequence

    def _usable(self, sequence: Held, tokens: Sequence[int]) -> int:
        """Return how much of `sequence` can be used for `tokens`; at least one token is left."""
        common = common_prefix(sequence.tokens, tokens)
        if not self._context.model.can_rewind:
            # Its state is that after all of its tokens, and no other.
            is_prefix = common == len(sequence.tokens) < len(tokens)
            return common if is_prefix else 0
        return min(common, len(tokens) - 1)

    def _is_continued(self, source: Held, common: int, owner: str) -> bool:
        """Whether `source` goes on, rather than staying as it is beside a copy of its prefix."""
        if not common:
            return False
        mostly = 2 * common >= len(source.tokens)
        return mostly or (bool(owner) and owner == source.owner)

    def _empty(self, keeping: Held | None) -> Held:
        free = [sequence for sequence in self._all if not sequence.is_busy]
        empty = [sequence for sequence in free if not sequence.tokens]
        if empty:
            return empty[0]
        others = [sequence for sequence in free if sequence is not keeping] or free
        oldest = min(others, key=lambda sequence: sequence.used)
        self.drop(oldest)
        return oldest

    def _copy(self, source: Held, target: Held, end: int) -> None:
        if not source.tokens:
            return
        self._context.copy(source.number, target.number, end)
        if not self._context.cut(target.number, end):
            self._context.clear_sequence(target.number)
            return
        target.tokens = source.tokens[:end]
        cells = source.cells[:end]
        if self._stream_tokens:
            cells = [next(self._next_cell) for _ in cells]
        target.cells = cells
        self._cells.update(cells)

    def _cut(self, sequence: Held, end: int) -> None:
        if end == len(sequence.tokens):
            return
        if end and self._context.model.can_rewind and self._context.cut(sequence.number, end):
            self._release(sequence.cells[end:])
            del sequence.tokens[end:], sequence.cells[end:]
        else:
            self.drop(sequence)

    def undo(self, sequence: Held) -> None:
        """Take back what an unfinished step may have added; all where that cannot be told."""
        end = len(sequence.tokens)
        is_whole = self._context.model.can_rewind and end > 0
        if not (is_whole and self._context.cut(sequence.number, end)):
            self.drop(sequence)

    def shorten(self, sequence: Held, end: int) -> None:
        """Forget what `sequence` has from token `end` on, or all of it."""
        self._cut(sequence, end)

    def add(self, sequence: Held, tokens: Sequence[int]) -> None:
        """Note that `tokens` were evaluated."""
        cells = list(itertools.islice(self._next_cell, len(tokens)))
        sequence.tokens += tokens
        sequence.cells += cells
        self._cells.update(cells)

    def restored(self, sequence: Held, tokens: Sequence[int], end: int, owner: str) -> int:
        """Use a sequence that was read from disk with `tokens`, of which `end` are wanted.

        Returns how many it has.
        """
        self.add(sequence, tokens)
        if self._context.model.can_rewind or end == len(tokens):
            self._cut(sequence, end)
        else:
            self.drop(sequence)
        self._taken(sequence, owner)
        return len(sequence.tokens)

    def give_back(self, sequence: Held) -> None:
        """Keep what `sequence` has, for a request that begins like it."""
        sequence.is_busy = False
        sequence.used = next(self._ticks)

    def drop(self, sequence: Held) -> None:
        """Forget all that `sequence` has; an idle one is kept on disk first."""
        if not sequence.is_busy and not sequence.is_kept and sequence.owner:
            self._keep(sequence)
        self._context.clear_sequence(sequence.number)
        self._release(sequence.cells)
        sequence.tokens.clear()
        sequence.cells.clear()
        sequence.is_kept = True

    def _release(self, cells: Sequence[int]) -> None:
        for cell in cells:
            if self._cells[cell] <= 1:
                del self._cells[cell]
            else:
                self._cells[cell] -= 1

    def _drop_idle(self, limit: int) -> None:
        idle = self.idle()
        excess = sum(len(sequence.tokens) for sequence in idle) - limit
        for sequence in idle:
            if excess <= 0:
                return
            excess -= len(sequence.tokens)
            self.drop(sequence)


def common_prefix(one: Sequence[int], other: Sequence[int]) -> int:
    """Return how many tokens both begin with."""
    length = min(len(one), len(other))
    if list(one[:length]) == list(other[:length]):
        return length
    low, high = 0, length
    while low < high:  # the first half that differs, halved: comparing slices is fast
        middle = (low + high + 1) // 2
        if list(one[low:middle]) == list(other[low:middle]):
            low = middle
        else:
            high = middle - 1
    return low
