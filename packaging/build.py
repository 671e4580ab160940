"""Build the frozen app into dist/alcove. Run by `make package`.

The build fails when PyInstaller could not find a library: it would only warn, and the app would
fail on a person's computer instead.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOG = ROOT / "build" / "pyinstaller.log"
# Optional parts of Qt's own plugins that the app does not ship, and Windows' own libraries, which
# are looked for elsewhere too.
HARMLESS = ("libgtk-3", "libgdk-3", "libQt6EglFSDeviceIntegration", "libmariadb", "libpq")
WINDOWS_ONLY = ("ole32", "shell32", "ntdll", "user32", "kernel32", "advapi32", "msvcrt")


def main() -> int:
    LOG.parent.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--distpath", str(ROOT / "dist"), "--workpath", str(ROOT / "build")]
    command.append(str(ROOT / "packaging" / "alcove.spec"))
    print("Freezing Alcove; it takes about a minute.", file=sys.stderr)
    with LOG.open("w", encoding="utf-8") as log:
        status = subprocess.run(command, stderr=log, stdout=log, check=False).returncode
    lines = LOG.read_text(encoding="utf-8").splitlines()
    missing = [
        line
        for line in lines
        if "not found" in line
        and "ibrary" in line
        and not any(name in line for name in HARMLESS + WINDOWS_ONLY)
    ]
    if status or missing:
        print("\n".join(missing or lines[-15:]), file=sys.stderr)
        print(f"The build failed; the whole log is {LOG}.", file=sys.stderr)
        return 1
    folder = ROOT / "dist" / "alcove"
    total = sum(
        path.stat().st_size
        for path in folder.rglob("*")
        if not path.is_symlink() and path.is_file()
    )
    models = sum(path.stat().st_size for path in folder.rglob("*.gguf"))
    print(f"{folder}: {(total - models) / 1e6:.0f} MB, and {models / 1e6:.0f} MB of model")
    return 0


if __name__ == "__main__":
    sys.exit(main())
