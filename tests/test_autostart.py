"""Alcove starts with the computer only where the person wants it, by an entry of the system's."""

import plistlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assistant import autostart
from assistant.errors import CannotWrite
from tests.disks import read_only

__all__ = ["read_only"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    return tmp_path


@pytest.fixture
def linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")


@pytest.mark.usefixtures("linux")
def test_it_is_off_until_it_is_switched_on(home: Path) -> None:
    entry = home / ".config" / "autostart" / "alcove.desktop"
    assert not autostart.is_on()
    autostart.switch(is_on=False)
    assert not entry.exists()
    autostart.switch(is_on=True)
    assert autostart.is_on()
    text = entry.read_text("utf-8")
    assert re.search(r"^Exec=.*alcove --minimized$", text, re.MULTILINE)
    if shutil.which("desktop-file-validate"):
        done = subprocess.run(
            ["desktop-file-validate", entry], capture_output=True, text=True, timeout=30
        )
        assert done.returncode == 0, done.stdout
    for off in ("Hidden=true", "X-GNOME-Autostart-enabled=false"):  # as the desktop's settings do
        entry.write_text(f"{text}\n{off}\n")
        assert not autostart.is_on()
    entry.write_text(re.sub(r"(?m)^TryExec=.*", "TryExec=/gone/alcove", text))
    assert not autostart.is_on()  # no desktop starts it
    autostart.switch(is_on=True)
    assert autostart.is_on()
    autostart.switch(is_on=False)
    assert not entry.exists()


@pytest.mark.usefixtures("linux")
def test_a_place_with_odd_characters_is_quoted(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = home / 'it\'s 100% $mine "and" \\yours`' / "alcove"
    monkeypatch.setattr(autostart, "program", lambda: program)
    program.parent.mkdir()
    program.touch()
    autostart.switch(is_on=True)
    assert autostart.is_on()
    text = (home / ".config" / "autostart" / "alcove.desktop").read_text("utf-8")
    (line,) = re.findall(r"^Exec=(.*)$", text, re.MULTILINE)
    line = line.replace("\\\\", "\\")  # as the file's format is read
    quoted = re.fullmatch(r'"((?:[^"\\]|\\.)*)" --minimized', line)
    assert quoted
    assert re.sub(r"\\(.)", r"\1", quoted[1]).replace("%%", "%") == str(program)


@pytest.mark.usefixtures("linux")
def test_what_cannot_be_written_is_said(home: Path, read_only, monkeypatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(read_only(home)))
    with pytest.raises(CannotWrite):
        autostart.switch(is_on=True)
    assert not autostart.is_on()


def test_macos_has_an_agent(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    autostart.switch(is_on=True)
    agent = home / "Library" / "LaunchAgents" / "org.alcove.Alcove.plist"
    said = plistlib.loads(agent.read_bytes())
    assert said["ProgramArguments"] == [*autostart.command(), "--minimized"]
    assert said["RunAtLoad"] is True
    assert autostart.is_on()
    agent.write_bytes(b"not a list")
    assert not autostart.is_on()
    autostart.switch(is_on=False)
    assert not agent.exists()


def test_a_portable_copy_leaves_no_entry(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert autostart.is_possible()
    (home / "portable").touch()
    monkeypatch.delenv("ALCOVE_HOME")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(home / "alcove"))
    assert not autostart.is_possible()
