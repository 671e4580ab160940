"""The libraries of Debian that a build takes along: whose they are, and their licences.

A frozen app carries some of the system's libraries, so that it runs where they are older or
missing. Debian knows for each file the package, and for each package the copyright.
"""

import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from assistant.parts import Part

_DOCUMENTS = Path("/usr/share/doc")
_COMMON = Path("/usr/share/common-licenses")
_REFERENCE = re.compile(r"/usr/share/common-licenses/([A-Za-z0-9][A-Za-z0-9.+-]*[A-Za-z0-9])")
_FIELD = re.compile(r"^(Files|License):[ \t]*(.*)$", re.MULTILINE)
_SHOWN = "${source:Package}\t${Version}\t${Homepage}\n"
# Debian's short names, where SPDX has others; a few packages name none that a program can read.
_SPDX = {
    "Expat": "MIT",
    "public-domain": "LicenseRef-public-domain",
    "LGPL-2+": "LGPL-2.0-or-later",
    "LGPL-2.0+": "LGPL-2.0-or-later",
    "LGPL-2.1+": "LGPL-2.1-or-later",
    "LGPL-2.1": "LGPL-2.1-only",
    "LGPL-3+": "LGPL-3.0-or-later",
}
_BY_SOURCE = {
    "bzip2": "bzip2-1.0.6",
    "e2fsprogs": "MIT",  # of it only libcom_err is shipped
    "gcc-12": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "keyutils": "LGPL-2.0-or-later",
    "krb5": "MIT",
    "libffi": "MIT",
    "openssl": "Apache-2.0",
    "util-linux": "BSD-3-Clause",  # of it only libuuid is shipped
    "xz-utils": "LicenseRef-public-domain",
    "zlib": "Zlib",
}
# The X libraries have X's own licence in several wordings, and xkbcommon has it, too.
_OF_X = re.compile(r"^(libx(11|au|cb|dmcp|ext|kbcommon|render)|xcb-util.*)$")
# Their licence asks for the same licence for all of the app.
_NOT_TO_SHIP = frozenset({"readline", "gdbm", "mupdf", "poppler", "ghostscript"})


class NotToShip(Exception):  # noqa: N818 - named for what happened
    """A library's licence does not fit the app's."""


def debian_parts(files: set[Path]) -> tuple[tuple[Part, ...], set[Path]]:
    """Return the parts that `files` of this system are of, and those files that are of none.

    Raises:
        NotToShip: one may not be part of the app.
    """
    owners, strangers = _owners(files)
    by_source: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for package in owners:
        by_source[_about(package)].add(package.partition(":")[0])
    parts = []
    for (source, version, homepage), packages in sorted(by_source.items()):
        if source in _NOT_TO_SHIP:
            raise NotToShip(f"{source} is not to be shipped: leave out the module that needs it")
        texts = _texts(packages)
        parts.append(
            Part(
                name=source,
                version=version,
                licence=_licence(source, texts),
                homepage=homepage if homepage.startswith("https://") else "",
                texts=tuple(str(text) for text in texts),
            )
        )
    return tuple(parts), strangers


def _owners(files: set[Path]) -> tuple[set[str], set[Path]]:
    """Return the packages that `files` are of, and the files that are of none."""
    named: dict[str, Path] = {}
    for file in files:
        # A merged /usr: packages may know the file with and without it.
        short = str(file).removeprefix("/usr")
        named |= {short: file, f"/usr{short}": file}
    if not named:
        return set(), set()
    command = ["dpkg-query", "-S", *sorted(named)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    packages: set[str] = set()
    known: set[Path] = set()
    for line in done.stdout.splitlines():
        owners, _, place = line.rpartition(": ")
        if place in named:
            packages.add(owners.partition(",")[0])
            known.add(named[place])
    return packages, set(files) - known


def _about(package: str) -> tuple[str, str, str]:
    done = subprocess.run(
        ["dpkg-query", "-W", "-f", _SHOWN, package], capture_output=True, text=True, check=True
    )
    source, version, homepage = done.stdout.splitlines()[0].split("\t")
    return source, version, homepage


def _texts(packages: Iterable[str]) -> list[Path]:
    """Return the copyright of the packages, and the common licences that it refers to."""
    texts: dict[bytes, Path] = {}
    for package in sorted(packages):
        path = (_DOCUMENTS / package / "copyright").resolve()
        if path.is_file():
            texts.setdefault(path.read_bytes(), path)
    named = {name for text in texts for name in _REFERENCE.findall(text.decode("utf-8", "replace"))}
    common = sorted({(_COMMON / name).resolve() for name in named if (_COMMON / name).is_file()})
    return [*texts.values(), *common]


def _licence(source: str, texts: Iterable[Path]) -> str:
    """Return what is known of a package, else what its copyright file says of most files."""
    if source in _BY_SOURCE or _OF_X.match(source):
        return _BY_SOURCE.get(source, "MIT")
    for path in texts:
        of_all = False
        for field, value in _FIELD.findall(path.read_text("utf-8", "replace")):
            if field == "Files":
                of_all = value.strip() == "*"
            elif of_all:
                return _SPDX.get(value.strip(), value.strip())
    return ""
