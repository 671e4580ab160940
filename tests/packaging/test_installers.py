"""What installers are made of, as far as any machine can tell; `make package-test` runs them."""

import plistlib
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGING = ROOT / "packaging"


@pytest.fixture(autouse=True)
def as_a_script(monkeypatch) -> None:
    for folder in ("", "desktop", "linux", "macos", "windows"):
        monkeypatch.syspath_prepend(str(PACKAGING / folder))


def test_macos_is_told_of_every_type_once() -> None:
    from document_types import DOCUMENTS, MODEL
    from info import INFO

    read = plistlib.loads(plistlib.dumps(INFO))
    opened = [kind for one in read["CFBundleDocumentTypes"] for kind in one["LSItemContentTypes"]]
    assert opened == [one.uti for one in (*DOCUMENTS, MODEL)]
    declared = {one["UTTypeIdentifier"] for one in read["UTExportedTypeDeclarations"]}
    assert declared == {kind for kind in opened if kind.startswith("org.alcove.")}


def test_macos_entitlements_are_a_property_list() -> None:
    read = plistlib.loads((PACKAGING / "macos" / "entitlements.plist").read_bytes())
    assert all(value is True for value in read.values())


def test_macos_signs_what_is_inside_first(tmp_path) -> None:
    from build_dmg import code_inside_out

    app = tmp_path / "Alcove.app"
    library = b"\xcf\xfa\xed\xfe"
    for name in (
        "Contents/MacOS/alcove",
        "Contents/Frameworks/Qt.framework/Versions/A/Qt",
        "Contents/Frameworks/lib.dylib",
    ):
        (app / name).parent.mkdir(parents=True, exist_ok=True)
        (app / name).write_bytes(library)
    (app / "Contents/Info.plist").write_bytes(b"<plist/>")
    (app / "Contents/Frameworks/link.dylib").symlink_to("lib.dylib")
    order = [path.name for path in code_inside_out(app)]
    assert order == ["Qt", "Qt.framework", "lib.dylib", "alcove"]


def test_macos_disk_image_says_where_the_persons_own_is(tmp_path) -> None:
    from build_dmg import lay_beside

    lay_beside(tmp_path)
    assert (tmp_path / "Applications").readlink() == Path("/Applications")
    told = (tmp_path / "README.txt").read_text("utf-8")
    for folder in ("Application Support", "Caches", "Logs"):
        assert f"Library/{folder}/alcove " in told


def test_windows_installer_removes_exactly_what_it_installs(tmp_path) -> None:
    from build_installer import files_script

    for name in ("alcove.exe", "lib/deep/er/a.dll", "alcove-data/mine.json", "portable"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    script = files_script(tmp_path)
    assert "mine.json" not in script
    assert "portable" not in script
    put, taken = script.split("!macro NoFiles")
    assert re.findall(r'File ".*[/\\](.+)"', put) == ["alcove.exe", "a.dll"]
    assert re.findall(r'Delete "\$INSTDIR\\(.+)"', taken) == ["alcove.exe", r"lib\deep\er\a.dll"]
    folders = re.findall(r'RMDir "\$INSTDIR\\(.+)"', taken)
    assert folders == [r"lib\deep\er", r"lib\deep", "lib"]


def test_windows_is_told_of_every_type() -> None:
    from build_installer import types_script
    from document_types import EXTENSIONS

    script = types_script()
    for extension in (*EXTENSIONS, "gguf"):
        assert f'OpensWith "{extension}"' in script
        assert f'Forgets "{extension}"' in script
    assert 'Summarizes "gguf"' not in script


@pytest.mark.skipif(sys.platform != "linux", reason="reads the loader's files of Linux")
def test_debian_package_knows_what_python_needs(tmp_path) -> None:
    from outside import glibc, libraries, programs

    program = tmp_path / "python"
    program.write_bytes(Path(sys.executable).resolve().read_bytes())
    (tmp_path / "text").write_text("no program")
    assert programs(tmp_path) == [program]
    assert "libc.so.6" in libraries(tmp_path)
    assert int(glibc(tmp_path).partition(".")[0]) == 2


def test_bill_of_materials_tells_where_each_part_is_from() -> None:
    from sbom import bill

    from assistant.parts import Part

    parts = [
        Part(name="numpy", version="2.0", licence="BSD-3-Clause"),
        Part(name="glib2.0", version="2.74.6-2+deb12u9", licence="LGPL-2.1-or-later"),
        Part(name="Qt", version="6.11", licence="LGPL-3.0-only", homepage="https://www.qt.io"),
        Part(name="odd", licence="some words"),
    ]
    components = {one["name"]: one for one in bill(parts)["components"]}
    assert components["numpy"]["purl"] == "pkg:pypi/numpy@2.0"
    assert components["glib2.0"]["purl"].startswith("pkg:deb/debian/glib2.0@2.74.6-2%2Bdeb12u9")
    assert components["Qt"]["purl"] == "pkg:generic/qt@6.11"
    assert components["odd"]["licenses"] == [{"license": {"name": "some words"}}]
    assert components["numpy"]["licenses"] == [{"expression": "BSD-3-Clause"}]
