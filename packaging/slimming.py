"""Make the frozen app smaller: names for debuggers, and languages of ICU that Qt never asks for.

Only on Linux; what could not be made smaller stays as it is.
"""

import shutil
import struct
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

# What ICU knows of currencies, names of languages and countries, units, spelt-out numbers,
# transliteration, words of scripts without spaces, and names of time zones. Qt asks ICU for sorting
# and for upper and lower case; the rest it has itself (qtbase/src/corelib/text/qlocale.cpp), but
# for the names of time zones, which no page shows. In 15 languages nothing else differed.
_UNASKED = ("brkitr", "curr", "lang", "rbnf", "region", "translit", "unit", "zone")
_ALWAYS = ("root.res", "res_index.res", "pool.res")
_ELF = b"\x7fELF"


def slim(folder: Path) -> None:
    """Make the libraries of the frozen app in `folder` smaller."""
    if not shutil.which("strip") or not shutil.which("cc"):
        return
    for path in sorted(folder.rglob("*.so*")):
        # What pip's tools for wheels renamed and moved does not survive stripping: OpenBLAS.
        if not path.parent.name.endswith(".libs"):
            _replace(path, _stripped)
    for path in folder.rglob("libicudata.so.*"):
        _replace(path, _with_less_data)


def _replace(path: Path, make: Callable[[Path, Path], bool]) -> None:
    """Put what `make` wrote in the place of `path`, if it did and the result is smaller."""
    with tempfile.TemporaryDirectory() as scratch:
        new = Path(scratch) / path.name
        if make(path, new) and new.stat().st_size < path.stat().st_size:
            shutil.copymode(path, new)
            shutil.move(new, path)


def _stripped(path: Path, new: Path) -> bool:
    with path.open("rb") as file:
        if file.read(4) != _ELF:
            return False
    command = ["strip", "--strip-unneeded", "-o", new, path]
    return not subprocess.run(command, capture_output=True, check=False).returncode


def _with_less_data(path: Path, new: Path) -> bool:
    """Write ICU's data library without what nobody asks for."""
    package = _Package(path.read_bytes())
    data = new.with_suffix(".dat")
    data.write_bytes(package.without(_is_unasked))
    source = new.with_suffix(".s")
    source.write_text(
        f".section .rodata\n.balign 16\n.globl {package.symbol}\n"
        f".type {package.symbol}, @object\n{package.symbol}:\n"
        f'.incbin "{data}"\n.size {package.symbol}, .-{package.symbol}\n'
        '.section .note.GNU-stack,"",%progbits\n'
    )
    command = ["cc", "-shared", "-nostdlib", f"-Wl,-soname,{path.name}", "-Wl,--build-id=none"]
    command += ["-Wl,-s", "-o", str(new), str(source)]
    return not subprocess.run(command, capture_output=True, check=False).returncode


def _is_unasked(name: str) -> bool:
    parts = name.split("/")
    return len(parts) == 3 and parts[1] in _UNASKED and parts[2] not in _ALWAYS


class _Package:
    """ICU's data, as it lies in its library: a header, a table of names, and the items.

    The format is told in icu4c/source/common/ucmndata.h: offsets count from the table, names are
    in order, items lie in the order of their names on multiples of 16.
    """

    def __init__(self, library: bytes) -> None:
        begin = library.index(b"CmnD") - 12  # its place in UDataInfo, behind sizes and magic
        (header_bytes,) = struct.unpack_from("<H", library, begin)
        self._header = library[begin : begin + header_bytes]
        self._table = begin + header_bytes
        self._library = library
        self.items = list(self._read())
        self.symbol = self.items[0][0].split("/")[0].rstrip("lbe") + "_dat"

    def without(self, is_dropped: Callable[[str], bool]) -> bytes:
        """Return the data without the items whose name is dropped."""
        kept = [(name, content) for name, content in self.items if not is_dropped(name)]
        names = b"".join(name.encode() + b"\0" for name, _ in kept)
        name_offset = 4 + 8 * len(kept)
        offset = _aligned(name_offset + len(names))
        table, content = struct.pack("<I", len(kept)), b""
        pieces = []
        for name, content in kept:
            table += struct.pack("<II", name_offset, offset)
            name_offset += len(name.encode()) + 1
            pieces.append(content.ljust(_aligned(len(content)), b"\xaa"))
            offset += len(pieces[-1])
        head = (table + names).ljust(_aligned(len(table) + len(names)), b"\xaa")
        return self._header + head + b"".join(pieces)

    def _read(self) -> Iterator[tuple[str, bytes]]:
        (count,) = struct.unpack_from("<I", self._library, self._table)
        places = [
            struct.unpack_from("<II", self._library, self._table + 4 + 8 * number)
            for number in range(count)
        ]
        # The last item ends where the symbol does; no section follows that could be taken for it.
        ends = [place for _, place in places[1:]] + [_last_end(self._library, self._table)]
        for (name_place, place), end in zip(places, ends, strict=True):
            start = self._table + name_place
            name = self._library[start : self._library.index(b"\0", start)].decode()
            yield name, self._library[self._table + place : self._table + end]


def _last_end(library: bytes, table: int) -> int:
    """Return where the library's read-only data ends, counted from the table."""
    (sections,) = struct.unpack_from("<Q", library, 0x28)
    size, count = struct.unpack_from("<HH", library, 0x3A)
    for number in range(count):
        place, length = struct.unpack_from("<QQ", library, sections + size * number + 0x18)
        if place <= table < place + length:
            return int(place + length - table)
    raise ValueError("no section holds ICU's data")


def _aligned(length: int) -> int:
    return -(-length // 16) * 16
