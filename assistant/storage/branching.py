"""A conversation that begins as a copy of another one's branch."""

from assistant.storage import message_tree, times
from assistant.storage.database import Connection

_COPIED = "role, status, created_at, model_name, error, stats, content, thinking, evidence"


def copy(connection: Connection, message_id: int, title: str) -> int | None:
    """Copy what leads up to a message into a new conversation; return its id.

    Args:
        connection: within a transaction.
        message_id: the last message that is copied.
        title: the new conversation's.

    Returns:
        None if the message is gone.
    """
    found = connection.execute(
        "SELECT conversation_id FROM messages WHERE id = ?", (message_id,)
    ).fetchone()
    if found is None:
        return None
    source: int = found[0]
    parents = dict(
        connection.execute(
            "SELECT id, parent_id FROM messages WHERE conversation_id = ?", (source,)
        ).fetchall()
    )
    branch = _begin(connection, source, title)
    copies = _copy_messages(connection, branch, message_tree.path_to(parents, message_id))
    connection.execute(
        "UPDATE conversations SET leaf_id = ? WHERE id = ?", (copies[message_id], branch)
    )
    connection.execute(
        "INSERT INTO attachments (conversation_id, document_id, is_detached)"
        " SELECT ?, document_id, is_detached FROM attachments WHERE conversation_id = ?"
        " ORDER BY id",
        (branch, source),
    )
    connection.executemany(
        "INSERT INTO recaps (conversation_id, upto_message_id, text, created_at, is_edited,"
        " is_off) SELECT ?, ?, text, created_at, is_edited, is_off FROM recaps"
        " WHERE upto_message_id = ? ORDER BY id",
        [(branch, new, old) for old, new in copies.items()],
    )
    return branch


def _begin(connection: Connection, source: int, title: str) -> int:
    now = times.now()
    row = connection.execute(
        "INSERT INTO conversations (title, created_at, updated_at, folder_id, settings)"
        " SELECT ?, ?, ?, folder_id, settings FROM conversations WHERE id = ? RETURNING id",
        (title, now, now, source),
    ).fetchone()
    return int(row[0])


def _copy_messages(connection: Connection, branch: int, path: tuple[int, ...]) -> dict[int, int]:
    """Return the ids of the copies; a reply under way is copied as one that was stopped."""
    copies: dict[int, int] = {}
    parent: int | None = None
    for message in path:
        row = connection.execute(
            f"INSERT INTO messages (conversation_id, parent_id, {_COPIED})"  # noqa: S608
            f" SELECT ?, ?, {_COPIED.replace('status', _ENDED)} FROM messages WHERE id = ?"
            " RETURNING id",
            (branch, parent, message),
        ).fetchone()
        parent = copies[message] = int(row[0])
    return copies


_ENDED = "CASE status WHEN 'streaming' THEN 'stopped' ELSE status END"
