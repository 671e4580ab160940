"""`alcove quick`: ask something in a small window that stands above the others."""

import argparse
import sys
from collections.abc import Callable
from typing import Any

from assistant.cli.terminal import Exit, say

_LONGEST = 100_000  # characters; more than any context of a question holds

ShowQuick = Callable[[str], int]


def add_to(commands: Any) -> None:
    """Add the command to the `argparse` subparsers `commands`."""
    parser = commands.add_parser(
        "quick",
        help="ask something in a small window",
        description=(
            "Ask something in a small window that stands above the others. If Alcove is running, "
            "its window opens at once. The answer is not kept unless you open it in Alcove."
        ),
        epilog=(
            "Set the command `alcove quick` as a keyboard shortcut of your system, and ask from "
            "anywhere."
        ),
    )
    parser.add_argument(
        "text",
        nargs="*",
        help="what to ask, sent at once; - reads standard input; none: an empty window",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Show the window; `options.show_quick` does it, for the terminal itself has no window."""
    text = " ".join(options.text)
    if text == "-":
        text = sys.stdin.read(_LONGEST + 1) if sys.stdin is not None else ""
    text = typed(text).strip()
    if len(text) > _LONGEST:
        say(f"alcove: a question may have {_LONGEST:,} characters. Open the text as a document.")
        return Exit.USAGE
    show: ShowQuick | None = options.show_quick
    if show is None:
        say("alcove: there is no window here. In the terminal: alcove chat -p QUESTION")
        return Exit.FAILED
    return show(text)


def typed(text: str) -> str:
    """Return `text` as it can be typed: without control characters but for line breaks.

    Bytes that are no text come from the system as halves of characters, which no database takes.
    """
    kept = (c if c in "\n\t" or ord(c) >= 0x20 else " " for c in text.replace("\r\n", "\n"))
    plain = "".join(kept).replace("\x7f", " ")
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
