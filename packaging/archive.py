"""Pack dist/alcove as one file to unpack anywhere: dist/Alcove-x.y.z-linux-x86_64.tar.xz.

    python packaging/archive.py

Windows gets a zip; macOS a disk image (packaging/macos). The same app makes the same bytes: names
are sorted, owners are nobody, times are that of the commit. Everything lies in one folder `Alcove`.
"""

import lzma
import os
import platform
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # for what is said once, in the app
DIST = ROOT / "dist"
APP = DIST / "alcove"
DESKTOP = ROOT / "packaging" / "desktop"
TOP = "Alcove"
# The filter for x86 code makes libraries a tenth smaller; every xz since 2009 knows it.
_LZMA2 = {"id": lzma.FILTER_LZMA2, "preset": 6, "dict_size": 64 << 20}
_X86 = {"id": lzma.FILTER_X86}
_GPU = "lib/llama_cpp/lib/gpu"

Entry = tuple[str, Path]


class NotBuilt(Exception):  # noqa: N818 - named for what happened
    """There is no frozen app to pack."""


def build_epoch() -> int:
    """Return the time that stands in everything built: of the commit, in seconds since 1970."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    done = subprocess.run(
        ["git", "-C", ROOT, "log", "-1", "--format=%ct"], capture_output=True, check=False
    )
    said = done.stdout.decode().strip()
    # An archive of the sources has no commits.
    return int(said) if said.isdigit() else int((ROOT / "pyproject.toml").stat().st_mtime)


def archive_name(*, suffix: str = "") -> str:
    """Return the name of a download without its ending, such as Alcove-1.0-linux-x86_64."""
    from assistant import __version__  # noqa: PLC0415 - said once, in one place

    system = {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")
    machine = {"AMD64": "x86_64", "ARM64": "arm64"}.get(platform.machine(), platform.machine())
    return f"Alcove-{__version__}-{system}-{machine}{suffix}"


def pack_app() -> Path:
    """Pack the frozen app, and what stands beside a portable copy; return the archive.

    Raises:
        NotBuilt: there is none.
    """
    if not APP.is_dir():
        raise NotBuilt(f"{APP} is not there: run packaging/build.py first.")
    entries = list(_entries(APP))
    has_model = any(path.suffix == ".gguf" for _, path in entries)
    name = archive_name(suffix="" if has_model else "-nomodel")
    entries.append(("README.txt", ROOT / "packaging" / "portable.txt"))
    if sys.platform == "win32":
        return write_zip(DIST / f"{name}.zip", entries)
    with tempfile.TemporaryDirectory() as folder:
        # Menu, icons and file types, for those who run install.sh.
        subprocess.run(
            [sys.executable, DESKTOP / "tree.py", folder], check=True, stdout=subprocess.DEVNULL
        )
        entries += _entries(Path(folder))
        entries += [(script, DESKTOP / script) for script in ("install.sh", "uninstall.sh")]
        return write_tar(DIST / f"{name}.tar.xz", entries)


def pack_gpu_part(folder: Path) -> Path:
    """Pack llama.cpp's part for GPUs: unpacked where the app was unpacked, it is in its place.

    With it go its licence, where to put it, and the release it is of: no other app loads it
    (assistant/engine/gpu_part.py).
    """
    from assistant import __version__  # noqa: PLC0415 - said once, in one place
    from assistant.engine.gpu_part import MARK  # noqa: PLC0415

    DIST.mkdir(exist_ok=True)
    name = archive_name(suffix="-vulkan")
    with tempfile.TemporaryDirectory() as made:
        mark = Path(made) / MARK
        mark.write_text(f"{__version__}\n", encoding="utf-8")
        entries = [(f"{_GPU}/{path.name}", path) for path in sorted(folder.iterdir())]
        entries += [
            (f"{_GPU}/{MARK}", mark),
            (f"{_GPU}/LICENSE.txt", ROOT / "resources" / "licences" / "llama.cpp-MIT.txt"),
            ("GPU.txt", ROOT / "packaging" / "gpu.txt"),
        ]
        if sys.platform == "win32":
            return write_zip(DIST / f"{name}.zip", entries)
        return write_tar(DIST / f"{name}.tar.xz", entries)


def write_tar(target: Path, entries: list[Entry]) -> Path:
    """Write `entries` (name in the archive, file) as a .tar.xz, whole or not at all."""
    filters = [_X86, _LZMA2] if platform.machine() in {"x86_64", "AMD64"} else [_LZMA2]
    part = target.with_name(target.name + ".part")
    with (
        lzma.open(part, "wb", filters=filters) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as archive,
    ):
        archive.dereference = True
        for name, path in sorted(entries):
            member = archive.gettarinfo(path, f"{TOP}/{name}")
            member.uid = member.gid = 0
            member.uname = member.gname = ""
            member.mtime = build_epoch()
            member.mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
            with path.open("rb") as file:
                archive.addfile(member, file if member.isreg() else None)
    part.replace(target)
    return target


def write_zip(target: Path, entries: list[Entry]) -> Path:
    """Write `entries` as a .zip, whole or not at all."""
    moment = datetime.fromtimestamp(build_epoch(), UTC).timetuple()[:6]
    part = target.with_name(target.name + ".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, path in sorted(entries):
            member = zipfile.ZipInfo(f"{TOP}/{name}", moment)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = (0o755 if path.stat().st_mode & 0o100 else 0o644) << 16
            with path.open("rb") as file, archive.open(member, "w") as packed:
                while block := file.read(1 << 20):
                    packed.write(block)
    part.replace(target)
    return target


def _entries(folder: Path) -> Iterator[Entry]:
    """Yield the files below `folder`, each with its name in the archive."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path


def main() -> int:
    try:
        target = pack_app()
    except NotBuilt as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{target}: {target.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
