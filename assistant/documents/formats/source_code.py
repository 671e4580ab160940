"""Reads programs: what their comments say as text, the rest as code, definitions as headings."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.documents.cleaning import clean, fold
from assistant.documents.document import BlockKind
from assistant.documents.draft import Draft, DraftBlock, DraftPage
from assistant.documents.formats.text import read_text
from assistant.documents.languages_of_code import Comments, comments_of
from assistant.documents.limits import Limits
from assistant.documents.markers import is_item

# Definitions that stand at the margin; deeper ones belong to what they stand in.
_DEFINITION = re.compile(
    r"(?:(?:export|default|public|private|protected|internal|static|final|abstract|async|sealed|"
    r"pub(?:\([\w:]+\))?|unsafe|extern(?:\s+\"C\")?|partial|open|data|inline|virtual)\s+)*"
    r"(?:class|def|function|func|fn|fun|interface|struct|enum|trait|impl|module|namespace|record|"
    r"object|protocol|extension|type|package|sub|procedure|macro_rules!|defmodule|defn|defun|"
    r"create\s+(?:or\s+replace\s+)?(?:table|view|function|procedure|trigger|index|type))\s+"
    r"[\w(\"'`\[]",
    re.IGNORECASE,
)
_C_FUNCTION = re.compile(r"[A-Za-z_][\w\s*&:<>,~]*\b[\w:~]+\s*\([^;{}]*\)?\s*(?:const\s*)?\{?\s*$")
_NOT_FUNCTION = re.compile(r"(?:if|for|while|switch|return|else|do|catch|using|typedef)\b")
_SET = re.compile(r"[-=*#/~_+]{3,}")  # lines that only set things apart
_ONLY_MARKS = re.compile(r"[\s\W_]*")
_LICENCE = re.compile(r"SPDX-License-Identifier|coding[:=]|vim?:|-\*-")
_PARAMETER = re.compile(r"[@\\](?:param|return|brief|throws|see)\b")
_LONGEST_HEADING = 200


def read(path: Path, limits: Limits) -> Draft:
    """Return the draft of a program: one page.

    Raises:
        DocumentError: it is too large.
    """
    text = read_text(path, limits)
    marks = comments_of(path.name, path.suffix.lower(), text)
    if text.startswith("#!"):  # for the system, not for readers
        text = text.partition("\n")[2]
    return Draft("code", [DraftPage(blocks(text, marks))])


def blocks(text: str, marks: Comments) -> list[DraftBlock]:
    """Return the blocks of a program whose comments are written with `marks`."""
    found: list[DraftBlock] = []
    for is_comment, lines in _runs(text.split("\n"), marks):
        found += _prose(lines) if is_comment else _code(lines)
    return found


def _runs(lines: Sequence[str], marks: Comments) -> Iterator[tuple[bool, list[str]]]:
    """Yield runs of comment lines, without their marks, and runs of code between blank lines."""
    run: list[str] = []
    is_comment = False
    closing = ""
    for line in lines:
        stripped = line.strip()
        said, was_closing = None, closing
        if closing:
            said, closing = _until(stripped, closing)
        elif opening := _opening(stripped, marks):
            said, closing = _until(stripped[len(opening[0]) :], opening[1])
        elif mark := next((mark for mark in marks.line if stripped.startswith(mark)), ""):
            said = stripped[len(mark) :]
        begins = said is not None and not was_closing and not is_comment
        if run and (begins or (said is None and (is_comment or not stripped))):
            yield is_comment, run
            run = []
        is_comment = said is not None
        if said is not None:
            run.append(said)
        elif stripped:
            run.append(line)
    if run:
        yield is_comment, run


def _opening(stripped: str, marks: Comments) -> tuple[str, str] | None:
    """Return the marks of a block comment that a line begins with."""
    return next((pair for pair in marks.blocks if stripped.startswith(pair[0])), None)


def _until(text: str, closing: str) -> tuple[str, str]:
    """Return what a block comment says on this line, and the mark it is still waiting for."""
    before, end, _ = text.partition(closing)
    return before, "" if end else closing


def _prose(lines: Sequence[str]) -> Iterator[DraftBlock]:
    """Yield the paragraphs and list items of a comment."""
    current: list[str] = []
    kind = BlockKind.PARAGRAPH
    for line in [*lines, ""]:
        text = _SET.sub(" ", fold(clean(line.strip().lstrip("*#!/;").strip())))
        if _ONLY_MARKS.fullmatch(text) or _LICENCE.search(text):
            text = ""
        starts = is_item(text) or bool(_PARAMETER.match(text))
        if current and (not text or starts):
            yield DraftBlock(kind, " ".join(current))
            current = []
        if text:
            kind = kind if current else BlockKind.LIST_ITEM if starts else BlockKind.PARAGRAPH
            current.append(text)


def _code(lines: Sequence[str]) -> Iterator[DraftBlock]:
    """Yield code; a definition at the margin is the heading of what follows."""
    run: list[str] = []
    for line in lines:
        shown = clean(line).expandtabs(4).rstrip()
        if _defines(shown):
            if run:
                yield DraftBlock(BlockKind.CODE, "\n".join(run))
                run = []
            yield DraftBlock(BlockKind.HEADING, fold(shown)[:_LONGEST_HEADING], 1)
        else:
            run.append(shown)
    if run:
        yield DraftBlock(BlockKind.CODE, "\n".join(run))


def _defines(line: str) -> bool:
    if not line or line[0].isspace() or len(line) > _LONGEST_HEADING:
        return False
    if _DEFINITION.match(line):
        return True
    return bool(_C_FUNCTION.match(line)) and not _NOT_FUNCTION.match(line) and "=" not in line
