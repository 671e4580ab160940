"""What a database's file must not hold once its rows are deleted."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the door to SQLite uses this module
    from assistant.storage.database import Connection, Row


def put_indexes_together(connection: "Connection") -> None:
    """Leave nothing of deleted rows in the indexes of words."""
    for name, _ in of_kind(connection, "table", "CREATE VIRTUAL TABLE%"):
        connection.execute(f'INSERT INTO "{name}" ("{name}") VALUES (\'optimize\')')  # noqa: S608


def delete_all_rows(connection: "Connection") -> None:
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


def of_kind(connection: "Connection", kind: str, like: str) -> "list[Row]":
    """Return name and statement of what the schema has of a kind."""
    return connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = ? AND sql LIKE ? ORDER BY rowid",
        (kind, like),
    ).fetchall()
