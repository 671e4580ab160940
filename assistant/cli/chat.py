"""`alcove chat`: a conversation with the model, streamed."""

import argparse
import sys
import threading
from typing import Any

from assistant.cli.terminal import (
    Exit,
    Progress,
    say,
    say_error,
    say_given_up,
    stop_on_interrupt,
    write_result,
)
from assistant.cli.workplace import workplace
from assistant.conversations.figures import ReplyFigures
from assistant.conversations.replying import HistoryCut, is_small, reply
from assistant.engine.client import Engine
from assistant.engine.protocol import (
    Finished,
    FinishReason,
    LoadProgress,
    Message,
    ModelInfo,
    PromptProgress,
    Role,
    TextPart,
)
from assistant.engine.speed_record import SpeedWatch
from assistant.engine.wishes import idle_s, wished
from assistant.errors import AssistantError, ModelNotFound
from assistant.wording import size


def add_to(commands: Any) -> None:
    """Add the command to the `argparse` subparsers `commands`."""
    parser = commands.add_parser(
        "chat",
        help="talk with the model",
        description="Talk with the model. Ctrl+C stops a reply, Ctrl+D ends the conversation.",
    )
    parser.add_argument("--model", metavar="NAME|PATH", help="an installed model, or a .gguf file")
    parser.add_argument(
        "-p", "--prompt", metavar="PROMPT", help="one turn only; - reads standard input"
    )
    parser.add_argument(
        "source", nargs="?", choices=["-"], help="- reads the prompt from standard input"
    )
    parser.add_argument("--verbose", action="store_true", help="tell after each reply what it took")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Hold one turn or a whole conversation."""
    work = workplace()
    model = work.model(options.model)
    if model is None:
        raise ModelNotFound("")
    if is_small(model.parameters):
        say(f"alcove: {model.name} is a very small model: it makes things up.")
    engine = Engine(
        log=work.folders.logs / "engine.log",
        crash_record=work.folders.data / "crashes.json",
        memory_record=work.folders.data / "memory.json",
        speeds=SpeedWatch(work.speeds),
        idle_s=idle_s(work.settings),
    )
    engine.choose(model.path, wished(work.settings, model.wishes))
    try:
        if options.prompt is not None or options.source or not sys.stdin.isatty():
            prompt = options.prompt if options.prompt not in {None, "-"} else sys.stdin.read()
            return _one_turn(engine, prompt, is_verbose=options.verbose)
        return _converse(engine, is_verbose=options.verbose)
    finally:
        engine.close()


def _one_turn(engine: Engine, prompt: str, *, is_verbose: bool) -> int:
    if not prompt.strip():
        say("alcove: the prompt is empty. Write it after -p, or pipe it in.")
        return Exit.USAGE
    with stop_on_interrupt() as cancel:
        _answer(engine, [Message(Role.USER, prompt)], cancel, is_verbose=is_verbose)
        return Exit.STOPPED if cancel.is_set() else Exit.DONE


def _converse(engine: Engine, *, is_verbose: bool) -> int:
    say("Ctrl+C stops a reply, Ctrl+D ends the conversation.")
    history: list[Message] = []
    while True:
        try:
            text = input("\n> ")
        except (EOFError, KeyboardInterrupt):
            say()
            return Exit.DONE
        if not text.strip():
            continue
        history.append(Message(Role.USER, text))
        with stop_on_interrupt() as cancel:
            try:
                text = _answer(engine, history, cancel, is_verbose=is_verbose)
                history.append(Message(Role.ASSISTANT, text))
            except AssistantError as error:
                # The question goes with its failed reply: the next one stands for itself.
                history.pop()
                say_error(error)


def _answer(
    engine: Engine, history: list[Message], cancel: threading.Event, *, is_verbose: bool
) -> str:
    """Stream the reply to standard output and return it."""
    progress = Progress()
    parts: list[str] = []
    figures: ReplyFigures | None = None
    try:
        for event in reply(engine, history, cancel=cancel):
            match event:
                case LoadProgress():
                    progress.show("Loading the model", round(event.fraction, 2), 1)
                case ModelInfo():
                    progress.close()
                    say_given_up(event)
                case PromptProgress():
                    progress.show("Reading", event.evaluated_tokens, event.total_tokens)
                case HistoryCut():
                    say(f"(the first {event.messages} messages no longer fit the context)")
                case TextPart() if not event.is_thinking:
                    progress.close()
                    parts.append(event.text)
                    write_result(event.text, None)
                case Finished():
                    figures = ReplyFigures.of(event)
                    if event.reason is FinishReason.LENGTH:
                        say("\n(the reply was cut: its length or the context is used up)")
    finally:
        progress.close()
    write_result("\n", None)
    if figures and is_verbose:
        say(f"({_told(figures)})")
    return "".join(parts)


def _told(figures: ReplyFigures) -> str:
    """Return the figures of a reply in one line."""
    known = f", {figures.reused_tokens} of them known" if figures.reused_tokens else ""
    known += f" ({figures.restored_tokens} from disk)" if figures.restored_tokens else ""
    return " · ".join(
        [
            f"{figures.prompt_tokens} tokens read{known}",
            f"first token after {figures.first_token_s:.2f} s",
            f"{figures.generated_tokens} tokens written",
            f"{figures.tokens_per_s:.1f} tokens/s",
            f"{figures.threads} thread{'' if figures.threads == 1 else 's'}",
            f"at most {size(figures.peak_memory_bytes)} of memory",
        ]
    )
