"""What stands in the list of conversations, from top to bottom."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
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


def rows_of(
    records: Sequence[ConversationRecord],
    folders: Sequence[Folder],
    open_folders: Collection[int],
    now: datetime,
    *,
    has_temporary: bool = False,
) -> list[Row]:
    """Return the rows of the list.

    Args:
        records: the last changed first.
        folders: in their order.
        open_folders: the ids of those whose conversations are shown.
        now: with the person's own time zone.
        has_temporary: whether a chat is under way that is never stored.
    """
    rows: list[Row] = [TemporaryRow()] if has_temporary else []
    rows += _pinned(records, {folder.id: folder.name for folder in folders})
    rows += _in_folders(records, folders, open_folders)
    known = {folder.id for folder in folders}
    rest = (r for r in records if not r.is_pinned and r.folder_id not in known)
    for heading, group in grouped(rest, now):
        rows.append(HeadingRow(text=heading, section=Section.BY_DAY))
        rows += [ConversationRow(record=record, section=Section.BY_DAY) for record in group]
    return rows


def _pinned(records: Sequence[ConversationRecord], names: dict[int, str]) -> Iterator[Row]:
    pinned = [record for record in records if record.is_pinned]
    if pinned:
        heading = QCoreApplication.translate("rows", "Pinned")
        yield HeadingRow(text=heading, section=Section.PINNED)
    for record in pinned:
        folder = names.get(record.folder_id, "") if record.folder_id is not None else ""
        yield ConversationRow(record=record, section=Section.PINNED, folder=folder)


def _in_folders(
    records: Sequence[ConversationRecord], folders: Sequence[Folder], open_folders: Collection[int]
) -> Iterator[Row]:
    if folders:
        heading = QCoreApplication.translate("rows", "Folders")
        yield HeadingRow(text=heading, section=Section.FOLDERS)
    members: dict[int | None, list[ConversationRecord]] = defaultdict(list)
    for record in records:
        members[record.folder_id].append(record)
    for folder in folders:
        inside = members[folder.id]
        is_open = folder.id in open_folders
        yield FolderRow(folder=folder, count=len(inside), is_open=is_open)
        if is_open:
            for record in inside:
                yield ConversationRow(record=record, section=Section.FOLDERS)


def folder_of(row: Row) -> int | None:
    """Return the folder that a row belongs to; None for what stands by day."""
    if isinstance(row, FolderRow):
        return row.folder.id
    if isinstance(row, ConversationRow) and row.section is Section.FOLDERS:
        return row.record.folder_id
    return None
