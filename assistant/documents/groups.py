"""Groups the lines of a page into paragraphs, list items, tables and code."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from assistant.documents.document import BlockKind
from assistant.documents.lines import HYPHEN, Line, run_on
from assistant.documents.markers import BULLET, CAPTION, ENUMERATOR, FOOTNOTE, is_item
from assistant.documents.tables import find_table

_LOOSE = 1.3  # lines further apart than this many usual distances are not of one paragraph
_SMALL = 0.93  # footnotes are smaller than this much of the text's size
_AROUND = 12  # lines
_SAME_TYPE = 0.6  # points
_INDENT = 0.8  # font sizes
_TERMINATORS = (".", "!", "?", ":", ";", "。", "”", '"', "…", "؟", "।", "！", "？")


@dataclass(slots=True)
class Group:
    """Lines that belong together.

    Attributes:
        kind: PARAGRAPH until headings, footnotes and captions are told apart.
        is_full: its last line reaches the column's right edge, so that it may go on elsewhere.
        rows: of a table.
        edge: how far lines around its last one reach.
    """

    kind: BlockKind
    lines: list[Line]
    is_full: bool = False
    rows: list[list[str]] = field(default_factory=list)
    edge: float = 0.0

    @property
    def text(self) -> str:
        """Its text; rows and lines of code stand on a line each."""
        if self.kind is BlockKind.TABLE:
            return "\n".join("\t".join(cell for cell in row if cell) for row in self.rows)
        if self.kind is BlockKind.CODE:
            return "\n".join(line.text.replace(HYPHEN, "-") for line in self.lines)
        return run_on(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Type:
    """The type of a document's text.

    Attributes:
        body_size: the size most of the text has.
        distances: the usual distance of two lines for each size.
        has_code: text of fixed width is the exception here, and so code.
        has_bold: bold text is the exception here, and so says something.
        left: where most lines begin, in points.
    """

    body_size: float
    distances: dict[float, float]
    has_code: bool
    has_bold: bool = True
    left: float = 0.0

    @property
    def is_typed(self) -> bool:
        """Whether it is set as by a typewriter, where headings have no type of their own."""
        return not self.has_code

    def distance(self, size: float) -> float:
        """Return the usual distance of two lines of this size."""
        return self.distances.get(round(size), 1.2 * size)


def measure_type(pages: Iterable[Sequence[Line]]) -> Type:
    """Measure the type of a document's lines."""
    characters: Counter[float] = Counter()
    mono = bold = 0
    steps: dict[float, Counter[float]] = defaultdict(Counter)
    lefts: Counter[float] = Counter()
    for lines in pages:
        for line, following in zip_longest(lines, lines[1:]):
            characters[line.size] += len(line.text)
            mono += len(line.text) if line.is_mono else 0
            bold += len(line.text) if line.is_bold else 0
            lefts[round(line.left / 3) * 3] += 1
            if following and abs(following.size - line.size) < 0.3:
                step = following.bottom - line.bottom
                if 0.5 * line.size < step < 2.5 * line.size:
                    steps[round(line.size)][round(2 * step) / 2] += 1
    body = max(characters, key=lambda size: characters[size]) if characters else 10.0
    usual = {size: max(counts, key=lambda step: counts[step]) for size, counts in steps.items()}
    total = characters.total()
    left = max(lefts, key=lambda place: lefts[place]) if lefts else 0.0
    return Type(body, usual, mono < 0.4 * total, bold < 0.6 * total, left)


def group(lines: Sequence[Line], kind_of_type: Type) -> list[Group]:
    """Return the groups of one page's lines, which are in reading order."""
    groups: list[Group] = []
    for region in _regions(lines):
        builder = _Builder(kind_of_type)
        index = 0
        while index < len(region):
            table = find_table(region, index)
            if table:
                taken, rows = table
                builder.groups.append(Group(BlockKind.TABLE, taken, rows=rows))
                index += len(taken)
            else:
                builder.add(region[index], _edge(region, index))
                index += 1
        groups = _rejoined(groups, builder.finished(), kind_of_type.body_size)
    return groups


def _regions(lines: Sequence[Line]) -> list[list[Line]]:
    """Cut where the file's order jumps up the page, as it does from column to column."""
    regions: list[list[Line]] = []
    previous: Line | None = None
    for line in lines:
        jumps = previous is not None and (
            line.bottom < previous.top - line.size or line.is_upright != previous.is_upright
        )
        if previous is None or jumps:
            regions.append([])
        regions[-1].append(line)
        previous = line
    return regions


def _edge(region: Sequence[Line], index: int) -> float:
    """Return how far lines around `region[index]` reach: of its own column, not of the title."""
    line = region[index]
    around = region[max(0, index - _AROUND) : index + _AROUND + 1]
    return max(other.right for other in around if abs(other.size - line.size) < _SAME_TYPE)


class _Builder:
    """Adds lines one by one to the last group, or to a new one."""

    def __init__(self, kind_of_type: Type) -> None:
        self.groups: list[Group] = []
        self._type = kind_of_type
        self._edge = 0.0

    def add(self, line: Line, edge: float) -> None:
        """Add a line that is not of a table; lines around it reach to `edge`."""
        self._edge = edge
        last = self.groups[-1] if self.groups else None
        is_code = line.is_mono and self._type.has_code
        if last and not self._is_new(last, line, is_code=is_code):
            last.lines.append(line)
            last.edge = edge
            return
        kind = BlockKind.CODE if is_code else BlockKind.PARAGRAPH
        if not is_code and is_item(line.text):
            kind = BlockKind.LIST_ITEM
        self.groups.append(Group(kind, [line], edge=edge))

    def finished(self) -> list[Group]:
        """Return the groups with `is_full` set."""
        for group in self.groups:
            line = group.lines[-1]
            is_wide = line.right > group.edge - 4 * line.size
            group.is_full = line.text.endswith(HYPHEN) or is_wide
        return self.groups

    def _is_new(  # noqa: PLR0911 - one reason after the other
        self, last: Group, line: Line, *, is_code: bool
    ) -> bool:
        previous = last.lines[-1]
        if last.kind is BlockKind.TABLE or is_code != (last.kind is BlockKind.CODE):
            return True
        size = max(previous.size, line.size)
        step = line.bottom - previous.bottom
        if abs(previous.size - line.size) > max(0.6, 0.07 * size):
            return True
        if is_code:
            return step > 2.2 * self._type.distance(line.size)
        if step > _LOOSE * self._type.distance(line.size) + 0.5 or step < -0.5 * size:
            return True
        if previous.text.endswith(HYPHEN):
            return False
        if self._is_large(line):
            return previous.is_bold != line.is_bold
        return self._starts_anew(last, line)

    def _is_large(self, line: Line) -> bool:
        return line.size > 1.12 * self._type.body_size

    def _starts_anew(  # noqa: PLR0911 - one reason after the other
        self, last: Group, line: Line
    ) -> bool:
        """Return whether body text begins a new paragraph by weight, marker, indent or room."""
        previous = last.lines[-1]
        ended = previous.text.rstrip('”’")]').endswith(_TERMINATORS)
        if previous.is_bold != line.is_bold and (self._has_room(previous, line) or ended):
            return True
        if BULLET.match(line.text):
            return True
        if ENUMERATOR.match(line.text) and (ended or self._has_room(previous, line)):
            return True
        shift = (line.left - previous.left) / line.size
        if shift > _INDENT and last.kind is not BlockKind.LIST_ITEM and len(last.lines) > 1:
            return True
        if shift < -_INDENT and len(last.lines) > 1:
            return True
        if not self._has_room(previous, line):
            return False
        first = line.text[:1]  # of a script without capitals it says nothing
        return ended or not first.isalpha() or first.isupper()

    def _has_room(self, line: Line, following: Line) -> bool:
        """Return whether the next line's first word would have fitted onto this line."""
        word = following.text.split(maxsplit=1)[0]
        letter = line.width / max(1, len(line.text))
        return line.right + (len(word) + 2) * letter < self._edge


def _rejoined(groups: list[Group], following: list[Group], body_size: float) -> list[Group]:
    """Append the groups of the next column; a sentence that goes on there is joined."""
    above = [found for found in groups if not is_note(found, body_size)]
    place = next((i for i, found in enumerate(following) if not _floats(found)), None)
    if (
        above
        and place is not None
        and may_continue(above[-1])
        and goes_on(above[-1], following[place])
    ):
        above[-1].lines += following[place].lines
        above[-1].is_full = following[place].is_full
        following = following[:place] + following[place + 1 :]
    return groups + following


def _floats(group: Group) -> bool:
    """Return whether this may stand at the head of a column in the middle of a sentence."""
    return group.kind is BlockKind.TABLE or bool(CAPTION.match(group.lines[0].text))


def is_note(group: Group, body_size: float) -> bool:
    """Return whether this looks like a footnote: smaller than the text, with a mark before it."""
    first = group.lines[0]
    return first.size < _SMALL * body_size and bool(FOOTNOTE.match(first.text))


def may_continue(group: Group) -> bool:
    """Return whether the text of `group` may go on in another column or on the next page."""
    if group.kind not in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM} or not group.is_full:
        return False
    return not group.lines[-1].text.rstrip('”’")]').endswith(_TERMINATORS)


def goes_on(last: Group, first: Group) -> bool:
    """Return whether `first` looks like what follows the unfinished `last`."""
    if first.kind is not BlockKind.PARAGRAPH:
        return False
    before, after = last.lines[-1], first.lines[0]
    if abs(before.size - after.size) > 0.6 or before.is_bold != after.is_bold:
        return False
    ends_open = before.text.endswith((HYPHEN, ",", "-", "–"))
    return ends_open or after.text[:1].islower() or not before.text[-1:].isupper()
