"""The conversations of a file or a folder, whichever app wrote them, one after the other."""

import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from assistant.conversations.porting import alcove, chatgpt, gpt4all, lm_studio, messages
from assistant.conversations.porting.chat import FORMAT, VERSION
from assistant.conversations.porting.foreign import (
    MOST_MESSAGES,
    CannotTakeError,
    Taken,
    mapping_of,
)
from assistant.conversations.porting.json_values import (
    CutError,
    NotJsonError,
    TooLongError,
    decoded,
    values,
)
from assistant.conversations.porting.names import is_export
from assistant.conversations.porting.report import App, SkipReason
from assistant.documents.formats.archive import Archive
from assistant.documents.limits import Limits
from assistant.errors import DocumentError, FileFault, PortError, PortFault

# One conversation is held in memory whole; a file never is.
_CHAT_BYTES = 64 * 1024 * 1024
_ARCHIVE = Limits(archive_entries=100_000, archive_bytes=16_000_000_000, archive_ratio=400)
_MOST_FILES = 20_000
_LIST_KEY = "conversations"

_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A conversation that was read, or one that could not be.

    Attributes:
        app: whose format it has.
        file: the file, or the archive's member, that it stands in.
        number: which of that it is, from 1.
        taken: the conversation; None for one that could not be read.
        reason: why it could not be read.
        title: of one that could not be read.
        read_bytes: how much of the file it was.
    """

    app: App
    file: str
    number: int
    taken: Taken | None = None
    reason: SkipReason | None = None
    title: str = ""
    read_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Cut:
    """The file ends in the middle, or goes on as no such file does; `app` wrote what was before."""

    app: App


def total_bytes(path: Path) -> int:
    """Return how much there is to read, as `Found.read_bytes` counts; 0 if that is not known."""
    try:
        if path.is_dir():
            return sum(file.stat().st_size for file in _files(path))
        if not zipfile.is_zipfile(path):
            return path.stat().st_size
        with closing(Archive(path, _ARCHIVE)) as archive:
            return sum(info.file_size for info in _members(archive))
    except (OSError, DocumentError):
        return 0


def read(path: Path) -> Iterator[Found | Cut]:
    """Yield the conversations of a file, or of the files in a folder.

    Raises:
        PortError: the first look shows that nothing can be taken from it.
    """
    try:
        if path.is_dir():
            yield from _folder(path)
        else:
            yield from _file(path, path.name)
    except FileNotFoundError as error:
        raise PortError(path, PortFault.MISSING) from error
    except PermissionError as error:
        raise PortError(path, PortFault.NOT_ALLOWED) from error
    except OSError as error:
        raise PortError(path, PortFault.DAMAGED) from error


def _folder(path: Path) -> Iterator[Found | Cut]:
    is_empty = True
    for file in _files(path):
        is_empty = False
        folder = file.parent.name if file.parent != path else ""
        try:
            yield from _file(file, str(file.relative_to(path)), folder)
        except PortError as error:
            is_large = error.fault is PortFault.TOO_LARGE
            reason = SkipReason.TOO_LARGE if is_large else SkipReason.DAMAGED
            yield Found(app=App.MESSAGES, file=str(file.relative_to(path)), number=1, reason=reason)
    if is_empty:
        raise PortError(path, PortFault.DIRECTORY)


def _files(path: Path) -> list[Path]:
    found: list[Path] = []
    for file in path.rglob("*"):
        if is_export(file) and file.is_file() and not file.is_symlink():
            found.append(file)
        if len(found) > _MOST_FILES:
            raise PortError(path, PortFault.TOO_LARGE)
    return sorted(found)


def _file(path: Path, name: str, folder: str = "") -> Iterator[Found | Cut]:
    with path.open("rb") as stream:
        head = stream.read(8)
        if not head:
            raise PortError(path, PortFault.EMPTY)
        stream.seek(0)
        if head.startswith(_ZIP) or zipfile.is_zipfile(path):
            yield from _archive(path)
        else:
            size = path.stat().st_size
            yield from _Stream(path, name, folder).read(stream, head, size)


def _archive(path: Path) -> Iterator[Found | Cut]:
    try:
        with closing(Archive(path, _ARCHIVE)) as archive:
            members = _members(archive)
            if not members:
                raise PortError(path, PortFault.NO_CHATS)
            if any(info.flag_bits & 1 for info in members):
                raise PortError(path, PortFault.ENCRYPTED)
            for info in members:
                with archive.open_info(info) as stream:
                    head = stream.peek(8)[:8]
                    reader = _Stream(path, info.filename, "")
                    yield from reader.read(stream, head, info.file_size)
    except DocumentError as error:
        is_large = error.fault is FileFault.TOO_LARGE
        raise PortError(path, PortFault.TOO_LARGE if is_large else PortFault.DAMAGED) from error


def _members(archive: Archive) -> list[zipfile.ZipInfo]:
    files = [info for info in archive.infos if not info.is_dir() and info.file_size]
    named = [info for info in files if is_export(Path(info.filename))]
    others = [info for info in files if info.filename.endswith(".json")]
    return sorted(named or others[:1], key=lambda info: info.filename)


class _Stream:
    """The conversations of one stream of bytes.

    Args:
        path: the file that is blamed.
        name: what the stream is called in it.
        folder: the folder its conversations are put into.
    """

    def __init__(self, path: Path, name: str, folder: str) -> None:
        self._path = path
        self._name = name
        self._folder = folder
        self._app: App | None = None
        self._number = 0

    def read(self, stream: IO[bytes], head: bytes, size_bytes: int) -> Iterator[Found | Cut]:
        """Yield its conversations."""
        if gpt4all.is_chat(head):
            yield self._gpt4all(stream, size_bytes)
            return
        try:
            yield from self._json(stream)
        except TooLongError as error:
            if self._app is None:
                raise PortError(self._path, PortFault.TOO_LARGE) from error
            yield self._failed(SkipReason.TOO_LARGE)
            yield Cut(self._app)
        except DocumentError:
            if self._app is None:
                raise
            yield Cut(self._app)
        except (CutError, NotJsonError) as error:
            if self._app is None:
                is_json = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{")
                fault = PortFault.DAMAGED if is_json else PortFault.UNKNOWN_FORMAT
                raise PortError(self._path, fault) from error
            yield Cut(self._app)

    def _json(self, stream: IO[bytes]) -> Iterator[Found]:
        head: dict[str, Any] = {}
        said: list[object] = []
        has_list, held = False, 0
        for key, raw in values(stream, list_key=_LIST_KEY, limit_bytes=_CHAT_BYTES):
            if key == _LIST_KEY or (not key and not said and not self._is_said(raw)):
                has_list = True
                self._check_version(head)
                yield self._chat(raw)
                continue
            held += len(raw)
            if held > _CHAT_BYTES or len(head) + len(said) > MOST_MESSAGES:
                raise TooLongError
            if key:
                head[key] = decoded(raw)
            else:
                said.append(decoded(raw))
        self._check_version(head)
        if said:
            yield self._found(App.MESSAGES, held, lambda: messages.read_list(said))
        elif head and not has_list:
            yield self._take(head, held)
        elif not has_list:
            raise PortError(self._path, PortFault.NO_CHATS)

    def _is_said(self, raw: bytes) -> bool:
        """Return whether the first element of a list is a message and no conversation."""
        return self._number == 0 and len(raw) < _CHAT_BYTES and messages.is_message(_value(raw))

    def _check_version(self, head: Mapping[str, Any]) -> None:
        if head.get("format") != FORMAT:
            return
        self._app = App.ALCOVE
        version = head.get("version")
        if not isinstance(version, int) or version > VERSION:
            raise PortError(self._path, PortFault.NEWER, str(version)[:20])

    def _chat(self, raw: bytes) -> Found:
        value = _value(raw)
        if value is None:
            if self._app is None and self._number == 0:
                raise NotJsonError
            return self._failed(SkipReason.DAMAGED, len(raw))
        return self._take(mapping_of(value), len(raw))

    def _take(self, value: Mapping[str, Any], size: int) -> Found:
        if chatgpt.is_chat(value):
            return self._found(App.CHATGPT, size, lambda: chatgpt.read(value))
        if messages.is_claude(value):
            return self._found(App.CLAUDE, size, lambda: messages.read_claude(value))
        if lm_studio.is_chat(value):
            folder = self._folder
            return self._found(App.LM_STUDIO, size, lambda: lm_studio.read(value, folder=folder))
        if self._app is App.ALCOVE or alcove.is_chat(value):
            return self._found(App.ALCOVE, size, lambda: alcove.read(value))
        if messages.is_list(value):
            return self._found(App.MESSAGES, size, lambda: messages.read_object(value))
        if self._app is None:
            raise PortError(self._path, PortFault.UNKNOWN_FORMAT)
        return self._failed(SkipReason.DAMAGED, size)

    def _gpt4all(self, stream: IO[bytes], size_bytes: int) -> Found:
        try:
            return self._found(App.GPT4ALL, size_bytes, lambda: gpt4all.read(stream, size_bytes))
        except gpt4all.VersionError as error:
            is_newer = error.version > gpt4all.NEWEST
            fault = PortFault.NEWER if is_newer else PortFault.TOO_OLD
            raise PortError(self._path, fault, str(error.version)) from error

    def _found(self, app: App, size: int, read: Callable[[], Taken]) -> Found:
        """Return what `read` gives, or why it gives nothing."""
        self._app = app
        self._number += 1
        taken, reason, title = None, None, ""
        try:
            taken = read()
        except CannotTakeError as error:
            reason, title = error.reason, error.title
        return Found(
            app=app,
            file=self._name,
            number=self._number,
            taken=taken,
            reason=reason,
            title=title,
            read_bytes=size,
        )

    def _failed(self, reason: SkipReason, size: int = 0) -> Found:
        self._number += 1
        return Found(
            app=self._app or App.MESSAGES,
            file=self._name,
            number=self._number,
            reason=reason,
            read_bytes=size,
        )


def _value(raw: bytes) -> object:
    """Return the value that `raw` is, None for none."""
    try:
        return decoded(raw)
    except NotJsonError:
        return None
