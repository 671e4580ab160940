"""Writes down what differs between two documents: for people, and as data."""

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.documents import left_out
from assistant.documents.document import Span
from assistant.documents.places import unit_word
from assistant.documents.unread_files import listed
from assistant.summaries.comparing.comparison import (
    Change,
    Comparison,
    Concern,
    EditKind,
    FigureChange,
    Side,
)
from assistant.summaries.exporting.data import place
from assistant.summaries.exporting.parts import Heading, Line, Part, Run, Runs, Table, Tone, plain
from assistant.summaries.exporting.places import Places

_TONES = {
    EditKind.KEPT: Tone.PLAIN,
    EditKind.REMOVED: Tone.REMOVED,
    EditKind.ADDED: Tone.ADDED,
}
_CONCERNS = {
    Concern.OBLIGATION: "what must or may be done",
    Concern.NEGATION: "yes or no",
    Concern.ROLES: "who does what to whom",
    Concern.NUMBER: "a number or date",
    Concern.NAME: "a name",
}
# Documents that share less than this are hardly versions of one.
_UNLIKE = 0.05


def compose_comparison(comparison: Comparison) -> Iterator[Part]:
    """Yield what a person reads of a comparison."""
    names = _names(comparison)
    yield Heading(f"{names[0]} → {names[1]}", 1)
    yield Line(plain(in_short(comparison), Tone.STRONG))
    if comparison.figures:
        yield Heading("Numbers and dates that differ")
        yield _figures(comparison)
    if comparison.changed:
        yield Heading("Changed")
        for change in comparison.changed:
            yield Line((*_edited(change), *_tail(change, comparison)), is_item=True)
    for title, changes in (("Added", comparison.added), ("Removed", comparison.removed)):
        if changes:
            yield Heading(title)
            for change in changes:
                said = Run(change.new or change.old)
                yield Line((said, *_tail(change, comparison)), is_item=True)
    if comparison.moved:
        yield Heading("Moved, word for word the same")
        yield from _moved(comparison)
    yield Heading("Receipt")
    for sentence in receipt(comparison):
        yield Line(plain(sentence, Tone.MUTED))


def in_short(comparison: Comparison) -> str:
    """Return in plain words how much differs, and what of it counts."""
    if comparison.is_same and comparison.old.is_whole and comparison.new.is_whole:
        return "Nothing differs: both say the same in the same order."
    if comparison.is_same:
        return "Nothing differs in what could be read; the receipt tells what could not."
    counts = [
        (len(comparison.changed), "changed"),
        (len(comparison.added), "added"),
        (len(comparison.removed), "removed"),
        (len(comparison.moved), "moved"),
    ]
    told = [f"{count:,} {word}" for count, word in counts if count]
    sentences = [f"Sentences, headings and rows: {_listed(told)}." if told else ""]
    binding = comparison.concerned(Concern.OBLIGATION, Concern.NEGATION, Concern.ROLES)
    if binding:
        verb = "change concerns" if binding == 1 else "changes concern"
        sentences.append(f"{binding:,} {verb} what must, may or must not be done.")
    if figures := len(comparison.figures):
        word = "number or date differs" if figures == 1 else "numbers or dates differ"
        sentences.append(f"{figures:,} {word}.")
    if comparison.likeness < _UNLIKE:
        sentences.append("They share next to nothing: they may be different documents.")
    return " ".join(filter(None, sentences))


def receipt(comparison: Comparison) -> Iterator[str]:
    """Yield in sentences what was compared."""
    yield (
        f"{comparison.same:,} sentences, headings and rows are the same;"
        f" {comparison.likeness:.0%} of all stand in both."
    )
    for word, side in (("Old", comparison.old), ("New", comparison.new)):
        pages = f"{side.pages} {unit_word(side.unit, side.pages)}"
        yield f"{word}: {side.path}, {pages}, SHA-256 {side.sha256}"
        if side.unreadable:
            yield f"Not compared, without text: {_places(side).listed(side.unreadable)}."
        if side.unread:
            yield f"Not compared, files in it that were not read: {listed(side.unread)}."
        if side.notes:
            yield f"Not compared: {', '.join(left_out.in_words(side.notes))}."
    yield "Numbering, kinds of quotation marks and breaks of lines and pages do not count."


def comparison_data(comparison: Comparison) -> dict[str, object]:
    """Return a comparison as JSON data; docs/cli.md tells the contract."""
    return {
        "old": _side(comparison.old),
        "new": _side(comparison.new),
        "in_short": in_short(comparison),
        "same": comparison.same,
        "likeness": round(comparison.likeness, 4),
        "changed": [_change(change) for change in comparison.changed],
        "added": [_change(change) for change in comparison.added],
        "removed": [_change(change) for change in comparison.removed],
        "moved": [_change(change) for change in comparison.moved],
        "figures": [
            {
                "what": figure.what,
                "old": figure.old,
                "new": figure.new,
                "old_page": figure.old_span.page if figure.old_span else None,
                "new_page": figure.new_span.page if figure.new_span else None,
                "is_date": figure.is_date,
            }
            for figure in comparison.figures
        ],
    }


def _side(side: Side) -> dict[str, object]:
    return {
        "path": side.path,
        "title": side.title,
        "type": side.type,
        "pages": side.pages,
        "unit": side.unit.value,
        "language": side.language,
        "sha256": side.sha256,
        "unreadable": list(side.unreadable),
        "unread": [attachment.name for attachment in side.unread],
        "left_out": list(left_out.in_words(side.notes)),
    }


def _change(change: Change) -> dict[str, object]:
    return {
        "old": _version(change.old, change.old_spans, change.old_section),
        "new": _version(change.new, change.new_spans, change.new_section),
        "edits": [{"kind": edit.kind.value, "text": edit.text} for edit in change.edits],
        "concerns": [concern.value for concern in change.concerns],
        "is_heading": change.is_heading,
    }


def _version(text: str, spans: Sequence[Span], section: str) -> dict[str, object] | None:
    if not spans:
        return None
    return {"text": text, "section": section, "spans": [place(span) for span in spans]}


def _names(comparison: Comparison) -> tuple[str, str]:
    """Return the titles of both; what tells their files apart where the titles are the same."""
    old, new = comparison.old, comparison.new
    names = Path(old.path).name, Path(new.path).name
    choices = ((old.title, new.title), names, (old.path, new.path))
    return next((choice for choice in choices if choice[0] != choice[1]), names)


def _places(side: Side) -> Places:
    return Places(side.unit, side.labels)


def address(side: str, spans: Sequence[Span]) -> str:
    """Return where a place leads: its side, "old" or "new", and its first span."""
    if not spans:
        return ""
    return f"{side}:{spans[0].page}:{spans[0].start}:{spans[0].end}"


def _linked(old: Sequence[Span], new: Sequence[Span], comparison: Comparison) -> Iterator[Run]:
    """Yield "[p. 3 → p. 4]", or the place on the side that has one, each a link."""
    before = _places(comparison.old).short(span.page for span in old)
    after = _places(comparison.new).short(span.page for span in new)
    if before:
        end = " →" if after else "]"
        yield Run(f"[{before}{end}", Tone.PLACE, address=address("old", old))
    if after:
        begin = "" if before else "["
        yield Run(f"{begin}{after}]", Tone.PLACE, address=address("new", new))


def _tail(change: Change, comparison: Comparison) -> Runs:
    runs = [*_linked(change.old_spans, change.new_spans, comparison)]
    if change.concerns:
        about = ", ".join(_CONCERNS[concern] for concern in change.concerns)
        runs.append(Run(f"[{about}]", Tone.MARK))
    return tuple(runs)


def _edited(change: Change) -> Iterator[Run]:
    for edit in change.edits:
        blank = " " if edit.text[:1].isspace() else ""
        if blank:
            yield Run(blank, is_glued=True)
        yield Run(edit.text.strip(), _TONES[edit.kind], is_glued=True)


def _figures(comparison: Comparison) -> Table:
    return Table(
        ("What", "Old", "New", "Where"),
        tuple(_figure(figure, comparison) for figure in comparison.figures),
    )


def _figure(figure: FigureChange, comparison: Comparison) -> tuple[Runs, ...]:
    old = (figure.old_span,) if figure.old_span else ()
    new = (figure.new_span,) if figure.new_span else ()
    return (
        plain(figure.what),
        plain(figure.old or "—"),
        plain(figure.new or "—", Tone.STRONG if figure.new else Tone.PLAIN),
        tuple(_linked(old, new, comparison)),
    )


def _moved(comparison: Comparison) -> Iterator[Line]:
    """Yield what moved, a stretch that moved together as one item."""

    def together(change: Change) -> tuple[str, str]:
        return change.old_section, change.new_section

    for _, group in itertools.groupby(comparison.moved, together):
        changes = list(group)
        first = changes[0]
        more = len(changes) - 1
        rest = f"… and {more} more" if more else ""
        where = _linked(first.old_spans, first.new_spans, comparison)
        yield Line((Run(first.new), Run(rest, Tone.MUTED), *where), is_item=True)


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
