"""Checks a copy of a database that comes from outside, and brings it up to date.

Its schema must be ours to the letter, since triggers and views are programs; then every page is
looked at, the steps of the schema it lacks are taken, and the indexes of words are made anew
from the texts.
"""

import contextlib
from pathlib import Path

from assistant.errors import BackupFault, BackupUnusable
from assistant.storage.clearing import of_kind
from assistant.storage.connection import Connection, Row, connect, migrate, transaction
from assistant.storage.migrations import MIGRATIONS

# What the app reads without asking, and another program may have written.
_UNREADABLE_ROWS = """
    SELECT 1 FROM messages WHERE NOT json_valid(stats)
        OR status NOT IN ('streaming', 'complete', 'stopped', 'failed')
    UNION ALL SELECT 1 FROM conversations WHERE title_by NOT IN ('text', 'model', 'person')
    UNION ALL SELECT 1 FROM presets WHERE NOT json_valid(sampling)
    UNION ALL SELECT 1 FROM pragma_foreign_key_check
    LIMIT 1
"""


def open_copy(path: Path, copy: Path) -> Connection:
    """Open a copy of a file that may be anything; no program in it is run.

    Args:
        path: the file, as the person named it.
        copy: the copy of it, which is ours to change.

    Raises:
        BackupUnusable: it is not a database of ours, or of a newer version.
        SqliteError: it cannot be opened.
    """
    connection = connect(copy)
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > len(MIGRATIONS):
            raise BackupUnusable(path, BackupFault.NEWER)
        if version < 1 or _schema(connection) != _our_schema(version):
            raise BackupUnusable(path, BackupFault.NOT_A_BACKUP)
        connection.execute("PRAGMA trusted_schema = ON")
        # A crash loses the copy anyway.
        connection.execute("PRAGMA journal_mode = MEMORY").fetchone()
        connection.execute("PRAGMA synchronous = OFF")
    except BaseException:
        connection.close()
        raise
    return connection


def check(path: Path, connection: Connection) -> None:
    """Look at all of an opened copy and bring it up to date. Takes as long as reading all of it.

    Raises:
        BackupUnusable: it is damaged.
        SqliteError: it is damaged, too, or the disk is full.
    """
    found = connection.execute("PRAGMA quick_check").fetchone()[0]
    if found != "ok":
        raise BackupUnusable(path, BackupFault.DAMAGED, str(found))
    connection.execute("PRAGMA foreign_keys = ON")
    migrate(connection)
    if connection.execute(_UNREADABLE_ROWS).fetchone():
        raise BackupUnusable(path, BackupFault.DAMAGED, "unreadable rows")
    with transaction(connection):
        for name, _ in of_kind(connection, "table", "CREATE VIRTUAL TABLE%"):
            connection.execute(f'INSERT INTO "{name}" ("{name}") VALUES (\'rebuild\')')  # noqa: S608
    # No process writes these any more. Now, since their words enter an index that is sound.
    connection.execute("UPDATE messages SET status = 'stopped' WHERE status = 'streaming'")


def _our_schema(version: int) -> set[Row]:
    with contextlib.closing(connect(Path(":memory:"))) as ours:
        for statements in MIGRATIONS[:version]:
            for statement in statements:
                ours.execute(statement)
        return _schema(ours)


def _schema(connection: Connection) -> set[Row]:
    """Return all that a schema has; some versions of SQLite quote a renamed table's name."""
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
    return {(*row[:3], "".join(str(row[3]).replace('"', "").split())) for row in rows}
