"""Finds the documents in folders: known types by content, in the order in which people count."""

import os
import re
import stat
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from assistant.documents.sniffing import sniff
from assistant.errors import DocumentError, FileFault

MOST_FILES = 20_000
_DEEPEST = 64
_NUMBER = re.compile(r"(\d+)")
# What programs and systems leave beside documents.
_LITTER = frozenset({"thumbs.db", "desktop.ini", "icon\r"})
_LOCKS = ("~$", ".~")
# What browsers and other programs call a file that is still on its way here.
_UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".opdownload", ".filepart", ".!ut")


class Skip(StrEnum):
    """Why something in a folder is left out."""

    HIDDEN = "hidden"
    UNFINISHED = "unfinished"  # a download that is not here yet
    UNKNOWN = "unknown"  # no type that can be read
    EMPTY = "empty"
    LINK = "link"  # leads nowhere, in a circle, or to what was there before
    FOLDER = "folder"  # may not be opened, or is too deep
    BEYOND = "beyond"  # more files than are taken at once


@dataclass(frozen=True, slots=True)
class Expansion:
    """What was found.

    Attributes:
        files: those named, and the documents in the folders named, in order.
        skipped: how many were left out, and why.
    """

    files: tuple[Path, ...]
    skipped: dict[Skip, int] = field(default_factory=dict)


def expand(
    paths: Iterable[Path], *, is_recursive: bool = True, cancel: threading.Event | None = None
) -> Expansion:
    """Return the documents among `paths` and in the folders among them.

    Files that are named are taken as they are: whoever names one wants to know what is wrong
    with it. In folders, what is hidden, empty, not here to its end or of no known type is left out
    and counted.

    Args:
        paths: files and folders.
        is_recursive: look into folders within folders.
        cancel: ends the search; what was found by then is returned.
    """
    search = _Search(is_recursive=is_recursive, cancel=cancel or threading.Event())
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += search.documents_in(path)
        else:
            files.append(path)
    return Expansion(tuple(files), dict(search.skipped))


def is_document(path: Path) -> Skip | None:
    """Return None if the file at `path` may be a document, else why it is none.

    What is locked, damaged or not allowed counts as a document: its failure is worth knowing.
    """
    try:
        facts = path.stat()
    except (OSError, ValueError):
        return Skip.LINK
    if not stat.S_ISREG(facts.st_mode):
        return Skip.UNKNOWN  # opening a pipe would wait forever
    if not facts.st_size:
        return Skip.EMPTY
    try:
        sniff(path)
    except DocumentError as error:
        return Skip.UNKNOWN if error.fault is FileFault.UNKNOWN_TYPE else None
    return None


def is_hidden(name: str) -> bool:
    """Tell whether a file or folder of this name is not meant for people."""
    return name.startswith((".", *_LOCKS)) or name.lower() in _LITTER


def is_unfinished(name: str) -> bool:
    """Tell whether a file of this name is still being downloaded: it gets another one then."""
    return name.lower().endswith(_UNFINISHED)


def in_order(name: str) -> list[tuple[int, int | str]]:
    """Return what sorts names as people count: "page 2" before "page 10"."""
    parts = _NUMBER.split(name.casefold())
    return [(0, int(part)) if part.isdecimal() else (1, part) for part in parts if part]


class _Search:
    """One walk through folders."""

    def __init__(self, *, is_recursive: bool, cancel: threading.Event) -> None:
        self.skipped: Counter[Skip] = Counter()
        self._is_recursive = is_recursive
        self._cancel = cancel
        self._been: set[tuple[int, int]] = set()
        self._taken: set[tuple[int, int]] = set()
        self._count = 0

    def documents_in(self, folder: Path, depth: int = 0) -> Iterator[Path]:
        """Yield the documents in a folder, its files first, then those of its folders."""
        folders: list[os.DirEntry[str]] = []
        for entry in self._entries(folder, depth):
            if self._cancel.is_set():
                return
            if is_hidden(entry.name):
                self.skipped[Skip.HIDDEN] += 1
            elif _is_folder(entry):
                folders.append(entry)
            elif is_unfinished(entry.name):
                self.skipped[Skip.UNFINISHED] += 1
            elif self._takes(entry):
                yield Path(entry.path)
        if self._is_recursive:
            for entry in folders:
                yield from self.documents_in(Path(entry.path), depth + 1)

    def _entries(self, folder: Path, depth: int) -> list[os.DirEntry[str]]:
        try:
            facts = folder.stat()
            place = (facts.st_dev, facts.st_ino)
            if place in self._been:
                self.skipped[Skip.LINK] += 1
                return []
            self._been.add(place)
            if depth > _DEEPEST:
                self.skipped[Skip.FOLDER] += 1
                return []
            with os.scandir(folder) as entries:
                return sorted(entries, key=lambda entry: in_order(entry.name))
        except OSError:
            self.skipped[Skip.FOLDER] += 1
            return []

    def _takes(self, entry: os.DirEntry[str]) -> bool:
        if self._count >= MOST_FILES:
            self.skipped[Skip.BEYOND] += 1
            return False
        path = Path(entry.path)
        why = is_document(path)
        if why is None and not self._is_new(path):
            why = Skip.LINK
        if why is not None:
            self.skipped[why] += 1
            return False
        self._count += 1
        return True

    def _is_new(self, path: Path) -> bool:
        """Tell whether this very file was not found before, under another name."""
        try:
            facts = path.stat()
        except OSError:
            return False
        place = (facts.st_dev, facts.st_ino)
        if facts.st_ino and place in self._taken:
            return False
        self._taken.add(place)
        return True


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a circle
        return False
