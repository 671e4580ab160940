"""Reads the header of a GGUF file: bounded, in order, and never the weights."""

import functools
import io
import stat
from pathlib import Path
from typing import Any, BinaryIO

from assistant.errors import ModelError, ModelFault
from assistant.gguf.estimating import estimated_part
from assistant.gguf.facts import Facts
from assistant.gguf.header import GgufHeader, Part
from assistant.gguf.parts import MAX_PARTS, first_part_name, part_paths
from assistant.gguf.source import MAX_PAIRS, MAX_TENSORS, U32, U64, Source
from assistant.gguf.tensors import read_tensors

_KEPT = 32  # headers of files
_MAX_LAYERS, _MAX_EXPERTS = 512, 1_024  # llama.cpp ends the process with more


def read_header(path: Path) -> GgufHeader:
    """Read the header of the GGUF file `path`, unless it was read since it was written.

    It costs up to half a second for large vocabularies.

    Of a model cut into parts, `path` is the first: the headers of all are read, and sizes are of
    all of them.

    Raises:
        ModelError: there is no such file, it is a directory, empty, not GGUF, shorter than its
            header says, damaged, or a part is missing.
    """
    first = _read(path)
    count = first.split_count
    if count == 1:
        return first.header()
    if count > MAX_PARTS:
        raise ModelError(path, ModelFault.DAMAGED, f"{count} parts")
    paths = part_paths(path, count)
    if first.split_number != 0 or paths is None or paths[0] != path:
        raise ModelError(path, ModelFault.LATER_PART, first_part_name(path, count))
    for part in paths[1:]:
        if not part.is_file():
            raise ModelError(path, ModelFault.PART_MISSING, part.name)
    others = [_read(part) for part in paths[1:]]
    for number, other in enumerate(others, start=1):
        if (other.split_number, other.split_count) != (number, count):
            raise ModelError(path, ModelFault.PART_MISSING, other.facts.path.name)
    return first.header(others)


def read_header_from(file: BinaryIO, size_bytes: int, path: Path) -> GgufHeader:
    """Read a header from `file`, which stands at its beginning and will be `size_bytes` long.

    Of a model cut into parts it tells what stands in this one.

    Raises:
        ModelError: see `read_header`; `path` is the name it carries.
    """
    return _read_from(file, size_bytes, path).header()


def _read(path: Path) -> Part:
    try:
        if path.is_dir():
            raise ModelError(path, ModelFault.DIRECTORY)
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):  # opening a pipe would wait for its other end
            raise ModelError(path, ModelFault.NOT_GGUF)
        stamp = (about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns)
        return _read_known(path, stamp)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ModelError(path, ModelFault.MISSING) from error
    except OSError as error:
        raise ModelError(path, ModelFault.NOT_ALLOWED, error.strerror or "") from error


@functools.lru_cache(maxsize=_KEPT)
def _read_known(path: Path, _stamp: tuple[int, ...]) -> Part:
    """Read a file that is not read again before it changes.

    Every plan and every verdict needs the header, and a vocabulary takes a tenth of a second in
    which the window's own thread has to wait for its turn.
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(0)
        return _read_from(file, size, path)


def read_beginning(
    content: bytes, size_bytes: int, path: Path, *, whole_bytes: int = 0
) -> GgufHeader | None:
    """Read the header of a file of which only the beginning is here.

    A header that does not end within it is told with what can be: sizes and parameters follow
    from the file's length, and it `is_estimated`.

    Args:
        content: the file's first bytes.
        size_bytes: its length.
        path: the name it carries.
        whole_bytes: of all parts together, if it is the first part of a model.

    Returns:
        None if the beginning tells too little.

    Raises:
        ModelError: it is no model, or damaged, as far as can be seen.
    """
    reading = _Reading(io.BytesIO(content), size_bytes, path)
    part = None
    try:
        part = reading.part()
    except ModelError as error:
        # The content may end within the header; but what was read whole lies beyond the file.
        is_cut = error.fault is ModelFault.TRUNCATED and len(content) < size_bytes
        if not is_cut or reading.has_tensors:
            raise
    if part is not None and part.split_count == 1:
        return part.header()
    _check_counts(reading.facts(), reading.source)
    estimated = estimated_part(reading.facts(), reading.version, whole_bytes or size_bytes)
    told = estimated or part
    return told.header(is_estimated=True) if told else None


def _read_from(file: BinaryIO, size_bytes: int, path: Path) -> Part:
    return _Reading(file, size_bytes, path).part()


class _Reading:
    """One file's header, as far as it was read."""

    def __init__(self, file: BinaryIO, size_bytes: int, path: Path) -> None:
        self.source = Source(file, size_bytes, path)
        self.version = 0
        self.has_tensors = False
        self._path = path
        self._size_bytes = size_bytes
        self._pairs: dict[str, Any] = {}
        self._lengths: dict[str, int] = {}

    def part(self) -> Part:
        """Read all of it."""
        source, size = self.source, self._size_bytes
        if size == 0:
            raise ModelError(self._path, ModelFault.EMPTY)
        if size < 4 or source.take(4) != b"GGUF":
            raise ModelError(self._path, ModelFault.NOT_GGUF)
        self.version = source.number(U32)
        if self.version not in {2, 3}:
            raise source.damaged(f"version {self.version}")
        tensor_count, pair_count = source.number(U64), source.number(U64)
        if tensor_count > MAX_TENSORS or pair_count > MAX_PAIRS:
            raise source.damaged("counts")
        self._read_pairs(pair_count)
        tensors = read_tensors(source, tensor_count)
        self.has_tensors = True
        header_bytes = _aligned(source.position, _alignment(self._pairs, source))
        end = header_bytes + max((tensor.offset + tensor.size for tensor in tensors), default=0)
        if end > size:
            raise ModelError(self._path, ModelFault.TRUNCATED, f"{size} of {end} bytes")
        facts = self.facts()
        _check_counts(facts, source)
        return Part(facts, tensors, self.version, header_bytes, size)

    def facts(self) -> Facts:
        """Return the pairs that were read so far."""
        return Facts(self._pairs, self._lengths, self._path)

    def _read_pairs(self, count: int) -> None:
        for _ in range(count):
            key = self.source.text()
            kind = self.source.number(U32)
            self.source.array_length = 0
            try:
                self._pairs[key] = self.source.value(kind)
            finally:  # an array's length is known before its last element has come
                self._lengths[key] = self.source.array_length


def _check_counts(facts: Facts, source: Source) -> None:
    """Refuse counts on which llama.cpp ends the process (llama-model.cpp, load_hparams)."""
    experts, used = facts.of_model("expert_count"), facts.of_model("expert_used_count")
    if experts > _MAX_EXPERTS or used > experts or (experts > 0) != (used > 0):
        raise source.damaged("experts")
    if facts.of_model("block_count") > _MAX_LAYERS:
        raise source.damaged("layers")


def _alignment(pairs: dict[str, Any], source: Source) -> int:
    value = pairs.get("general.alignment", 32)
    if not isinstance(value, int) or not 1 <= value <= 1 << 20:
        raise source.damaged("alignment")
    return value


def _aligned(position: int, alignment: int) -> int:
    return -(-position // alignment) * alignment
