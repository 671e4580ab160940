"""`alcove models use`: which model chats, summarises and compares texts."""

import argparse
import json
from typing import Any

from assistant.cli.models.listing import facts
from assistant.cli.terminal import Exit, write_result
from assistant.cli.workplace import workplace
from assistant.errors import ModelNotFound
from assistant.models.keeping.defaults import Task, leave_to_us, model_for, use_for


def add_to(actions: Any) -> None:
    """Add the action to the `argparse` subparsers of `alcove models`."""
    parser = actions.add_parser(
        "use",
        help="choose which model chats, summarises or compares texts",
        description="Without a name the choice is taken back: then the best model chats, the one "
        "that chats summarises, and the largest one made for it compares texts.",
    )
    parser.add_argument("model", metavar="NAME", nargs="?", help="an installed model")
    parser.add_argument(
        "--for",
        dest="task",
        choices=[str(task) for task in Task],
        default=str(Task.CHAT),
        help="what it is used for (chat)",
    )
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.set_defaults(run=use_model)


def use_model(options: argparse.Namespace) -> int:
    """Store the choice and print which model does the task now."""
    work = workplace()
    task = Task(options.task)
    if options.model:
        settings = use_for(task, work.models.find(options.model), work.settings_file)
    else:
        settings = leave_to_us(task, work.settings_file)
    model = model_for(task, settings, work.models)
    if model is None:
        raise ModelNotFound(options.model or "")
    if options.format == "json":
        told = facts(model, settings) | {"task": str(task)}
        write_result(json.dumps(told, ensure_ascii=False) + "\n", None)
    else:
        write_result(f"{task}: {model.shown_name}\n", None)
    return Exit.DONE
