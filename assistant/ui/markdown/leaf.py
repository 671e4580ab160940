"""What a message in Markdown is made of: leaves such as paragraphs and tables, and their text."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a leaf is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    RULE = "rule"
    TABLE = "table"
    CODE = "code"
    FORMULA = "formula"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one style.

    Attributes:
        text: what is written.
        is_bold, is_italic, is_struck, is_code: its style.
        link: an http or https address, or empty.
        script: 1 for raised letters, -1 for lowered ones.
        note: the footnote that it refers to, or empty.
    """

    text: str
    is_bold: bool = False
    is_italic: bool = False
    is_struck: bool = False
    is_code: bool = False
    link: str = ""
    script: int = 0
    note: str = ""


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A piece of a message that has no pieces.

    Attributes:
        kind: what it is.
        runs: the text of a paragraph, heading, formula or footnote.
        level: of a heading, from 1.
        rows: of a table, the first its header.
        alignments: of a table's columns: "left", "center", "right" or "".
        code, language: of a code block.
        depth: how many lists it stands in; `quotes` how many quotes.
        marker: of the first leaf of a list's item: "•" or its number, as "3."; else empty.
        note: of a footnote, the name that its references have.
    """

    kind: Kind
    runs: Runs = ()
    level: int = 0
    rows: tuple[tuple[Runs, ...], ...] = ()
    alignments: tuple[str, ...] = ()
    code: str = ""
    language: str = ""
    depth: int = 0
    quotes: int = 0
    marker: str = ""
    note: str = ""

    @property
    def is_prose(self) -> bool:
        """Whether it is running text, not a block with a look of its own."""
        return self.kind not in {Kind.TABLE, Kind.CODE}

    @property
    def text(self) -> str:
        """Its words without markup; of a table its cells, of code the code."""
        if self.kind is Kind.TABLE:
            return "\n".join("; ".join(_text(cell) for cell in row) for row in self.rows)
        return self.code or _text(self.runs)


@dataclass(frozen=True, slots=True)
class Block:
    """A top-level block of the source, or one item of a top-level list.

    Attributes:
        line: where it begins in the source, counted from 0.
        leaves: what it is made of.
        number: for an item of a numbered list, its number; else 0.
    """

    line: int
    leaves: tuple[Leaf, ...]
    number: int = 0


def plain_text(leaves: Sequence[Leaf]) -> str:
    """Return the words of `leaves` without markup, for a screen reader."""
    return "\n".join(f"{leaf.marker} {leaf.text}".strip() for leaf in leaves)


def _text(runs: Runs) -> str:
    return "".join(run.text for run in runs)
