"""Runs the packaged app with only what a bare system has."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

# What programs of Windows do not start or find anything without.
_OF_WINDOWS = (
    *("COMSPEC", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE", "PROCESSOR_IDENTIFIER"),
    *("PROGRAMDATA", "SYSTEMDRIVE", "SYSTEMROOT", "USERNAME", "WINDIR"),
)
_HOMES_OF_WINDOWS = ("APPDATA", "LOCALAPPDATA", "TEMP", "TMP", "USERPROFILE")


def bare_environment(home: Path, **variables: str) -> dict[str, str]:
    """Return variables with which nothing of a checkout can help, and all is kept in `home`."""
    if sys.platform == "win32":
        bare = {name: os.environ[name] for name in _OF_WINDOWS if name in os.environ}
        bare |= dict.fromkeys(_HOMES_OF_WINDOWS, str(home))
        bare["PATH"] = rf"{bare.get('SYSTEMROOT', '')}\System32"
    else:
        bare = {"PATH": "/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8"}
    return {"ALCOVE_HOME": str(home), **bare, **variables}


def run(
    program: Path, home: Path, *arguments: object, timeout_s: float = 500, **variables: str
) -> "subprocess.CompletedProcess[str]":
    """Run `program` with `arguments` in `home`, and return what it printed and its exit code."""
    return subprocess.run(
        [program, *map(str, arguments)],
        env=bare_environment(home, **variables),
        cwd=home,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=timeout_s,
        check=False,
    )


def summaries(database: Path) -> int:
    """Return how many summaries a window stored in its `database` so far."""
    if not database.exists():
        return 0
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return int(connection.execute("SELECT count(*) FROM summaries").fetchone()[0])
    except sqlite3.Error:
        return 0  # the tables are being made
    finally:
        connection.close()
