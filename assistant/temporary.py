"""Folders for parts of documents that live as long as this process, and no longer.

A process that is killed cannot remove its folder: the next one that makes a folder does it.
"""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

from assistant.errors import AssistantError
from assistant.left_behind import is_stale
from assistant.paths import ensure_folder

_PREFIX = "alcove-"


def make_folder() -> Path:
    """Make a folder that only this user can read, and remove those of processes that are gone.

    Its name tells which process it belongs to. Whoever makes it removes it.

    Raises:
        OSError: there is no room for it.
    """
    remove_stale()
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))


def keep_in(folder: Path) -> None:
    """Have this process and its children make temporary files in `folder`, and nowhere else.

    Where it cannot be written the system's own place stays: what is made there is removed.
    """
    try:
        ensure_folder(folder)
        tempfile.TemporaryFile(dir=folder).close()  # whether it can be
    except (AssistantError, OSError):
        return
    for variable in ("TMPDIR", "TEMP", "TMP"):
        os.environ[variable] = str(folder)
    tempfile.tempdir = str(folder)


def remove_stale() -> None:
    """Remove the folders that processes of this user left behind when they were killed."""
    with contextlib.suppress(OSError):
        for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
            if is_stale(folder, folder.name.removeprefix(_PREFIX).partition("-")[0]):
                shutil.rmtree(folder, ignore_errors=True)
