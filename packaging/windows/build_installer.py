"""Build the installer for Windows: dist/Alcove-x.y.z-windows-x86_64-setup.exe.

    python packaging/windows/build_installer.py [--app DIST/alcove] [--out DIST]

NSIS (`makensis`) makes it, on Windows or elsewhere. SIGN_COMMAND, where it is set, is run with each
file that is to be signed: the installer, and the program that uninstalls.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "desktop"))

from document_types import EXTENSIONS, MODEL

from assistant import __version__

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "packaging" / "windows" / "alcove.nsi"
MADE = ROOT / "build" / "windows"
ICON = ROOT / "build" / "icons" / "alcove.ico"
# Programs of the person's that are in the folder of the app, and no part of it.
_BESIDE = {"portable", "alcove-data"}


class NotPossible(Exception):  # noqa: N818 - named for what happened
    """The installer cannot be built; the text says what is missing."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--app", type=Path, default=ROOT / "dist" / "alcove")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    options = parser.parse_args()
    has_model = any(options.app.rglob("resources/models/*.gguf"))
    name = f"Alcove-{__version__}-windows-x86_64{'' if has_model else '-nomodel'}-setup.exe"
    try:
        installer = build(options.app.absolute(), options.out.absolute() / name)
    except NotPossible as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{installer}: {installer.stat().st_size / 1e6:.0f} MB")
    return 0


def build(app: Path, target: Path, *, version: str = __version__, icon: Path = ICON) -> Path:
    """Build the installer of the folder `app` as `target`, and return it.

    Raises:
        NotPossible: there is no makensis, or no app.
    """
    makensis = shutil.which("makensis")
    if not makensis:
        raise NotPossible("makensis is not here: install NSIS 3")
    if not (app / "alcove.exe").is_file():
        raise NotPossible(f"{app} has no alcove.exe: run packaging/build.py on Windows first")
    MADE.mkdir(parents=True, exist_ok=True)
    (MADE / "files.nsh").write_text(files_script(app), encoding="utf-8")
    (MADE / "types.nsh").write_text(types_script(), encoding="utf-8")
    numbers = ".".join([*version.split("."), "0", "0", "0"][:4])
    given = {"VERSION": version, "NUMBERS": numbers, "OUT": target, "ICON": icon, "MADE": MADE}
    if sys.platform != "win32":
        # Debian's stubs of 64 bits: Wine needs no second architecture to run them.
        given["TARGET"] = "amd64-unicode"
    if command := os.environ.get("SIGN_COMMAND"):
        given["SIGN"] = command
    defines = [f"-D{name}={value}" for name, value in given.items()]
    done = subprocess.run(
        [makensis, "-V2", "-WX", "-INPUTCHARSET", "UTF8", *defines, SCRIPT],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotPossible(f"makensis failed:\n{done.stdout}{done.stderr}")
    return target


def files_script(app: Path) -> str:
    """Return NSIS macros that install every file of `app`, and remove exactly these again."""
    files = sorted(
        path
        for path in app.rglob("*")
        if path.is_file() and path.relative_to(app).parts[0] not in _BESIDE
    )
    folders = sorted({path.parent.relative_to(app) for path in files})
    put, taken = [], []
    for folder in folders:
        put.append(f'SetOutPath "{_place(folder)}"')
        put += [f'File "{path}"' for path in files if path.parent == app / folder]
    taken += [f'Delete "{_place(path.relative_to(app))}"' for path in files]
    # Deeper folders first; those above that hold no file of their own, too.
    every = {above for folder in folders for above in (folder, *folder.parents)} - {Path()}
    deepest = sorted(every, key=lambda one: (-len(one.parts), one))
    taken += [f'RMDir "{_place(folder)}"' for folder in deepest]
    return _macro("Files", put) + _macro("NoFiles", taken)


def types_script() -> str:
    """Return NSIS macros that tell Windows what Alcove opens and summarises, and take it back."""
    told = [
        '!insertmacro Kind "Alcove.Document" "Document"',
        f'!insertmacro Kind "Alcove.Model" "{MODEL.name}"',
    ]
    forgotten = []
    kinds = [(one, "Alcove.Document") for one in EXTENSIONS]
    kinds += [(one, "Alcove.Model") for one in MODEL.extensions]
    for extension, kind in kinds:
        told.append(f'!insertmacro OpensWith "{extension}" "{kind}"')
        if kind == "Alcove.Document":
            told.append(f'!insertmacro Summarizes "{extension}"')
        forgotten.append(f'!insertmacro Forgets "{extension}" "{kind}"')
    forgotten += [
        f'DeleteRegKey HKCU "Software\\Classes\\{kind}"'
        for kind in ("Alcove.Document", "Alcove.Model")
    ]
    return _macro("Types", told) + _macro("NoTypes", forgotten)


def _macro(name: str, lines: list[str]) -> str:
    body = "".join(f"    {line}\n" for line in lines)
    return f"!macro {name}\n{body}!macroend\n"


def _place(relative: Path) -> str:
    inside = "\\".join(relative.parts)
    return _escaped(f"$INSTDIR\\{inside}") if inside else "$INSTDIR"


def _escaped(place: str) -> str:
    head, _, rest = place.partition("\\")
    return f"{head}\\{rest.replace('$', '$$')}"


if __name__ == "__main__":
    sys.exit(main())
