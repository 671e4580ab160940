"""What a frozen app takes from the system it runs on: its shared libraries, and glibc's version.

A library that the app needs and does not carry has to be there: a package declares it, and a build
fails where nobody knows what package it is of.
"""

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

_NEEDED = re.compile(r"\(NEEDED\)\s+Shared library: \[(.+)\]$")
_GLIBC = re.compile(r"Name: GLIBC_(\d+(?:\.\d+)+)\b")
_ELF = b"\x7fELF"


class UnknownLibrary(Exception):  # noqa: N818 - named for what happened
    """No package of this system has a library that the app needs."""


def programs(app: Path) -> list[Path]:
    """Return every program and shared library in `app`, each file once, in order."""
    found = []
    for path in sorted(app.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        with path.open("rb") as file:
            if file.read(len(_ELF)) == _ELF:
                found.append(path)
    return found


def libraries(app: Path) -> list[str]:
    """Return the names (sonames) of the libraries that `app` needs and does not carry."""
    carried = {path.name for path in app.rglob("*.so*")}
    return sorted(set(_needed(programs(app))) - carried)


def glibc(app: Path) -> str:
    """Return the least version of glibc that everything in `app` loads with."""
    text = _readelf("-VW", programs(app))
    versions = {tuple(map(int, version.split("."))) for version in _GLIBC.findall(text)}
    return ".".join(map(str, max(versions)))


def packages(names: Iterable[str]) -> list[str]:
    """Return the Debian packages that hold the libraries `names` on this machine, without glibc's.

    Raises:
        UnknownLibrary: one is not installed here, or no package has it.
    """
    places = _places()
    wanted = set()
    for name in names:
        if name not in places:
            raise UnknownLibrary(f"{name} is needed by the app and is not on this machine")
        # A merged /usr: packages may know the file with and without it.
        candidates = {places[name], f"/usr{places[name]}", places[name].removeprefix("/usr")}
        wanted.add(_package_of(name, candidates))
    return sorted(wanted - {"libc6"})


def _needed(files: list[Path]) -> Iterable[str]:
    for line in _readelf("-dW", files).splitlines():
        match = _NEEDED.search(line)
        if match:
            yield match.group(1)


def _readelf(option: str, files: list[Path]) -> str:
    done = subprocess.run(
        ["readelf", option, *files], capture_output=True, text=True, errors="replace", check=False
    )
    return done.stdout


def _places() -> dict[str, str]:
    """Return where the loader of this machine finds each library."""
    done = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True)
    places: dict[str, str] = {}
    for line in done.stdout.splitlines():
        name, _, rest = line.strip().partition(" ")
        if "x86-64" in rest or "AArch64" in rest or "libc6)" in rest:
            places.setdefault(name, rest.rpartition("=> ")[2])
    return places


def _package_of(name: str, candidates: set[str]) -> str:
    for path in sorted(candidates):
        done = subprocess.run(["dpkg", "-S", path], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return done.stdout.partition(":")[0]
    raise UnknownLibrary(f"no package of this machine has {name}")
