"""The queue of files to be summarised: batches of them, their order, and what became of each.

A batch is what a person gave at once: some files, a folder, or a watched folder that grows. A file
that a process works on is claimed by it; when that process is gone the file waits again, and what
was finished stays.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from pathlib import Path

from assistant.paths import as_text, from_text
from assistant.storage import times
from assistant.storage.database import Connection, Database, Row

_ITEM = (
    "id, batch_id, path, priority, state, error, document_id, claimed_by, added_at, started_at,"
    " ended_at"
)
# What comes next: urgent ones first, then in order; files of a paused batch do not come.
_ORDER = "priority DESC, position, id"
_CLAIM = (
    "UPDATE queue_items SET state = 'running', claimed_by = ?, started_at = ?, ended_at = NULL,"
    " error = '', is_stale = 0 WHERE id ="
    " (SELECT queue_items.id FROM queue_items JOIN batches ON batches.id = batch_id"
    "  WHERE state = 'waiting' AND NOT is_paused"
    "  ORDER BY priority DESC, position, queue_items.id LIMIT 1)"
    " RETURNING id"
)


class Priority(IntEnum):
    """How soon a file's turn comes."""

    LOW = -1
    NORMAL = 0
    HIGH = 1


class ItemState(StrEnum):
    """What a file in the queue is at."""

    WAITING = "waiting"
    HELD = "held"  # waits until the person lets it go on
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueItem:
    """A file in the queue.

    Attributes:
        id: its row.
        batch_id: the batch it is of.
        path: the file.
        priority: how soon its turn comes.
        state: what it is at.
        error: why it failed, as the caller wrote it; "" for no failure.
        document_id: the document it became; None before that.
        claimed_by: the process that works on it, or "".
        added_at, started_at, ended_at: when; None if that has not happened.
    """

    id: int
    batch_id: int
    path: Path
    priority: Priority
    state: ItemState
    error: str
    document_id: int | None
    claimed_by: str
    added_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRecord:
    """What was given at once.

    Attributes:
        id: its row.
        name: what it is called: the folder's name, or "".
        options: how its files are summarised, as the caller wrote it.
        wants_digest: a digest over all its files is to be made.
        has_digest: there is one.
        is_paused: its files wait.
        added_at: when.
        counts: how many files are in each state; states without files are left out.
    """

    id: int
    name: str
    options: bytes
    wants_digest: bool
    has_digest: bool
    is_paused: bool
    added_at: datetime
    counts: dict[ItemState, int]

    @property
    def is_over(self) -> bool:
        """Whether nothing of it waits or is under way."""
        return set(self.counts) <= {ItemState.DONE, ItemState.FAILED}

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing of it goes on by itself: it is over, but for files passed over."""
        return set(self.counts) <= {ItemState.DONE, ItemState.FAILED, ItemState.HELD}


class QueueStore:
    """The queue of one database.

    Every method that changes something returns when it is committed, and raises NoSpace,
    CannotWrite or DamagedData if it was not.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    # Batches

    def add_batch(
        self,
        paths: Iterable[Path],
        *,
        options: bytes,
        name: str = "",
        wants_digest: bool = False,
        priority: Priority = Priority.NORMAL,
    ) -> int:
        """Append a batch of files in the order of `paths`, and return its id."""
        files = list(paths)

        def put(connection: Connection) -> int:
            row = connection.execute(
                "INSERT INTO batches (name, options, wants_digest, is_paused, added_at)"
                " VALUES (?, ?, ?, 0, ?) RETURNING id",
                (name, options, int(wants_digest), times.now()),
            ).fetchone()
            batch_id = int(row[0])
            _append(connection, batch_id, files, priority)
            return batch_id

        return self._database.write(put).result()

    def add(
        self, batch_id: int, paths: Iterable[Path], *, priority: Priority = Priority.NORMAL
    ) -> None:
        """Append files to a batch; one that is in it already, and changed, waits once more."""
        files = list(paths)
        self._database.write(lambda c: _append(c, batch_id, files, priority)).result()

    def batches(self) -> list[BatchRecord]:
        """Return all batches, the oldest first."""
        counts: dict[int, dict[ItemState, int]] = {}
        for batch_id, state, count in self._database.query(
            "SELECT batch_id, state, count(*) FROM queue_items GROUP BY batch_id, state"
        ):
            counts.setdefault(batch_id, {})[ItemState(state)] = count
        rows = self._database.query(
            "SELECT id, name, options, wants_digest, is_paused, added_at,"
            " EXISTS (SELECT 1 FROM digests WHERE batch_id = batches.id)"
            " FROM batches ORDER BY id"
        )
        return [
            BatchRecord(
                id=row[0],
                name=row[1],
                options=bytes(row[2]),
                wants_digest=bool(row[3]),
                is_paused=bool(row[4]),
                added_at=times.to_datetime(row[5]),
                has_digest=bool(row[6]),
                counts=counts.get(row[0], {}),
            )
            for row in rows
        ]

    def batch(self, batch_id: int) -> BatchRecord | None:
        """Return one batch; None if it was removed."""
        return next((batch for batch in self.batches() if batch.id == batch_id), None)

    def pause(self, batch_id: int, *, is_paused: bool = True) -> None:
        """Let the files of a batch wait, or go on."""
        self._execute("UPDATE batches SET is_paused = ? WHERE id = ?", int(is_paused), batch_id)

    def remove_batch(self, batch_id: int) -> None:
        """Forget a batch and its digest; the documents and summaries stay."""
        self._execute("DELETE FROM batches WHERE id = ?", batch_id)

    # Files

    def items(self, batch_id: int | None = None) -> list[QueueItem]:
        """Return the files of a batch, or of all, in the order in which their turn comes."""
        where = "" if batch_id is None else " WHERE batch_id = ?"
        rows = self._database.query(
            f"SELECT {_ITEM} FROM queue_items{where} ORDER BY {_ORDER}",  # noqa: S608
            () if batch_id is None else (batch_id,),
        )
        return [_item(row) for row in rows]

    def item(self, item_id: int) -> QueueItem | None:
        """Return one file; None if it was removed."""
        rows = self._database.query(
            f"SELECT {_ITEM} FROM queue_items WHERE id = ?",  # noqa: S608
            (item_id,),
        )
        return _item(rows[0]) if rows else None

    def claim(self, owner: str) -> QueueItem | None:
        """Take the next waiting file for `owner`; None if none waits.

        Two processes never get the same file.
        """

        def take(connection: Connection) -> Row | None:
            found: Row | None = connection.execute(_CLAIM, (owner, times.now())).fetchone()
            return found

        row = self._database.write(take).result()
        return self.item(row[0]) if row else None

    def finish(self, item_id: int, document_id: int | None) -> None:
        """Note that a file is done; it waits again if it changed meanwhile.

        The digest of its batch is out of date then, and goes.
        """
        self._settle(item_id, ItemState.DONE, "", document_id)

    def fail(self, item_id: int, error: str) -> None:
        """Note why a file failed; the others go on. The digest of its batch goes."""
        self._settle(item_id, ItemState.FAILED, error, None)

    def release(self, item_id: int) -> None:
        """Let a file that was claimed wait again, where it stood."""
        self._execute(
            "UPDATE queue_items SET state = 'waiting', claimed_by = '', is_stale = 0"
            " WHERE id = ? AND state = 'running'",
            item_id,
        )

    def recover(self, is_alive: Callable[[str], bool]) -> int:
        """Let the files wait again whose process is gone; return how many.

        Args:
            is_alive: whether the process that claimed under this name still runs.
        """
        owners = self._database.query(
            "SELECT DISTINCT claimed_by FROM queue_items WHERE state = 'running'"
        )
        count = 0
        for (owner,) in owners:
            if not is_alive(owner):
                count += self._execute(
                    "UPDATE queue_items SET state = 'waiting', claimed_by = '', is_stale = 0"
                    " WHERE state = 'running' AND claimed_by = ?",
                    owner,
                )
        return count

    def hold(self, item_id: int, *, is_held: bool = True) -> None:
        """Let a waiting file be passed over, or wait for its turn again."""
        old, new = (ItemState.WAITING, ItemState.HELD)[:: 1 if is_held else -1]
        self._execute(
            "UPDATE queue_items SET state = ? WHERE id = ? AND state = ?", new, item_id, old
        )

    def retry(self, item_id: int) -> None:
        """Let a file that failed, or is done, wait for another turn."""
        self._execute(
            "UPDATE queue_items SET state = 'waiting', error = '', started_at = NULL,"
            " ended_at = NULL WHERE id = ? AND state IN ('failed', 'done', 'held')",
            item_id,
        )

    def prioritize(self, item_id: int, priority: Priority) -> None:
        """Say how soon a file's turn comes."""
        self._execute("UPDATE queue_items SET priority = ? WHERE id = ?", priority, item_id)

    def arrange(self, item_ids: Sequence[int]) -> None:
        """Put files in this order, in the places that they have together."""

        def put(connection: Connection) -> None:
            marks = ", ".join("?" * len(item_ids))
            places = connection.execute(
                f"SELECT position FROM queue_items WHERE id IN ({marks}) ORDER BY position",  # noqa: S608
                tuple(item_ids),
            ).fetchall()
            connection.executemany(
                "UPDATE queue_items SET position = ? WHERE id = ?",
                [(place[0], item_id) for place, item_id in zip(places, item_ids, strict=False)],
            )

        self._database.write(put).result()

    def remove(self, item_id: int) -> None:
        """Take a file out of the queue; its document stays."""
        self._execute("DELETE FROM queue_items WHERE id = ?", item_id)

    # Digests

    def save_digest(self, batch_id: int, content: bytes) -> None:
        """Keep the digest of a batch. It goes when one of its documents is purged."""
        self._execute(
            "INSERT INTO digests (batch_id, content, created_at)"
            " SELECT id, ?, ? FROM batches WHERE id = ?"
            " ON CONFLICT (batch_id) DO UPDATE SET content = excluded.content,"
            " created_at = excluded.created_at",
            content,
            times.now(),
            batch_id,
        )

    def digest(self, batch_id: int) -> bytes | None:
        """Return what `save_digest` was given."""
        rows = self._database.query("SELECT content FROM digests WHERE batch_id = ?", (batch_id,))
        return bytes(rows[0][0]) if rows else None

    def _settle(self, item_id: int, state: ItemState, error: str, document_id: int | None) -> None:
        def put(connection: Connection) -> None:
            settled = connection.execute(
                "UPDATE queue_items SET state = CASE is_stale WHEN 1 THEN 'waiting' ELSE ? END,"
                " is_stale = 0, claimed_by = '', error = ?, document_id = ?, ended_at = ?"
                " WHERE id = ? AND state = 'running'",
                (state, error, document_id, times.now(), item_id),
            )
            if settled.rowcount:
                connection.execute(
                    "DELETE FROM digests WHERE batch_id ="
                    " (SELECT batch_id FROM queue_items WHERE id = ?)",
                    (item_id,),
                )

        self._database.write(put).result()

    def _execute(self, sql: str, *parameters: object) -> int:
        return self._database.write(lambda c: c.execute(sql, parameters).rowcount).result()


def _append(
    connection: Connection, batch_id: int, paths: Sequence[Path], priority: Priority
) -> None:
    last = connection.execute("SELECT coalesce(max(position), 0) FROM queue_items").fetchone()[0]
    now = times.now()
    connection.executemany(
        "INSERT INTO queue_items (batch_id, path, position, priority, state, error, claimed_by,"
        " is_stale, added_at) VALUES (?, ?, ?, ?, 'waiting', '', '', 0, ?)"
        " ON CONFLICT (batch_id, path) DO UPDATE SET error = '',"
        " is_stale = (state = 'running'),"
        " state = CASE state WHEN 'running' THEN 'running' ELSE 'waiting' END",
        [
            (batch_id, as_text(path), last + number, int(priority), now)
            for number, path in enumerate(paths, start=1)
        ],
    )


def _item(row: Row) -> QueueItem:
    return QueueItem(
        id=row[0],
        batch_id=row[1],
        path=from_text(row[2]),
        priority=Priority(row[3]),
        state=ItemState(row[4]),
        error=row[5],
        document_id=row[6],
        claimed_by=row[7],
        added_at=times.to_datetime(row[8]),
        started_at=None if row[9] is None else times.to_datetime(row[9]),
        ended_at=None if row[10] is None else times.to_datetime(row[10]),
    )
