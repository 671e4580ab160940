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

# Chats as a tree with folders, settings, attached documents, drafts and words to be searched.
# The columns that a tree or a list reads stand before the long ones, and in an index. The number of
# a chat or message that was deleted is never given again: a reply or a title that comes too late
# finds no row, and not another one.
_CHATS = (
    """
    CREATE TABLE folders (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        position INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE new_conversations (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        title TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        removed_at INTEGER,
        folder_id INTEGER REFERENCES folders ON DELETE SET NULL,
        is_pinned INTEGER NOT NULL DEFAULT 0,
        is_archived INTEGER NOT NULL DEFAULT 0,
        title_by TEXT NOT NULL DEFAULT 'text',
        leaf_id INTEGER,
        settings TEXT NOT NULL DEFAULT '{}'
    ) STRICT
    """,
    """
    INSERT INTO new_conversations (id, title, created_at, updated_at, removed_at)
        SELECT id, title, created_at, updated_at, removed_at FROM conversations
    """,
    """
    CREATE TABLE new_messages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation_id INTEGER NOT NULL REFERENCES new_conversations ON DELETE CASCADE,
        parent_id INTEGER,
        role TEXT NOT NULL,
        status TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        model_name TEXT NOT NULL,
        error TEXT NOT NULL,
        stats TEXT NOT NULL,
        content TEXT NOT NULL,
        thinking TEXT NOT NULL,
        evidence BLOB NOT NULL
    ) STRICT
    """,
    """
    INSERT INTO new_messages SELECT id, conversation_id,
        lag(id) OVER (PARTITION BY conversation_id ORDER BY id),
        role, status, created_at, model_name, error, stats, content, thinking, x''
        FROM messages ORDER BY id
    """,
    "DROP TABLE messages",
    "DROP TABLE conversations",
    "ALTER TABLE new_conversations RENAME TO conversations",
    "ALTER TABLE new_messages RENAME TO messages",
    "CREATE INDEX messages_by_conversation ON messages (conversation_id, id, parent_id)",
    "CREATE INDEX messages_under_way ON messages (id) WHERE status = 'streaming'",
    """
    UPDATE conversations SET leaf_id =
        (SELECT max(id) FROM messages WHERE conversation_id = conversations.id)
    """,
    # The words are found through an index that keeps no copy of the text; `searchable` is a
    # function of ours (search_words.py). A reply is found as soon as it has ended.
    """
    CREATE VIEW message_texts AS
        SELECT id, searchable(content) AS words FROM messages WHERE status <> 'streaming'
    """,
    """
    CREATE VIRTUAL TABLE message_words USING fts5 (
        words, content = 'message_texts', content_rowid = 'id', columnsize = 0,
        prefix = '1 2 3', tokenize = 'ascii'
    )
    """,
    "INSERT INTO message_words (message_words) VALUES ('rebuild')",
    """
    CREATE TRIGGER words_come_with_messages AFTER INSERT ON messages
    WHEN NEW.status <> 'streaming' BEGIN
        INSERT INTO message_words (rowid, words) VALUES (NEW.id, searchable(NEW.content));
    END
    """,
    """
    CREATE TRIGGER words_change_with_messages AFTER UPDATE OF content, status ON messages
    WHEN OLD.content IS NOT NEW.content
        OR (OLD.status = 'streaming') <> (NEW.status = 'streaming') BEGIN
        INSERT INTO message_words (message_words, rowid, words)
            SELECT 'delete', OLD.id, searchable(OLD.content) WHERE OLD.status <> 'streaming';
        INSERT INTO message_words (rowid, words)
            SELECT NEW.id, searchable(NEW.content) WHERE NEW.status <> 'streaming';
    END
    """,
    """
    CREATE TRIGGER words_go_with_messages AFTER DELETE ON messages
    WHEN OLD.status <> 'streaming' BEGIN
        INSERT INTO message_words (message_words, rowid, words)
            VALUES ('delete', OLD.id, searchable(OLD.content));
    END
    """,
    # Which documents a chat was given: a document that was detached may still be quoted there.
    """
    CREATE TABLE attachments (
        id INTEGER PRIMARY KEY,
        conversation_id INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
        document_id INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
        is_detached INTEGER NOT NULL DEFAULT 0,
        UNIQUE (conversation_id, document_id)
    ) STRICT
    """,
    "CREATE INDEX attachments_by_document ON attachments (document_id)",
    # Evidence quotes its documents, so it goes with any of them.
    """
    CREATE TRIGGER evidence_goes_with_documents BEFORE DELETE ON documents BEGIN
        UPDATE messages SET evidence = x'' WHERE evidence <> x'' AND conversation_id IN
            (SELECT conversation_id FROM attachments WHERE document_id = OLD.id);
    END
    """,
    """
    CREATE TABLE drafts (
        id INTEGER PRIMARY KEY,
        conversation_id INTEGER REFERENCES conversations ON DELETE CASCADE,
        text TEXT NOT NULL,
        changed_at INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE UNIQUE INDEX drafts_by_conversation ON drafts (coalesce(conversation_id, 0))",
    "CREATE INDEX drafts_go_with_conversations ON drafts (conversation_id)",
    """
    CREATE TABLE presets (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        system_prompt TEXT NOT NULL,
        model TEXT NOT NULL,
        sampling TEXT NOT NULL,
        position INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE recaps (
        id INTEGER PRIMARY KEY,
        conversation_id INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
        upto_message_id INTEGER NOT NULL REFERENCES messages ON DELETE CASCADE,
        text TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        is_edited INTEGER NOT NULL DEFAULT 0,
        is_off INTEGER NOT NULL DEFAULT 0
    ) STRICT
    """,
    "CREATE INDEX recaps_by_conversation ON recaps (conversation_id)",
    "CREATE INDEX recaps_by_message ON recaps (upto_message_id)",
    # A document's text, its pages parted by form feeds, so that words in it are found.
    """
    CREATE TABLE document_texts (
        document_id INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
        text TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE VIEW document_searchables AS
        SELECT document_id, searchable(text) AS words FROM document_texts
    """,
    """
    CREATE VIRTUAL TABLE document_words USING fts5 (
        words, content = 'document_searchables', content_rowid = 'document_id', columnsize = 0,
        prefix = '1 2 3', tokenize = 'ascii'
    )
    """,
    """
    CREATE TRIGGER words_come_with_documents AFTER INSERT ON document_texts BEGIN
        INSERT INTO document_words (rowid, words) VALUES (NEW.document_id, searchable(NEW.text));
    END
    """,
    """
    CREATE TRIGGER words_change_with_documents AFTER UPDATE OF text ON document_texts
    WHEN OLD.text IS NOT NEW.text BEGIN
        INSERT INTO document_words (document_words, rowid, words)
            VALUES ('delete', OLD.document_id, searchable(OLD.text));
        INSERT INTO document_words (rowid, words) VALUES (NEW.document_id, searchable(NEW.text));
    END
    """,
    """
    CREATE TRIGGER words_go_with_documents AFTER DELETE ON document_texts BEGIN
        INSERT INTO document_words (document_words, rowid, words)
            VALUES ('delete', OLD.document_id, searchable(OLD.text));
    END
    """,
    """
    CREATE TABLE vectors (
        document_id INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
        model_key TEXT NOT NULL,
        content BLOB NOT NULL,
        PRIMARY KEY (document_id, model_key)
    ) STRICT
    """,
    # That the file has to be rewritten since something was deleted: a crash may come in between.
    "CREATE TABLE chores (name TEXT PRIMARY KEY, times INTEGER NOT NULL) STRICT",
    """
    CREATE TRIGGER conversations_leave_traces AFTER DELETE ON conversations BEGIN
        INSERT INTO chores VALUES ('scrub', 1) ON CONFLICT DO UPDATE SET times = times + 1;
    END
    """,
    """
    CREATE TRIGGER messages_leave_traces AFTER DELETE ON messages
    WHEN OLD.content <> '' OR OLD.thinking <> '' BEGIN
        INSERT INTO chores VALUES ('scrub', 1) ON CONFLICT DO UPDATE SET times = times + 1;
    END
    """,
    """
    CREATE TRIGGER documents_leave_traces AFTER DELETE ON documents BEGIN
        INSERT INTO chores VALUES ('scrub', 1) ON CONFLICT DO UPDATE SET times = times + 1;
    END
    """,
)

# The index of words in the order of the messages' times, since chats that are imported or branched
# come later than they were written. A message's place is its second, or the next that is free: with
# finer ones the index would be larger, for it notes how far one place is from the next. Of messages
# of one second each takes the place after the one before it, so that many of them take no longer.
_PLACES = (
    """
    CREATE TABLE message_places (
        place INTEGER PRIMARY KEY,
        message_id INTEGER NOT NULL UNIQUE
    ) STRICT
    """,
    """
    INSERT INTO message_places (place, message_id)
        SELECT max(second - number) OVER (ORDER BY number) + number, id FROM (
            SELECT id, created_at / 1000000 AS second,
                row_number() OVER (ORDER BY created_at, id) AS number
            FROM messages
        )
    """,
    "DROP VIEW message_texts",
    """
    CREATE VIEW message_texts AS
        SELECT place AS id, searchable(content) AS words
        FROM message_places JOIN messages ON messages.id = message_id
        WHERE status <> 'streaming'
    """,
    "INSERT INTO message_words (message_words) VALUES ('rebuild')",
    "DROP TRIGGER words_come_with_messages",
    """
    CREATE TRIGGER words_come_with_messages AFTER INSERT ON messages BEGIN
        INSERT INTO message_places (message_id, place) SELECT NEW.id, coalesce(
            (
                SELECT NEW.created_at / 1000000 WHERE NOT EXISTS
                    (SELECT 1 FROM message_places WHERE place = NEW.created_at / 1000000)
            ),
            (
                SELECT last.place + 1 FROM message_places AS last
                JOIN messages ON messages.id = last.message_id
                WHERE last.message_id = NEW.id - 1
                    AND created_at / 1000000 = NEW.created_at / 1000000
                    AND NOT EXISTS (SELECT 1 FROM message_places WHERE place = last.place + 1)
            ),
            (
                SELECT taken.place + 1 FROM message_places AS taken
                WHERE taken.place >= NEW.created_at / 1000000
                    AND NOT EXISTS (SELECT 1 FROM message_places WHERE place = taken.place + 1)
                ORDER BY taken.place LIMIT 1
            )
        );
        INSERT INTO message_words (rowid, words)
            SELECT place, searchable(NEW.content) FROM message_places
            WHERE message_id = NEW.id AND NEW.status <> 'streaming';
    END
    """,
    "DROP TRIGGER words_change_with_messages",
    """
    CREATE TRIGGER words_change_with_messages AFTER UPDATE OF content, status ON messages
    WHEN OLD.content IS NOT NEW.content
        OR (OLD.status = 'streaming') <> (NEW.status = 'streaming') BEGIN
        INSERT INTO message_words (message_words, rowid, words)
            SELECT 'delete', place, searchable(OLD.content) FROM message_places
            WHERE message_id = OLD.id AND OLD.status <> 'streaming';
        INSERT INTO message_words (rowid, words)
            SELECT place, searchable(NEW.content) FROM message_places
            WHERE message_id = NEW.id AND NEW.status <> 'streaming';
    END
    """,
    "DROP TRIGGER words_go_with_messages",
    """
    CREATE TRIGGER words_go_with_messages AFTER DELETE ON messages BEGIN
        INSERT INTO message_words (message_words, rowid, words)
            SELECT 'delete', place, searchable(OLD.content) FROM message_places
            WHERE message_id = OLD.id AND OLD.status <> 'streaming';
        DELETE FROM message_places WHERE message_id = OLD.id;
    END
    """,
)

# The files that were seen in watched folders are known by sums of their paths: they stay known when
# their documents are removed, so that they are not read again, and nothing of a removed document
# may be left in words. `path_sign` is a function of ours (path_signs.py).
_SIGNS = (
    "ALTER TABLE watched_files RENAME COLUMN path TO sign",
    "UPDATE watched_files SET sign = path_sign(sign)",
    "INSERT INTO chores VALUES ('scrub', 1) ON CONFLICT DO UPDATE SET times = times + 1",
)

# Words in what models thought, and in what stands for older messages: indexes of their own, so that
# a find tells where it stands. A message has a place before
# its thoughts are indexed by it.
_THOUGHTS_AND_RECAPS = (
    """
    CREATE VIEW thought_texts AS
        SELECT place AS id, searchable(thinking) AS words
        FROM message_places JOIN messages ON messages.id = message_id
        WHERE status <> 'streaming' AND thinking <> ''
    """,
    """
    CREATE VIRTUAL TABLE thought_words USING fts5 (
        words, content = 'thought_texts', content_rowid = 'id', columnsize = 0,
        prefix = '1 2 3', tokenize = 'ascii'
    )
    """,
    "INSERT INTO thought_words (thought_words) VALUES ('rebuild')",
    """
    CREATE TRIGGER thoughts_come_with_places AFTER INSERT ON message_places BEGIN
        INSERT INTO thought_words (rowid, words)
            SELECT NEW.place, searchable(thinking) FROM messages
            WHERE id = NEW.message_id AND status <> 'streaming' AND thinking <> '';
    END
    """,
    """
    CREATE TRIGGER thoughts_change_with_messages AFTER UPDATE OF thinking, status ON messages
    WHEN OLD.thinking IS NOT NEW.thinking
        OR (OLD.status = 'streaming') <> (NEW.status = 'streaming') BEGIN
        INSERT INTO thought_words (thought_words, rowid, words)
            SELECT 'delete', place, searchable(OLD.thinking) FROM message_places
            WHERE message_id = OLD.id AND OLD.status <> 'streaming' AND OLD.thinking <> '';
        INSERT INTO thought_words (rowid, words)
            SELECT place, searchable(NEW.thinking) FROM message_places
            WHERE message_id = NEW.id AND NEW.status <> 'streaming' AND NEW.thinking <> '';
    END
    """,
    """
    CREATE TRIGGER thoughts_go_with_messages BEFORE DELETE ON messages
    WHEN OLD.status <> 'streaming' AND OLD.thinking <> '' BEGIN
        INSERT INTO thought_words (thought_words, rowid, words)
            SELECT 'delete', place, searchable(OLD.thinking) FROM message_places
            WHERE message_id = OLD.id;
    END
    """,
    """
    CREATE VIEW recap_texts AS SELECT id, searchable(text) AS words FROM recaps
    """,
    """
    CREATE VIRTUAL TABLE recap_words USING fts5 (
        words, content = 'recap_texts', content_rowid = 'id', columnsize = 0,
        prefix = '1 2 3', tokenize = 'ascii'
    )
    """,
    "INSERT INTO recap_words (recap_words) VALUES ('rebuild')",
    """
    CREATE TRIGGER words_come_with_recaps AFTER INSERT ON recaps BEGIN
        INSERT INTO recap_words (rowid, words) VALUES (NEW.id, searchable(NEW.text));
    END
    """,
    """
    CREATE TRIGGER words_change_with_recaps AFTER UPDATE OF text ON recaps
    WHEN OLD.text IS NOT NEW.text BEGIN
        INSERT INTO recap_words (recap_words, rowid, words)
            VALUES ('delete', OLD.id, searchable(OLD.text));
        INSERT INTO recap_words (rowid, words) VALUES (NEW.id, searchable(NEW.text));
    END
    """,
    """
    CREATE TRIGGER words_go_with_recaps AFTER DELETE ON recaps BEGIN
        INSERT INTO recap_words (recap_words, rowid, words)
            VALUES ('delete', OLD.id, searchable(OLD.text));
    END
    """,
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    _FIRST,
    _SUMMARY_OPTIONS,
    _STEPS,
    _QUEUE,
    _CHATS,
    _PLACES,
    _SIGNS,
    _THOUGHTS_AND_RECAPS,
)
