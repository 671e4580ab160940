"""Erase everything: what the app has stored of this person, on this disk.

Models stay unless asked for: they are the work of others and many gigabytes. What was deleted
from a disk can sometimes be recovered with special tools; the words in the database are
overwritten before, as far as the disk lets a program do that.
"""

import contextlib
import shutil
from pathlib import Path

from assistant.paths import Folders, writing_error
from assistant.storage.database import Database
from assistant.storage.faults import files_of


def erase_everything(
    folders: Folders, database: Database, *, model_folder: Path, with_models: bool = False
) -> None:
    """Delete documents, summaries, conversations, settings, caches, logs and the connections.

    The database is empty afterwards and goes on working; whoever holds settings or a list of
    connections in memory starts them anew.

    Args:
        folders: the app's folders.
        database: the open database.
        model_folder: where the models are; nothing in it is touched unless asked for.
        with_models: delete the models too, with their records and unfinished downloads.

    Raises:
        CannotWrite: something could not be deleted; all the rest was.
        NoSpace: the disk has not even room for an empty database.
    """
    failures: list[OSError] = []
    kept = {*files_of(database.path), folders.models, model_folder}
    for folder in (folders.data, folders.cache, folders.logs):
        _empty(folder, kept, failures)
    if with_models:
        _delete_models(model_folder, failures)
    database.erase()
    if failures:
        raise writing_error(Path(failures[0].filename or folders.data), failures[0])


def _empty(folder: Path, kept: set[Path], failures: list[OSError]) -> None:
    """Delete everything in `folder` except `kept` and what leads to it."""
    try:
        entries = list(folder.iterdir())
    except FileNotFoundError:
        return
    except OSError as error:
        failures.append(error)
        return
    for entry in entries:
        if entry in kept:
            continue
        if entry.is_dir() and not entry.is_symlink():
            _empty(entry, kept, failures)
            with contextlib.suppress(OSError):  # not empty: a kept file, or a failure noted above
                entry.rmdir()
        else:
            _delete(entry, failures)


def _delete_models(folder: Path, failures: list[OSError]) -> None:
    """Delete models, what is kept beside them, and unfinished downloads and copies."""
    beside = ("*.gguf.json", "*.gguf.blocks", "*.gguf.part", "*.gguf.part.*", ".*.gguf*.moving")
    for pattern in ("*.gguf", *beside):
        for file in folder.glob(pattern):
            _delete(file, failures)


def _delete(file: Path, failures: list[OSError]) -> None:
    try:
        if file.is_dir() and not file.is_symlink():
            shutil.rmtree(file)
        else:
            file.unlink(missing_ok=True)
    except OSError as error:
        failures.append(error)
