"""The names of a model that is cut into several files, as llama.cpp's `llama_split_path` has them.

"name-00001-of-00003.gguf" is the first; llama.cpp opens the others itself, by these names.
"""

import re
from pathlib import Path

from assistant.paths import legible

_PART = re.compile(
    r"^(?P<name>.*)-(?P<number>\d{5})-of-(?P<count>\d{5})(?P<suffix>\.gguf)$", re.IGNORECASE
)
MAX_PARTS = 1_000  # a name may claim anything


def is_later_part(path: Path) -> bool:
    """Whether the file's name is that of a second or later part."""
    found = _PART.match(path.name)
    return bool(found and int(found["number"]) > 1)


def part_paths(path: Path, count: int) -> tuple[Path, ...] | None:
    """Return the files of the model that `path` is a part of; None if its name says no part."""
    found = _PART.match(path.name)
    if not found or int(found["count"]) != count:
        return None
    return tuple(path.with_name(_name(found, number)) for number in range(1, count + 1))


def files_of(path: Path) -> tuple[Path, ...]:
    """Return all files of the model at `path`, by its name: itself, and the parts that follow."""
    found = _PART.match(path.name)
    count = int(found["count"]) if found and int(found["number"]) == 1 else 1
    return (part_paths(path, count) or (path,)) if count <= MAX_PARTS else (path,)


def whole_name(path: Path) -> str:
    """Return the model's name: the file's without its suffix and its number."""
    found = _PART.match(path.name)
    return legible(found["name"] if found else path.stem)


def first_part_name(path: Path, count: int) -> str:
    """Return how the first part must be called."""
    found = _PART.match(path.name)
    if found:
        return _name(found, 1)
    return f"{path.stem}-00001-of-{count:05d}.gguf"


def _name(found: re.Match[str], number: int) -> str:
    return f"{found['name']}-{number:05d}-of-{found['count']}{found['suffix']}"
