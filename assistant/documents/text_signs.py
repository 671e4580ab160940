"""Tells from its first lines what a text file is: a message, a table, a program, subtitles.

The content decides; a name helps only where content cannot tell, as between code and prose.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from assistant.documents.languages_of_code import NAMES as CODE_NAMES
from assistant.documents.languages_of_code import SUFFIXES as CODE_SUFFIXES

DELIMITERS = ",;\t|"
_LINES = 40  # that are looked at
_LEAST_ROWS = 3
_TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".tab", ".psv"})
_HEADER = re.compile(r"[!-9;-~]{1,76}:(?:[ \t]|$)")
_HEADER_NAME = re.compile(
    r"(?:from|to|cc|bcc|subject|date|message-id|received|return-path|mime-version|content-type|"
    r"delivered-to|reply-to|sender|in-reply-to|references|x-[\w-]+|dkim-signature|"
    r"content-transfer-encoding|arc-[\w-]+|authentication-results|user-agent|thread-topic)",
    re.IGNORECASE,
)
_TELLING = frozenset(
    {"from", "received", "return-path", "message-id", "mime-version", "delivered-to"}
)
_MBOX = re.compile(r"From \S+ .*\d\d:\d\d.*(?:19|20)\d\d|From - .*\d\d:\d\d")
_CUE_TIMES = re.compile(
    r"\s*(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}\s*-->\s*(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
)
_NOTEBOOK = re.compile(r'\A\s*\{.{0,4000}?"(?:cells|nbformat|metadata|worksheets)"\s*:', re.DOTALL)
_SHEBANG = re.compile(r"#!\s*/\S+|<\?php\b")
_CODE_LINE = re.compile(
    r".*[;{}]\s*$|\s*(?://|/\*|#include\b|import\s[\w.{*\"']+|from\s+[\w.]+\s+import\b|def\s+\w+\s*\(|"
    r"class\s+\w+.*[:{]\s*$|(?:pub(?:lic)?|private|static|export|const|let|var|func|fn|return)\s)"
)
_SENTENCE_END = re.compile(r"[.!?]['\")]?\s*$")


def is_mailbox(text: str) -> bool:
    """Return whether this begins with the line that parts the messages of an mbox file."""
    first, _, rest = text.partition("\n")
    return bool(_MBOX.match(first)) and bool(_HEADER.match(rest))


def is_message(text: str) -> bool:
    """Return whether this begins with the header of a message (RFC 5322)."""
    names: list[str] = []
    for line in text.split("\n")[:200]:
        if not line.strip():
            break
        if line[0] in " \t" and names:
            continue
        if line.startswith((">From ", "From ")) and not names:
            continue
        if not _HEADER.match(line):
            return False
        names.append(line.partition(":")[0].lower())
    known = sum(bool(_HEADER_NAME.fullmatch(name)) for name in names)
    return known >= 2 and 2 * known >= len(names) and not _TELLING.isdisjoint(names)


def is_notebook(text: str, suffix: str) -> bool:
    """Return whether this is a Jupyter notebook: its cells or its format within the first 4 kB."""
    if not _NOTEBOOK.match(text):
        return False
    return suffix == ".ipynb" or '"cell_type"' in text or '"nbformat"' in text


def is_subtitles(text: str) -> bool:
    """Return whether this is WebVTT or SubRip: a time that goes to another near the top."""
    if text.startswith("WEBVTT"):
        return True
    lines = [line for line in text.split("\n")[:_LINES] if line.strip()]
    return any(_CUE_TIMES.match(line) for line in lines[:2])


def is_code(text: str, name: str, suffix: str) -> bool:
    """Return whether this is a program or a configuration, by its name or by its looks."""
    if suffix in CODE_SUFFIXES or name.lower() in CODE_NAMES:
        return True
    if _SHEBANG.match(text):
        return True
    if suffix not in {"", ".txt"}:
        return False
    lines = [line for line in text.split("\n")[:200] if line.strip()]
    found = sum(bool(_CODE_LINE.match(line)) for line in lines)
    prose = sum(bool(_SENTENCE_END.search(line)) for line in lines)
    return len(lines) >= 5 and found > 0.4 * len(lines) and prose < 0.2 * len(lines)


def delimiter(text: str, suffix: str = "") -> str:
    """Return what parts the cells of a table of delimited values, "" if this is none.

    Lines of one width are the sign. Where the name says nothing, commas are not enough unless
    the cells are short and follow without a space, for prose has commas too.
    """
    is_named = suffix in _TABLE_SUFFIXES
    best, best_width = "", 0
    for candidate in DELIMITERS:
        width = _width(text, candidate, is_named=is_named)
        if width > best_width:
            best, best_width = candidate, width
    return best


def _width(text: str, candidate: str, *, is_named: bool) -> int:
    """Return how many cells the rows have with this delimiter, 0 if it is not the one."""
    rows = list(_rows(text, candidate)) if candidate in text else []
    widths = Counter(len(row) for row in rows)
    if not widths:
        return 0
    width, count = widths.most_common(1)[0]
    if width < 2 or count < (0.6 if is_named else 1.0) * len(rows):
        return 0
    return width if is_named or _is_tabular(rows, candidate) else 0


def _is_tabular(rows: Sequence[Sequence[str]], candidate: str) -> bool:
    """Return whether rows of one width look like a table rather than prose."""
    cells = [cell for row in rows for cell in row]
    if len(rows) < _LEAST_ROWS or sum(map(len, cells)) > 40 * len(cells):
        return False
    if candidate == "\t":
        return True
    if candidate == "," and len(rows[0]) < 3:
        return False
    if candidate == "|" and not any(cell.strip(" -:") for cell in rows[0]):
        return False
    later = [cell for row in rows for cell in row[1:] if cell]
    return 2 * sum(cell.startswith(" ") for cell in later) <= len(later)


def _rows(text: str, candidate: str) -> Iterator[list[str]]:
    """Yield the first rows that have cells; the last line may be cut and is left out."""
    lines = text.split("\n")
    whole = lines[:-1] if len(lines) > 1 and len(text) > 8_000 else lines
    head = [line for line in whole[: 3 * _LINES] if line.strip()][:_LINES]
    try:
        yield from (row for row in csv.reader(head, delimiter=candidate) if any(row))
    except csv.Error:
        return
