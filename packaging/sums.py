"""Write dist/SHA256SUMS over this version's downloads; `sha256sum -c SHA256SUMS` checks them.

    python packaging/sums.py [--release]

A release has every download for every system: with --release it is an error where one is missing.
"""

import argparse
import hashlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from assistant import __version__

ROOT = Path(__file__).resolve().parent.parent
NAME = "SHA256SUMS"


def release_names(version: str = __version__) -> set[str]:
    """Return the names of all downloads of a release, over all systems."""
    linux = f"Alcove-{version}-linux-x86_64"
    windows = f"Alcove-{version}-windows-x86_64"
    macos = [f"Alcove-{version}-macos-{processor}" for processor in ("arm64", "x86_64")]
    return {
        *(f"{linux}{kind}.{end}" for kind in ("", "-nomodel") for end in ("tar.xz", "AppImage")),
        *(f"{linux}{kind}.cdx.json" for kind in ("", "-nomodel")),
        f"{linux}-vulkan.tar.xz",
        *(f"alcove_{version}_amd64{kind}.deb" for kind in ("", "_nomodel")),
        *(f"{windows}{end}" for end in (".zip", "-setup.exe", ".cdx.json")),
        *(f"{name}{end}" for name in macos for end in (".dmg", ".cdx.json")),
    }


def write_sums(folder: Path, version: str = __version__) -> str:
    """Write the sums of this version's files in `folder`, by their names, and return them.

    What an earlier version left there is no part of the list.
    """
    lines = []
    ours = (f"Alcove-{version}-", f"alcove_{version}_")
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.name.startswith(ours) and path.suffix != ".part":
            with path.open("rb") as file:
                lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.name}\n")
    (folder / NAME).write_text("".join(lines), encoding="utf-8", newline="\n")
    return "".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--release", action="store_true", help="fail where a download is missing")
    folder = ROOT / "dist"
    if parser.parse_args().release:
        there = {path.name for path in folder.iterdir()}
        if missing := sorted(release_names() - there):
            print(f"Not in {folder}: {', '.join(missing)}.", file=sys.stderr)
            return 1
    sys.stdout.write(write_sums(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
