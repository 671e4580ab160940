"""Reads how new a database is without opening it: SQLite would change its files, if only its log.

What a newer version of the app wrote is left as it is to the last byte. A log that a crash left
behind is looked through, too: it may hold the step that made the database newer.

https://www.sqlite.org/fileformat2.html: the database header (1.3) and the write-ahead log (4.1).
"""

import struct
from pathlib import Path

_MAGIC = b"SQLite format 3\x00"
_FRACTIONS = slice(21, 24)  # always 64, 32 and 32: tells a header from damage
_USER_VERSION = slice(60, 64)  # big-endian, in the first page
_LOG_MAGICS = (0x377F0682, 0x377F0683)
_LOG_HEADER = struct.Struct(">8I")
_FRAME_HEADER = struct.Struct(">6I")
_MOST_FRAMES = 1_000_000


def newest_version(path: Path) -> int:
    """Return the highest `user_version` that a database or its log says; 0 if neither can be read.

    Frames of a log that were never committed count, too: to be careful is all that this is for.
    """
    found = 0
    try:
        with path.open("rb") as file:
            head = file.read(100)
        if _is_header(head):
            found = int.from_bytes(head[_USER_VERSION], "big")
    except OSError:
        return 0
    return max(found, _in_log(path.with_name(f"{path.name}-wal")))


def _in_log(path: Path) -> int:
    found = 0
    try:
        with path.open("rb") as file:
            head = file.read(_LOG_HEADER.size)
            if len(head) < _LOG_HEADER.size:
                return 0
            magic, _, page_bytes, _, salt, second_salt, _, _ = _LOG_HEADER.unpack(head)
            if magic not in _LOG_MAGICS or not 512 <= page_bytes <= 65_536:
                return 0
            for _ in range(_MOST_FRAMES):
                frame = file.read(_FRAME_HEADER.size)
                if len(frame) < _FRAME_HEADER.size:
                    break
                page, _, one_salt, other_salt, _, _ = _FRAME_HEADER.unpack(frame)
                if (one_salt, other_salt) != (salt, second_salt):
                    break  # what follows is of an earlier log, and does not count any more
                if page != 1:
                    file.seek(page_bytes, 1)
                    continue
                content = file.read(page_bytes)
                if len(content) == page_bytes and _is_header(content):
                    found = max(found, int.from_bytes(content[_USER_VERSION], "big"))
    except OSError:
        pass
    return found


def _is_header(page: bytes) -> bool:
    return page.startswith(_MAGIC) and page[_FRACTIONS] == b"\x40\x20\x20"
