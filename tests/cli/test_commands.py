"""The command line itself: every command is found, and loads no other."""

import subprocess
import sys

import pytest

from assistant.cli import NAMES
from assistant.cli.commands import COMMANDS


def test_every_command_has_its_name() -> None:
    assert [f"assistant.cli.{name}" for name in NAMES] == [one.__name__ for one in COMMANDS]


def test_help_lists_all_of_them(alcove) -> None:
    told = alcove("--help").stdout
    named = [line.split()[0] for line in told.splitlines() if line.startswith("    ")]
    assert [name for name in named if name in NAMES] == list(NAMES)


def test_an_unknown_one_is_a_usage_error_that_names_them(alcove) -> None:
    done = alcove("sumarize", "x.pdf")
    assert (done.returncode, done.stdout) == (2, "")
    assert "summarize" in done.stderr


LOADED = """
import sys
from assistant import cli
cli._commands(sys.argv[1:])
print(*(name for name in cli.NAMES if f"assistant.cli.{name}" in sys.modules))
"""


@pytest.mark.parametrize("name", NAMES)
def test_it_loads_no_other(name: str) -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", LOADED, name],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert set(loaded) <= {name, "quick", *({"chats"} if name == "chat" else ())}
