"""`alcove chat`: a conversation with the model, streamed."""

import argparse
import sys
import threading
from typing import Any

from assistant.cli.terminal import Exit, Progress, say, say_error, stop_on_interrupt, write_result
from assistant.cli.workplace import workplace
from assistant.conversations.replying import HistoryCut, is_small, reply
from assistant.engine.client import Engine
from assistant.engine.protocol import (
    Finished,
    FinishReason,
    LoadProgress,
    LoadSettings,
    Message,
    PromptProgress,
    Role,
    TextPart,
)
from assistant.errors import AssistantError, ModelNotFound


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
        log=work.folders.logs / "engine.log", crash_record=work.folders.data / "crashes.json"
    )
    engine.choose(
        model.path,
        LoadSettings(context_tokens=work.settings.context_tokens, threads=work.settings.threads),
    )
    try:
        if options.prompt is not None or options.source or not sys.stdin.isatty():
            prompt = options.prompt if options.prompt not in {None, "-"} else sys.stdin.read()
            return _one_turn(engine, prompt)
        return _converse(engine)
    finally:
        engine.close()


def _one_turn(engine: Engine, prompt: str) -> int:
    if not prompt.strip():
        say("alcove: the prompt is empty. Write it after -p, or pipe it in.")
        return Exit.USAGE
    with stop_on_interrupt() as cancel:
        _answer(engine, [Message(Role.USER, prompt)], cancel)
        return Exit.STOPPED if cancel.is_set() else Exit.DONE


def _converse(engine: Engine) -> int:
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
                history.append(Message(Role.ASSISTANT, _answer(engine, history, cancel)))
            except AssistantError as error:
                # The question goes with its failed reply: the next one stands for itself.
                history.pop()
                say_error(error)


def _answer(engine: Engine, history: list[Message], cancel: threading.Event) -> str:
    """Stream the reply to standard output and return it."""
    progress = Progress()
    parts: list[str] = []
    try:
        for event in reply(engine, history, cancel=cancel):
            match event:
                case LoadProgress():
                    progress.show("Loading the model", round(event.fraction, 2), 1)
                case PromptProgress():
                    progress.show("Reading", event.evaluated_tokens, event.total_tokens)
                case HistoryCut():
                    say(f"(the first {event.messages} messages no longer fit the context)")
                case TextPart() if not event.is_thinking:
                    progress.close()
                    parts.append(event.text)
                    write_result(event.text, None)
                case Finished(reason=FinishReason.LENGTH):
                    say("\n(the reply was cut: its length or the context is used up)")
    finally:
        progress.close()
    write_result("\n", None)
    return "".join(parts)
