"""Looks through a stranger's folders: bounded, whatever is in them."""

import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

from assistant.gguf import files_of, is_later_part, whole_name
from assistant.models.keeping.details import plain_line
from assistant.models.keeping.elsewhere.found import FoundElsewhere

MAX_ENTRIES = 50_000  # of one app: a cache of models has some hundreds
MAX_DEPTH = 6
MAX_NOTE_BYTES = 256 * 1024  # manifests and settings have some hundred bytes
_LONGEST_NAME = 120
# What helps a model to see, to hear or to be quantized, and is none by itself.
_NO_MODELS = ("mmproj", "imatrix", "ggml-vocab")


def files_below(
    root: Path, cancel: threading.Event, depth: int = MAX_DEPTH, entries: int = MAX_ENTRIES
) -> Iterator[Path]:
    """Yield the regular files below `root`, those nearest first, through links, each folder once.

    Pipes and devices, which would never end, are no files. A link to a folder that `root` lies in
    is not followed: it would lead through the whole disk. What cannot be read is passed over.
    """
    folders = [root]
    seen = _above(root)
    for _ in range(depth):
        deeper: list[Path] = []
        for folder in folders:
            for entry, is_folder in _entries(folder, seen):
                entries -= 1
                if entries < 0 or cancel.is_set():
                    return
                if is_folder:
                    deeper.append(entry)
                else:
                    yield entry
        folders = deeper


def _above(root: Path) -> set[tuple[int, int]]:
    """Return the identities of the folders that `root` lies in."""
    found = set()
    try:
        for folder in root.resolve().parents:
            facts = folder.stat()
            found.add((facts.st_dev, facts.st_ino))
    except OSError:
        pass  # then the bounds alone hold
    return found


def _entries(folder: Path, seen: set[tuple[int, int]]) -> Iterator[tuple[Path, bool]]:
    """Yield what is in a folder that was not looked into yet, and whether it is a folder."""
    try:
        facts = folder.stat()
        if (facts.st_dev, facts.st_ino) in seen and facts.st_ino:
            return
        seen.add((facts.st_dev, facts.st_ino))
        with os.scandir(folder) as listing:
            for entry in listing:
                try:
                    mode = entry.stat().st_mode
                except OSError:  # links that lead nowhere, or in a circle
                    continue
                if stat.S_ISDIR(mode) or stat.S_ISREG(mode):
                    yield Path(entry.path), stat.S_ISDIR(mode)
    except OSError:
        return


def ggufs_below(root: Path, app: str, cancel: threading.Event) -> Iterator[FoundElsewhere]:
    """Yield the models in the `.gguf` files below `root`, called by their files' names."""
    for path in files_below(root, cancel):
        if path.suffix.lower() == ".gguf" and (found := model_at(path, whole_name(path), app)):
            yield found


def model_at(path: Path, name: str, app: str) -> FoundElsewhere | None:
    """Return the model in a file; None if it is none, or cannot be read."""
    if is_later_part(path) or any(word in path.name.lower() for word in _NO_MODELS):
        return None
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return None
        with path.open("rb") as file:
            if file.read(4) != b"GGUF":
                return None
        size = sum(part.stat().st_size for part in files_of(path))
    except (OSError, ValueError):
        return None
    shown = plain_line(name, _LONGEST_NAME) or path.name
    return FoundElsewhere(path=path, name=shown, app=app, size_bytes=size)


def read_note(path: Path) -> bytes:
    """Return a small file of another app; b"" if it is none, too long, or cannot be read."""
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode) or facts.st_size > MAX_NOTE_BYTES:
            return b""
        with path.open("rb") as file:
            return file.read(MAX_NOTE_BYTES)
    except (OSError, ValueError):
        return b""
