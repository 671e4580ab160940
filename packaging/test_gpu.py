"""The optional part for GPUs beside the frozen app: used where there is one, and never in the way.

Run by `make package-test` where `packaging/build.py --vulkan` made the part. A GPU is not needed: a
driver that computes on the processor (Debian's mesa-vulkan-drivers) stands for one, if it is there.
"""

import json
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from archive import archive_name
from frozen_app import run
from not_tried import not_tried

from assistant.engine.gpu_part import MARK

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
SOFTWARE = Path("/usr/share/vulkan/icd.d/lvp_icd.x86_64.json")
CRASHES = "__attribute__((constructor)) static void go(void) { *(volatile int *)0 = 1; }\n"

pytestmark = [
    pytest.mark.frozen,
    pytest.mark.timeout(600),
    pytest.mark.skipif(sys.platform != "linux", reason="for Linux"),
]


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> Path:
    """Returns the app with the part unpacked over it, as a person does."""
    part = DIST / f"{archive_name(suffix='-vulkan')}.tar.xz"
    if not part.exists():
        pytest.skip("not built: make package-test VULKAN=1")
    folder = tmp_path_factory.mktemp("gpu")
    shutil.copytree(DIST / "alcove", folder / "Alcove")
    with tarfile.open(part) as archive:
        archive.extractall(folder, filter="data")
    return folder / "Alcove" / "alcove"


def test_without_a_driver_the_processor_does_it_all(app, tmp_path) -> None:
    done = run(app, tmp_path, "doctor", VK_DRIVER_FILES="/missing", VK_ICD_FILENAMES="/missing")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No GPU that this build can use: processor only" in done.stdout
    assert "self-test    passed" in done.stdout


def test_a_driver_that_crashes_leaves_the_model_to_the_processor(app, tmp_path) -> None:
    if not shutil.which("cc"):
        not_tried("cc is missing: apt-get install gcc")
    library, driver = tmp_path / "driver.so", tmp_path / "driver.json"
    source = tmp_path / "driver.c"
    source.write_text(CRASHES)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
    facts = {"library_path": str(library), "api_version": "1.3.0"}
    driver.write_text(json.dumps({"file_format_version": "1.0.0", "ICD": facts}))
    done = run(app, tmp_path, "doctor", VK_DRIVER_FILES=str(driver), VK_ICD_FILENAMES=str(driver))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No GPU that this build can use: processor only" in done.stdout
    assert "self-test    passed" in done.stdout
    said = run(
        app,
        tmp_path,
        *("chat", "-p", "What is the capital of France? One word."),
        VK_DRIVER_FILES=str(driver),
        VK_ICD_FILENAMES=str(driver),
    )
    assert said.returncode == 0, said.stderr
    assert said.stdout.strip()


def test_a_device_gets_the_model(app, tmp_path) -> None:
    if not SOFTWARE.exists():
        not_tried("no software device: apt-get install mesa-vulkan-drivers")
    done = run(
        app,
        tmp_path,
        "doctor",
        VK_DRIVER_FILES=str(SOFTWARE),
        VK_ICD_FILENAMES=str(SOFTWARE),
        GGML_VK_VISIBLE_DEVICES="0",  # one that computes on the processor counts only if asked for
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "GPU          llvmpipe" in done.stdout
    assert "self-test    passed" in done.stdout
    log = (tmp_path / "logs" / "engine.log").read_text()
    assert "loaded Vulkan backend" in log
    assert "Vulkan0 model buffer size" in log


def test_a_part_of_another_release_is_left_alone_and_told_of(app, tmp_path) -> None:
    old = tmp_path / "Alcove"
    shutil.copytree(app.parent, old)
    (mark,) = old.rglob(f"gpu/{MARK}")
    mark.write_text("0.0.1\n")
    done = run(old / "alcove", tmp_path, "doctor", VK_DRIVER_FILES=str(SOFTWARE))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The part for GPUs is of Alcove 0.0.1, and is not used." in done.stdout
    assert "No GPU that this build can use: processor only" in done.stdout
