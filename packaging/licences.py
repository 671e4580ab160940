"""Whatever a build takes along is a part of the list that Alcove shows, with its licence.

PyInstaller's recipe gives every file that it packs; each must belong to a part that is known here,
or the build fails. The list (parts.json) and the texts of the licences go into the app, and
packaging/sbom.py makes the bill of materials of the same list.
"""

import importlib.metadata
import re
import shutil
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

import msgspec
from system_parts import debian_parts

from assistant.parts import Part, installed_parts, part_of

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "licences"
LIST = "parts.json"
# Not all of build/: the environment that packs, with what others made, is in there, too.
_MADE = tuple(ROOT / "build" / name for name in ("alcove", "icons", "licences", "llama"))
_OWN = (ROOT / "resources", ROOT / "assistant", ROOT / "packaging", *_MADE)
_QT = "Qt"
_STARTER_OF_PYTHON = "PyInstaller's program that starts Python"
_STARTER = "(the starter model)"
_QT_PACKAGES = frozenset({"pyside6-essentials", "shiboken6"})
_UNSAFE = re.compile(r"[^A-Za-z0-9.+-]+")

Entry = tuple[str, str, str]


class UnknownPart(Exception):  # noqa: N818 - named for what happened
    """A file would be packed of which nobody knows whose it is."""


def write_licences(entries: Iterable[Entry]) -> list[Path]:
    """Write the list of the parts that `entries` are of, with their texts, and return the files.

    Args:
        entries: name in the app, file, kind: what PyInstaller's tables hold.

    Raises:
        UnknownPart: a file is of no part that is known.
        NotToShip: a part's licence does not fit the app's.
    """
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    parts = sorted(shipped_parts(entries), key=lambda part: part.name.casefold())
    copied: dict[bytes, str] = {}
    listed = [msgspec.structs.replace(part, texts=_copy_texts(part, copied)) for part in parts]
    (FOLDER / LIST).write_bytes(msgspec.json.format(msgspec.json.encode(listed)))
    return sorted(path for path in FOLDER.iterdir() if path.is_file())


def shipped_parts(entries: Iterable[Entry]) -> list[Part]:
    """Return every part that one of the `entries` is of, and what is in all builds.

    Raises:
        UnknownPart: a file is of no part that is known.
        NotToShip: a part's licence does not fit the app's.
    """
    files = {Path(source) for _, source, _ in entries if Path(source or ".").is_absolute()}
    distributions, others = _by_distribution(files)
    python = _places_of_python()
    # PyInstaller packs what Python starts with into an archive of its own; Python's library may lie
    # in a folder of the system's.
    others = {file for file in others if not file.name.startswith(("base_library.", "libpython"))}
    others = {file for file in others if not _is_within(file, python + _OWN)}
    parts = {part.name: part for part in built_in()}
    if not any(file.suffix == ".gguf" for file in files):
        parts = {name: part for name, part in parts.items() if not name.endswith(_STARTER)}
    for name in distributions:
        part = part_of(importlib.metadata.distribution(name))
        if name.casefold().replace("_", "-") in _QT_PACKAGES:  # their wheels bring no texts
            part = msgspec.structs.replace(part, texts=parts[_QT].texts)
        parts[part.name] = part
    if sys.platform == "linux":
        found, others = debian_parts(others)
        parts.update((part.name, part) for part in found)
    elif sys.platform == "win32":
        others = {file for file in others if "windows" not in str(file).casefold()}
    if others:
        named = ", ".join(sorted(map(str, others))[:5])
        raise UnknownPart(f"nobody knows which part of Alcove these files are of: {named}")
    return list(parts.values())


def _by_distribution(files: set[Path]) -> tuple[set[str], set[Path]]:
    """Return the installed distributions that `files` are of, and the files that are of none."""
    owners: dict[Path, str] = {}
    for distribution in importlib.metadata.distributions():
        for file in distribution.files or ():
            owners[Path(str(distribution.locate_file(file)))] = distribution.metadata["Name"]
    known = {owners[file] for file in files if file in owners}
    # The build's own tools: their part in the result is the program that starts Python.
    return known - {"alcove", "pyinstaller", "pyinstaller-hooks-contrib"}, files - owners.keys()


def built_in() -> list[Part]:
    """Return what no file of a Python package stands for, and is in every build."""
    ours = _ours()
    ours[_QT] = msgspec.structs.replace(ours[_QT], texts=_texts_of_qt(ours[_QT]))
    tool = part_of(importlib.metadata.distribution("pyinstaller"))
    ours["PyInstaller"] = msgspec.structs.replace(
        tool,
        name=_STARTER_OF_PYTHON,
        licence="GPL-2.0-or-later WITH Bootloader-exception",
    )
    return list(ours.values())


def built_in_names() -> set[str]:
    """Return the names of these parts; where PyInstaller is not installed, too."""
    return {*_ours(), _STARTER_OF_PYTHON}


def _ours() -> dict[str, Part]:
    packages = {one.metadata["Name"] for one in importlib.metadata.distributions()}
    return {part.name: part for part in installed_parts() if part.name not in packages}


def _texts_of_qt(qt: Part) -> tuple[str, ...]:
    return (str(ROOT / "packaging" / "qt-libraries.txt"), *qt.texts)


def _places_of_python() -> tuple[Path, ...]:
    """Return where the files of Python itself are; its packages were looked up before."""
    places = [Path(sysconfig.get_path("stdlib")), Path(sysconfig.get_path("platstdlib"))]
    # The system's own Python shares its folder with everything else.
    if sys.base_prefix not in {"/usr", "/usr/local"}:
        places.append(Path(sys.base_prefix))
    return tuple(places)


def _is_within(file: Path, folders: Iterable[Path]) -> bool:
    return any(folder in file.parents for folder in folders)


def _copy_texts(part: Part, copied: dict[bytes, str]) -> tuple[str, ...]:
    """Copy the texts of a part into the folder, each once, and return their names there."""
    names = []
    for text in part.texts:
        path = Path(text)
        content = path.read_bytes()
        if content not in copied:
            name = _UNSAFE.sub("-", f"{part.name}--{_within(path)}").strip("-")
            (FOLDER / name).write_bytes(content)
            copied[content] = name
        names.append(copied[content])
    return tuple(names)


def _within(path: Path) -> str:
    """Return a text's name, with as much of its folders as tells it from others of its part."""
    parts = path.parts
    for mark in ("licenses", "doc"):
        if mark in parts:
            return "-".join(parts[parts.index(mark) + 1 :])
    return path.name
