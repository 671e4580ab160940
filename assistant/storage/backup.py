"""One file with everything the database holds, and the way back.

A backup is a database of its own, compact and complete, that any SQLite can read. It is not
encrypted. What is restored replaces everything, and only after it was checked from beginning to
end; a backup of an earlier version of the app is brought up to date on the way.
"""

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from assistant.errors import BackupFault, BackupUnusable
from assistant.paths import writing_error
from assistant.storage import copies, faults, leftovers
from assistant.storage.connection import Connection, SqliteError, connect
from assistant.storage.database import Database

T = TypeVar("T")

_LOOK_EVERY_S = 0.1
_CHUNK_BYTES = 4 * 1024 * 1024
_HEADER = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyProgress:
    """How much of a copy is made; bytes of `total_bytes`, which is an estimate.

    `is_checking` is true once a backup was copied, while it is checked and brought up to date.
    """

    done_bytes: int
    total_bytes: int
    is_checking: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupContents:
    """What a backup that was made or restored holds.

    Attributes:
        path: the backup.
        size_bytes: its size.
        conversations: how many there are in it.
        documents: how many there are in it.
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
        path: replaces a file that is there. Only this user can read it.
        cancel: stops; nothing is left behind then.

    Yields:
        progress, then what the backup holds.

    Raises:
        BackupUnusable: `path` is the database itself.
        NoSpace, CannotWrite: there is no backup; a file that was there is as it was.
        DamagedData: the database is damaged.
    """
    if _is_same(path, database.path):
        raise BackupUnusable(path, BackupFault.IN_USE)
    part = leftovers.part_of(path)
    leftovers.remove_parts(path)
    total_bytes = sum(file.stat().st_size for file in faults.files_of(database.path)[:1])
    try:
        _make_private(part)
        with contextlib.closing(connect(database.path)) as connection:
            counts = _counts(connection)
            for _ in _run(connection, lambda: _vacuum_into(connection, part), cancel):
                done = min(part.stat().st_size, total_bytes)
                yield CopyProgress(done_bytes=done, total_bytes=total_bytes)
        if cancel.is_set():
            return
        _sync(part)
        part.replace(path)
    except SqliteError as error:
        meant = faults.meaning(part, error)
        if meant is None:
            raise
        raise meant from error
    except OSError as error:
        raise writing_error(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    yield BackupContents(
        path=path, size_bytes=path.stat().st_size, conversations=counts[0], documents=counts[1]
    )


def restore(
    path: Path, database: Database, cancel: threading.Event
) -> Iterator[CopyProgress | BackupContents]:
    """Put a backup in place of everything in `database`.

    Args:
        path: the backup; it is only read.
        database: its readers see the restored state from one query to the next.
        cancel: stops until the moment when it replaces what is there.

    Yields:
        progress, then what was restored.

    Raises:
        BackupUnusable: it is no backup, damaged, or of a newer version; nothing was changed.
        NoSpace, CannotWrite: nothing was changed.
    """
    _refuse_others(path, database)
    work = leftovers.restoring(database.path)
    size_bytes = path.stat().st_size
    try:
        yield from _copied(path, work, size_bytes, cancel)
        if cancel.is_set():
            return
        with contextlib.closing(copies.open_copy(path, work)) as connection:
            for _ in _run(connection, lambda: copies.check(path, connection), cancel):
                yield CopyProgress(done_bytes=size_bytes, total_bytes=size_bytes, is_checking=True)
            if cancel.is_set():
                return
            counts = _counts(connection)
            database.replace_all(connection)
    except SqliteError as error:
        raise _restoring_error(path, database, error) from error
    finally:
        for file in (*faults.files_of(work), work.with_name(f"{work.name}-journal")):
            with contextlib.suppress(OSError):
                file.unlink(missing_ok=True)
    yield BackupContents(
        path=path, size_bytes=size_bytes, conversations=counts[0], documents=counts[1]
    )


def _run(
    connection: Connection, function: Callable[[], T], cancel: threading.Event
) -> Iterator[None]:
    """Run `function` on another thread, yielding now and then; `cancel` interrupts it."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="backup") as executor:
        running: Future[T] = executor.submit(function)
        try:
            while not wait([running], timeout=_LOOK_EVERY_S).done:
                if cancel.is_set():
                    connection.interrupt()
                yield
        finally:
            while not wait([running], timeout=_LOOK_EVERY_S).done:
                connection.interrupt()
    if not cancel.is_set() or running.exception() is None:
        running.result()


def _make_private(path: Path) -> None:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600))


def _vacuum_into(connection: Connection, path: Path) -> None:
    connection.execute("VACUUM INTO ?", (str(path),))


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _counts(connection: Connection) -> tuple[int, int]:
    row = connection.execute(
        "SELECT (SELECT count(*) FROM conversations WHERE removed_at IS NULL),"
        " (SELECT count(*) FROM documents WHERE removed_at IS NULL)"
    ).fetchone()
    return int(row[0]), int(row[1])


def _refuse_others(path: Path, database: Database) -> None:
    if _is_same(path, database.path):
        raise BackupUnusable(path, BackupFault.IN_USE)
    try:
        with path.open("rb") as file:
            header = file.read(len(_HEADER))
    except FileNotFoundError as error:
        raise BackupUnusable(path, BackupFault.MISSING) from error
    except OSError as error:
        raise BackupUnusable(path, BackupFault.UNREADABLE, str(error)) from error
    if header != _HEADER:
        raise BackupUnusable(path, BackupFault.NOT_A_BACKUP)


def _copied(
    path: Path, work: Path, size_bytes: int, cancel: threading.Event
) -> Iterator[CopyProgress]:
    """Copy the backup beside the database: the person's file is never opened for writing."""
    _make_private_or_raise(work)
    done = 0
    with work.open("wb") as copy, path.open("rb") as source:
        while not cancel.is_set():
            try:
                chunk = source.read(_CHUNK_BYTES)
            except OSError as error:
                raise BackupUnusable(path, BackupFault.UNREADABLE, str(error)) from error
            if not chunk:
                break
            try:
                copy.write(chunk)
            except OSError as error:
                raise writing_error(work, error) from error
            done += len(chunk)
            yield CopyProgress(done_bytes=done, total_bytes=max(done, size_bytes))


def _make_private_or_raise(path: Path) -> None:
    try:
        _make_private(path)
    except OSError as error:
        raise writing_error(path, error) from error


def _restoring_error(path: Path, database: Database, error: SqliteError) -> Exception:
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_CONSTRAINT")):
        return BackupUnusable(path, BackupFault.DAMAGED, name)
    return faults.meaning(database.path, error) or error


def _is_same(path: Path, other: Path) -> bool:
    with contextlib.suppress(OSError):
        return path.samefile(other)
    return False
