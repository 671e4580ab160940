"""The terminal: `alcove summarize`, `chat`, `models` and so on, a module or package for each.

Results go to standard output, everything else to standard error. docs/cli.md is the contract.
"""

import argparse
import importlib
import sys
from collections.abc import Sequence
from types import ModuleType

from assistant import __version__
from assistant.cli import quick
from assistant.cli.terminal import Exit, Stopped, say_error
from assistant.errors import AssistantError

# Each is a module or package of this one; `commands.py` has them all.
NAMES = (
    *("summarize", "ask", "compare", "ocr", "chat", "chats", "quick", "models", "bench"),
    "doctor",
)


def main(arguments: Sequence[str], *, show_quick: quick.ShowQuick | None = None) -> int:
    """Run the command that `arguments` name and return its exit code.

    Args:
        arguments: what stands behind `alcove`.
        show_quick: shows the quick ask window with a question; None where there is no window.
    """
    options = _parser(_commands(arguments)).parse_args(arguments)
    options.show_quick = show_quick
    # A name in a legacy encoding must never end a summary: what cannot be shown is escaped, and
    # what was piped or typed and is no text becomes a sign.
    if reconfigure := getattr(sys.stdin, "reconfigure", None):
        reconfigure(errors="replace")
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            if sys.platform == "win32":  # a console's own encoding may lack our signs
                reconfigure(encoding="utf-8")
            reconfigure(errors="backslashreplace")
    try:
        return int(options.run(options))
    except AssistantError as error:
        say_error(error)
        return Exit.FAILED
    except (Stopped, KeyboardInterrupt):
        return Exit.STOPPED


def _commands(arguments: Sequence[str]) -> Sequence[ModuleType]:
    """Return the commands that may be meant: loading all of them takes as long as most of them."""
    if arguments and arguments[0] in NAMES:
        return (importlib.import_module(f"assistant.cli.{arguments[0]}"),)
    from assistant.cli.commands import COMMANDS  # noqa: PLC0415 - as told above

    return COMMANDS


def _parser(known: Sequence[ModuleType]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="alcove",
        description="A private assistant on this computer. Without arguments it opens its window.",
        epilog=(
            "alcove FILE… opens documents, chats and models in the window; --summarize FILE… "
            "summarises them there; --minimized starts it put away in the tray."
        ),
    )
    parser.add_argument("--version", action="version", version=f"alcove {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in known:
        command.add_to(commands)
    return parser
