"""Make every download that this system can make, in dist/. Run by `make package`.

    python packaging/pack.py [--no-model] [--vulkan]

Linux: the portable archive, a Debian package and an AppImage. Windows: a zip and an installer.
macOS: a disk image. Everywhere: the bill of materials and the sums of all.
"""

import argparse
import subprocess
import sys
from pathlib import Path

PACKAGING = Path(__file__).resolve().parent
_STEPS = {
    "linux": ("archive.py", "linux/build_deb.py", "linux/build_appimage.py"),
    "win32": ("archive.py", "windows/build_installer.py"),
    "darwin": ("macos/build_dmg.py",),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--no-model", action="store_true", help="leave the starter model out")
    parser.add_argument("--vulkan", action="store_true", help="also the optional part for GPUs")
    options = parser.parse_args()
    wishes = ["--no-model"] * options.no_model + ["--vulkan"] * options.vulkan
    steps = [["build.py", *wishes], *([step] for step in _STEPS.get(sys.platform, ("archive.py",)))]
    for name, *options in [*steps, ["sbom.py"], ["sums.py"]]:
        status = subprocess.run(
            [sys.executable, PACKAGING / name, *options], check=False
        ).returncode
        if status:
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
