"""What the actions of `alcove chats` share: the database, and lines that steer no terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from assistant.cli.terminal import say
from assistant.cli.workplace import Workplace, workplace
from assistant.errors import WindowOpen
from assistant.storage.database import Database

# QLockFile's: the process's number on the first line, the name of its program on the second.
_LOCK = "window.lock"


@contextmanager
def kept_chats() -> Iterator[tuple[Workplace, Database]]:
    """Give the database of this user, and close it.

    Raises:
        CannotWrite, NewerData, NoSpace: it cannot be opened.
    """
    work = workplace()
    database = Database(work.folders.data / "alcove.db")
    try:
        yield work, database
    finally:
        database.close()


def refuse_open_window(work: Workplace) -> None:
    """Refuse what would pull everything from under a window.

    Raises:
        WindowOpen: a window of this data folder is open.
    """
    try:
        lines = (work.folders.data / _LOCK).read_text(encoding="utf-8").splitlines()
        process = psutil.Process(int(lines[0]))
        program = Path(process.exe()).name
    except (OSError, ValueError, IndexError, psutil.Error):
        return  # there is none
    if len(lines) < 2 or program == lines[1]:  # else a crash left the file behind
        raise WindowOpen


def line(text: str) -> str:
    """Return `text` on one line, without what nobody sees or what steers a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def confirmed(question: str, *, is_sure: bool) -> bool:
    """Return whether the person means it: asked on a terminal, said by an option elsewhere."""
    if is_sure:
        return True
    if not sys.stdin.isatty():
        say(f"alcove: {question} Say so with --yes.")
        return False
    sys.stderr.write(f"{question} Type yes to go on: ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold() == "yes"
