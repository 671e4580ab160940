"""How much of a text came through reading, in its order."""

import re
import textwrap
from collections import defaultdict
from pathlib import Path

from tests.files.sources import INTERLEAVED_ROWS, paragraphs

_WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """Return the words of `text`, without what stands between them."""
    return _WORD.findall(text)


def recall(read: str, reference: str) -> float:
    """Return the share of the words of `reference` that `read` has in the same order.

    That is the longest common subsequence of both, counted bit by bit as Hyyrö (2004) does.
    """
    wanted, found = words(reference), words(read)
    places: dict[str, int] = defaultdict(int)
    for index, word in enumerate(wanted):
        places[word] |= 1 << index
    row = whole = (1 << len(wanted)) - 1
    for word in found:
        both = row & places[word]
        row = (row + both | row - both) & whole
    return (len(wanted) - row.bit_count()) / max(1, len(wanted))


def references(files: Path) -> dict[str, tuple[str, float]]:
    """Return the texts of PDFs in `tests/files`, and the recall that reading them must reach."""
    rfc = (files / "rfc3533.txt").read_text("utf-8")
    declaration = (files / "declaration.txt").read_text("utf-8")
    lines = textwrap.wrap(" ".join(paragraphs(declaration)[3:]), 40)
    sheet = 2 * INTERLEAVED_ROWS
    return {
        # Heads and feet of pages belong to none of them.
        "rfc3533.pdf": (re.sub(r"(?m)^\S.*\[Page \d+\]$|^RFC 3533 .*$", "", rfc), 0.95),
        "columns.pdf": (declaration, 0.99),
        "interleaved.pdf": (" ".join(lines[: len(lines) // sheet * sheet]), 0.99),
    }
