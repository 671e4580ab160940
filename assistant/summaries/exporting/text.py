"""Writes a result for a terminal: wrapped, nothing in it that steers one."""

import textwrap
from collections.abc import Iterable, Iterator

from assistant.documents.document import Document
from assistant.summaries.exporting.composing import compose
from assistant.summaries.exporting.parts import Heading, Line, Part, Rule, Runs, Table, Tone, spaced
from assistant.summaries.exporting.places import FIRM
from assistant.summaries.exporting.plain_text import visible, visible_run
from assistant.summaries.exporting.provenance import Provenance
from assistant.summaries.summary import Summary

_WIDTH = 88
# Tables of so few columns are plain without the names of them.
_PLAIN_COLUMNS = 3
_AROUND = {Tone.REMOVED: ("[-", "-]"), Tone.ADDED: ("{+", "+}")}


def to_text(document: Document, summary: Summary, provenance: Provenance | None = None) -> str:
    """Return the summary for a terminal: wrapped, with pages in brackets and the receipt."""
    return write_text(compose(document, summary, provenance))


def write_text(parts: Iterable[Part]) -> str:
    """Return `parts` as lines of at most 88 columns."""
    lines: list[str] = []
    for part in parts:
        is_heading = isinstance(part, Heading)
        if lines and lines[-1] and (is_heading or isinstance(part, Table | Rule)):
            lines.append("")
        lines += _lines(part)
        if is_heading or isinstance(part, Table | Rule):
            lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def _lines(part: Part) -> Iterator[str]:
    if isinstance(part, Heading):
        yield visible(part.text)
    elif isinstance(part, Line):
        yield _wrapped(_joined(part.runs), "• " if part.is_item else "")
    elif isinstance(part, Table):
        for row in part.rows:
            yield _row(part.headings, [_joined(cell) for cell in row])
    else:
        yield "─" * 72


def _row(headings: tuple[str, ...], cells: list[str]) -> str:
    """Return a row as an item; a row without a first cell goes on with the one before."""
    rest = [
        cell if len(headings) <= _PLAIN_COLUMNS else f"{heading}: {cell}"
        for heading, cell in zip(headings[1:], cells[1:], strict=True)
        if cell
    ]
    return _wrapped(" · ".join([cells[0], *rest] if cells[0] else rest), "• " if cells[0] else "  ")


def _joined(runs: Runs) -> str:
    pieces: list[str] = []
    for gap, run in spaced(runs):
        before, after = _AROUND.get(run.tone, ("", ""))
        shown = FIRM.join(visible_run(piece) for piece in run.text.split(FIRM))
        pieces.append(f"{gap}{before}{shown}{after}")
    return "".join(pieces).strip()


def _wrapped(text: str, bullet: str = "") -> str:
    filled = textwrap.fill(
        text,
        width=_WIDTH,
        initial_indent=bullet,
        subsequent_indent=" " * len(bullet),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return filled.replace(FIRM, " ")
