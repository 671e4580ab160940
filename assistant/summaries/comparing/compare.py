"""Compares two documents, sentence by sentence: what was added, removed, changed and moved."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.documents.document import BlockKind, Document
from assistant.documents.unread_files import unread_files
from assistant.summaries.comparing import concerns
from assistant.summaries.comparing.aligning import Pair, align
from assistant.summaries.comparing.comparison import (
    Change,
    Comparison,
    Concern,
    EditKind,
    FigureChange,
    Side,
)
from assistant.summaries.comparing.edits import edits
from assistant.summaries.comparing.figures import changed_figures, changed_totals, touches
from assistant.summaries.comparing.units import Unit, joined, units_of
from assistant.summaries.sections import SectionRole, roles
from assistant.summaries.stopping import until

_GRAVITY = {concern: number for number, concern in enumerate(Concern)}


def compare(old: Document, new: Document, *, cancel: threading.Event | None = None) -> Comparison:
    """Return what differs between `old` and `new`; a few seconds for 1,000 pages each.

    Raises:
        RankingStopped: `cancel` was set.
    """
    return _Comparing(old, new).run(cancel)


@dataclass(slots=True)
class _Found:
    """A change with what it is put in order by."""

    change: Change
    figures: tuple[FigureChange, ...]
    rank: tuple[int, int]


class _Comparing:
    """One comparison."""

    def __init__(self, old: Document, new: Document) -> None:
        self._documents = (old, new)
        self._language = new.language or old.language
        self._units = (units_of(old), units_of(new))
        self._roles = (roles(old), roles(new))

    def run(self, cancel: threading.Event | None) -> Comparison:
        old, new = self._units
        found = align(old, new, cancel)
        pairs = (self._changed(pair) for pair in until(cancel, found.changed))
        changed = [one for one in pairs if one is not None]
        in_order = sorted(changed, key=lambda one: one.rank[1])
        figures = tuple(figure for one in in_order for figure in one.figures)
        return Comparison(
            old=_side(self._documents[0], len(old)),
            new=_side(self._documents[1], len(new)),
            added=_ranked([self._one_sided(at, 1) for at in until(cancel, found.added)]),
            removed=_ranked([self._one_sided(at, 0) for at in until(cancel, found.removed)]),
            changed=_ranked(changed),
            moved=tuple(self._moved(*pair) for pair in found.moved),
            figures=(*changed_totals(*self._documents), *figures),
            same=len(found.same) + found.recut + len(found.changed) - len(changed),
        )

    def _changed(self, pair: Pair) -> _Found | None:
        """Return the change of a pair; None where nothing but its looks changed."""
        ours, theirs = self._joined(pair.old, 0), self._joined(pair.new, 1)
        if ours.key == theirs.key:
            return None
        old, new = ours.bare, theirs.bare
        words = edits(old, new)
        about = concerns.of_change(old, new, words, self._language)
        if (old, new) != (ours.text, theirs.text):
            words = edits(ours.text, theirs.text)
        change = Change(
            old=ours.text,
            new=theirs.text,
            old_spans=ours.spans,
            new_spans=theirs.spans,
            old_section=self._section(ours, 0),
            new_section=self._section(theirs, 1),
            edits=words,
            concerns=about,
            is_heading=theirs.kind is BlockKind.HEADING,
        )
        has_figures = any(touches(e.text) for e in words if e.kind is not EditKind.KEPT)
        figures = tuple(changed_figures(ours, theirs, self._documents)) if has_figures else ()
        return _Found(change, figures, (self._gravity(about, theirs, 1), pair.new[0]))

    def _one_sided(self, at: int, side: int) -> _Found:
        unit = self._units[side][at]
        about = concerns.of_text(unit.bare, self._language)
        is_heading = unit.kind is BlockKind.HEADING
        section = self._section(unit, side)
        rank = (self._gravity(about, unit, side), at)
        if side:
            change = Change(
                new=unit.text,
                new_spans=unit.spans,
                new_section=section,
                concerns=about,
                is_heading=is_heading,
            )
        else:
            change = Change(
                old=unit.text,
                old_spans=unit.spans,
                old_section=section,
                concerns=about,
                is_heading=is_heading,
            )
        return _Found(change, (), rank)

    def _moved(self, old: int, new: int) -> Change:
        ours, theirs = self._units[0][old], self._units[1][new]
        return Change(
            old=ours.text,
            new=theirs.text,
            old_spans=ours.spans,
            new_spans=theirs.spans,
            old_section=self._section(ours, 0),
            new_section=self._section(theirs, 1),
            is_heading=theirs.kind is BlockKind.HEADING,
        )

    def _joined(self, places: Sequence[int], side: int) -> Unit:
        return joined([self._units[side][at] for at in places])

    def _section(self, unit: Unit, side: int) -> str:
        sections = self._documents[side].sections
        return sections[unit.section].title if unit.section < len(sections) else ""

    def _gravity(self, about: Sequence[Concern], unit: Unit, side: int) -> int:
        """Return how soon a change is told, 0 first; lists of contents and sources come last."""
        role = self._roles[side][unit.section] if unit.section < len(self._roles[side]) else None
        if role is SectionRole.LISTING:
            return len(_GRAVITY) + 1
        return min((_GRAVITY[concern] for concern in about), default=len(_GRAVITY))


def _ranked(found: Sequence[_Found]) -> tuple[Change, ...]:
    return tuple(one.change for one in sorted(found, key=lambda one: one.rank))


def _side(document: Document, count: int) -> Side:
    return Side(
        path=str(document.path),
        title=document.title,
        type=document.type,
        sha256=document.sha256,
        language=document.language,
        pages=len(document.pages),
        unit=document.unit,
        labels=tuple(page.label for page in document.pages),
        unreadable=document.pages_without_text,
        sentences=count,
        unread=unread_files(document.attachments),
        notes=document.notes,
    )
