"""`alcove chat`: a conversation with the model, streamed."""

import argparse
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from assistant.cli.chats.listing import list_chats, search_chats
from assistant.cli.documents import add_password_to
from assistant.cli.quick import typed
from assistant.cli.talk_commands import TalkCommands
from assistant.cli.talk_opening import Refused, opened
from assistant.cli.talking import Talk
from assistant.cli.terminal import Exit, ask_line, say, say_error, stop_on_interrupt
from assistant.conversations.sampling import RANGES, Range
from assistant.errors import AssistantError

_NEWEST = 0
_OPENING = "Ctrl+C stops a reply, Ctrl+D ends the conversation; /help lists what else there is."


def add_to(commands: Any) -> None:
    """Add the command to the `argparse` subparsers `commands`."""
    parser = commands.add_parser(
        "chat",
        help="talk with the model",
        description="Talk with the model. Ctrl+C stops a reply, Ctrl+D ends the conversation. "
        "Nothing is kept unless --save or --continue says so.",
    )
    parser.add_argument("--model", metavar="NAME|PATH", help="an installed model, or a .gguf file")
    parser.add_argument(
        "-p",
        "--prompt",
        type=typed,
        metavar="PROMPT",
        help="one turn only; - reads standard input",
    )
    parser.add_argument(
        "source", nargs="?", choices=["-"], help="- reads the prompt from standard input"
    )
    _add_keeping(parser)
    _add_manner(parser)
    parser.add_argument("--json", action="store_true", help="print each reply as one line of JSON")
    parser.add_argument("--verbose", action="store_true", help="tell after each reply what it took")
    parser.set_defaults(run=run)


def _add_keeping(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is kept")
    kept = group.add_mutually_exclusive_group()
    kept.add_argument(
        "--save", action="store_true", help="keep the conversation where the window has its own"
    )
    kept.add_argument(
        "--temporary", action="store_true", help="keep nothing on the disk; so it is by itself, too"
    )
    kept.add_argument(
        "--continue",
        dest="continued",
        nargs="?",
        type=_number,
        const=_NEWEST,
        metavar="ID",
        help="go on with a kept conversation; without ID the last changed one",
    )
    group.add_argument(
        "--conversations",
        nargs="?",
        const="",
        type=typed,
        metavar="WORDS",
        help="list the kept conversations, or those with WORDS, and end",
    )


def _add_manner(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how it replies")
    group.add_argument(
        "--attach",
        nargs="+",
        action="extend",
        default=[],
        type=Path,
        metavar="FILE",
        help="answer from these documents, with their pages; folders are taken with all in them",
    )
    add_password_to(parser)
    group.add_argument(
        "--embedding-model",
        metavar="NAME|PATH",
        help="find passages by meaning, too; default: the installed embedding model, if any",
    )
    group.add_argument(
        "--insist",
        action="store_true",
        help="answer also if a document seems to be meant and none is attached, or if no passage "
        "is close to the question",
    )
    group.add_argument(
        "--preset", metavar="NAME", help="write, explain, translate, code, meeting-notes or yours"
    )
    group.add_argument("--system", type=typed, metavar="TEXT", help="what the model is told first")
    group.add_argument(
        "--think",
        action=argparse.BooleanOptionalAction,
        help="let the model reason first, or not, where it knows how",
    )
    group.add_argument("--max-tokens", type=_count, metavar="N", help="the longest reply")
    group.add_argument(
        "--schema", type=Path, metavar="FILE", help="reply with JSON that follows this JSON schema"
    )
    group.add_argument(
        "--table",
        action="store_true",
        help="reply with a table; the properties of --schema are its columns",
    )
    group = parser.add_argument_group("sampling", "llama.cpp's settings, by its names")
    for name, bounds in RANGES.items():
        group.add_argument(
            f"--{name.replace('_', '-')}",
            type=_within(bounds),
            metavar="N",
            help=f"{bounds.low:g} to {bounds.high:g}; default {bounds.default:g}",
        )


def _number(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"not the number of a conversation: {text}")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError(f"a number of tokens from 1, not {text}")
    return int(text)


def _within(bounds: Range) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            value = int(text) if bounds.is_whole else float(text)
        except ValueError:
            value = float("nan")
        if not bounds.low <= value <= bounds.high:
            raise argparse.ArgumentTypeError(f"{bounds.low:g} to {bounds.high:g}, not {text}")
        return value

    return read


def run(options: argparse.Namespace) -> int:
    """Hold one turn or a whole conversation, or list those that are kept."""
    if options.conversations is not None:
        return _listed(options)
    is_one_turn = options.prompt is not None or options.source or not sys.stdin.isatty()
    prompt = ""
    if is_one_turn:
        prompt = options.prompt if options.prompt not in {None, "-"} else sys.stdin.read()
        prompt = typed(prompt)
        if not prompt.strip():
            say("alcove: the prompt is empty. Write it after -p, or pipe it in.")
            return Exit.USAGE
    try:
        with ExitStack() as stack:
            with stop_on_interrupt() as cancel:
                talk = opened(options, stack, cancel)
                if is_one_turn:
                    is_answered = talk.ask(prompt, cancel)
                    if cancel.is_set():
                        return Exit.STOPPED
                    return Exit.DONE if is_answered else Exit.FAILED
            return _converse(talk)
    except Refused as reason:
        say(f"alcove: {reason}.")
        return Exit.FAILED


def _listed(options: argparse.Namespace) -> int:
    wished = argparse.Namespace(
        archived=False,
        format="json" if options.json else "text",
        words=[options.conversations],
        limit=50,
    )
    return search_chats(wished) if options.conversations.strip() else list_chats(wished)


def _typed_line(prompt: str) -> str | None:
    line = ask_line(prompt)
    return None if line is None else typed(line)


def _converse(talk: Talk) -> int:
    say(_OPENING)
    commands = TalkCommands(talk, _typed_line)
    while True:
        text = _typed_line("\n> ")
        if text is None:
            return Exit.DONE
        if not text.strip():
            continue
        with stop_on_interrupt() as cancel:
            try:
                if not commands.do(text, cancel):
                    talk.ask(text, cancel)
                talk.prepare_next()
            except AssistantError as error:
                # The question goes with its failed reply: the next one stands for itself.
                talk.take_back()
                say_error(error)
