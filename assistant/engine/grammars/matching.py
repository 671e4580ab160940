"""Follows a grammar through a reply, token by token."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from assistant.engine.grammars.grammar import CharSet, Grammar, GrammarRefused, Repeat, Sequence

# Alternatives that are followed at once. An enumeration has one for each of its values.
MAX_ALTERNATIVES = 2_048
_MAX_STEPS = 20_000  # to find all alternatives of one character
_MAX_STEPS_FOR_TOKEN = 1_000_000  # about a second
_MAX_KEPT = 50_000


@dataclass(eq=False, slots=True)
class _Frame:
    """What is still to come: the rest of a sequence or of a repetition, then the parent's.

    Frames are made once for the same content, so that equal ones are the same object.
    """

    sequence: Sequence
    index: int
    repeat: Repeat | None
    count: int
    parent: "_Frame | None"


@dataclass(eq=False, slots=True)
class _State:
    """A place in the grammar: where characters are expected, and whether it may end here."""

    frames: tuple[_Frame, ...]
    may_end: bool
    following: dict[int, "_State | None"] = field(default_factory=dict)


class Matcher:
    """Says which pieces of text may come next, and takes in the one that does.

    All alternatives are followed at once (Thompson's construction, with a stack for nested
    rules). One that would need more than `MAX_ALTERNATIVES` of them is not allowed.

    Args:
        grammar: what is followed.

    Raises:
        GrammarRefused: `allows` and `accept`, when the next token would take too long to find.
    """

    def __init__(self, grammar: Grammar) -> None:
        self._rules = grammar.rules
        self._steps = 0
        self._frames: dict[tuple[int, int, int, int], _Frame] = {}
        self._states: dict[tuple[tuple[_Frame, ...], bool], _State] = {}
        roots = [self._start(sequence, None) for sequence in self._rules[grammar.root]]
        self._state = self._closed(roots) or _State((), may_end=False)
        self._unfinished = b""  # the first bytes of a character

    @property
    def may_end(self) -> bool:
        """Whether the text so far is complete."""
        return self._state.may_end and not self._unfinished

    @property
    def must_end(self) -> bool:
        """Whether nothing can follow."""
        return not self._state.frames

    @property
    def first_bytes(self) -> frozenset[int]:
        """The bytes that may come next; not all of them need to lead on."""
        if self._unfinished:
            return frozenset(range(0x80, 0xC0))
        ranges = {pair for frame in self._state.frames for pair in _expected(frame).ranges}
        firsts: set[int] = set()
        for low, high in ranges:
            firsts.update(range(_first_byte(low), _first_byte(high) + 1))
        return frozenset(firsts)

    def allows(self, piece: bytes) -> bool:
        """Whether `piece` may come next; it may end within a character."""
        return self._follow(piece) is not None

    def accept(self, piece: bytes) -> bool:
        """Take in `piece`; False, and nothing changes, if it may not come next."""
        reached = self._follow(piece)
        if reached is None:
            return False
        self._state, self._unfinished = reached
        self._steps = 0
        if len(self._frames) + len(self._states) > _MAX_KEPT:
            self._frames.clear()
            self._states.clear()
            self._state = _State(self._state.frames, self._state.may_end)
        return True

    def _follow(self, piece: bytes) -> tuple[_State, bytes] | None:
        data = self._unfinished + piece
        rest = b""
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            if error.reason != "unexpected end of data":
                return None
            text, rest = data[: error.start].decode(), data[error.start :]
        state = self._state
        for character in text:
            after = self._after(state, ord(character))
            if after is None:
                return None
            state = after
        if rest and not _expects_any(state.frames, *_characters_beginning_with(rest)):
            return None
        return state, rest

    def _after(self, state: "_State", character: int) -> "_State | None":
        """Return the state after one more character."""
        try:
            return state.following[character]
        except KeyError:
            following = state.following[character] = self._computed(state, character)
            return following

    def _computed(self, state: "_State", character: int) -> "_State | None":
        reached = [
            self._start(frame.sequence, frame.parent, frame.index + 1)
            for frame in state.frames
            if _expected(frame).has(character)
        ]
        return self._closed(reached)

    def _closed(self, reached: "Iterable[_Frame | None]") -> "_State | None":
        """Return the state of all places from which a character is expected; None if none is."""
        waiting = list(reached)
        seen: set[_Frame | None] = set()
        expecting: list[_Frame] = []
        while waiting:
            frame = waiting.pop()
            if frame in seen:
                continue
            seen.add(frame)
            if len(seen) > _MAX_STEPS or len(expecting) > MAX_ALTERNATIVES:
                self._count(len(seen))
                return None
            if frame is None:
                continue
            element = frame.repeat or frame.sequence[frame.index]
            if isinstance(element, CharSet):
                expecting.append(frame)
            elif frame.repeat:
                waiting += self._repetitions(frame, frame.repeat)
            else:
                parent = self._start(frame.sequence, frame.parent, frame.index + 1)
                if isinstance(element, Repeat):
                    waiting.append(self._frame((), 0, element, 0, parent))
                elif isinstance(element, int):
                    waiting += [self._start(rest, parent) for rest in self._rules[element]]
        self._count(len(seen))
        may_end = None in seen
        if not expecting and not may_end:
            return None
        key = (tuple(sorted(expecting, key=id)), may_end)
        return self._states.setdefault(key, _State(*key))

    def _repetitions(self, frame: _Frame, repeat: Repeat) -> "list[_Frame | None]":
        """Return what follows in a repetition: its end, and once more what is repeated."""
        ways: list[_Frame | None] = []
        if frame.count >= repeat.least:
            ways.append(frame.parent)
        if repeat.most is not None and frame.count >= repeat.most:
            return ways
        count = frame.count
        if repeat.most is not None or count < repeat.least:
            count += 1
        again = frame.parent
        if count != repeat.most:
            again = self._frame((), 0, repeat, count, frame.parent)
        return ways + [self._start(sequence, again) for sequence in self._rules[repeat.rule]]

    def _count(self, steps: int) -> None:
        self._steps += steps
        if self._steps > _MAX_STEPS_FOR_TOKEN:
            raise GrammarRefused("it allows too many alternatives at once")

    def _start(self, sequence: Sequence, parent: _Frame | None, index: int = 0) -> "_Frame | None":
        """Return the frame of what is left of `sequence`; nothing of it is its parent."""
        if index == len(sequence):
            return parent
        return self._frame(sequence, index, None, 0, parent)

    def _frame(
        self,
        sequence: Sequence,
        index: int,
        repeat: Repeat | None,
        count: int,
        parent: _Frame | None,
    ) -> _Frame:
        # The objects of a key live as long as the frame that is kept under it.
        key = (id(repeat or sequence), index, count, id(parent))
        frame = self._frames.get(key)
        if frame is None:
            frame = self._frames[key] = _Frame(sequence, index, repeat, count, parent)
        return frame


def _expected(frame: _Frame) -> CharSet:
    element = frame.sequence[frame.index]
    assert isinstance(element, CharSet)
    return element


def _expects_any(frames: Iterable[_Frame], low: int, high: int) -> bool:
    return any(_expected(frame).has_any(low, high) for frame in frames)


def _first_byte(character: int) -> int:
    if 0xD800 <= character <= 0xDFFF:
        return 0xED
    return chr(character).encode()[0]


def _characters_beginning_with(rest: bytes) -> tuple[int, int]:
    """Return the first and last code point whose UTF-8 begins with the bytes `rest`."""
    length = 2 if rest[0] < 0xE0 else 3 if rest[0] < 0xF0 else 4
    bits = rest[0] & (0x7F >> length)
    for byte in rest[1:]:
        bits = bits << 6 | byte & 0x3F
    missing = 6 * (length - len(rest))
    low, high = bits << missing, ((bits + 1) << missing) - 1
    shortest = {2: 0x80, 3: 0x800, 4: 0x10000}[length]
    return max(low, shortest), min(high, 0x10FFFF)
