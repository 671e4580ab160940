"""Reads the files inside a file: members of an archive, attachments of a message.

Each is written to a folder of the reader's own, told by its content and read like any file. What
is wrong with one is noted with it and harms no other; limits hold for all of them together.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from assistant.documents import figures, left_out
from assistant.documents.cleaning import clean, fold
from assistant.documents.document import Attachment, BlockKind, PageStatus, PageUnit, TableFigures
from assistant.documents.draft import Draft, DraftBlock, DraftPage
from assistant.documents.formats.markup import limit_passed
from assistant.documents.limits import Limits
from assistant.documents.places import place_short
from assistant.errors import DocumentError, FileFault

BETWEEN = " › "
_LONGEST_NAME = 120
_LONGEST_SUFFIX = 12
_CONTAINERS = frozenset({"eml", "mbox", "zip"})


@dataclass(eq=False)
class TooMuchError(DocumentError):
    """All members together pass a limit, so that the whole is refused."""


@dataclass(slots=True)
class _Spent:
    """What all members of the outermost file took so far, those within others too."""

    bytes: int = 0
    files: int = 0
    archives: int = 0
    pages: int = 0
    characters: int = 0


@dataclass(slots=True)
class Gathering:
    """What the members of one file come to.

    Attributes:
        pages: theirs, labelled with their names.
        tables: their figures.
        attachments: all of them, read or not.
        notes: what of them was not read, see `left_out`.
    """

    pages: list[DraftPage] = field(default_factory=list)
    tables: list[TableFigures] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    notes: tuple[str, ...] = ()


class Members:
    """Reads members one by one.

    Args:
        read: reads a file as the reader reads any, given the members within it.
        limits: bounds on all of them together.
        folder: where they are written while they are read.
        path: the outermost file, for errors.
        report: called with the pages done.
        begin: called with the number of the member that is read from then on, from 1; 0 is none.
        passed_over: members, by their numbers, that are not to be read, and why.
    """

    def __init__(
        self,
        read: Callable[[Path, "Members"], Draft],
        limits: Limits,
        folder: Path,
        path: Path,
        report: Callable[[int], None],
        *,
        begin: Callable[[int], None],
        passed_over: Mapping[int, tuple[str, str]],
    ) -> None:
        self.limits = limits
        self._begin = begin
        self._passed_over = passed_over
        self._read = read
        self._folder = folder
        self._path = path
        self._report = report
        self._spent = _Spent()
        self._depth = 0
        self._number = 0  # of the member that these are in

    def within(self) -> "Members":
        """Return what reads the members of a member."""
        inner = Members(
            self._read,
            self.limits,
            self._folder,
            self._path,
            self._report,
            begin=self._begin,
            passed_over=self._passed_over,
        )
        inner._spent = self._spent
        inner._depth = self._depth + 1
        inner._number = self._spent.files
        return inner

    @property
    def pages_done(self) -> int:
        """How many pages of members were read so far."""
        return self._spent.pages

    def tick(self) -> None:
        """Say that a member is still being read."""
        self._report(self._spent.pages)

    def add_pages(self, into: Gathering, pages: Iterable[DraftPage]) -> None:
        """Add pages that are the file's own, not a member's, and count them.

        Raises:
            TooMuchError: there are too many, or too much text on them.
        """
        before = len(into.pages)
        into.pages += pages
        spent, limits = self._spent, self.limits
        added = into.pages[before:]
        spent.pages += len(added)
        spent.characters += sum(len(block.text) for page in added for block in page.blocks)
        self._report(spent.pages)
        self._check("pages", spent.pages, limits.pages)
        self._check("characters", spent.characters, limits.characters)

    def add(self, into: Gathering, name: str, chunks: Iterable[bytes], size: int = -1) -> None:
        """Read a member and add its pages; if it cannot be read, say so with its name.

        Args:
            into: takes what it comes to.
            name: as the file says.
            chunks: its bytes.
            size: how many there are, -1 if that is not known.

        Raises:
            TooMuchError: all members together are too many or too large.
        """
        shown = shown_name(name)
        self._spent.files += 1
        self._check("archive entries", self._spent.files, self.limits.archive_entries)
        found = Attachment(shown, size_bytes=size)
        if known := self._passed_over.get(self._spent.files):
            fault_name, limit = known
            into.attachments.append(replace(found, fault=fault_name, limit=limit))
            return
        self._begin(self._spent.files)
        before = self._spent.pages, self._spent.characters
        try:
            draft, size = self._draft(name, chunks)
        except TooMuchError:
            raise
        except (DocumentError, RecursionError) as error:
            fault, limit = _fault(error)
            into.attachments.append(replace(found, fault=fault.value, limit=limit))
            return
        finally:
            self._begin(self._number)
        # A container has counted its pages already.
        self._spent.pages, self._spent.characters = before
        first = len(into.pages)
        self.add_pages(into, _labelled(draft, shown))
        into.tables += (replace(table, page=table.page + first) for table in draft.tables)
        into.notes = left_out.together((*into.notes, *draft.notes))
        into.attachments.append(replace(found, type=draft.type, size_bytes=size, is_read=True))
        into.attachments += (
            replace(inner, name=f"{shown}{BETWEEN}{inner.name}") for inner in draft.attachments
        )

    def _draft(self, name: str, chunks: Iterable[bytes]) -> tuple[Draft, int]:
        path = self._folder / f"{self._spent.files}{_suffix(name)}"
        size = 0
        try:
            with path.open("wb") as file:
                for chunk in chunks:
                    size += len(chunk)
                    self._spent.bytes += len(chunk)
                    self._check("archive bytes", self._spent.bytes, self.limits.archive_bytes)
                    file.write(chunk)
            if not size:
                raise DocumentError(path, FileFault.EMPTY)
            draft = self._read(path, self)
        finally:
            path.unlink(missing_ok=True)
        if not any(page.blocks for page in draft.pages):
            raise DocumentError(path, FileFault.NO_TEXT, pages=len(draft.pages))
        return figures.with_tables(draft), size

    def open_archive(self) -> None:
        """Count an archive that is opened: archives of archives multiply.

        Raises:
            TooMuchError: there are too many.
            DocumentError: it is nested too deep.
        """
        self.refuse_too_deep()
        self._spent.archives += 1
        self._check("archives", self._spent.archives, self.limits.archives)

    def refuse_too_deep(self) -> None:
        """Refuse an archive or a message that is nested too deep.

        Raises:
            DocumentError: it is.
        """
        if self._depth > self.limits.nesting:
            limit = f"nesting {self.limits.nesting}"
            raise DocumentError(self._path, FileFault.TOO_LARGE, limit=limit)

    def _check(self, what: str, count: int, most: int) -> None:
        if count > most:
            raise TooMuchError(self._path, FileFault.TOO_LARGE, limit=f"{what} {most}")


def _fault(error: DocumentError | RecursionError) -> tuple[FileFault, str]:
    """Return what is wrong with a member, and which limit it passes, if that is it."""
    if isinstance(error, RecursionError):
        return FileFault.TOO_LARGE, "nesting"
    limit = error.limit or limit_passed(error.__cause__)
    return (FileFault.TOO_LARGE if limit else error.fault), limit


def note(into: Gathering, name: str, size: int, fault: FileFault | None = None) -> None:
    """Name a member that is not read."""
    shown = shown_name(name)
    into.attachments.append(Attachment(shown, size_bytes=size, fault=fault.value if fault else ""))


def shown_name(name: str) -> str:
    """Return a member's name as it may be shown: on one line, not too long, its end kept."""
    text = fold(clean(name).replace("\\", "/")).strip("/ ") or "?"
    return text if len(text) <= _LONGEST_NAME else "…" + text[-_LONGEST_NAME + 1 :]


def _suffix(name: str) -> str:
    """Return the ending of a name if it is a plain one: it helps to tell text from text."""
    suffix = PurePosixPath(name.replace("\x00", "")).suffix.lower()
    is_plain = suffix[1:].isascii() and suffix[1:].isalnum() and len(suffix) <= _LONGEST_SUFFIX
    return suffix if is_plain else ""


def _labelled(draft: Draft, name: str) -> Iterator[DraftPage]:
    """Yield a member's pages under its name, its headings one level deeper."""
    is_single = len(draft.pages) == 1
    for number, page in enumerate(draft.pages, start=1):
        if draft.type in _CONTAINERS:
            label = f"{name}{BETWEEN}{page.label}" if page.label else name
        elif is_single:
            label = name
        else:
            label = f"{name} {_place(draft.unit, number, page.label)}"
        blocks = [
            replace(block, level=block.level + 1) if block.kind is BlockKind.HEADING else block
            for block in page.blocks
        ]
        if number == 1:
            blocks.insert(0, DraftBlock(BlockKind.HEADING, name, 1))
        yield replace(page, blocks=blocks, label=label)


def _place(unit: PageUnit, number: int, label: str) -> str:
    return place_short(unit, number, label)


def has_text(pages: Iterable[DraftPage]) -> bool:
    """Return whether any page could be read."""
    return any(page.status is PageStatus.READ and page.blocks for page in pages)
