"""llama.cpp's optional part for GPUs, beside the rest of it: whether it is there, and which.

A person unpacks it over the app, so a newer app may meet the part of an older one. Its functions
would be called by a wrong list of them: what is not of this very release is left alone.
"""

from importlib.util import find_spec
from pathlib import Path

from assistant import __version__

# Written by packaging/archive.py: the version of Alcove that the part is of.
MARK = "release.txt"
_MOST = 40  # characters of a version


def folder() -> Path | None:
    """Return where the part is installed; None where it is not. Costs no process."""
    package = find_spec("llama_cpp")
    if package is None or package.origin is None:
        return None
    found = Path(package.origin).parent / "lib" / "gpu"
    return found if found.is_dir() else None


def has_gpu_part() -> bool:
    """Whether the part is installed, and of this release."""
    found = folder()
    return found is not None and release(found) == __version__


def other_release() -> str | None:
    """Return the version of Alcove that an installed part of another one is of; None without one.

    "" where it does not say.
    """
    found = folder()
    if found is None or release(found) == __version__:
        return None
    return release(found)


def release(place: Path) -> str:
    """Return the version of Alcove that the part in `place` is of; "" where it does not say."""
    try:
        return (place / MARK).read_text(encoding="utf-8")[:_MOST].strip()
    except (OSError, ValueError):
        return ""
