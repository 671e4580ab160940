"""The folders that are watched, and the files that were seen in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.paths import as_text, from_text
from assistant.storage import times
from assistant.storage.database import Connection, Database
from assistant.storage.path_signs import path_sign


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedFolder:
    """A folder whose new and changed files join a batch of the queue.

    Attributes:
        id: its row.
        path: the folder.
        batch_id: the batch that its files join.
        is_recursive: its folders are watched, too.
        is_paused: nobody looks at present.
    """

    id: int
    path: Path
    batch_id: int
    is_recursive: bool
    is_paused: bool


@dataclass(frozen=True, slots=True)
class SeenFile:
    """What a file looked like when it joined the queue: another size or time is another file."""

    size_bytes: int
    changed_ns: int


def sign_of(path: Path) -> str:
    """Return by what a file is known, also when nothing of it may be left in words."""
    return path_sign(as_text(path))


class WatchedFolderStore:
    """The watched folders of one database.

    Every method that changes something returns when it is committed, and raises NoSpace,
    CannotWrite or DamagedData if it was not.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, path: Path, batch_id: int, *, is_recursive: bool) -> int:
        """Watch a folder and return its id; one that is watched already joins the new batch."""
        row = self._database.write(
            lambda c: c.execute(
                "INSERT INTO watched_folders (path, batch_id, is_recursive, is_paused, added_at)"
                " VALUES (?, ?, ?, 0, ?) ON CONFLICT (path) DO UPDATE SET"
                " batch_id = excluded.batch_id, is_recursive = excluded.is_recursive, is_paused = 0"
                " RETURNING id",
                (as_text(path), batch_id, int(is_recursive), times.now()),
            ).fetchone()
        ).result()
        return int(row[0])

    def list(self) -> list[WatchedFolder]:
        """Return the watched folders, the oldest first."""
        rows = self._database.query(
            "SELECT id, path, batch_id, is_recursive, is_paused FROM watched_folders ORDER BY id"
        )
        return [
            WatchedFolder(
                id=row[0],
                path=from_text(row[1]),
                batch_id=row[2],
                is_recursive=bool(row[3]),
                is_paused=bool(row[4]),
            )
            for row in rows
        ]

    def pause(self, folder_id: int, *, is_paused: bool = True) -> None:
        """Stop looking for now, or look again."""
        self._database.write(
            lambda c: c.execute(
                "UPDATE watched_folders SET is_paused = ? WHERE id = ?", (int(is_paused), folder_id)
            )
        ).result()

    def remove(self, folder_id: int) -> None:
        """Watch a folder no longer; what joined the queue stays there."""
        self._database.write(
            lambda c: c.execute("DELETE FROM watched_folders WHERE id = ?", (folder_id,))
        ).result()

    def seen(self, folder_id: int) -> dict[str, SeenFile]:
        """Return the files that joined the queue, as they were then, by their `sign_of`."""
        rows = self._database.query(
            "SELECT sign, size_bytes, changed_ns FROM watched_files WHERE folder_id = ?",
            (folder_id,),
        )
        return {row[0]: SeenFile(row[1], row[2]) for row in rows}

    def note(self, folder_id: int, files: Mapping[Path, SeenFile]) -> None:
        """Note files that joined the queue."""
        rows = [
            (folder_id, sign_of(path), seen.size_bytes, seen.changed_ns)
            for path, seen in files.items()
        ]

        def put(connection: Connection) -> None:
            connection.executemany(
                "INSERT INTO watched_files VALUES (?, ?, ?, ?) ON CONFLICT (folder_id, sign)"
                " DO UPDATE SET size_bytes = excluded.size_bytes, changed_ns = excluded.changed_ns",
                rows,
            )

        self._database.write(put).result()
