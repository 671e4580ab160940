"""The frozen app's entry: the same as `alcove`. Children are spawned from it, too."""

import os
import sys
from pathlib import Path

# What Qt and numpy are built for (x86-64-v2): every processor since 2009 or so. Older ones would
# end with "illegal instruction", which tells a person nothing.
_NEEDED = {"popcnt", "sse4_2"}
# What shows a sentence on a desktop: the first that is there and does it. None needs Qt.
_SHOWERS = (
    ("zenity", "--error", "--title=Alcove", "--text"),
    ("kdialog", "--title", "Alcove", "--error"),
    ("xmessage", "-center"),
    ("notify-send", "Alcove"),
)


def missing_features(cpuinfo: Path = Path("/proc/cpuinfo")) -> list[str]:
    """Return what this processor lacks; empty where that cannot be told."""
    try:
        with cpuinfo.open(encoding="utf-8") as lines:
            flags = next((line for line in lines if line.startswith("flags")), "")
    except (OSError, ValueError):
        return []
    return sorted(_NEEDED - set(flags.split())) if flags else []


def show(sentence: str) -> None:
    """Say it in the terminal, and on the desktop where nobody would see that: a double-click."""
    print(f"alcove: {sentence}", file=sys.stderr)
    if sys.stderr.isatty() or not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return
    import shutil  # noqa: PLC0415 - hardly anybody gets here
    import subprocess  # noqa: PLC0415

    # The system's programs need its libraries, not those that the app brings.
    environment = {name: value for name, value in os.environ.items() if name != "LD_LIBRARY_PATH"}
    if before := environment.pop("LD_LIBRARY_PATH_ORIG", ""):
        environment["LD_LIBRARY_PATH"] = before
    for command in _SHOWERS:
        if shutil.which(command[0]):
            done = subprocess.run([*command, sentence], env=environment, check=False)
            if not done.returncode:
                return


def main() -> int:
    if missing := missing_features():
        told = " and ".join(missing)
        show(
            f"This computer's processor is too old for Alcove: it lacks {told}. "
            "Processors made since about 2009 have that."
        )
        return 1
    from assistant.__main__ import main as run  # noqa: PLC0415 - only where it can run

    return run()


if __name__ == "__main__":
    sys.exit(main())
