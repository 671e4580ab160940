"""Folders that conversations are put into."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.storage.database import Connection, Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder of conversations; `position` counts from 0 in the person's order."""

    id: int
    name: str
    position: int


class FolderStore:
    """The folders of one database.

    Every method that changes something returns when it is committed, and raises NoSpace,
    CannotWrite or DamagedData if it was not. Folders that are gone are not an error.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self) -> list[Folder]:
        """Return the folders in the person's order."""
        rows = self._database.query("SELECT id, name, position FROM folders ORDER BY position, id")
        return [Folder(id=row[0], name=row[1], position=row[2]) for row in rows]

    def create(self, name: str) -> int:
        """Make a folder after all others and return its id."""
        row = self._database.write(
            lambda c: c.execute(
                "INSERT INTO folders (name, position)"
                " SELECT ?, coalesce(max(position) + 1, 0) FROM folders RETURNING id",
                (name,),
            ).fetchone()
        ).result()
        return int(row[0])

    def rename(self, folder_id: int, name: str) -> None:
        """Give a folder another name."""
        self._database.write(
            lambda c: c.execute("UPDATE folders SET name = ? WHERE id = ?", (name, folder_id))
        ).result()

    def remove(self, folder_id: int) -> None:
        """Delete a folder; its conversations stay, in no folder."""
        self._database.write(
            lambda c: c.execute("DELETE FROM folders WHERE id = ?", (folder_id,))
        ).result()

    def reorder(self, folder_ids: Sequence[int]) -> None:
        """Put the folders into this order; those that are not named stand after them."""
        places = [(place, folder_id) for place, folder_id in enumerate(folder_ids)]

        def put(connection: Connection) -> None:
            connection.execute("UPDATE folders SET position = position + ?", (len(places),))
            connection.executemany("UPDATE folders SET position = ? WHERE id = ?", places)

        self._database.write(put).result()
