"""One file with everything the database holds, and the way back.

A backup is a database of its own, compact and complete, that any SQLite can read. It is not
encrypted. What is restored replaces everything, and only after it was checked from beginning to
end; a backup of an earlier version of the app is brought up to date on the way.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyProgress:
    """How much of a copy is made; bytes of `total_bytes`, which is an estimate."""

    done_bytes: int
    total_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupContents:
    """What a backup that was made or restored holds.

    Attributes:
        path: the backup.
        size_bytes: its size.
        conversations, documents: how many there are in it.
    """

    path: Path
    size_bytes: int
    conversations: int
    documents: int


def backup(
    database: Database, path: Path, cancel: threading.Event
) -> Iterator[CopyProgress | BackupContents]:
    """Write everything in `database` to one file, which appears when it is complete.

    Args:
        database: goes on being used meanwhile.
        path: replaces a file that is there.
        cancel: stops; nothing is left behind then.

    Raises:
        NoSpace, CannotWrite: there is no backup; a file that was there is as it was.
    """
    raise NotImplementedError


def restore(
    path: Path, database: Database, cancel: threading.Event
) -> Iterator[CopyProgress | BackupContents]:
    """Put a backup in place of everything in `database`.

    Args:
        path: the backup; it is only read.
        database: its readers see the restored state from one query to the next.
        cancel: stops until the moment when it replaces what is there.

    Raises:
        BackupUnusable: it is no backup, damaged, or of a newer version; nothing was changed.
        NoSpace, CannotWrite: nothing was changed.
    """
    raise NotImplementedError
