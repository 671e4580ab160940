"""What a document is after reading: pages of text with blocks, sentences and sections on them.

Offsets count Unicode code points from the start of a page's `text`; pages count from 1, and a
format without pages has one. All values can be sent through a pipe with msgspec.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path


class BlockKind(StrEnum):
    """What a block of text is on its page."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list-item"
    TABLE = "table"
    CAPTION = "caption"
    CODE = "code"
    FOOTNOTE = "footnote"


class PageUnit(StrEnum):
    """What a page of the document is: what its number counts."""

    PAGE = "page"
    SLIDE = "slide"
    SHEET = "sheet"
    CHAPTER = "chapter"
    MESSAGE = "message"
    CELL = "cell"
    PART = "part"


class PageStatus(StrEnum):
    """What became of a page."""

    READ = "read"
    NO_TEXT = "no-text"  # a picture, or blank
    NEEDS_OCR = "needs-ocr"  # a picture of text, and nothing here can read those
    FAILED = "failed"  # the parser gave up on this page


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one page: `page.text[start:end]`."""

    page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item or table on one page.

    Attributes:
        kind: what it is.
        start, end: where it stands in the page's text.
        level: for a heading, its depth from 1; else 0.
        continues: it goes on from the last block of the page before.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page's clean text: headers, footers and line-end hyphens are gone.

    Blocks are separated by blank lines; the text inside a paragraph has no line breaks, table
    rows stand on a line each with cells separated by tabs.

    Attributes:
        number: from 1.
        text: see above.
        blocks: what stands in it, in order.
        status: what became of it.
        label: what it is called beside its number: a sheet's name, a chapter's title, a message's
            subject, the way to a member of an archive; "" for none.
        confidence: how sure the recognition of its letters is, from 0 to 1; None where the text is
            the file's own.
    """

    number: int
    text: str
    blocks: tuple[Block, ...] = ()
    status: PageStatus = PageStatus.READ
    label: str = ""
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the document: of a message, or a member of an archive.

    Attributes:
        name: as the document says.
        type: what it is, as `Document.type`; "" if that is not known.
        size_bytes: its size, -1 if that is not known.
        is_read: its text is among the document's pages.
        fault: why it is not, as a `FileFault`'s value; "" if it is, or was not wanted.
        limit: the limit that it passes, where that is why; else "".
    """

    name: str
    type: str = ""
    size_bytes: int = -1
    is_read: bool = False
    fault: str = ""
    limit: str = ""


@dataclass(frozen=True, slots=True)
class ColumnFigures:
    """What the numbers in one column of a table come to, computed and never written by a model.

    Attributes:
        name: the column's heading.
        count: how many cells have a number.
        total, minimum, maximum: of those.
        unit: what follows or precedes all of them, such as "EUR" or "%"; "" for none.
        is_additive: the total means something: not for shares, rates, years and the like.
        stated: the total that the table itself states in its last row; None if it states none.
    """

    name: str
    count: int
    total: float
    minimum: float
    maximum: float
    unit: str = ""
    is_additive: bool = True
    stated: float | None = None


@dataclass(frozen=True, slots=True)
class TableFigures:
    """The figures of one table.

    Attributes:
        page: where it begins.
        title: its caption, or its sheet's name; "" for none.
        rows: how many rows it has below its headings.
        columns: those that hold numbers.
    """

    page: int
    title: str
    rows: int
    columns: tuple[ColumnFigures, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what follows it up to the next heading of the same or a higher level.

    Attributes:
        title: the heading's text; "" for what stands before the first heading.
        level: its depth from 1; 0 for the nameless one.
        parent: index of the section above it in `Document.sections`, -1 for none.
        page: page of the heading.
    """

    title: str
    level: int
    parent: int
    page: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and where it stands.

    Attributes:
        text: its text with white space folded; joined where it crosses pages.
        spans: one span for each page it touches, in order.
        section: index in `Document.sections`.
        kind: kind of the block it is in.
    """

    text: str
    spans: tuple[Span, ...]
    section: int
    kind: BlockKind = BlockKind.PARAGRAPH

    @property
    def page(self) -> int:
        """The page it starts on."""
        return self.spans[0].page


@dataclass(frozen=True)
class Document:
    """A document that was read.

    Attributes:
        path: the file.
        title: from its metadata or first heading, else the file's name.
        type: what it is, as `sniffing.FileType`: "pdf", "docx", "html" …
        sha256: of the file's bytes, in hex.
        language: ISO 639-1 code, "" if unknown.
        pages: all of them, also those without text.
        sections: the heading tree, parents before children; at least one.
        sentences: in reading order, headings left out.
        notes: what of its own text was not read, as codes that `left_out` puts into words.
        unit: what its pages are.
        attachments: the files in it.
        tables: the figures of its tables.
    """

    path: Path
    title: str
    type: str
    sha256: str
    language: str
    pages: tuple[Page, ...]
    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]
    notes: tuple[str, ...] = ()
    unit: PageUnit = PageUnit.PAGE
    attachments: tuple[Attachment, ...] = ()
    tables: tuple[TableFigures, ...] = ()

    @cached_property
    def word_count(self) -> int:
        """Words in all pages, split at white space."""
        return sum(len(page.text.split()) for page in self.pages)

    @property
    def pages_without_text(self) -> tuple[int, ...]:
        """Numbers of the pages that have no text or could not be read."""
        return tuple(page.number for page in self.pages if page.status is not PageStatus.READ)

    def quote(self, span: Span) -> str:
        """Return the text of `span`."""
        return self.pages[span.page - 1].text[span.start : span.end]
