"""Copies of the database that a process could not remove, since it was killed."""

import contextlib
import os
from pathlib import Path

from assistant.left_behind import is_stale

_RESTORING = "-restoring-"


def restoring(path: Path) -> Path:
    """Return where this process keeps its copy of a backup beside the database at `path`."""
    return path.with_name(f"{path.name}{_RESTORING}{os.getpid()}")


def part_of(path: Path) -> Path:
    """Return what a file that this process writes is called until it is complete."""
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def remove_restoring(path: Path) -> None:
    """Remove what restoring into the database at `path` has left behind."""
    start = f"{path.name}{_RESTORING}"
    _remove(path.parent, start, "")


def remove_parts(path: Path) -> None:
    """Remove what writing the file `path` has left behind."""
    _remove(path.parent, f".{path.name}.", ".part")


def _remove(folder: Path, start: str, end: str) -> None:
    """Remove files named by the number of a process that is gone."""
    with contextlib.suppress(OSError):
        for file in folder.iterdir():
            if file.name.startswith(start) and file.name.endswith(end):
                number = file.name[len(start) : len(file.name) - len(end)].partition("-")[0]
                if is_stale(file, number):
                    with contextlib.suppress(OSError):
                        file.unlink()
