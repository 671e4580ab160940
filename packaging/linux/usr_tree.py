"""Alcove laid out as in /usr: what a Debian package and an AppImage have in common."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from archive import NotBuilt

import assistant

ROOT = Path(__file__).resolve().parents[2]
VERSION = assistant.__version__
TREE = ROOT / "packaging" / "desktop" / "tree.py"
APP = ROOT / "dist" / "alcove"
# The portable archive's own, and what a copy that was tried out holds of a person.
BESIDE = {"portable", "alcove-data", "install.sh", "uninstall.sh", "share"}


def lay_out_app(app: Path, folder: Path) -> None:
    """Copy the frozen app to `folder`, without what stands beside a portable copy.

    Raises:
        NotBuilt: `app` is none.
    """
    if not (app / "alcove").is_file():
        raise NotBuilt(f"{app} is not there: run packaging/build.py first")

    def beside(place: str, names: list[str]) -> set[str]:
        return BESIDE & set(names) if Path(place) == app else set()

    shutil.copytree(app, folder, symlinks=True, ignore=beside)


def lay_out_desktop(usr: Path) -> None:
    """Put the menu entry, AppStream's data, types, icons and service menus into `usr`/share."""
    subprocess.run([sys.executable, TREE, usr], check=True, stdout=subprocess.DEVNULL)


def settle(root: Path, epoch: int) -> None:
    """Give everything in `root` modes and times that depend on nobody's machine."""
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if runs else 0o644)
        os.utime(path, (epoch, epoch), follow_symlinks=False)
