"""The folder that an AppImage holds, in a bare Debian and read-only. After `make package`."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent / "bare"))
sys.path.insert(0, str(Path(__file__).resolve().parent / "linux"))

import build_appimage
import usr_tree
from bare_debian import DOCUMENTED, BareDebian, NotPossible, make_system
from not_tried import not_tried
from window import no_complaint

pytestmark = [pytest.mark.frozen, pytest.mark.timeout(600)]

MOUNTED = Path("/mnt/alcove")


@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> BareDebian:
    """A bare system in which the folder lies where only root may write, as a mount would be."""
    try:
        system = make_system(DOCUMENTED)
    except NotPossible as error:
        not_tried(error)
    debian = BareDebian(tmp_path_factory.mktemp("appimage") / "root", system)
    build_appimage.lay_out(usr_tree.APP, debian.inside(MOUNTED))
    return debian


def test_starts_by_its_own_script(debian) -> None:
    sample = MOUNTED / "usr/lib/alcove/lib/resources/samples/sample.pdf"
    done = debian.run(MOUNTED / "AppRun", "summarize", sample)
    assert done.returncode == 0, done.stderr
    assert "Senate" in done.stdout
    no_complaint(done.stdout, done.stderr)


def test_shows_menus_its_entry_and_icon(debian) -> None:
    folder = debian.inside(MOUNTED)
    assert "Exec=alcove" in (folder / "alcove.desktop").read_text()
    assert (folder / ".DirIcon").read_bytes().startswith(b"\x89PNG")
    assert (folder / "usr/bin/alcove").resolve().is_file()
