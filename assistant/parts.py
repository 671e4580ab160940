"""What Alcove is made of: each part with its version, its licence and the texts of it.

A frozen app carries the list that its build wrote (`licences/parts.json` among the resources, with
the texts beside it). A checkout makes one of what is installed. Both are read with distrust: a
package's metadata is a stranger's text, and what is missing or broken is left out.
"""

import contextlib
import importlib.metadata
import platform
import re
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from assistant.paths import resource, resources

LIST_NAME = "licences/parts.json"
_MAX_TEXT_BYTES = 1_000_000  # all of NumPy's in one file are 50 kB
_MAX_TEXTS = 80  # PDFium's wheel brings 35
_MAX_WORDS = 120  # characters of a name, a version, a licence
_TEXT_NAME = re.compile(r"licen[sc]e|copying|notice|authors|copyright", re.IGNORECASE)
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?")
_EXTRA = re.compile(r"""extra\s*==\s*['"]([^'"]+)['"]""")
_HOME_LABELS = ("homepage", "home", "source", "source code", "code", "repository")
# What packages of before SPDX expressions say, in SPDX's words.
_CLASSIFIED = {
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "ISC License (ISCL)": "ISC",
}


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of Alcove that others made.

    Attributes:
        name: what it is called.
        version: "" where nothing says.
        licence: an SPDX expression where the part gives one, else its own word; "" for none.
        homepage: an https address, or "".
        texts: files of its licence: absolute paths for what is installed, names in the folder of
            `LIST_NAME` for a frozen app. `read_text` reads both.
    """

    name: str
    version: str = ""
    licence: str = ""
    homepage: str = ""
    texts: tuple[str, ...] = ()


def parts() -> tuple[Part, ...]:
    """Return all parts, in the order of their names: a build's list, else what is installed."""
    return bundled_parts() or installed_parts()


def bundled_parts() -> tuple[Part, ...]:
    """Return the list that the build wrote; empty where there is none, or none to be read."""
    try:
        return msgspec.json.decode(resource(LIST_NAME).read_bytes(), type=tuple[Part, ...])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return ()


def installed_parts(root: str = "alcove", extras: Iterable[str] = ()) -> tuple[Part, ...]:
    """Return what `root` needs, directly or through others, as far as it is installed.

    Args:
        root: the distribution to begin with; it is no part of itself.
        extras: of its extras, those that are meant.
    """
    found = {part.name.casefold(): part for part in _built_in()}
    for distribution in _needed(root, frozenset(extras)):
        with contextlib.suppress(Exception):  # a stranger's metadata may be anything
            part = part_of(distribution)
            found.setdefault(part.name.casefold(), part)
    return tuple(sorted(found.values(), key=lambda part: part.name.casefold()))


def part_of(distribution: importlib.metadata.Distribution) -> Part:
    """Return what an installed distribution says of itself."""
    about = distribution.metadata
    return Part(
        name=_plain(about["Name"]),
        version=_plain(about["Version"]),
        licence=_licence(about),
        homepage=_homepage(about),
        texts=_texts(distribution),
    )


def read_text(name: str) -> str:
    """Return one of a part's `texts`; "" if it is not there."""
    try:
        with (resource(LIST_NAME).parent / name).open("rb") as file:
            return file.read(_MAX_TEXT_BYTES).decode("utf-8", "replace")
    except (OSError, ValueError):
        return ""


def _built_in() -> Iterator[Part]:
    """Yield what no Python package stands for."""
    texts = resource("licences")
    library = Path(sysconfig.get_path("stdlib"))
    yield Part(
        name="Python",
        version=platform.python_version(),
        licence="PSF-2.0",
        homepage="https://www.python.org",
        texts=_existing(*_texts_of_python(library)),
    )
    yield Part(
        name="Qt",
        version=_version_of("PySide6-Essentials"),
        licence="LGPL-3.0-only",
        homepage="https://www.qt.io",
        texts=_existing(texts / "LGPL-3.0.txt", texts / "GPL-3.0.txt"),
    )
    yield Part(
        name="llama.cpp and ggml",
        version=f"in llama-cpp-python {_version_of('llama-cpp-python')}".rstrip(),
        licence="MIT",
        homepage="https://github.com/ggml-org/llama.cpp",
        texts=_existing(texts / "llama.cpp-MIT.txt"),
    )
    yield Part(
        name="Lucide icons",
        licence="ISC",
        homepage="https://lucide.dev",
        texts=_existing(resources() / "icons" / "LICENSE-lucide"),
    )
    yield from _starter_model(texts)


def _texts_of_python(library: Path) -> tuple[Path, ...]:
    """Return where Python's licence may be, by the folder of its standard library.

    On Windows that is `Lib` in the installation's own folder, which has the licence; elsewhere
    `lib/python3.11`, which has it, or an archive of it unpacked beside `lib`.
    """
    return tuple(
        folder / "LICENSE.txt" for folder in (library, library.parent, library.parent.parent)
    )


def _starter_model(texts: Path) -> Iterator[Part]:
    folder = resources() / "models"
    with contextlib.suppress(OSError, msgspec.MsgspecError, KeyError, TypeError):
        starter = msgspec.json.decode(
            (folder / "starter.json").read_bytes(), type=dict[str, object]
        )
        if (folder / str(starter["file"])).is_file():
            yield Part(
                name=f"{starter['name']} (the starter model)",
                licence="Apache-2.0",
                texts=_existing(texts / "Apache-2.0.txt"),
            )


def _needed(root: str, extras: frozenset[str]) -> Iterator[importlib.metadata.Distribution]:
    """Yield each installed distribution that `root` needs, once."""
    waiting = [(root, extras)]
    seen: set[tuple[str, frozenset[str]]] = set()
    yielded = {_normal(root)}
    while waiting:
        name, wanted = waiting.pop()
        if (_normal(name), wanted) in seen:
            continue
        seen.add((_normal(name), wanted))
        try:
            distribution = importlib.metadata.distribution(name)
            waiting += _requirements(distribution.requires or (), wanted)
        except Exception:  # noqa: S112 - not needed here, or its metadata is broken
            continue
        if _normal(name) not in yielded:
            yielded.add(_normal(name))
            yield distribution


def _requirements(
    lines: Iterable[str], wanted: frozenset[str]
) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield names and extras. Markers of other systems are not weighed: those are not installed."""
    for line in lines:
        extra = _EXTRA.search(line)
        match = _REQUIREMENT.match(line)
        if match is None or (extra and extra.group(1) not in wanted):
            continue
        extras = frozenset(word.strip() for word in (match.group(2) or "").split(",")) - {""}
        yield match.group(1), extras


def _licence(about: importlib.metadata.PackageMetadata) -> str:
    for field in ("License-Expression", "License"):
        said = _all(about, field)
        # Some put the whole text into the field.
        if said and said[0].strip() and "\n" not in said[0].strip():
            return _plain(said[0])
    named = [
        value.rpartition("::")[2].strip()
        for value in _all(about, "Classifier")
        if value.startswith("License ::")
    ]
    return " AND ".join(_CLASSIFIED.get(name, _plain(name)) for name in named)


def _homepage(about: importlib.metadata.PackageMetadata) -> str:
    places = {}
    for value in _all(about, "Project-URL"):
        label, _, address = value.partition(",")
        places[label.strip().casefold()] = address.strip()
    chosen = [places.get(label, "") for label in _HOME_LABELS]
    chosen += _all(about, "Home-page")
    return next((_plain(place) for place in chosen if place.startswith("https://")), "")


def _texts(distribution: importlib.metadata.Distribution) -> tuple[str, ...]:
    """Return the licence files beside the metadata; nothing that lies elsewhere is believed."""
    found = []
    for file in distribution.files or ():
        folder = file.parts[0]
        if not folder.endswith(".dist-info") or ".." in file.parts:
            continue
        if "licenses" in file.parts[1:-1] or _TEXT_NAME.search(file.name):
            found.append(Path(str(distribution.locate_file(file))))
    if not found and "LGPL-3.0" in _licence(distribution.metadata):  # Qt's wheels bring no text
        found = [resource("licences/LGPL-3.0.txt"), resource("licences/GPL-3.0.txt")]
    return _existing(*sorted(found)[:_MAX_TEXTS])


def _existing(*paths: Path) -> tuple[str, ...]:
    return tuple(str(path.absolute()) for path in paths if path.is_file())


def _version_of(name: str) -> str:
    try:
        return _plain(importlib.metadata.version(name))
    except Exception:  # not installed, or its metadata is broken
        return ""


def _all(about: importlib.metadata.PackageMetadata, field: str) -> list[str]:
    return [str(value) for value in about.get_all(field) or []]


def _plain(value: object) -> str:
    """Return one short line that is only what can be seen."""
    line = " ".join(str(value or "").split())
    return "".join(letter for letter in line if letter.isprintable())[:_MAX_WORDS]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).casefold()
