"""Watches folders: what is new or changed in them joins the queue, once it is written to its end.

It looks at names, sizes and times now and then; that works on every disk, also those of the
network, which tell nobody of changes.
"""

import os
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.batches.expanding import in_order, is_document, is_hidden, is_unfinished
from assistant.storage.queue import QueueStore
from assistant.storage.watched_folders import (
    SeenFile,
    WatchedFolder,
    WatchedFolderStore,
    sign_of,
)

# Between two looks, and how long a file must have stayed as it is to count as written.
LOOK_S = 2.0
SETTLE_S = 2.0
_MOST_FILES = 20_000
_DEEPEST = 64


@dataclass(frozen=True, slots=True)
class Joined:
    """Files of a watched folder that joined the queue."""

    folder: WatchedFolder
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class FolderGone:
    """A watched folder that is not there at present; it is looked for again."""

    folder: WatchedFolder


@dataclass(frozen=True, slots=True)
class Crowded:
    """So many entries of a watched folder are not looked at, since it has too many; maybe 0 now."""

    folder: WatchedFolder
    left_out: int


class FolderWatch:
    """Remembers what one folder looked like.

    Args:
        path: the folder.
        seen: files that joined the queue before, as they were then, by `sign_of` their paths.
        is_recursive: the folders in it count, too.
        settle_s: see `SETTLE_S`.

    Attributes:
        left_out: entries that were not looked at last, since a folder has too many.
    """

    def __init__(
        self,
        path: Path,
        seen: Mapping[str, SeenFile],
        *,
        is_recursive: bool,
        settle_s: float = SETTLE_S,
    ) -> None:
        self.left_out = 0
        self._path = path
        self._before = dict(seen)
        self._seen: dict[Path, SeenFile | None] = {}
        self._is_recursive = is_recursive
        self._settle_s = settle_s
        self._changing: dict[Path, tuple[SeenFile, float]] = {}

    @property
    def is_there(self) -> bool:
        """Whether the folder can be looked into."""
        return self._path.is_dir()

    def look(self, now_s: float) -> dict[Path, SeenFile]:
        """Return the files that are new or changed since they were returned last, and are whole.

        Args:
            now_s: the time on a clock that only runs forward.
        """
        ready: dict[Path, SeenFile] = {}
        changing: dict[Path, tuple[SeenFile, float]] = {}
        self.left_out = 0
        for path, found in self._files(self._path, 0):
            if path not in self._seen:  # a sign is made once, and not at each look
                self._seen[path] = self._before.get(sign_of(path))
            if self._seen[path] == found or not found.size_bytes:
                continue
            before, since_s = self._changing.get(path, (None, now_s))
            if before != found:
                since_s = now_s
            if before == found and now_s - since_s >= self._settle_s:
                ready[path] = found
            else:
                changing[path] = (found, since_s)
        self._changing = changing
        self._seen |= ready
        return {path: ready[path] for path in sorted(ready, key=lambda p: in_order(str(p)))}

    def _files(self, folder: Path, depth: int) -> Iterator[tuple[Path, SeenFile]]:
        try:
            with os.scandir(folder) as entries:
                found = list(entries)
        except OSError:
            return
        self.left_out += max(0, len(found) - _MOST_FILES)
        for entry in found[:_MOST_FILES]:
            if is_hidden(entry.name):
                continue
            try:
                if entry.is_dir(follow_symlinks=False):
                    if self._is_recursive and depth < _DEEPEST:
                        yield from self._files(Path(entry.path), depth + 1)
                elif entry.is_file() and not is_unfinished(entry.name):
                    facts = entry.stat()
                    yield Path(entry.path), SeenFile(facts.st_size, facts.st_mtime_ns)
            except OSError:  # it went while we looked
                continue


def watch(
    folders: WatchedFolderStore,
    queue: QueueStore,
    *,
    cancel: threading.Event,
    look_s: float = LOOK_S,
    settle_s: float = SETTLE_S,
) -> Iterator[Joined | FolderGone | Crowded]:
    """Look into the watched folders until `cancel` is set; what is ready joins their batches.

    Folders that are added, paused or removed meanwhile are taken into account at the next look.

    Raises:
        NoSpace, CannotWrite, DamagedData: the queue cannot be written.
    """
    watches: dict[int, FolderWatch] = {}
    gone: set[int] = set()
    while not cancel.is_set():
        known = folders.list()
        for folder in known:
            if folder.is_paused:
                watches.pop(folder.id, None)
                continue
            if folder.id not in watches:
                watches[folder.id] = FolderWatch(
                    folder.path,
                    folders.seen(folder.id),
                    is_recursive=folder.is_recursive,
                    settle_s=settle_s,
                )
            watched = watches[folder.id]
            if not watched.is_there:
                if folder.id not in gone:
                    gone.add(folder.id)
                    yield FolderGone(folder)
                continue
            gone.discard(folder.id)
            left_out = watched.left_out
            ready = watched.look(time.monotonic())
            if watched.left_out != left_out:
                yield Crowded(folder, watched.left_out)
            files = tuple(path for path in ready if is_document(path) is None)
            if files:
                queue.add(folder.batch_id, files)
            if ready:  # after they joined: a crash between the two only lets them join again
                folders.note(folder.id, ready)
            if files:
                yield Joined(folder, files)
        watches = {f.id: watches[f.id] for f in known if f.id in watches}
        cancel.wait(look_s)
