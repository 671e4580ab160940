"""`alcove models template`: a model's chat template, seen, compared and overridden."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from assistant.cli.models.updating import asked_at
from assistant.cli.terminal import Exit, Stopped, say, stop_on_interrupt, write_result
from assistant.cli.workplace import Workplace, workplace
from assistant.errors import CannotWrite, TemplateUnusable
from assistant.gguf import read_header
from assistant.models.keeping.details import MAX_TEMPLATE
from assistant.models.keeping.installed import InstalledModel
from assistant.models.keeping.template_comparison import (
    LineKind,
    TemplateComparison,
    compare_with_base,
)

_MARKS = {LineKind.ADDED: "+", LineKind.REMOVED: "-", LineKind.SAME: " ", LineKind.PLACE: ""}


def add_to(actions: Any) -> None:
    """Add the action to the `argparse` subparsers of `alcove models`."""
    parser = actions.add_parser(
        "template",
        help="a model's chat template: see it, compare it, use another",
        description="A template makes a prompt of a conversation. --compare asks the hub for the "
        "base model's: it learns this computer's address and the model's name.",
    )
    parser.add_argument("model", metavar="NAME", help="an installed model")
    action = parser.add_mutually_exclusive_group()
    action.add_argument(
        "--set", metavar="FILE", help="use the Jinja template in FILE (- for input)"
    )
    action.add_argument("--reset", action="store_true", help="use the file's own again")
    action.add_argument("--compare", action="store_true", help="compare with the base model's")
    parser.add_argument("--endpoint", metavar="URL", help="a mirror of the hub")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do what was asked and print the template in use, or the comparison."""
    work = workplace()
    model = work.models.find(options.model)
    if options.set:
        model = work.models.change(model, chat_template=_read(options.set))
    elif options.reset:
        model = work.models.change(model, chat_template="")
    own = read_header(model.path).chat_template
    used = model.wishes.chat_template or own
    if options.compare:
        return _compare(work, model, used, options)
    if options.format == "json":
        told = {
            "name": model.name,
            "template": used,
            "is_own": bool(model.wishes.chat_template),
            "file_template": own,
        }
        write_result(json.dumps(told, ensure_ascii=False) + "\n", None)
    else:
        write_result(used if used.endswith("\n") or not used else f"{used}\n", None)
        if not used:
            say("This model has no chat template: it only continues text.")
    return Exit.DONE


def _compare(work: Workplace, model: InstalledModel, used: str, options: argparse.Namespace) -> int:
    hub = work.hub(options.endpoint or "", recorded=asked_at(model))
    if model.repo:
        say(f"Connecting to {hub.host}: it learns this computer's address and the model's name.")
    with stop_on_interrupt() as cancel:
        compared = compare_with_base(hub, model, used, cancel=cancel)
    if compared is None:
        raise Stopped
    if options.format == "json":
        told = {
            "name": model.name,
            "base_model": compared.base_model,
            "base_template": compared.base_template,
            "is_same": compared.is_same,
            "lines": [{"kind": str(line.kind), "text": line.text} for line in compared.lines],
        }
        write_result(json.dumps(told, ensure_ascii=False) + "\n", None)
    else:
        write_result("".join(f"{_MARKS[x.kind]}{x.text}\n" for x in compared.lines), None)
        say(_verdict(compared))
    return Exit.DONE


def _verdict(compared: TemplateComparison) -> str:
    if not compared.base_model:
        return "Nobody says which model this one was made from."
    if not compared.base_template:
        return f"The hub gives no chat template of {compared.base_model}."
    if compared.is_same:
        return f"It is the template of {compared.base_model}."
    return f"It differs from that of {compared.base_model}: - is theirs, + is this one's."


def _read(name: str) -> str:
    """Return the template in a file, or in the input."""
    try:
        if name == "-":
            raw = sys.stdin.buffer.read(MAX_TEMPLATE + 1)
        else:
            with Path(name).expanduser().open("rb") as file:
                raw = file.read(MAX_TEMPLATE + 1)
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise TemplateUnusable(MAX_TEMPLATE) from error
    except OSError as error:
        raise CannotWrite(Path(name), error.strerror or "") from error
