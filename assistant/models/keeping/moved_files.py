"""Which files move with a folder of models, and the note of a move that survives a crash."""

import os
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

import msgspec

from assistant.models.files.lock import FileLock
from assistant.paths import as_text, from_text, write_atomically

# A model, what lies beside it (record, sums of blocks), and an unfinished download of one.
_OURS = re.compile(r"[^.].*\.gguf(\.(json|blocks|part|part\.json|part\.blocks))?", re.IGNORECASE)

_MOST_LINKS = 40  # as many as Linux follows


class MoveStage(StrEnum):
    """How far a move is."""

    COPYING = "copying"  # the old folder is in use
    DELETING = "deleting"  # all is copied: the new one is in use, or about to be


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedFile:
    """A file whose copy was checked.

    Attributes:
        size_bytes: of both.
        source_ns: when the original was last changed.
        copy_ns: when the copy was, as its disk tells it.
        was_there: the move found it there with the same bytes: it may be another app's.
    """

    size_bytes: int
    source_ns: int
    copy_ns: int
    was_there: bool = False

    def is_of(self, source: Path, copy: Path) -> bool:
        """Return whether both files are still what they were, and none is a way to the other."""
        try:
            one, other = source.stat(), copy.stat()
        except OSError:
            return False
        if leads_to(copy, source) or leads_to(source, copy):
            return False
        sizes = {one.st_size, other.st_size, self.size_bytes}
        times = (one.st_mtime_ns, other.st_mtime_ns)
        return len(sizes) == 1 and times == (self.source_ns, self.copy_ns)

    def is_copy(self, copy: Path) -> bool:
        """Return whether a file is still the copy that the move made."""
        try:
            facts = copy.stat()
        except OSError:
            return False
        is_same = (facts.st_size, facts.st_mtime_ns) == (self.size_bytes, self.copy_ns)
        return is_same and not self.was_there


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A move that was begun and has not ended.

    Attributes:
        folder_from, folder_to: where from and where to.
        stage: how far it is.
        copied: the files that are done, by name.
    """

    folder_from: str
    folder_to: str
    stage: MoveStage = MoveStage.COPYING
    copied: dict[str, CopiedFile] = field(default_factory=dict)

    def with_copy(self, name: str, before: os.stat_result, *, was_there: bool = False) -> "Move":
        """Return it with one more file that is copied and checked.

        Args:
            name: the file's.
            before: what was known of the original before its first byte was read, so that one
                that was changed meanwhile does not count as copied.
            was_there: see `CopiedFile`.
        """
        copy = (Path(self.folder_to) / name).stat()
        done = CopiedFile(
            size_bytes=before.st_size,
            source_ns=before.st_mtime_ns,
            copy_ns=copy.st_mtime_ns,
            was_there=was_there,
        )
        return replace(self, copied={**self.copied, name: done})


class MoveNote:
    """The note of a move that is under way, in the data folder.

    Args:
        path: the JSON file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.folder = path.parent
        self.lock = FileLock(path.with_suffix(".lock"))

    def read(self) -> Move | None:
        """Return the move that has not ended; None if there is none."""
        try:
            kept = msgspec.json.decode(self._path.read_bytes(), type=Move)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return None  # without it a move begins anew, and finds its copies by their bytes
        return _renamed(kept, lambda name: str(from_text(name)))

    def write(self, move: Move) -> None:
        """Keep it.

        Raises:
            CannotWrite, NoSpace: it cannot be kept.
        """
        kept = _renamed(move, lambda name: as_text(Path(name)))
        write_atomically(self._path, msgspec.json.encode(kept))

    def drop(self) -> None:
        """The move has ended."""
        self._path.unlink(missing_ok=True)


def _renamed(move: Move, changed: Callable[[str], str]) -> Move:
    """Return a move with every name in it changed: not every file's name is text."""
    return replace(
        move,
        folder_from=changed(move.folder_from),
        folder_to=changed(move.folder_to),
        copied={changed(name): copied for name, copied in move.copied.items()},
    )


def files_to_move(folder: Path) -> list[Path]:
    """Return the files in `folder` that are ours, by name; none if it cannot be read.

    Others that the person keeps there stay.
    """
    try:
        return sorted(
            path for path in folder.iterdir() if _OURS.fullmatch(path.name) and _is_regular(path)
        )
    except OSError:
        return []


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def leads_to(link: Path, file: Path) -> bool:
    """Return whether `link` is a link that is nothing without `file`, or the file itself."""
    seen = link
    for _ in range(_MOST_LINKS):
        if seen.name == file.name and are_one_folder(seen.parent, file.parent):
            return True
        if not seen.is_symlink():
            return False
        seen = seen.parent / seen.readlink()
    return True  # links in a circle: nothing is to be deleted for them


def are_one_folder(one: Path, other: Path) -> bool:
    """Return whether two paths lead to one folder."""
    try:
        return one.samefile(other)
    except OSError:
        return one.resolve() == other.resolve()
