"""What a start of the window is for: files, a summary, a quick question, or only the tray.

No Qt here: a start that another window takes over needs little.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SUMMARIZE, _MINIMIZED = "--summarize", "--minimized"
_MACOS_SERIAL = "-psn_"  # older versions of macOS number the processes that they start


@dataclass(frozen=True, slots=True)
class StartWish:
    """What the person, or a file manager, wants of a start.

    Attributes:
        files: to be opened; absolute.
        is_summary: the files are documents to be summarised, whatever they are called.
        is_minimized: no window is shown; a window that is there stays as it is.
        quick: a question for the quick ask window, or "" for that window; None for neither.
    """

    files: tuple[Path, ...] = ()
    is_summary: bool = False
    is_minimized: bool = False
    quick: str | None = None

    def to_line(self) -> bytes:
        """Return one line that says it to the window that is there."""
        said: dict[str, Any] = {"files": [os.fspath(file.absolute()) for file in self.files]}
        if self.is_summary:
            said["summary"] = True
        if self.is_minimized:
            said["minimized"] = True
        if self.quick is not None:
            said["quick"] = self.quick
        return json.dumps(said).encode() + b"\n"


def of_line(line: bytes) -> StartWish:
    """Return what another start said.

    Raises:
        ValueError: it is none of ours.
    """
    said = json.loads(line)
    if not isinstance(said, dict):
        raise ValueError
    names, quick = said.get("files", []), said.get("quick")
    if not isinstance(names, list) or not isinstance(quick, str | None):
        raise ValueError
    return StartWish(
        tuple(Path(name) for name in names if isinstance(name, str)),
        is_summary=said.get("summary") is True,
        is_minimized=said.get("minimized") is True,
        quick=quick,
    )


def of_arguments(arguments: Sequence[str]) -> StartWish | None:
    """Return what the window is wanted for; None for a command of the terminal.

    File managers pass names or addresses of files, and never begin one with a dash.
    """
    options = {word for word in arguments if word in {_SUMMARIZE, _MINIMIZED}}
    words = [
        word for word in arguments if word not in options and not word.startswith(_MACOS_SERIAL)
    ]
    # What is to be summarised may be gone, or a folder: the window says so, or looks into it.
    if not all(_may_be_path(word) if options else _is_file(word) for word in words):
        return None
    files = tuple(_path_of(word).absolute() for word in words)
    return StartWish(
        files,
        is_summary=_SUMMARIZE in options and bool(files),
        is_minimized=_MINIMIZED in options and not files,
    )


def _may_be_path(word: str) -> bool:
    return bool(word) and not word.startswith("-")


def _is_file(word: str) -> bool:
    return _may_be_path(word) and _path_of(word).is_file()


def _path_of(word: str) -> Path:
    """Return the file that a name or an address of this computer means."""
    if word.startswith("file://"):
        from urllib.parse import urlsplit  # noqa: PLC0415 - most starts need neither
        from urllib.request import url2pathname  # noqa: PLC0415

        address = urlsplit(word)
        if address.netloc in {"", "localhost"}:
            return Path(url2pathname(address.path))
    return Path(word)
