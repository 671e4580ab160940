"""The tables, as an ordered list of steps; `user_version` counts the steps a file has taken.

A step that was released is never changed: what comes later is a step of its own. Times are whole
microseconds since 1970 in UTC. Contents stand in tables of their own, so that a list of records
never reads them.
"""

_FIRST = (
    """
    CREATE TABLE documents (
        id INTEGER PRIMARY KEY,
        path TEXT NOT NULL,
        title TEXT NOT NULL,
        type TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        pages INTEGER NOT NULL,
        words INTEGER NOT NULL,
        language TEXT NOT NULL,
        added_at INTEGER NOT NULL,
        opened_at INTEGER NOT NULL,
        removed_at INTEGER,
        UNIQUE (sha256, path)
    ) STRICT
    """,
    """
    CREATE TABLE document_contents (
        document_id INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
        content BLOB NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE summaries (
        id INTEGER PRIMARY KEY,
        document_id INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
        mode TEXT NOT NULL,
        words INTEGER NOT NULL,
        focus TEXT NOT NULL,
        model_name TEXT NOT NULL,
        model_sha256 TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        is_complete INTEGER NOT NULL,
        UNIQUE (document_id, mode, words, focus, model_name, model_sha256)
    ) STRICT
    """,
    """
    CREATE TABLE summary_contents (
        summary_id INTEGER PRIMARY KEY REFERENCES summaries ON DELETE CASCADE,
        content BLOB NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE conversations (
        id INTEGER PRIMARY KEY,
        title TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        removed_at INTEGER
    ) STRICT
    """,
    """
    CREATE TABLE messages (
        id INTEGER PRIMARY KEY,
        conversation_id INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
        role TEXT NOT NULL,
        status TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        model_name TEXT NOT NULL,
        error TEXT NOT NULL,
        stats TEXT NOT NULL,
        content TEXT NOT NULL,
        thinking TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX messages_by_conversation ON messages (conversation_id, id)",
)

# A summary has more choices than the columns of the first step: they take part in what makes a
# row another one, which SQLite can only say of a new table.
_SUMMARY_OPTIONS = (
    """
    CREATE TABLE new_summaries (
        id INTEGER PRIMARY KEY,
        document_id INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
        mode TEXT NOT NULL,
        words INTEGER NOT NULL,
        focus TEXT NOT NULL,
        options TEXT NOT NULL,
        model_name TEXT NOT NULL,
        model_sha256 TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        is_complete INTEGER NOT NULL,
        UNIQUE (document_id, mode, words, focus, options, model_name, model_sha256)
    ) STRICT
    """,
    """
    INSERT INTO new_summaries SELECT id, document_id, mode, words, focus, '', model_name,
        model_sha256, created_at, is_complete FROM summaries
    """,
    """
    CREATE TABLE new_contents (
        summary_id INTEGER PRIMARY KEY REFERENCES new_summaries ON DELETE CASCADE,
        content BLOB NOT NULL
    ) STRICT
    """,
    "INSERT INTO new_contents SELECT summary_id, content FROM summary_contents",
    "DROP TABLE summary_contents",
    "DROP TABLE summaries",
    "ALTER TABLE new_summaries RENAME TO summaries",
    "ALTER TABLE new_contents RENAME TO summary_contents",
)

# Finished steps of long work, found by what they were made from.
_STEPS = (
    """
    CREATE TABLE steps (
        id INTEGER PRIMARY KEY,
        document_id INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
        key BLOB NOT NULL,
        content BLOB NOT NULL,
        created_at INTEGER NOT NULL,
        UNIQUE (key, document_id)
    ) STRICT
    """,
    "CREATE INDEX steps_by_document ON steps (document_id)",
)

# Files to be summarised, in batches, and the folders that are watched for more. A digest quotes
# its documents, so it goes with any of them.
_QUEUE = (
    """
    CREATE TABLE batches (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        options BLOB NOT NULL,
        wants_digest INTEGER NOT NULL,
        is_paused INTEGER NOT NULL,
        added_at INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE queue_items (
        id INTEGER PRIMARY KEY,
        batch_id INTEGER NOT NULL REFERENCES batches ON DELETE CASCADE,
        path TEXT NOT NULL,
        position INTEGER NOT NULL,
        priority INTEGER NOT NULL,
        state TEXT NOT NULL,
        error TEXT NOT NULL,
        document_id INTEGER REFERENCES documents ON DELETE CASCADE,
        claimed_by TEXT NOT NULL,
        is_stale INTEGER NOT NULL,
        added_at INTEGER NOT NULL,
        started_at INTEGER,
        ended_at INTEGER,
        UNIQUE (batch_id, path)
    ) STRICT
    """,
    "CREATE INDEX queue_items_by_document ON queue_items (document_id)",
    """
    CREATE TABLE digests (
        batch_id INTEGER PRIMARY KEY REFERENCES batches ON DELETE CASCADE,
        content BLOB NOT NULL,
        created_at INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TRIGGER digests_go_with_documents BEFORE DELETE ON documents BEGIN
        DELETE FROM digests WHERE batch_id IN
            (SELECT batch_id FROM queue_items WHERE document_id = OLD.id);
    END
    """,
    """
    CREATE TABLE watched_folders (
        id INTEGER PRIMARY KEY,
        path TEXT NOT NULL UNIQUE,
        batch_id INTEGER NOT NULL REFERENCES batches ON DELETE CASCADE,
        is_recursive INTEGER NOT NULL,
        is_paused INTEGER NOT NULL,
        added_at INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE watched_files (
        folder_id INTEGER NOT NULL REFERENCES watched_folders ON DELETE CASCADE,
        path TEXT NOT NULL,
        size_bytes INTEGER NOT NULL,
        changed_ns INTEGER NOT NULL,
        PRIMARY KEY (folder_id, path)
    ) STRICT
    """,
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_FIRST, _SUMMARY_OPTIONS, _STEPS, _QUEUE)
