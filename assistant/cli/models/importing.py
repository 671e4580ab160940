"""`alcove models import`: models from files and from other apps."""

import argparse
import json
from pathlib import Path
from typing import Any

from assistant.cli.models.listing import facts
from assistant.cli.terminal import (
    Exit,
    Progress,
    Stopped,
    say,
    say_error,
    stop_on_interrupt,
    write_result,
)
from assistant.cli.workplace import Workplace, workplace
from assistant.errors import ModelError
from assistant.gguf import whole_name
from assistant.models.keeping.adding import CopyProgress
from assistant.models.keeping.elsewhere import find_elsewhere
from assistant.models.keeping.installed import InstalledModel
from assistant.models.keeping.linked import LinkedFile
from assistant.wording import size


def add_to(actions: Any) -> None:
    """Add the action to the `argparse` subparsers of `alcove models`."""
    parser = actions.add_parser(
        "import",
        help="add a .gguf file, or use the models that other apps have",
        description="Copy a .gguf file into the folder of models, or use it where it is. With "
        "--from-apps, use what LM Studio, Ollama, GPT4All, Jan, llama.cpp and the hub's cache "
        "have, where it is: nothing is copied, and removing such a model deletes nothing.",
    )
    parser.add_argument("path", metavar="PATH", nargs="?", help="a .gguf file")
    parser.add_argument("--in-place", action="store_true", help="use the file where it is")
    parser.add_argument("--from-apps", action="store_true", help="use the models of other apps")
    parser.add_argument("--only-list", action="store_true", help="only tell what other apps have")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.set_defaults(run=import_models, parser=parser)


def import_models(options: argparse.Namespace) -> int:
    """Add what was named and print it."""
    if bool(options.path) == (options.from_apps or options.only_list):
        options.parser.error("give a PATH, or --from-apps")
    work = workplace()
    if options.only_list:
        return _list_elsewhere(options)
    if options.from_apps:
        models = _from_apps(work)
        if not models:
            say("No other app has a model here that is not listed already.")
    elif options.in_place:
        path = Path(options.path).expanduser().absolute()
        file = LinkedFile(path=path, name=whole_name(path), app=str(path.parent))
        models = [work.models.link(file)]
    else:
        models = [_copy(work, Path(options.path).expanduser())]
    _print(models, options)
    return Exit.DONE


def _copy(work: Workplace, path: Path) -> InstalledModel:
    progress = Progress()
    model: InstalledModel | None = None
    with stop_on_interrupt() as cancel:
        try:
            for event in work.models.add(path, cancel=cancel):
                if isinstance(event, CopyProgress):
                    progress.show(path.name, event.done_bytes, event.total_bytes, unit="B")
                else:
                    model = event
        finally:
            progress.close()
    if model is None:
        say("Stopped. Nothing was kept.")
        raise Stopped
    return model


def _from_apps(work: Workplace) -> list[InstalledModel]:
    """Use all that other apps have and that is not listed yet."""
    known = {model.path.resolve() for model in work.models.list()}
    added = []
    with stop_on_interrupt() as cancel:
        for found in find_elsewhere(cancel=cancel):
            if found.path.resolve() in known:
                continue
            try:
                file = LinkedFile(path=found.path, name=found.name, app=found.app)
                added.append(work.models.link(file))
            except ModelError as error:  # theirs may be of a kind that llama.cpp does not know
                say_error(error)
        if cancel.is_set():
            raise Stopped
    return added


def _list_elsewhere(options: argparse.Namespace) -> int:
    with stop_on_interrupt() as cancel:
        found = list(find_elsewhere(cancel=cancel))
        if cancel.is_set():
            raise Stopped
    if options.format == "json":
        told = [
            {
                "name": one.name,
                "path": str(one.path),
                "app": one.app,
                "size_bytes": one.size_bytes,
            }
            for one in found
        ]
        write_result(json.dumps(told, indent=2, ensure_ascii=False) + "\n", None)
    else:
        lines = [f"{one.app}: {one.name} ({size(one.size_bytes)})\n" for one in found]
        write_result("".join(lines), None)
    return Exit.DONE


def _print(models: list[InstalledModel], options: argparse.Namespace) -> None:
    if options.format == "json":
        told = json.dumps([facts(model) for model in models], indent=2, ensure_ascii=False)
        write_result(told + "\n", None)
    else:
        write_result("".join(f"{model.name}: {model.path}\n" for model in models), None)
