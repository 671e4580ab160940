"""What differs between two documents, with the places on both sides."""

from dataclasses import dataclass
from enum import StrEnum

from assistant.documents.document import Attachment, PageUnit, Span


class Concern(StrEnum):
    """What a change is about, the gravest first."""

    OBLIGATION = "obligation"  # what must, shall or may be done, or when
    NEGATION = "negation"
    ROLES = "roles"  # the same words in another order: who does what to whom
    NUMBER = "number"  # amounts, dates, deadlines
    NAME = "name"


class EditKind(StrEnum):
    """What became of a stretch of words."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of words of a changed sentence; old and new text read one after the other.

    Attributes:
        kind: whether both texts have it, or which one.
        text: as it stands there, with the blanks around it.
    """

    kind: EditKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A sentence, heading or table row that was added, removed, changed or moved.

    Attributes:
        old, new: its text on either side, white space folded; "" on the side that lacks it.
        old_spans, new_spans: where it stands; () on the side that lacks it.
        old_section, new_section: title of the section it stands in, or "".
        edits: word by word what became of it; () unless it was changed.
        concerns: what the change is about, the gravest first; () for wording alone.
        is_heading: it is the heading of a section.
    """

    old: str = ""
    new: str = ""
    old_spans: tuple[Span, ...] = ()
    new_spans: tuple[Span, ...] = ()
    old_section: str = ""
    new_section: str = ""
    edits: tuple[Edit, ...] = ()
    concerns: tuple[Concern, ...] = ()
    is_heading: bool = False

    @property
    def old_span(self) -> Span | None:
        """Where it begins in the old document; None if it is not there."""
        return self.old_spans[0] if self.old_spans else None

    @property
    def new_span(self) -> Span | None:
        """Where it begins in the new document; None if it is not there."""
        return self.new_spans[0] if self.new_spans else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureChange:
    """A number, amount or date that differs in two sentences that say the same otherwise.

    Attributes:
        what: the words around it, which tell what it is of.
        old, new: as it stands there; "" on a side that lacks it.
        old_span, new_span: where its sentence begins; None for a figure that was computed.
        is_date: it is a date, or part of one.
    """

    what: str
    old: str
    new: str
    old_span: Span | None = None
    new_span: Span | None = None
    is_date: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two documents.

    Attributes:
        path, title, type, sha256, language: as in `Document`.
        pages: how many it has.
        unit: what they are.
        labels: of its pages, "" for those without.
        unreadable: pages without text, which took no part.
        sentences: sentences, headings and table rows that took part.
        unread: files in it that took no part.
        notes: what else of it took no part, as in `Document`.
    """

    path: str
    title: str
    type: str
    sha256: str
    language: str
    pages: int
    unit: PageUnit
    labels: tuple[str, ...]
    unreadable: tuple[int, ...]
    sentences: int
    unread: tuple[Attachment, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether all of it took part."""
        return not (self.unreadable or self.unread or self.notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All that differs. Each list has what binds and counts first, then the order of reading.

    Attributes:
        old, new: the documents.
        added, removed, changed: what differs.
        moved: what stands word for word in another place.
        figures: numbers and dates that differ, in the order of reading.
        same: how many sentences, headings and table rows stand unchanged in their place.
    """

    old: Side
    new: Side
    added: tuple[Change, ...] = ()
    removed: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()
    moved: tuple[Change, ...] = ()
    figures: tuple[FigureChange, ...] = ()
    same: int = 0

    @property
    def is_same(self) -> bool:
        """Whether the two say the same in the same order."""
        return not (self.added or self.removed or self.changed or self.moved or self.figures)

    @property
    def likeness(self) -> float:
        """Share of the sentences of both that stand in both, moved ones too, from 0 to 1."""
        total = self.old.sentences + self.new.sentences
        return 2 * (self.same + len(self.moved)) / total if total else 1.0

    def concerned(self, *concerns: Concern) -> int:
        """Return how many changes, of all kinds but moves, are about one of `concerns`."""
        changes = (*self.changed, *self.added, *self.removed)
        return sum(any(concern in change.concerns for concern in concerns) for change in changes)
