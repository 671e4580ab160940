"""Whether Alcove starts with the computer, put away in the tray: an entry that the system keeps.

There is no setting beside it: what the system has is what holds, also where the person switches it
off there.

- Linux: an entry in autostart (https://specifications.freedesktop.org/autostart-spec/latest/).
- Windows: a value of the person's own key Run.
- macOS: a launch agent (launchd.plist(5)).
"""

import contextlib
import os
import plistlib
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from assistant.errors import CannotWrite
from assistant.paths import folders, program, write_atomically, writing_error

_OPTION = "--minimized"
_ID = "org.alcove.Alcove"
_RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"
_OFF = re.compile(r"^(Hidden\s*=\s*true|X-GNOME-Autostart-enabled\s*=\s*false)\s*$", re.MULTILINE)


def is_possible() -> bool:
    """Whether it can be switched on: a portable copy leaves nothing on the computer."""
    return folders().portable is None and bool(command())


def is_on() -> bool:
    """Whether the system starts Alcove when the person logs in."""
    if sys.platform == "win32":
        return bool(_registered())
    try:
        entry = _place().read_bytes()
    except OSError:
        return False
    if sys.platform == "darwin":
        with contextlib.suppress(plistlib.InvalidFileException, ValueError, AttributeError):
            return bool(plistlib.loads(entry).get("RunAtLoad")) and entry != b""
        return False
    text = entry.decode("utf-8", "replace")
    needed = re.search(r"^TryExec=(.*)$", text, re.MULTILINE)
    is_there = needed is None or Path(needed[1].replace("\\\\", "\\")).exists()
    return is_there and not _OFF.search(text)


def switch(*, is_on: bool) -> None:
    """Have the system start Alcove when the person logs in, or not.

    Raises:
        CannotWrite, NoSpace: the entry could not be changed.
    """
    words = [*command(), _OPTION]
    if sys.platform == "win32":
        _register(words if is_on else [])
        return
    place = _place()
    if not is_on:
        try:
            place.unlink(missing_ok=True)
        except OSError as error:
            raise writing_error(place, error) from error
    elif sys.platform == "darwin":
        agent = {"Label": _ID, "ProgramArguments": words, "RunAtLoad": True}
        write_atomically(place, plistlib.dumps(agent))
    else:
        write_atomically(place, _desktop_entry(words).encode())


def command() -> list[str]:
    """Return what starts Alcove; empty where nothing is known to."""
    started = program()
    if started is None:  # a checkout, or an installed wheel
        script = Path(sys.executable).parent / "alcove"
        found = str(script) if script.is_file() else shutil.which("alcove")
        return [found] if found else []
    if started.suffix == ".app":
        return [str(Path(sys.executable).resolve())]
    windowed = started.with_name("alcove.exe")  # beside it lies one for the terminal
    if sys.platform == "win32" and windowed.is_file():
        return [str(windowed)]
    return [str(started)]


def _place() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library" / "LaunchAgents" / f"{_ID}.plist"
    config = os.environ.get("XDG_CONFIG_HOME", "")
    base = Path(config) if config.startswith("/") else Path.home() / ".config"
    return base / "autostart" / "alcove.desktop"


def _desktop_entry(words: Sequence[str]) -> str:
    """Return the entry; a desktop passes over one whose program was removed (`TryExec`)."""
    backslash = "\\"
    return (
        "[Desktop Entry]\n"
        "Type=Application\n"
        "Name=Alcove\n"
        "Comment=Private assistant, put away in the tray\n"
        f"Exec={' '.join(map(_quoted, words))}\n"
        f"TryExec={words[0].replace(backslash, backslash * 2)}\n"
        "Icon=alcove\n"
        "Terminal=false\n"
        "X-GNOME-Autostart-enabled=true\n"
    )


def _quoted(word: str) -> str:
    r"""Return a word of an Exec line.

    It stands in double quotes with four characters escaped and % doubled, in a file whose format
    takes one backslash of two.
    """
    if re.fullmatch(r"[\w./-]+", word, re.ASCII):
        return word
    inner = re.sub(r'(["`$\\])', r"\\\1", word).replace("%", "%%")
    return '"' + inner.replace("\\", "\\\\") + '"'


def _registered() -> str:
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415 - Windows only

        with (
            contextlib.suppress(OSError),
            winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN_KEY) as key,
        ):
            return str(winreg.QueryValueEx(key, "Alcove")[0])
    return ""


def _register(words: Sequence[str]) -> None:
    if sys.platform == "win32":
        import subprocess  # noqa: PLC0415 - for its quoting
        import winreg  # noqa: PLC0415 - Windows only

        try:
            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN_KEY) as key:
                if words:
                    line = subprocess.list2cmdline(words)
                    winreg.SetValueEx(key, "Alcove", 0, winreg.REG_SZ, line)
                else:
                    with contextlib.suppress(FileNotFoundError):
                        winreg.DeleteValue(key, "Alcove")
        except OSError as error:
            raise CannotWrite(Path(_RUN_KEY), str(error)) from error
