"""`alcove models remove`: one model less, and what that frees."""

import argparse
import json
from pathlib import Path
from typing import Any

from assistant.cli.terminal import Exit, write_result
from assistant.cli.workplace import Workplace, workplace
from assistant.errors import ModelError
from assistant.gguf import whole_name
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
    try:
        model = work.models.find(options.model)
    except ModelError as error:
        if error.path not in [one.path for one in work.models.broken()]:
            raise
        return _remove_broken(work, error.path, options)
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


def _remove_broken(work: Workplace, path: Path, options: argparse.Namespace) -> int:
    """Delete a file that is no usable model, and print what was freed."""
    freed = work.models.remove_broken(path)
    if options.format == "json":
        told = {
            "name": whole_name(path),
            "path": str(path),
            "is_deleted": True,
            "freed_bytes": freed,
        }
        write_result(json.dumps(told, ensure_ascii=False) + "\n", None)
    else:
        write_result(f"Deleted {path.name}: {size(freed)} are free again.\n", None)
    return Exit.DONE
