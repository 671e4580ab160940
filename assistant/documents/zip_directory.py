"""Looks at the directory of a zip archive before anybody reads it; what reading it may raise."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

from assistant.documents.limits import Limits
from assistant.errors import DocumentError, FileFault

UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,  # a compression method this Python does not know
    RuntimeError,  # an encrypted member
    OSError,
    ValueError,
)
_END = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_LONGEST_COMMENT = 65_535
_DIRECTORY_BYTES = 500  # of an entry, far above what names need on the average


def check_directory(path: Path, limits: Limits) -> None:
    """Refuse a directory so large that reading it would take seconds and all memory.

    Raises:
        DocumentError: it is.
    """
    with path.open("rb") as file:
        file.seek(0, io.SEEK_END)
        start = max(0, file.tell() - _LONGEST_COMMENT - _END.size)
        file.seek(start)
        tail = file.read()
    found = tail.rfind(_END_MARK)
    if found < 0 or len(tail) - found < _END.size:
        return  # no archive at all, says who reads it
    fields = _END.unpack_from(tail, found)
    size = fields[5]
    if size == 0xFFFFFFFF:  # a large archive's own record, which says more, stands before it
        size = start + found
    if size > limits.archive_entries * _DIRECTORY_BYTES:
        limit = f"archive entries {limits.archive_entries}"
        raise DocumentError(path, FileFault.TOO_LARGE, limit=limit)
