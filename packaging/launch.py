"""The frozen app's entry: the same as `alcove`. Children are spawned from it, too."""

import sys
from pathlib import Path

# What Qt and numpy are built for (x86-64-v2): every processor since 2009 or so. Older ones would
# end with "illegal instruction", which tells a person nothing.
_NEEDED = {"popcnt", "sse4_2"}


def missing_features(cpuinfo: Path = Path("/proc/cpuinfo")) -> list[str]:
    """Return what this processor lacks; empty where that cannot be told."""
    try:
        with cpuinfo.open(encoding="utf-8") as lines:
            flags = next((line for line in lines if line.startswith("flags")), "")
    except (OSError, ValueError):
        return []
    return sorted(_NEEDED - set(flags.split())) if flags else []


def main() -> int:
    if missing := missing_features():
        told = " and ".join(missing)
        print(f"alcove: this processor is too old: it lacks {told}.", file=sys.stderr)
        return 1
    from assistant.__main__ import main as run  # noqa: PLC0415 - only where it can run

    return run()


if __name__ == "__main__":
    sys.exit(main())
