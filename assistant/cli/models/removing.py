"""`alcove models remove`: one model less, and what that frees."""

import argparse
import json
from typing import Any

from assistant.cli.terminal import Exit, write_result
from assistant.cli.workplace import workplace
from assistant.wording import size


def add_to(actions: Any) -> None:
    """Add the action to the `argparse` subparsers of `alcove models`."""
    parser = actions.add_parser(
        "remove",
        help="delete a model",
        description="Delete a model that Alcove downloaded or was given a copy of. A file of "
        "another app is only taken off the list: it stays where it is.",
    )
    parser.add_argument("model", metavar="NAME", help="an installed model")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.set_defaults(run=remove_model)


def remove_model(options: argparse.Namespace) -> int:
    """Delete one model and print what was freed."""
    work = workplace()
    model = work.models.find(options.model)
    freed = work.models.remove(model)
    if options.format == "json":
        told = {
            "name": model.name,
            "path": str(model.path),
            "is_deleted": model.is_ours,
            "freed_bytes": freed,
        }
        write_result(json.dumps(told, ensure_ascii=False) + "\n", None)
    elif model.is_ours:
        write_result(f"Deleted {model.name}: {size(freed)} are free again.\n", None)
    else:
        text = f"{model.name} is off the list. The file stays: it is {model.origin}'s.\n"
        write_result(text + f"{model.path}\n", None)
    return Exit.DONE
