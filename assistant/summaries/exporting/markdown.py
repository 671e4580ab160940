"""Writes a result as Markdown in which the document's text cannot be markup."""

import re
from collections.abc import Iterable, Iterator

from assistant.documents.document import Document
from assistant.summaries.exporting.composing import compose
from assistant.summaries.exporting.parts import (
    Heading,
    Line,
    Part,
    Rule,
    Run,
    Runs,
    Table,
    Tone,
    spaced,
)
from assistant.summaries.exporting.places import FIRM
from assistant.summaries.exporting.plain_text import visible, visible_run
from assistant.summaries.exporting.provenance import Provenance
from assistant.summaries.summary import Summary

# What Markdown could read as markup, a link or HTML.
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+!|~&$=^:@-]|(?<=^\d)[.]|(?<=^\d\d)[.]|(?<=www)[.])")
_AROUND = {Tone.STRONG: "**", Tone.REMOVED: "~~", Tone.ADDED: "**"}


def to_markdown(
    document: Document,
    summary: Summary,
    provenance: Provenance | None = None,
    *,
    with_passages: bool = False,
) -> str:
    """Return the summary as Markdown; `with_passages` quotes all that it cites at the end."""
    return write_markdown(compose(document, summary, provenance, with_passages=with_passages))


def write_markdown(parts: Iterable[Part]) -> str:
    """Return `parts` as Markdown."""
    lines: list[str] = []
    was_item = False
    for part in parts:
        is_item = isinstance(part, Line) and part.is_item
        if lines and not (is_item and was_item):
            lines.append("")
        lines += _lines(part)
        was_item = is_item
    return "\n".join(lines).rstrip() + "\n"


def escaped(text: str) -> str:
    """Return `text` on one line, every sign that Markdown could read as markup escaped."""
    return _SPECIAL.sub(r"\\\1", visible(text))


def _lines(part: Part) -> Iterator[str]:
    if isinstance(part, Heading):
        yield f"{'#' * part.level} {escaped(part.text)}"
    elif isinstance(part, Line):
        yield ("- " if part.is_item else "") + _joined(part.runs)
    elif isinstance(part, Table):
        yield _row([escaped(heading) for heading in part.headings])
        yield _row(["---"] * len(part.headings))
        for row in part.rows:
            yield _row([_joined(cell) for cell in row])
    elif isinstance(part, Rule):
        yield "---"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _joined(runs: Runs) -> str:
    """Return the runs on one line; a line never begins with what would make it a list."""
    return "".join(gap + _run(run) for gap, run in spaced(runs)).strip()


def _run(run: Run) -> str:
    text = visible_run(run.text.replace(FIRM, " "))
    marker = _AROUND.get(run.tone, "")
    bare = _SPECIAL.sub(r"\\\1", text.strip())
    if not marker or not bare:
        return _SPECIAL.sub(r"\\\1", text)
    before = text[: len(text) - len(text.lstrip())]
    after = text[len(text.rstrip()) :]
    return f"{before}{marker}{bare}{marker}{after}"
