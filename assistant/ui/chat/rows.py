"""What stands in the list of conversations, from top to bottom."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from itertools import repeat
from typing import TypeAlias

from PySide6.QtCore import QCoreApplication

from assistant.storage.conversations import ConversationRecord
from assistant.storage.folders import Folder
from assistant.ui.chat.groups import grouped

RowKey: TypeAlias = tuple[str, int | str]


class Section(StrEnum):
    """The parts of the list."""

    PINNED = "pinned"
    FOLDERS = "folders"
    BY_DAY = "by-day"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadingRow:
    """Words above what follows; cannot be chosen."""

    text: str
    section: Section

    @property
    def key(self) -> RowKey:
        """What makes it the same row in two states of the list."""
        return (f"heading-{self.section}", self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemporaryRow:
    """The chat that is never stored."""

    @property
    def key(self) -> RowKey:
        """What makes it the same row in two states of the list."""
        return ("temporary", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderRow:
    """A folder, with how many conversations are in it."""

    folder: Folder
    count: int
    is_open: bool

    @property
    def key(self) -> RowKey:
        """What makes it the same row in two states of the list."""
        return ("folder", self.folder.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationRow:
    """A conversation.

    Attributes:
        record: the conversation.
        section: where it stands; one that is pinned and in a folder stands in both places.
        folder: where it is pinned, the name of its folder, or "".
    """

    record: ConversationRecord
    section: Section
    folder: str = ""

    @property
    def key(self) -> RowKey:
        """What makes it the same row in two states of the list."""
        # Wherever it goes it is the same row; only one that is pinned, too, has a second one.
        is_second = self.section is Section.PINNED and self.record.folder_id is not None
        return ("pinned" if is_second else "conversation", self.record.id)


Row: TypeAlias = HeadingRow | TemporaryRow | FolderRow | ConversationRow


class Rows:
    """The rows of the list; each is made when it is asked for, for there may be thousands.

    Args:
        records: the last changed first.
        folders: in their order.
        open_folders: the ids of those whose conversations are shown.
        now: with the person's own time zone.
        has_temporary: whether a chat is under way that is never stored.
    """

    def __init__(
        self,
        records: Sequence[ConversationRecord] = (),
        folders: Sequence[Folder] = (),
        open_folders: Collection[int] = (),
        *,
        now: datetime,
        has_temporary: bool = False,
    ) -> None:
        self._starts: list[int] = []
        self._parts: list[_Part] = []
        self._count = 0
        if has_temporary:
            self._add(TemporaryRow())
        self._add_pinned(records, {folder.id: folder.name for folder in folders})
        self._add_folders(records, folders, open_folders)
        known = {folder.id for folder in folders}
        rest = [r for r in records if not r.is_pinned and r.folder_id not in known]
        for heading, group in grouped(rest, now):
            self._add(HeadingRow(text=heading, section=Section.BY_DAY), group)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: int) -> Row:
        if not 0 <= place < self._count:
            raise IndexError(place)
        number = bisect_right(self._starts, place) - 1
        return self._parts[number].row(place - self._starts[number])

    def __iter__(self) -> Iterator[Row]:
        return (self[place] for place in range(self._count))

    @cached_property
    def places(self) -> dict[RowKey, int]:
        """Where each row stands."""
        places: dict[RowKey, int] = {}
        for start, part in zip(self._starts, self._parts, strict=True):
            places[part.head.key] = start
            below = range(start + 1, start + 1 + len(part.records))
            places.update(zip(part.keys(), below, strict=True))
        return places

    def _add(
        self,
        head: HeadingRow | TemporaryRow | FolderRow,
        records: Sequence[ConversationRecord] = (),
        names: dict[int, str] | None = None,
    ) -> None:
        self._starts.append(self._count)
        self._parts.append(_Part(head, records, names or {}))
        self._count += 1 + len(records)

    def _add_pinned(self, records: Sequence[ConversationRecord], names: dict[int, str]) -> None:
        pinned = [record for record in records if record.is_pinned]
        if pinned:
            heading = QCoreApplication.translate("rows", "Pinned")
            self._add(HeadingRow(text=heading, section=Section.PINNED), pinned, names)

    def _add_folders(
        self,
        records: Sequence[ConversationRecord],
        folders: Sequence[Folder],
        open_folders: Collection[int],
    ) -> None:
        if not folders:
            return
        heading = QCoreApplication.translate("rows", "Folders")
        self._add(HeadingRow(text=heading, section=Section.FOLDERS))
        members: dict[int, list[ConversationRecord]] = defaultdict(list)
        for record in records:
            if record.folder_id is not None:
                members[record.folder_id].append(record)
        for folder in folders:
            inside = members[folder.id]
            is_open = folder.id in open_folders
            row = FolderRow(folder=folder, count=len(inside), is_open=is_open)
            self._add(row, inside if is_open else ())


@dataclass(frozen=True, slots=True)
class _Part:
    """A row and the conversations below it; `names` are those of folders, for pinned ones."""

    head: HeadingRow | TemporaryRow | FolderRow
    records: Sequence[ConversationRecord]
    names: dict[int, str]

    @property
    def section(self) -> Section:
        return self.head.section if isinstance(self.head, HeadingRow) else Section.FOLDERS

    def row(self, place: int) -> Row:
        if not place:
            return self.head
        record = self.records[place - 1]
        name = self.names.get(record.folder_id, "") if record.folder_id is not None else ""
        return ConversationRow(record=record, section=self.section, folder=name)

    def keys(self) -> Iterator[RowKey]:
        if self.section is Section.PINNED:
            return (self.row(place).key for place in range(1, len(self.records) + 1))
        return zip(repeat("conversation"), (record.id for record in self.records))


def folder_of(row: Row) -> int | None:
    """Return the folder that a row belongs to; None for what stands by day."""
    if isinstance(row, FolderRow):
        return row.folder.id
    if isinstance(row, ConversationRow) and row.section is Section.FOLDERS:
        return row.record.folder_id
    return None
