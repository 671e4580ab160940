"""Reads members of a zip container within limits that are counted while reading."""

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from assistant.documents.limits import Limits
from assistant.documents.zip_directory import UNREADABLE, check_directory
from assistant.errors import DocumentError, FileFault


class Archive:
    """A zip file of which no more is inflated than the limits allow.

    What the headers say of sizes is believed only where it is reason enough to refuse: no member
    gives more than its header says, so that nothing is inflated to find out that it is too much.

    Raises:
        DocumentError: it is damaged or has too many members.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path = path
        self._limits = limits
        self._inflated = 0
        self._size = path.stat().st_size
        self._members: list[IO[bytes]] = []
        check_directory(path, limits)
        try:
            self._zip = zipfile.ZipFile(path)
        except UNREADABLE as error:
            raise DocumentError(path, FileFault.DAMAGED) from error
        self._names = {info.filename for info in self._zip.infolist()}
        if len(self._zip.infolist()) > limits.archive_entries:
            self.close()
            limit = f"archive entries {limits.archive_entries}"
            raise DocumentError(path, FileFault.TOO_LARGE, limit=limit)

    def __contains__(self, name: str) -> bool:
        return name in self._names

    @property
    def names(self) -> frozenset[str]:
        """The members' names."""
        return frozenset(self._names)

    def open(self, name: str) -> io.BufferedReader:
        """Open a member for reading piece by piece.

        Reading raises `DocumentError` where the member is damaged or passes a limit.
        """
        try:
            info = self._zip.getinfo(name)
        except KeyError as error:
            raise DocumentError(self.path, FileFault.DAMAGED) from error
        return self.open_info(info)

    @property
    def infos(self) -> tuple[zipfile.ZipInfo, ...]:
        """What the directory says of the members, in its order; names may repeat."""
        return tuple(self._zip.infolist())

    def open_info(self, info: zipfile.ZipInfo) -> io.BufferedReader:
        """Open one of `infos` for reading piece by piece, as `open` does.

        Raises:
            DocumentError: it is damaged, or would pass a limit.
        """
        compressed = max(1, min(info.compress_size, self._size))
        self._check(info.file_size, info.file_size, compressed)
        try:
            member = self._zip.open(info)
        except UNREADABLE as error:
            raise DocumentError(self.path, FileFault.DAMAGED) from error
        self._members.append(member)
        return io.BufferedReader(_Counted(self, member, compressed))

    def expect(self, infos: Iterable[zipfile.ZipInfo]) -> None:
        """Refuse members that are too much together before any of them is inflated.

        Raises:
            DocumentError: a limit would be passed.
        """
        self._check(sum(info.file_size for info in infos), 0, 1)

    def count(self, size: int, member_size: int, compressed: int) -> None:
        """Count `size` more bytes of a member that gave `member_size` so far.

        Raises:
            DocumentError: a limit is passed.
        """
        self._inflated += size
        self._check(0, member_size, compressed)

    def _check(self, more: int, member_size: int, compressed: int) -> None:
        limits = self._limits
        if self._inflated + more > limits.archive_bytes:
            limit = f"archive bytes {limits.archive_bytes}"
            raise DocumentError(self.path, FileFault.TOO_LARGE, limit=limit)
        if (
            member_size > limits.archive_ratio_from_bytes
            and member_size > limits.archive_ratio * compressed
        ):
            limit = f"archive ratio {limits.archive_ratio}"
            raise DocumentError(self.path, FileFault.TOO_LARGE, limit=limit)

    def close(self) -> None:
        """Close the file and the members that are still open."""
        for member in self._members:
            member.close()
        self._zip.close()


class _Counted(io.RawIOBase):
    """A member's inflated bytes, counted as they come."""

    def __init__(self, archive: Archive, member: IO[bytes], compressed: int) -> None:
        self._archive = archive
        self._member = member
        self._compressed = compressed
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview[int]") -> int:  # type: ignore[override]
        try:
            data = self._member.read(len(buffer))
        except UNREADABLE as error:
            raise DocumentError(self._archive.path, FileFault.DAMAGED) from error
        self._size += len(data)
        self._archive.count(len(data), self._size, self._compressed)
        buffer[: len(data)] = data
        return len(data)
