"""What the actions of `alcove chats` share: the database, and lines that steer no terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from assistant.cli.terminal import say
from assistant.cli.workplace import Workplace, workplace
from assistant.errors import WindowOpen
from assistant.storage.database import Database

_LOCK = "window.lock"  # QLockFile's: the process on the first line


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
        number = int((work.folders.data / _LOCK).read_text(encoding="utf-8").splitlines()[0])
    except (OSError, ValueError, IndexError):
        return  # there is none
    if psutil.pid_exists(number):
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
