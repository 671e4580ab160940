"""What the desktop is told of Alcove is valid, complete, of one version, and can be taken back."""

import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from configparser import RawConfigParser
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

from assistant import __version__

ROOT = Path(__file__).resolve().parent.parent.parent
DESKTOP = ROOT / "packaging" / "desktop"
METAINFO = DESKTOP / "org.alcove.Alcove.metainfo.xml"


@pytest.fixture(scope="module")
def modules() -> Iterator[dict[str, ModuleType]]:
    """The build's own modules; `packaging/` is a folder of scripts, not a package."""
    sys.path.insert(0, str(DESKTOP))
    try:
        import document_types
        import icons
        import tree

        yield {"document_types": document_types, "icons": icons, "tree": tree}
    finally:
        sys.path.remove(str(DESKTOP))
        for name in ("document_types", "icons", "tree"):
            sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def share(modules: dict[str, ModuleType], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree as a package installs it."""
    folder = tmp_path_factory.mktemp("usr")
    modules["tree"].write_tree(folder)
    return folder / "share"


def entry(path: Path) -> RawConfigParser:
    parser = RawConfigParser(strict=True, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(path, "utf-8")
    return parser


def command(line: str) -> list[str]:
    """Read an Exec line as a desktop does: the file's escapes first, then the quoting."""
    line = re.sub(r"\\(.)", lambda m: {"s": " ", "n": "\n"}.get(m[1], m[1]), line)
    words = re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', line)
    return [re.sub(r"\\(.)", r"\1", a).replace("%%", "%") if a else b for a, b in words]


def test_there_is_one_version() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)
    newest = ET.parse(METAINFO).getroot().find("releases/release")
    assert newest is not None
    assert newest.get("version") == __version__
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["project"].get("version") is None
    assert project["tool"]["hatch"]["version"]["path"] == "assistant/__init__.py"


def test_no_other_file_of_the_build_names_a_version_of_its_own() -> None:
    """Installers and workflows take it from where it stands."""
    stated = re.compile(rf"(?<![\d.]){re.escape(__version__)}(?![\d.])")
    read = []
    for folder in ("packaging", ".github"):
        for path in (ROOT / folder).rglob("*"):
            # Tests may install any version.
            if not path.is_file() or path.name.startswith("test_") or path.suffix == ".pyc":
                continue
            if path != METAINFO:
                assert not stated.search(path.read_text("utf-8")), path
                read.append(path.name)
    assert {"alcove.nsi", "entitlements.plist", "postrm", "release.yml", "install.sh"} <= set(read)


def test_desktop_entries_name_what_is_there(share: Path) -> None:
    entries = sorted((share / "applications").glob("*.desktop"))
    assert [one.name for one in entries] == ["alcove.desktop", "summarize-with-alcove.desktop"]
    for path in entries:
        main = entry(path)["Desktop Entry"]
        assert "@" not in path.read_text("utf-8")
        assert command(main["Exec"])[0] == main["TryExec"] == "alcove"
        assert (share / f"icons/hicolor/256x256/apps/{main['Icon']}.png").is_file()
        assert main["MimeType"].endswith(";")
    if shutil.which("desktop-file-validate"):
        done = subprocess.run(
            ["desktop-file-validate", *entries], capture_output=True, text=True, timeout=30
        )
        assert done.returncode == 0, done.stdout
        assert not done.stdout


def test_documents_and_models_open_with_alcove(share: Path, modules: dict[str, ModuleType]) -> None:
    types = modules["document_types"]
    mimes = {one.mime for one in types.DOCUMENTS}
    opened = entry(share / "applications/alcove.desktop")["Desktop Entry"]["MimeType"]
    assert set(opened.rstrip(";").split(";")) == mimes | {types.MODEL.mime}
    for name in ("applications/summarize-with-alcove", "kio/servicemenus/alcove-summarize"):
        text = entry(share / f"{name}.desktop")["Desktop Entry"]["MimeType"]
        assert set(text.rstrip(";").split(";")) == mimes
    nemo = entry(share / "nemo/actions/alcove-summarize.nemo_action")["Nemo Action"]
    assert nemo["Extensions"].rstrip(";").split(";") == list(types.EXTENSIONS)
    assert len(set(types.EXTENSIONS)) == len(types.EXTENSIONS)


def test_what_the_system_is_told_can_be_read(modules: dict[str, ModuleType]) -> None:
    """Every type that is named is one that the reader knows."""
    from assistant.documents.sniffing import FileType

    known = {str(kind) for kind in FileType} | {"htm", "md", "txt", "tif", "jpg"}
    assert set(modules["document_types"].EXTENSIONS) <= known


def test_the_service_menu_of_kde_may_be_run(share: Path) -> None:
    path = share / "kio/servicemenus/alcove-summarize.desktop"
    parsed = entry(path)
    assert os.access(path, os.X_OK)
    for action in parsed["Desktop Entry"]["Actions"].rstrip(";").split(";"):
        assert command(parsed[f"Desktop Action {action}"]["Exec"]) == [
            "alcove",
            "--summarize",
            "%F",
        ]


def test_the_metadata_for_software_centres_is_valid() -> None:
    root = ET.parse(METAINFO).getroot()
    assert root.findtext("project_license") == "MIT"
    assert root.findtext("launchable") == "alcove.desktop"
    dates = [release.get("date", "") for release in root.iterfind("releases/release")]
    assert dates == sorted(dates, reverse=True)
    if shutil.which("appstreamcli"):
        done = subprocess.run(
            ["appstreamcli", "validate", "--no-net", METAINFO],
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout


def test_the_model_type_is_known_by_its_first_bytes(share: Path) -> None:
    text = (share / "mime/packages/alcove.xml").read_text("utf-8")
    assert (
        ET.fromstring(text).find(
            ".//{http://www.freedesktop.org/standards/shared-mime-info}match[@value='GGUF']"
        )
        is not None
    )


def test_icons_have_their_sizes(
    share: Path, modules: dict[str, ModuleType], tmp_path: Path
) -> None:
    sizes = (16, 22, 24, 32, 36, 48, 64, 72, 96, 128, 192, 256, 512)
    folders = {folder.name for folder in (share / "icons" / "hicolor").iterdir()}
    assert folders == {"scalable", *(f"{size}x{size}" for size in sizes)}
    assert (share / "icons/hicolor/scalable/apps/alcove.svg").is_file()
    for folder in (share / "icons" / "hicolor").iterdir():
        if folder.name == "scalable":
            continue
        with Image.open(folder / "apps" / "alcove.png") as picture:
            assert picture.size == tuple(map(int, folder.name.split("x")))
            assert picture.mode == "RGBA"
            assert picture.getpixel((0, 0))[3] == 0  # the corner is clear
            middle = picture.getpixel((picture.width // 2, picture.height // 2))
            assert middle[3] == 255
    modules["icons"].make_icons(tmp_path)
    with Image.open(tmp_path / "alcove.ico") as icon:
        assert {size for size, _ in icon.info["sizes"]} == {16, 24, 32, 48, 64, 128, 256}
    with Image.open(tmp_path / "alcove.icns") as icon:
        points = {(width, scale) for width, _, scale in icon.info["sizes"]}
        assert {(512, 2), (512, 1), (256, 1), (128, 1), (32, 2), (16, 2)} <= points


@pytest.mark.skipif(sys.platform == "win32", reason="a script of Linux desktops")
@pytest.mark.parametrize("name", ["Alcove-1.0", 'it\'s $HOME `x` "mine"\\ und ähnlich'])
def test_the_portable_folder_can_be_put_into_the_menu_and_taken_out(
    share: Path, tmp_path: Path, name: str
) -> None:
    folder, home = tmp_path / name, tmp_path / "home"
    shutil.copytree(share, folder / "share")
    for script in ("install.sh", "uninstall.sh"):
        shutil.copy(DESKTOP / script, folder)
    program = folder / "alcove"
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$@" >"$HOME/ran"\n')
    program.chmod(0o755)
    keep = home / ".local/share/alcove/alcove.db"
    keep.parent.mkdir(parents=True)
    keep.write_bytes(b"mine")
    environment = {"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}

    def run(*words: object) -> str:
        done = subprocess.run(
            list(map(str, words)), env=environment, capture_output=True, text=True, timeout=30
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run(folder / "install.sh")
    data = home / ".local/share"
    for path in (data / "applications").glob("*.desktop"):
        parsed = entry(path)
        for section in parsed.sections():
            assert command(parsed[section]["Exec"])[0] == str(program)
        assert parsed["Desktop Entry"]["TryExec"].replace("\\\\", "\\") == str(program)
    run(data / "nautilus/scripts/Summarize with Alcove", "a b.pdf", "c.pdf")
    assert (home / "ran").read_text().splitlines() == ["--summarize", "a b.pdf", "c.pdf"]
    if shutil.which("gio"):  # a desktop's own reading of the entry
        run("gio", "launch", data / "applications/summarize-with-alcove.desktop", "d e.pdf")
        deadline = time.monotonic() + 10
        while (home / "ran").read_text().splitlines()[1:] != [str(Path.cwd() / "d e.pdf")]:
            assert time.monotonic() < deadline
            time.sleep(0.02)
    told = run(folder / "uninstall.sh")
    assert str(keep.parent) in told
    left = [p for p in home.rglob("*") if p.is_file() and "mime" not in p.parts and p.name != "ran"]
    assert [p for p in left if p.suffix != ".cache"] == [keep]


@pytest.mark.skipif(sys.platform == "win32", reason="a script of Linux desktops")
def test_a_folder_that_no_desktop_can_start_from_is_refused(share: Path, tmp_path: Path) -> None:
    folder, home = tmp_path / "100% mine", tmp_path / "home"
    shutil.copytree(share, folder / "share")
    shutil.copy(DESKTOP / "install.sh", folder)
    (folder / "alcove").touch(mode=0o755)
    done = subprocess.run(
        [folder / "install.sh"],
        env={"HOME": str(home), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 1
    assert "Rename the folder" in done.stdout
    assert not home.exists()
