"""Where things are: the data, cache, log and model folders, and the files shipped with the app.

`ALCOVE_HOME` moves everything into one folder (tests, and people who want it so). A file named
`portable` beside the frozen program does the same with the folder `alcove-data` there, temporary
files included: a stick is taken from one computer to the next, and leaves nothing behind.
"""

import contextlib
import errno
import os
import re
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from assistant.errors import CannotWrite, NoSpace

PORTABLE_MARK = "portable"
_PACKAGE = Path(__file__).resolve().parent
_HALF = re.compile("[\ud800-\udfff]")  # of a character: what UTF-8 has none of
_AS_NUMBER = re.compile("\0([0-9a-f]{4})")


@dataclass(frozen=True, slots=True)
class Folders:
    """The app's own folders. None is created before it is needed.

    Attributes:
        data: the database, settings and the list of connections.
        cache: what can be made again.
        logs: log files; they never hold the user's text.
        models: where models are kept unless Settings says otherwise.
        portable: the folder of the portable copy that all of them are in; None if it is none.
    """

    data: Path
    cache: Path
    logs: Path
    models: Path
    portable: Path | None = None

    @property
    def temporary(self) -> Path | None:
        """Where temporary files are; None for the system's own place."""
        return self.portable / "temporary" if self.portable else None

    @property
    def states(self) -> Path:
        """What the engine evaluated of conversations and documents: words, as tokens."""
        return self.cache / "states"


def folders() -> Folders:
    """Return the app's folders for this user, or those of the portable copy."""
    home = os.environ.get("ALCOVE_HOME")
    if home:
        return _within(Path(home).expanduser().absolute())
    beside = program_folder()
    if beside is not None and (beside / PORTABLE_MARK).exists():
        return _within(beside / "alcove-data", is_portable=True)
    from platformdirs import PlatformDirs  # noqa: PLC0415 - costs a start-up nothing if portable

    system = PlatformDirs("alcove", appauthor=False)
    return Folders(
        data=Path(system.user_data_dir),
        cache=Path(system.user_cache_dir),
        logs=Path(system.user_log_dir),
        models=Path(system.user_data_dir) / "models",
    )


def program() -> Path | None:
    """Return the file or bundle that a person starts; None where Python runs a checkout.

    An AppImage is mounted somewhere while it runs, and the program within a macOS app lies three
    folders deep: what is meant is the file, and the app.
    """
    if not getattr(sys, "frozen", False):
        return None
    inside = Path(sys.executable).resolve()
    # Set by the AppImage, but inherited by all that is started from one: is this program in it?
    image, mounted = os.environ.get("APPIMAGE"), os.environ.get("APPDIR")
    if image and mounted and inside.is_relative_to(Path(mounted).resolve()):
        return Path(image).resolve()
    if inside.parent.name == "MacOS" and inside.parents[2].suffix == ".app":
        return inside.parents[2]
    return inside


def program_folder() -> Path | None:
    """Return the folder that the program lies in, for a person; None for a checkout."""
    started = program()
    return started.parent if started else None


def _within(root: Path, *, is_portable: bool = False) -> Folders:
    return Folders(
        data=root / "data",
        cache=root / "cache",
        logs=root / "logs",
        models=root / "models",
        portable=root if is_portable else None,
    )


def resource(name: str) -> Path:
    """Return the path of a file shipped with the app, such as "samples/sample.pdf".

    The same name works from a checkout, an installed wheel and a frozen app.
    """
    return resources() / name


def resources() -> Path:
    """Return the folder of the files shipped with the app."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen:
        return Path(frozen) / "resources"
    installed = _PACKAGE / "_resources"
    return installed if installed.is_dir() else _PACKAGE.parent / "resources"


def ensure_folder(path: Path) -> Path:
    """Create `path` for this user alone (0700) if it is not there, and return it.

    Raises:
        CannotWrite: the folder cannot be made.
        NoSpace: the disk is full.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise writing_error(path, error) from error
    return path


def writing_error(path: Path, error: OSError) -> NoSpace | CannotWrite:
    """Return the error of ours that says what `error` means for writing `path`."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return NoSpace(path=path)
    return CannotWrite(path=path, reason=os.strerror(error.errno) if error.errno else str(error))


def as_text(path: Path) -> str:
    """Return `path` as text for a message or a database, for `from_text`.

    The name of a file may be bytes that are no text. Python has halves of characters for them,
    which neither takes, so that each stands as its number behind a NUL: no path has one.
    """
    return _HALF.sub(lambda half: f"\0{ord(half[0]):04x}", str(path))


def from_text(text: str) -> Path:
    """Return the path that `as_text` made `text` of."""
    return Path(_AS_NUMBER.sub(lambda number: chr(int(number[1], 16)), text))


def legible(name: str) -> str:
    """Return what a file is called, for people: what is no text in it stands as one sign each."""
    return _HALF.sub("\ufffd", name)


def encoded(text: str) -> bytes:
    """Return `text` as UTF-8; halves of characters, of a file's name, become escapes as in JSON."""
    return text.encode("utf-8", "backslashreplace")


def write_atomically(path: Path, content: bytes) -> None:
    """Replace `path` by `content`, whole or not at all, readable by this user alone (0600).

    Raises:
        CannotWrite: the folder or file cannot be written.
        NoSpace: the disk is full.
    """
    ensure_folder(path.parent)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):  # a read-only disk refuses even what is not there
            part.unlink(missing_ok=True)
        raise writing_error(path, error) from error


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Give a stream whose bytes become the file that a person named, whole or not at all.

    A link leads to the file that is written, and a file that was there keeps who may read it; a
    new one is for this user alone (0600). A pipe or a device gets the bytes as they come: it is
    never replaced by a file.

    Raises:
        CannotWrite, NoSpace: it cannot be written; a file that was there is as it was.
    """
    part: Path | None = None
    try:
        before = _facts(path)
        if before and not stat.S_ISREG(before.st_mode):  # which open() refuses if it is a folder
            with path.open("wb") as file:
                yield file
            return
        target = Path(os.path.realpath(path))
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if before:
            _give_to_the_same(part, before)
        part.replace(target)
    except OSError as error:
        raise writing_error(path, error) from error
    finally:
        if part:
            with contextlib.suppress(OSError):  # a read-only disk refuses even what is not there
                part.unlink(missing_ok=True)


def _facts(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _give_to_the_same(part: Path, before: os.stat_result) -> None:
    """Let those read and write `part` who could with the file that it takes the place of."""
    if hasattr(os, "chown"):
        with contextlib.suppress(OSError):  # only root gives files away
            os.chown(part, before.st_uid, before.st_gid)
    part.chmod(stat.S_IMODE(before.st_mode))
