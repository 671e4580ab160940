"""Model files of other apps that are used where they are, without a copy."""

import threading
from dataclasses import dataclass
from pathlib import Path

import msgspec

from assistant.paths import as_text, from_text, write_atomically, writing_error

_MOST = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedFile:
    """A model file that another app owns.

    Attributes:
        path: where it is; of a model cut into parts the first.
        name: what that app calls it, or the file's name.
        app: "Ollama" …
    """

    path: Path
    name: str
    app: str


class LinkedFiles:
    """The files of other apps that the person wants to use.

    Args:
        path: the JSON file; None keeps the list for this run.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._own: tuple[LinkedFile, ...] = ()

    def all(self) -> tuple[LinkedFile, ...]:
        """Return them in the order in which they were added."""
        with self._lock:
            return self._read()

    def add(self, file: LinkedFile) -> None:
        """Use `file` from now on.

        Raises:
            CannotWrite, NoSpace: the list could not be kept.
        """
        with self._lock:
            others = [one for one in self._read(strictly=True) if one.path != file.path]
            self._write([*others, file][-_MOST:])

    def remove(self, path: Path) -> None:
        """Use the file at `path` no more; the file itself is not touched.

        Raises:
            CannotWrite, NoSpace: the list could not be kept.
        """
        with self._lock:
            known = self._read(strictly=True)
            others = [one for one in known if one.path != path]
            if len(others) < len(known):
                self._write(others)

    def _read(self, *, strictly: bool = False) -> tuple[LinkedFile, ...]:
        if self._path is None:
            return self._own
        try:
            read = msgspec.json.decode(self._path.read_bytes(), type=tuple[_Entry, ...])
        except FileNotFoundError:
            return ()
        except OSError as error:
            if strictly:  # what cannot be read now must not be replaced
                raise writing_error(self._path, error) from error
            return ()
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return ()  # a lost list costs another look for the models of other apps
        return tuple(
            LinkedFile(path=from_text(one.path), name=one.name, app=one.app) for one in read
        )

    def _write(self, files: list[LinkedFile]) -> None:
        if self._path is None:
            self._own = tuple(files)
            return
        entries = [_Entry(as_text(file.path), file.name, file.app) for file in files]
        write_atomically(self._path, msgspec.json.format(msgspec.json.encode(entries), indent=2))


class _Entry(msgspec.Struct, frozen=True):
    path: str
    name: str
    app: str
