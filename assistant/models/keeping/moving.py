"""Moves the folder of models, also to another disk, so that nothing is lost whenever it is cut.

Copy, check, switch the setting, delete: until the setting is switched the old folder is whole, and
what is deleted afterwards is what was copied and checked. A note in the data folder says how far
it is, so that the same command goes on.
"""

import contextlib
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from assistant.errors import MoveFault, MoveRefused, NoSpace
from assistant.models.files.copying import are_same_bytes, copy_checked, part_of, sync_folder
from assistant.models.files.lock import FileLock
from assistant.models.keeping.adding import CopyProgress
from assistant.models.keeping.moved_files import (
    Move,
    MoveNote,
    MoveStage,
    are_one_folder,
    files_to_move,
    leads_to,
)
from assistant.paths import ensure_folder, writing_error

_RESERVE_BYTES = 200 * 1024 * 1024

Switch = Callable[[Path], None]


def move_models(
    folder_from: Path,
    folder_to: Path,
    *,
    note: MoveNote,
    switch: Switch,
    cancel: threading.Event,
    reserve_bytes: int = _RESERVE_BYTES,
) -> Iterator[CopyProgress | Path]:
    """Move all models; the last value is the new folder. Returns early when cancelled.

    A move that was cut goes on with the same arguments; one to another folder first undoes, or
    ends, the one that was begun. Other files in the folder stay there.

    Args:
        folder_from: where the models are.
        folder_to: where they shall be; it is made if it is not there.
        note: where the move is noted.
        switch: stores the new folder in the settings; may be called more than once.
        cancel: stops it; what is copied is kept for the next try.
        reserve_bytes: what must stay free on the new disk.

    Raises:
        MoveRefused: see `MoveFault`; nothing was deleted.
        NoSpace, CannotWrite: one of the folders cannot take, or give, its part.
        ModelError: a file cannot be read.
    """
    folder_from, folder_to = folder_from.absolute(), folder_to.expanduser().absolute()
    ensure_folder(note.folder)
    if not note.lock.acquire():
        raise MoveRefused(folder_to, MoveFault.BUSY)
    try:
        begun = note.read()
        if (
            begun
            and begun.stage is MoveStage.DELETING
            and not _was_not_switched(begun, folder_from)
        ):
            ended = _end(begun, note, switch)
            if are_one_folder(ended, folder_to):
                yield ended
                return
            folder_from = ended
        elif begun and not _is_of(begun, folder_from, folder_to):
            # The person may have taken the new folder into use as it was.
            if not are_one_folder(Path(begun.folder_to), folder_from):
                _undo(begun)
            else:
                _drop_parts(begun)
            note.drop()
        yield from _Moving(folder_from, folder_to, note, switch, cancel).run(reserve_bytes)
    finally:
        note.lock.release()


class _Moving:
    """One run of a move."""

    def __init__(
        self,
        folder_from: Path,
        folder_to: Path,
        note: MoveNote,
        switch: Switch,
        cancel: threading.Event,
    ) -> None:
        self._from = folder_from
        self._to = folder_to
        self._note = note
        self._switch = switch
        self._cancel = cancel
        self._move = Move(folder_from=str(folder_from), folder_to=str(folder_to))

    def run(self, reserve_bytes: int) -> Iterator[CopyProgress | Path]:
        """Yield progress, then the new folder."""
        self._refuse_nonsense()
        ensure_folder(self._to)
        _refuse_read_only(self._to)
        if self._from.is_dir():
            _refuse_read_only(self._from)
        begun = self._note.read()
        if begun and _is_of(begun, self._from, self._to):
            self._move = replace(begun, stage=MoveStage.COPYING)
        with contextlib.ExitStack() as stack:
            held: set[Path] = set()
            _hold_downloads(self._from, held, stack)
            missing = self._missing()
            self._refuse_if_full(missing, reserve_bytes)
            self._note.write(self._move)
            # A file may have come while the others were copied.
            while missing and not self._cancel.is_set():
                yield from self._copy_all(missing)
                _hold_downloads(self._from, held, stack)
                missing = self._missing()
            if self._cancel.is_set():
                return
            self._move = replace(self._move, stage=MoveStage.DELETING)
            self._note.write(self._move)
        yield _end(self._move, self._note, self._switch)

    def _refuse_nonsense(self) -> None:
        if are_one_folder(self._from, self._to):
            raise MoveRefused(self._to, MoveFault.SAME)
        if self._to.resolve().is_relative_to(self._from.resolve()):
            raise MoveRefused(self._to, MoveFault.INSIDE)

    def _missing(self) -> list[Path]:
        """Return what is not in the new folder yet.

        Raises:
            MoveRefused: another file there has the name of one of ours.
        """
        missing = []
        for source in files_to_move(self._from):
            known = self._move.copied.get(source.name)
            target = self._to / source.name
            if known and known.is_of(source, target):
                continue
            is_ours = known is not None and known.is_copy(target)  # of what the original was before
            # A link there that leads here would lead nowhere once the original is deleted.
            if os.path.lexists(target) and not is_ours and not leads_to(target, source):
                self._take_same(source, target)
            else:
                missing.append(source)
        return missing

    def _take_same(self, source: Path, target: Path) -> None:
        """Take a file that is there already, if it has the same bytes."""
        before = source.stat()
        try:
            is_same = target.exists() and are_same_bytes(source, target, self._cancel)
        except OSError as error:
            raise writing_error(target, error) from error
        if is_same:
            self._move = self._move.with_copy(source.name, before, was_there=True)
        elif not self._cancel.is_set():
            raise MoveRefused(target, MoveFault.NAME_TAKEN)

    def _refuse_if_full(self, missing: list[Path], reserve_bytes: int) -> None:
        if _is_one_disk(self._from, self._to):
            return  # new names for the same bytes
        needed = reserve_bytes
        for source in missing:
            part = part_of(self._to / source.name)
            there = part.stat().st_size if part.exists() else 0
            needed += max(0, _length(source) - there)
        free = shutil.disk_usage(self._to).free
        if needed > free:
            raise NoSpace(self._to, needed_bytes=needed, free_bytes=free)

    def _copy_all(self, missing: list[Path]) -> Iterator[CopyProgress]:
        sizes = {source: _length(source) for source in missing}
        total, done = sum(sizes.values()), 0
        for source in missing:
            if self._cancel.is_set():
                return
            target = self._to / source.name
            try:
                before = source.stat()
            except FileNotFoundError:
                continue  # the person deleted it meanwhile
            if not _give_second_name(source, target):
                for there in copy_checked(source, target, self._cancel):
                    yield CopyProgress(done + there, total)
                if self._cancel.is_set():
                    return
            if _changed_since(source, before):
                target.unlink()  # the next round copies it anew
                continue
            self._move = self._move.with_copy(source.name, before)
            self._note.write(self._move)
            done += sizes[source]
            yield CopyProgress(done, total)


def _is_of(move: Move, folder_from: Path, folder_to: Path) -> bool:
    return are_one_folder(Path(move.folder_from), folder_from) and are_one_folder(
        Path(move.folder_to), folder_to
    )


def _was_not_switched(move: Move, folder_from: Path) -> bool:
    """Return whether the old folder is still in use: more models may have come into it."""
    return are_one_folder(Path(move.folder_from), folder_from)


def _end(move: Move, note: MoveNote, switch: Switch) -> Path:
    """Use the new folder, and delete from the old one what was copied and checked.

    Raises:
        CannotWrite: something could not be deleted; the same command tries again.
    """
    folder_from, folder_to = Path(move.folder_from), Path(move.folder_to)
    if not folder_to.is_dir():  # its disk is away: neither switch nor delete
        raise writing_error(folder_to, FileNotFoundError(2, "No such file or directory"))
    switch(folder_to)
    left: OSError | None = None
    # A record before its model would leave a model of unknown origin: models go first.
    for name in sorted(move.copied, key=len):
        source = folder_from / name
        if not move.copied[name].is_of(source, folder_to / name):
            continue  # it is gone already, or was changed since: then it is not ours to delete
        try:
            source.unlink()
        except OSError as error:
            left = error
    if left is not None:
        raise writing_error(folder_from, left) from left
    with contextlib.suppress(OSError):  # the person keeps other things in it
        folder_from.rmdir()
    note.drop()
    return folder_to


def _undo(move: Move) -> None:
    """Delete the copies of a move that was given up; each original is still there.

    What was there before the move stays: another app may use it.
    """
    folder_from, folder_to = Path(move.folder_from), Path(move.folder_to)
    for name, copied in move.copied.items():
        if not copied.was_there and copied.is_of(folder_from / name, folder_to / name):
            with contextlib.suppress(OSError):
                (folder_to / name).unlink()
    _drop_parts(move)
    with contextlib.suppress(OSError):
        folder_to.rmdir()


def _drop_parts(move: Move) -> None:
    """Delete the copies that are not whole."""
    folder_to = Path(move.folder_to)
    for source in files_to_move(Path(move.folder_from)):
        with contextlib.suppress(OSError):
            part_of(folder_to / source.name).unlink(missing_ok=True)


def _length(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _changed_since(path: Path, before: os.stat_result) -> bool:
    """Return whether a file is another one than before, or gone."""
    try:
        now = path.stat()
    except FileNotFoundError:
        return True
    return (now.st_size, now.st_mtime_ns) != (before.st_size, before.st_mtime_ns)


def _give_second_name(source: Path, target: Path) -> bool:
    """Let a file on the same disk have both names, or a link a second one; return if it has."""
    made = part_of(target.with_name(f"{target.name}.link"))  # the place may be taken by a link
    try:
        made.unlink(missing_ok=True)
        if source.is_symlink():
            made.symlink_to(source.resolve())
        else:
            os.link(source, made)
        made.replace(target)
        sync_folder(target.parent)
    except OSError:  # another disk, or one that knows no links
        return False
    return True


def _is_one_disk(one: Path, other: Path) -> bool:
    try:
        return one.stat().st_dev == other.stat().st_dev
    except OSError:
        return False


def _refuse_read_only(folder: Path) -> None:
    """Raise CannotWrite, or NoSpace, if no file can be made in `folder`."""
    probe = FileLock(folder / ".alcove-moving.lock")
    if not probe.acquire():
        raise MoveRefused(folder, MoveFault.BUSY)
    probe.release()


def _hold_downloads(folder: Path, held: set[Path], stack: contextlib.ExitStack) -> None:
    """Keep downloads from going on in `folder` meanwhile, also those that began since.

    Args:
        folder: where they are.
        held: those that are held already; more are added.
        stack: lets them go.

    Raises:
        MoveRefused: one is under way.
    """
    for part in sorted({*folder.glob("*.gguf.part")} - held):
        lock = FileLock(part.with_name(f"{part.name}.lock"))
        if not lock.acquire():
            raise MoveRefused(part, MoveFault.BUSY)
        stack.callback(lock.release)
        held.add(part)


def pending_move(note: MoveNote) -> Path | None:
    """Return where a move goes to that was begun and has not ended; None if there is none."""
    move = note.read()
    return Path(move.folder_to) if move else None
