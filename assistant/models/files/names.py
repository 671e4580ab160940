"""Which names a model file may have, and under which a new one is kept."""

import re
from pathlib import Path

from assistant.gguf import files_of, whole_name
from assistant.models.files.part import notes_path, read_notes
from assistant.models.files.record import recorded

_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_LONGEST_BYTES = 200  # of 255: the part, its notes and its lock have longer names


def is_safe(name: str) -> bool:
    """Return whether `name` is a plain `.gguf` file name on every system we know."""
    return (
        name.lower().endswith(".gguf")
        and len(name) > len(".gguf")
        and not name.startswith((".", "-", " "))
        and not _FORBIDDEN.search(name)
        and not _RESERVED.fullmatch(name)
        and name.isprintable()
        and len(name.encode()) <= _LONGEST_BYTES
    )


def file_name(file: str) -> str:
    """Return the name of a file without the folders that a repository keeps it in."""
    return file.rpartition("/")[2]


def target_for(folder: Path, file: str, repo: str) -> Path:
    """Return where the file `file` of `repo` is kept: nothing of another origin is replaced.

    Neither is another file of the repository, which may keep several of one name in its folders.
    Of a model that is cut into several files `file` is the first; the others are kept beside it,
    as `gguf.files_of` names them.
    """
    plain = folder / file_name(file)
    if _may_take(plain, repo, file):
        return plain
    owner = repo.partition("/")[0]
    inside = file.rpartition("/")[0].rpartition("/")[2]
    tells = inside and repo in _origins(plain) and is_safe(_with_stem(plain, f"-{inside}").name)
    addition = inside if tells else owner
    candidate = _with_stem(plain, f"-{addition}")
    number = 2
    while not _may_take(candidate, repo, file):
        candidate = _with_stem(plain, f"-{addition}-{number}")
        number += 1
    return candidate


def free_name(folder: Path, name: str) -> Path:
    """Return a path in `folder` that no file has or will have, as near to `name` as can be."""
    candidate = folder / name
    number = 2
    while candidate.exists() or read_notes(notes_path(candidate)) is not None:
        candidate = folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
        number += 1
    return candidate


def _with_stem(path: Path, addition: str) -> Path:
    """Return `path` with more to its name: before the number, if it is one of several files."""
    stem = whole_name(path)
    return path.with_name(f"{stem}{addition}{path.name[len(stem) :]}")


def _origins(path: Path) -> set[str]:
    """Return whose file is, or will be, at `path`, as far as that is known."""
    return {known.repo for known in (read_notes(notes_path(path)), recorded(path)) if known}


def _may_take(path: Path, repo: str, file: str) -> bool:
    begun = read_notes(notes_path(path))
    if begun is not None and (begun.repo, begun.file) != (repo, file):
        return False
    if not any(one.exists() for one in files_of(path)):
        return True
    record = recorded(path)
    return record is not None and record.repo == repo and record.file in {"", file}
