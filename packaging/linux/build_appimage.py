"""Pack dist/alcove as an AppImage: one file that is started as it is.

    python packaging/linux/build_appimage.py [--app DIST/alcove] [--out DIST]

`appimagetool` makes the file; where it is not to be had, the folder that it takes (an AppDir) stays
in build/appimage, and a line tells how to go on. APPIMAGETOOL may name the program, and
APPIMAGE_RUNTIME the runtime it puts in front, so that it fetches none.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import usr_tree
from archive import NotBuilt, archive_name, build_epoch

ROOT = usr_tree.ROOT
APPDIR = ROOT / "build" / "appimage" / "Alcove.AppDir"
# The runtime mounts the folder somewhere and starts this.
_RUN = """\
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
exec "$here/usr/lib/alcove/alcove" "$@"
"""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--app", type=Path, default=usr_tree.APP)
    options.add_argument("--out", type=Path, default=ROOT / "dist")
    chosen = options.parse_args()
    try:
        lay_out(chosen.app.absolute(), APPDIR)
    except NotBuilt as error:
        print(error, file=sys.stderr)
        return 1
    tool = os.environ.get("APPIMAGETOOL") or shutil.which("appimagetool")
    if not tool:
        print(
            f"No AppImage: appimagetool is not here. {APPDIR} is ready for it:\n"
            f"    ARCH={platform.machine()} appimagetool {APPDIR}",
            file=sys.stderr,
        )
        return 0
    image = pack(APPDIR, chosen.out.absolute(), tool)
    print(f"{image}: {image.stat().st_size / 1e6:.0f} MB")
    return 0


def lay_out(app: Path, appdir: Path) -> None:
    """Make the AppDir of `app`.

    Raises:
        NotBuilt: there is no `app`.
    """
    shutil.rmtree(appdir, ignore_errors=True)
    usr = appdir / "usr"
    usr_tree.lay_out_app(app, usr / "lib" / "alcove")
    usr_tree.lay_out_desktop(usr)
    (usr / "bin").mkdir()
    (usr / "bin" / "alcove").symlink_to("../lib/alcove/alcove")
    start = appdir / "AppRun"
    start.write_text(_RUN, encoding="utf-8")
    start.chmod(0o755)
    # What shows an AppImage in a menu reads these three.
    (appdir / "alcove.desktop").symlink_to("usr/share/applications/alcove.desktop")
    icon = "usr/share/icons/hicolor/256x256/apps/alcove.png"
    (appdir / "alcove.png").symlink_to(icon)
    (appdir / ".DirIcon").symlink_to(icon)
    usr_tree.settle(appdir, build_epoch())


def pack(appdir: Path, out: Path, tool: str) -> Path:
    """Make the AppImage of `appdir` in the folder `out`, and return it."""
    suffix = "" if any(appdir.rglob("resources/models/*.gguf")) else "-nomodel"
    image = out / f"{archive_name(suffix=suffix)}.AppImage"
    command = [tool, "--no-appstream"]
    if runtime := os.environ.get("APPIMAGE_RUNTIME"):
        command += ["--runtime-file", runtime]
    environment = {
        **os.environ,
        "ARCH": platform.machine(),
        "VERSION": usr_tree.VERSION,
        "SOURCE_DATE_EPOCH": str(build_epoch()),
        # Where FUSE is missing, as in a container, the tool unpacks itself.
        "APPIMAGE_EXTRACT_AND_RUN": "1",
    }
    subprocess.run([*command, appdir, image], env=environment, check=True)
    return image


if __name__ == "__main__":
    sys.exit(main())
