"""What was evaluated, kept on disk: a conversation or a document is never read twice.

One file (state_file.py) for each owner and key; its name is made of hashes of both. A state holds
its owner's words, as tokens: it is as private as the database, and goes when its owner goes.

Nothing of this raises an error of the disk: a state that cannot be kept or used costs the time of
evaluating its tokens again.
"""

import contextlib
import hashlib
import os
import secrets
import shutil
import stat
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from assistant.engine import state_file
from assistant.errors import AssistantError
from assistant.paths import ensure_folder

_UNUSED_S = 30 * 24 * 3600  # a state that nobody wanted for so long goes
# So much of the disk stays free, at most a twentieth of it: the user's files need it more.
_FREE_BYTES = 1_000_000_000


def state_key(fingerprint: str, build: str, settings: str) -> str:
    """Return the key of states that the same model, llama.cpp and settings can read."""
    return _hash(f"{fingerprint}\n{build}\n{settings}")


class StateStore:
    """The states of one model, in a folder that it shares with those of others.

    Several processes may use a folder at once: a state is replaced whole, and one that vanishes
    between two steps is one that is not there.

    Args:
        folder: where they are; made, for this user alone, when the first is saved.
        key: a `state_key`; states with another are never used.
        limit_bytes: what all of the folder may take; the least recently used states go first.
    """

    def __init__(self, folder: Path, key: str, limit_bytes: int) -> None:
        self._folder = folder
        self._key = _hash(key)
        self._limit_bytes = limit_bytes
        self._tidy()

    def tokens(self, owner: str) -> list[int]:
        """Return the tokens of the owner's state; [] if it has none. Reads a few kilobytes."""
        path = self._place(owner)
        return state_file.tokens_of(path, _name(path)) or [] if owner else []

    def path(self, owner: str) -> Path | None:
        """Return the owner's state, checked whole, for llama.cpp to read; it counts as used.

        One that is damaged or foreign is deleted. Another process may replace it before it is
        read: what counts are the tokens that llama.cpp then tells.
        """
        path = self._place(owner)
        if not owner or not os.path.lexists(path):
            return None
        if not state_file.is_whole(path, _name(path)):
            _remove(path)
            return None
        with contextlib.suppress(OSError):  # a read-only folder
            os.utime(path)
        return path

    def save(self, owner: str, write: Callable[[Path], object], size_bytes: int) -> None:
        """Keep what `write` writes as the owner's only state for this key.

        Room is made before it is written, so that the folder never holds more than its limit.

        Args:
            owner: whose words they are; nothing is kept for "".
            write: makes the file it is given, which is there and empty, and returns its bytes.
                When it raises an OSError, what was there stays.
            size_bytes: what it writes; a file that is larger is not kept.
        """
        wanted = size_bytes + state_file.TRAILER_BYTES
        if not owner or wanted > self._limit_bytes:
            return
        target = self._place(owner)
        # Its name says how large it becomes, for another process that makes room meanwhile.
        part = target.with_suffix(f".{secrets.token_hex(4)}.{wanted}.part")

        def write_with_room(part: Path) -> object:
            self._make_room(target)
            return write(part)

        try:
            ensure_folder(self._folder)
            with contextlib.suppress(PermissionError):  # sticks know no modes, and refuse them
                self._folder.chmod(0o700)
            state_file.make(part, write_with_room, _name(target))
            if part.stat().st_size > wanted:
                return
            if target.is_dir():
                _remove(target)
            part.replace(target)
        except (OSError, AssistantError):
            pass
        finally:
            _remove(part)

    def forget(self, owner: str) -> None:
        """Delete an owner's states, whatever their key; all if it is empty."""
        forget(self._folder, owner)

    def _place(self, owner: str) -> Path:
        return self._folder / f"{_hash(owner)}-{self._key}.state"

    def _make_room(self, target: Path) -> None:
        """Delete the states that were not used for longest, until the unfinished ones fit, too.

        Less fits where the disk fills up. The state that is to be replaced goes only if nothing
        else helps; where that would not help either, all stay.

        Raises:
            OSError: there is no room.
        """
        self._remove_abandoned()
        states = sorted(_states(self._folder), key=lambda kept: (kept[0] == target, kept[1]))
        parts = list(_parts(self._folder))
        held = sum(size for _, _, size in states)
        to_write = sum(becomes - size for becomes, size in parts)
        disk = shutil.disk_usage(self._folder)
        over_limit = held + sum(becomes for becomes, _ in parts) - self._limit_bytes
        over_disk = to_write - disk.free
        if held < max(over_limit, over_disk):
            raise OSError("no room for a state")
        reserve = min(_FREE_BYTES, disk.total // 20)
        for path, _, size in states:
            if max(over_limit, over_disk + (reserve if path != target else 0)) <= 0:
                return
            _remove(path)
            if not os.path.lexists(path):  # Windows keeps what another process reads
                over_limit -= size
                over_disk -= size
        if max(over_limit, over_disk) > 0:
            raise OSError("no room for a state")

    def _tidy(self) -> None:
        """Delete what nobody used for long, and what a process that died left unfinished."""
        oldest = time.time() - _UNUSED_S
        for path, used, _ in _states(self._folder):
            if used < oldest:
                _remove(path)
        self._remove_abandoned()

    def _remove_abandoned(self) -> None:
        for path in _entries(self._folder):
            if path.suffix == ".part" and state_file.is_abandoned(path):
                _remove(path)


def forget(folder: Path, owner: str = "") -> None:
    """Delete an owner's states, whatever their key, also unfinished ones; all if it is empty."""
    _forget(folder, lambda path: not owner or path.name.startswith(_hash(owner)))


def forget_others(folder: Path, owners: Collection[str]) -> None:
    """Delete the states of all but `owners`: a crash may have come between owner and state."""
    kept = {_hash(owner) for owner in owners}
    _forget(folder, lambda path: path.name.partition("-")[0] not in kept)


def size_bytes(folder: Path) -> int:
    """Return what the states in `folder` take, unfinished ones too."""
    return sum(size for _, _, size in _states(folder)) + sum(size for _, size in _parts(folder))


def _forget(folder: Path, is_wanted: Callable[[Path], bool]) -> None:
    for _ in range(10):  # an unfinished one may be renamed while this looks
        found = [path for path in _entries(folder) if is_wanted(path)]
        for path in found:
            _remove(path)
        if not found:
            return


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _name(path: Path) -> bytes:
    """Return what the state at `path` says it is for: a copy under another name is not valid."""
    return hashlib.blake2b(path.name.encode(), digest_size=32).digest()


def _entries(folder: Path) -> list[Path]:
    """Return what is ours in `folder`: states and unfinished ones."""
    try:
        return [path for path in folder.iterdir() if path.suffix in {".state", ".part"}]
    except OSError:
        return []


def _states(folder: Path) -> Iterator[tuple[Path, float, int]]:
    """Yield each state, when it was last used, and its size."""
    for path in _entries(folder):
        with contextlib.suppress(OSError):
            facts = path.lstat()
            if path.suffix == ".state" and stat.S_ISREG(facts.st_mode):
                yield path, facts.st_mtime, facts.st_size


def _parts(folder: Path) -> Iterator[tuple[int, int]]:
    """Yield how large each unfinished state becomes, and how large it is."""
    for path in _entries(folder):
        with contextlib.suppress(OSError):
            if path.suffix == ".part":
                size, becomes = path.lstat().st_size, path.stem.rpartition(".")[2]
                yield max(size, int(becomes) if becomes.isdecimal() else 0), size


def _remove(path: Path) -> None:
    """Delete `path` if that is possible, even a folder that took the place of a state."""
    with contextlib.suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
