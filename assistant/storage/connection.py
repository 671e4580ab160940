"""Connections to SQLite. The only importer of sqlite3."""

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from assistant.storage.migrations import MIGRATIONS
from assistant.storage.path_signs import path_sign
from assistant.storage.search_words import searchable

Connection: TypeAlias = sqlite3.Connection
Row: TypeAlias = tuple[Any, ...]
SqliteError: TypeAlias = sqlite3.Error

_BUSY_TIMEOUT_S = 5.0


def connect(path: Path) -> Connection:
    """Open a file, made if it is not there, as it is; transactions are the caller's.

    Raises:
        SqliteError: it cannot be opened.
    """
    connection = sqlite3.connect(
        path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
    )
    connection.create_function("searchable", 1, searchable, deterministic=True)
    connection.create_function("path_sign", 1, path_sign, deterministic=True)
    return connection


def configure(connection: Connection) -> None:
    """Set a connection up for writing.

    Raises:
        SqliteError: another process holds the file for too long.
    """
    connection.execute("PRAGMA trusted_schema = ON")  # its triggers call a function of ours
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA temp_store = MEMORY")  # no copy of the user's text in /tmp
    deadline = time.monotonic() + _BUSY_TIMEOUT_S
    while True:
        try:
            # Where shared memory is not to be had (some network disks) SQLite stays with its
            # rollback journal, which is as safe.
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError as error:
            # The change of mode does not wait for another process as other statements do.
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def keep_temporary_files_in(folder: Path, connection: Connection) -> None:
    """Let SQLite's copy of a large database be a file of the app's own folder, not of /tmp."""
    quoted = str(folder).replace("'", "''")
    connection.execute(f"PRAGMA temp_store_directory = '{quoted}'")
    connection.execute("PRAGMA temp_store = FILE")


def migrate(connection: Connection) -> None:
    """Take the steps of the schema that a file has not taken, all or none."""
    if version(connection) == len(MIGRATIONS):
        return
    with transaction(connection):
        # Asked again within the transaction: another process may just have done it.
        for statements in MIGRATIONS[version(connection) :]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


@contextlib.contextmanager
def synchronous(connection: Connection, *, is_full: bool) -> Iterator[None]:
    """Let a commit wait until its bytes are on the disk (a few milliseconds), if `is_full`."""
    if not is_full:
        yield
        return
    connection.execute("PRAGMA synchronous = FULL")
    try:
        yield
    finally:
        connection.execute("PRAGMA synchronous = NORMAL")


@contextlib.contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Commit what is done meanwhile, all or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # After some errors (a full disk) SQLite has rolled back already.
        if connection.in_transaction:
            with contextlib.suppress(SqliteError):
                connection.execute("ROLLBACK")
        raise


def version(connection: Connection) -> int:
    """Return how many steps of the schema a file has taken."""
    taken: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return taken
