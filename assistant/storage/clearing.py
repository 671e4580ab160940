"""What a database's file must not hold once its rows are deleted."""

from assistant.storage.connection import Connection, Row

_STEP_PAGES = 64  # of four kilobytes: some ten milliseconds


def scrubs_due(connection: Connection) -> int:
    """Return how many rows were deleted since the file was last rewritten."""
    row = connection.execute("SELECT times FROM chores WHERE name = 'scrub'").fetchone()
    return int(row[0]) if row else 0


def scrub_done(connection: Connection, *, due: int) -> None:
    """Note that the file was rewritten, unless more was deleted since `due` were."""
    connection.execute("DELETE FROM chores WHERE name = 'scrub' AND times = ?", (due,))


def indexes(connection: Connection) -> tuple[str, ...]:
    """Return the indexes of words."""
    return tuple(row[0] for row in of_kind(connection, "table", "CREATE VIRTUAL TABLE%"))


def put_together(connection: Connection, *, name: str, is_first: bool) -> bool:
    """Take a step towards an index in one piece, which has nothing of deleted rows.

    An index is written in pieces, and only notes in a new one what is gone from the older ones
    (https://sqlite.org/fts5.html#the_merge_command).

    Returns:
        whether there is more to do.
    """
    before = connection.total_changes
    connection.execute(
        f'INSERT INTO "{name}" ("{name}", rank) VALUES (\'merge\', ?)',  # noqa: S608 - ours
        (-_STEP_PAGES if is_first else _STEP_PAGES,),
    )
    return connection.total_changes - before > 1


def delete_all_rows(connection: Connection) -> None:
    """Leave every table and index empty, within a transaction."""
    connection.execute("PRAGMA defer_foreign_keys = ON")
    # The triggers would take each word out of an index that goes as a whole.
    triggers = of_kind(connection, "trigger", "%")
    for name, _ in triggers:
        connection.execute(f'DROP TRIGGER "{name}"')
    for name, sql in of_kind(connection, "table", "CREATE VIRTUAL TABLE%"):
        connection.execute(f'DROP TABLE "{name}"')
        connection.execute(sql)
    tables = connection.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
        " AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    for (table,) in tables:
        connection.execute(f'DELETE FROM "{table}"')  # noqa: S608 - names from our own schema
    for _, sql in triggers:
        connection.execute(sql)


def of_kind(connection: Connection, kind: str, like: str) -> list[Row]:
    """Return name and statement of what the schema has of a kind."""
    return connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = ? AND sql LIKE ? ORDER BY rowid",
        (kind, like),
    ).fetchall()
