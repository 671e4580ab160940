"""The installer for Windows, run by Wine over a small folder: install, update, remove.

What it installs here is no Alcove: that can be frozen on Windows only. Files, registry and what is
left afterwards are the installer's own work.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent / "windows"))
sys.path.insert(0, str(Path(__file__).resolve().parent / "desktop"))

import build_installer
from icons import make_icons
from not_tried import not_tried

pytestmark = [pytest.mark.frozen, pytest.mark.timeout(600)]

CLASSES = r"HKCU\Software\Classes"
CURRENT = r"HKCU\Software\Microsoft\Windows\CurrentVersion"
UNINSTALL = rf"{CURRENT}\Uninstall\Alcove"
RUN = rf"{CURRENT}\Run"
SLEEPS = 'FileOpen $0 "$LOCALAPPDATA\\started" w\nFileClose $0\nSleep 300000'


class Windows:
    """A person's Windows, as far as Wine is one.

    Attributes:
        home: the folder that is %LOCALAPPDATA%.
        app: where Alcove is installed.
    """

    def __init__(self, folder: Path) -> None:
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "WINEPREFIX": str(folder / "wine"),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree=;mshtml=",
            "LANG": "C.UTF-8",
        }
        self.run("wineboot", "--init")
        (self.home,) = (folder / "wine" / "drive_c" / "users").glob("*/AppData/Local")
        self.app = self.home / "Programs" / "Alcove"

    def run(self, *command: object, waits: bool = True) -> "subprocess.CompletedProcess[str]":
        """Run a program of Windows and wait for it, and with `waits` for all that runs there."""
        done = subprocess.run(
            ["wine", *map(str, command)],
            env=self._environment,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=240,
            check=False,
        )
        if waits:
            subprocess.run(["wineserver", "-w"], env=self._environment, timeout=60, check=False)
        return done

    @contextmanager
    def running(self, program: Path) -> Iterator[None]:
        """Have `program`, made of `SLEEPS`, run for a while."""
        started = self.home / "started"
        process = subprocess.Popen(["wine", program], env=self._environment)
        try:
            ends = time.monotonic() + 60
            while not started.exists():
                assert time.monotonic() < ends, "it did not start"
                time.sleep(0.2)
            yield
        finally:
            started.unlink(missing_ok=True)
            self.close()
            process.wait(timeout=30)

    @staticmethod
    def path(place: Path) -> str:
        """Return what `place` is called there."""
        _, _, inside = str(place).partition("/drive_c/")
        return "C:\\" + inside.replace("/", "\\")

    def value(self, key: str, name: str | None = None) -> str | None:
        """Return a value of the registry, the unnamed one without `name`; None if it is not."""
        done = self.run("reg", "query", key, *(["/v", name] if name else ["/ve"]))
        match = re.search(r"REG_\w+ *(.*?)\r?$", done.stdout, re.MULTILINE)
        return match.group(1).strip() if match and not done.returncode else None

    def close(self) -> None:
        """End what Wine left running."""
        subprocess.run(["wineserver", "-k"], env=self._environment, timeout=60, check=False)


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Windows]:
    """A new one."""
    for tool in ("makensis", "wine"):
        if not shutil.which(tool):
            not_tried(f"{tool} is missing: apt-get install nsis wine wine64")
    windows = Windows(tmp_path_factory.mktemp("windows"))
    yield windows
    windows.close()


def _program(target: Path, script: str) -> Path:
    """Make a program of Windows that does a few lines of NSIS's script."""
    lines = ["Unicode true", "SilentInstall silent", "RequestExecutionLevel user"]
    lines += [f'OutFile "{target}"', "Section", script, "SectionEnd"]
    source = target.with_suffix(".nsi")
    source.write_text("\n".join(['Target "amd64-unicode"', *lines]))
    subprocess.run(["makensis", "-V1", source], check=True, timeout=60)
    return target


def _installer(folder: Path, version: str, *files: str) -> Path:
    app = folder / version
    for name in ("alcove.exe", "alcove-terminal.exe", "lib/resources/catalog.json", *files):
        (app / name).parent.mkdir(parents=True, exist_ok=True)
        (app / name).write_bytes(version.encode())
    make_icons(folder / "icons")
    target = folder / f"{version}-setup.exe"
    return build_installer.build(app, target, version=version, icon=folder / "icons" / "alcove.ico")


def test_installs_updates_and_leaves_what_is_the_persons(windows, tmp_path) -> None:
    first = _installer(tmp_path, "0.1.0", "lib/of $HOME/ä.txt", "lib/gone.dll")
    assert windows.run(first, "/S").returncode == 0
    assert (windows.app / "alcove.exe").read_bytes() == b"0.1.0"
    assert (windows.app / "lib" / "of $HOME" / "ä.txt").is_file()
    assert list(windows.home.parent.rglob("Start Menu/Programs/Alcove.lnk"))
    assert windows.value(UNINSTALL, "DisplayVersion") == "0.1.0"

    program = windows.value(rf"{CLASSES}\Alcove.Document\shell\open\command")
    assert program.endswith('\\Programs\\Alcove\\alcove.exe" "%1"')
    verb = rf"{CLASSES}\SystemFileAssociations\.pdf\shell\Alcove.Summarize"
    assert windows.value(verb) == "Summarize with Alcove"
    assert '--summarize "%1"' in windows.value(rf"{verb}\command")
    assert windows.value(rf"{CLASSES}\.gguf\OpenWithProgids", "Alcove.Model") is not None
    assert windows.value(rf"{CLASSES}\.docx\OpenWithProgids", "Alcove.Document") is not None

    data = windows.home / "alcove" / "alcove.db"
    data.parent.mkdir()
    data.write_bytes(b"chats")
    kept = windows.app / "alcove-data" / "settings.json"
    kept.parent.mkdir()
    kept.write_bytes(b"{}")

    windows.run("reg", "add", RUN, "/v", "Alcove", "/d", "alcove --minimized", "/f")
    second = _installer(tmp_path, "0.2.0")
    assert windows.run(second, "/S").returncode == 0
    assert (windows.app / "alcove.exe").read_bytes() == b"0.2.0"
    assert not (windows.app / "lib" / "gone.dll").exists()
    assert not (windows.app / "lib" / "of $HOME").exists()
    assert kept.read_bytes() == b"{}"
    assert windows.value(UNINSTALL, "DisplayVersion") == "0.2.0"

    assert windows.value(RUN, "Alcove") == "alcove --minimized"
    windows.run(windows.app / "uninstall.exe", "/S")
    assert windows.value(RUN, "Alcove") is None
    left = [path for path in windows.app.rglob("*") if path.is_file()]
    assert [path.name for path in left] == ["settings.json"]
    assert data.read_bytes() == b"chats"
    assert windows.value(UNINSTALL, "DisplayVersion") is None
    assert windows.value(rf"{CLASSES}\Alcove.Document\shell\open\command") is None
    assert windows.value(verb) is None
    assert windows.value(rf"{CLASSES}\.gguf\OpenWithProgids", "Alcove.Model") is None
    assert not list(windows.home.parent.rglob("Start Menu/Programs/Alcove.lnk"))


def test_another_programs_folder_is_left_as_it_is(windows, tmp_path) -> None:
    theirs = windows.home / "Theirs"
    theirs.mkdir()
    # One that would remove everything, if it were run.
    script = 'RMDir /r "$LOCALAPPDATA\\Theirs"'
    program = _program(tmp_path / "theirs.exe", script)
    shutil.copy(program, theirs / "uninstall.exe")
    (theirs / "letters.txt").write_bytes(b"mine")
    installer = _installer(tmp_path, "0.1.0")
    assert windows.run(installer, "/S", rf"/D={windows.path(theirs)}").returncode == 2
    assert sorted(path.name for path in theirs.iterdir()) == ["letters.txt", "uninstall.exe"]
    assert (theirs / "uninstall.exe").read_bytes() == program.read_bytes()


@pytest.mark.parametrize("name", ["alcove.exe", "alcove-terminal.exe"])
def test_nothing_is_changed_while_a_program_of_it_runs(windows, tmp_path, name) -> None:
    first = _installer(tmp_path, "0.1.0")
    assert windows.run(first, "/S").returncode == 0
    shutil.copy(_program(tmp_path / "sleeps.exe", SLEEPS), windows.app / name)
    before = {path: path.read_bytes() for path in windows.app.rglob("*") if path.is_file()}
    second = _installer(tmp_path, "0.2.0", "lib/new.dll")
    with windows.running(windows.app / name):
        assert windows.run(second, "/S", waits=False).returncode == 2
        # In its place: else a copy of it does the work, and nobody hears what it says.
        uninstalled = windows.run(
            windows.app / "uninstall.exe", "/S", f"_?={windows.path(windows.app)}", waits=False
        )
        assert uninstalled.returncode == 2
        assert {path: path.read_bytes() for path in before} == before
        assert not (windows.app / "lib" / "new.dll").exists()
    assert windows.run(second, "/S").returncode == 0
    assert (windows.app / name).read_bytes() == b"0.2.0"
    windows.run(windows.app / "uninstall.exe", "/S")
    assert not (windows.app / name).exists()


def test_signs_the_installer_and_what_uninstalls(tmp_path, monkeypatch) -> None:
    if not shutil.which("makensis"):
        not_tried("makensis is missing: apt-get install nsis")
    log = tmp_path / "signed"
    signer = tmp_path / "sign.sh"
    signer.write_text(f'#!/bin/sh\ntest "$1" = /of/us && head -c 2 "$2" >>{log}\n')
    signer.chmod(0o755)
    monkeypatch.setenv("SIGN_COMMAND", f'"{signer}" /of/us')
    _installer(tmp_path, "0.1.0")
    assert log.read_text() == "MZMZ"
