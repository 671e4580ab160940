"""Runs the packaged app with only what a bare system has."""

import subprocess
from pathlib import Path


def bare_environment(home: Path, **variables: str) -> dict[str, str]:
    """Return variables with which nothing of a checkout can help, and all is kept in `home`."""
    return {
        "ALCOVE_HOME": str(home),
        "PATH": "/usr/bin:/bin",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        **variables,
    }


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
        timeout=timeout_s,
        check=False,
    )
