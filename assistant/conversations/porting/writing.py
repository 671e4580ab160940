"""A file that is whole or not there, however it ends: written beside and then put in its place."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from assistant import paths


class WritingStoppedError(Exception):
    """The person stopped it; nothing was written."""


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Give a stream whose bytes become the file `path` when the block ends without an error.

    Only this user can read the file. A file that was there before stays until then.

    Raises:
        CannotWrite, NoSpace: the file cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        if path.is_dir():
            raise IsADirectoryError(21, "Is a directory")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise paths.writing_error(path, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
