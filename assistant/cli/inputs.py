"""What a command is given to read: files, folders, and standard input."""

import os
import select
import shutil
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assistant import paths, temporary
from assistant.batches.expanding import MOST_FILES, Expansion, Skip, expand
from assistant.cli.terminal import Stopped, say
from assistant.documents.limits import Limits
from assistant.errors import DocumentError, FileFault

STANDARD_INPUT = Path("-")
# The name under which it is read; a text without a title is called so.
_NAME = "standard input"
_AT_A_TIME = 1 << 20
_POLL_S = 0.1
_SKIPPED = {
    Skip.HIDDEN: "hidden",
    Skip.UNFINISHED: "not downloaded to the end",
    Skip.UNKNOWN: "of a type that is not read",
    Skip.EMPTY: "empty",
    Skip.LINK: "links in a circle or to what is here already",
    Skip.FOLDER: "folders that cannot be opened",
    Skip.BEYOND: f"beyond the first {MOST_FILES:,}",
}


def found_in(
    named: Sequence[Path], *, is_recursive: bool, cancel: threading.Event
) -> tuple[Path, ...]:
    """Return the files that were named, and with `is_recursive` the documents in the folders.

    What was left out of folders is said on standard error.
    """
    if not is_recursive:
        return tuple(named)
    found = expand(named, cancel=cancel)
    if told := _told(found):
        say(f"alcove: left out: {told}.")
    if not found.files:
        say("alcove: there is no document in what was named.")
    return found.files


@contextmanager
def standard_input(cancel: threading.Event) -> Iterator[Path]:
    """Give standard input as a file of this user alone, which goes afterwards.

    Raises:
        DocumentError: it is longer than a document may be.
        Stopped: `cancel` was set before its end.
    """
    if sys.stdin is not None and sys.stdin.isatty():
        say("alcove: reads a document from this terminal; Ctrl+D ends it.")
    folder = temporary.make_folder()
    path = folder / _NAME
    try:
        try:
            with path.open("xb") as target:
                for content in _pieces(cancel):
                    target.write(content)
                    if target.tell() > Limits().file_bytes:
                        limit = f"bytes {Limits().file_bytes}"
                        raise DocumentError(Path(_NAME), FileFault.TOO_LARGE, limit=limit)
        except OSError as error:
            raise paths.writing_error(path, error) from error
        yield path
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _pieces(cancel: threading.Event) -> Iterator[bytes]:
    """Yield what comes, and hear a stop while nothing does."""
    if sys.stdin is None:
        return
    stream = sys.stdin.fileno()
    while not cancel.is_set():
        if os.name == "posix" and not select.select([stream], [], [], _POLL_S)[0]:
            continue
        content = os.read(stream, _AT_A_TIME)
        if not content:
            return
        yield content
    raise Stopped


def _told(found: Expansion) -> str:
    parts = [f"{count:,} {_SKIPPED[why]}" for why, count in found.skipped.items()]
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
