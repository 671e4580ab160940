"""Write dist/SHA256SUMS over every download there; `sha256sum -c SHA256SUMS` checks them."""

import hashlib
import sys
from pathlib import Path

NAME = "SHA256SUMS"


def write_sums(folder: Path) -> str:
    """Write the sums of the files in `folder`, in the order of their names, and return them."""
    lines = []
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.name != NAME and path.suffix != ".part":
            with path.open("rb") as file:
                lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.name}\n")
    (folder / NAME).write_text("".join(lines), encoding="utf-8", newline="\n")
    return "".join(lines)


if __name__ == "__main__":
    sys.stdout.write(write_sums(Path(__file__).resolve().parent.parent / "dist"))
