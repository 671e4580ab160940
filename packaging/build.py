"""Build the frozen app into dist/alcove. Run by `make package`.

    python packaging/build.py [--no-model]
    python packaging/build.py --vulkan      also dist/Alcove-…-vulkan.tar.xz, for GPUs

llama.cpp inside is our own build of it, for every processor (packaging/llama.py). The build fails
when PyInstaller could not find a library: it would only warn, and the app would fail on a person's
computer instead.
"""

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from archive import build_epoch, pack_gpu_part
from llama import BuildFailed, libraries
from slimming import slim

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "dist" / "alcove"
LOG = ROOT / "build" / "pyinstaller.log"
# Optional parts of Qt's own plugins that the app does not ship, and Windows' own libraries, which
# are looked for elsewhere too.
HARMLESS = ("libgtk-3", "libgdk-3", "libQt6EglFSDeviceIntegration", "libmariadb", "libpq")
WINDOWS_ONLY = ("ole32", "shell32", "ntdll", "user32", "kernel32", "advapi32", "msvcrt")


def main() -> int:
    parser = argparse.ArgumentParser(description="Build the frozen app into dist/alcove.")
    parser.add_argument("--no-model", action="store_true", help="leave the starter model out")
    parser.add_argument("--vulkan", action="store_true", help="also the optional part for GPUs")
    options = parser.parse_args()
    try:
        _lend(libraries())
        if options.vulkan:
            print(pack_gpu_part(libraries(vulkan=True)))
        _freeze(no_model=options.no_model)
    except BuildFailed as error:
        print(error, file=sys.stderr)
        return 1
    _drop_links()
    if sys.platform == "linux":
        slim(FOLDER)
    print(_told())
    return 0


def _lend(built: Path) -> None:
    """Give the environment that packs libraries of llama.cpp, where it has only the bindings.

    PyInstaller imports packages to see what is in them, and the bindings load the libraries.
    """
    found = importlib.util.find_spec("llama_cpp")
    assert found is not None
    assert found.origin is not None
    place = Path(found.origin).parent / "lib"
    if not place.exists():
        shutil.copytree(built, place)


def _freeze(*, no_model: bool) -> None:
    """Run PyInstaller, and refuse what it only warns of."""
    LOG.parent.mkdir(exist_ok=True)
    _draw_icons()
    # What was frozen before may hold files that are not made any more.
    shutil.rmtree(FOLDER, ignore_errors=True)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--distpath", str(ROOT / "dist"), "--workpath", str(ROOT / "build")]
    command += [str(ROOT / "packaging" / "alcove.spec"), "--", *["--no-model"] * no_model]
    # The same sources make the same bytes: no order of sets and no moment of the build in them.
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": str(build_epoch()),
    }
    print("Freezing Alcove; it takes about a minute.", file=sys.stderr)
    with LOG.open("w", encoding="utf-8") as log:
        done = subprocess.run(command, stderr=log, stdout=log, env=environment, check=False)
    lines = LOG.read_text(encoding="utf-8").splitlines()
    missing = [line for line in lines if is_missing_library(line)]
    if done.returncode or missing:
        told = "\n".join(missing or lines[-15:])
        raise BuildFailed(f"{told}\nThe build failed; the whole log is {LOG}.")


def is_missing_library(line: str) -> bool:
    """Whether a line of PyInstaller's log tells of a library that the app will miss."""
    return (
        "not found" in line
        and "ibrary" in line
        and not any(name in line for name in HARMLESS + WINDOWS_ONLY)
    )


def _draw_icons() -> None:
    if sys.platform in {"win32", "darwin"}:
        draw = ROOT / "packaging" / "desktop" / "icons.py"
        subprocess.run([sys.executable, draw, ROOT / "build" / "icons"], check=True)


def _drop_links() -> None:
    """Remove the symbolic links: a USB stick's file system has none, and nobody needs them.

    PyInstaller links libraries of packages into the top folder; each of those packages finds its
    own by a path relative to itself. On macOS they are part of a bundle's shape.
    """
    if sys.platform == "darwin":
        return
    for path in FOLDER.rglob("*"):
        if path.is_symlink():
            path.unlink()


def _told() -> str:
    """Return what was built, with its size."""
    files = [path for path in FOLDER.rglob("*") if path.is_file() and not path.is_symlink()]
    total = sum(path.stat().st_size for path in files)
    models = sum(path.stat().st_size for path in files if path.suffix == ".gguf")
    return f"{FOLDER}: {(total - models) / 1e6:.0f} MB, and {models / 1e6:.0f} MB of model"


if __name__ == "__main__":
    sys.exit(main())
