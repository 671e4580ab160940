"""The wheel has all that the app reads, and not the starter model."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIND = """
from assistant import paths
print(paths.resource("samples/sample.pdf"))
"""


def test_resources_are_found_in_it(tmp_path: Path, starter_model: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "there")
    resources = tmp_path / "there" / "assistant" / "_resources"
    packed = {file.relative_to(resources) for file in resources.rglob("*") if file.is_file()}
    ours = ROOT / "resources"
    here = {file.relative_to(ours) for file in ours.rglob("*") if file.is_file()}
    assert packed == here - {starter_model.relative_to(ours)}
    found = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, 'there'){FIND}"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert Path(found.stdout.strip()) == (resources / "samples" / "sample.pdf").resolve()
