"""`alcove models details`, `rename` and `note`: what is known and said of a model."""

import argparse
import json
from typing import Any

from assistant.cli.models.listing import facts
from assistant.cli.terminal import Exit, write_result
from assistant.cli.workplace import Workplace, workplace
from assistant.models.keeping.details import plain_line
from assistant.models.keeping.installed import InstalledModel
from assistant.settings import LoadWishes
from assistant.wording import size

_NOTHING_SET = LoadWishes()
_FIELDS = ("context_tokens", "kv_type", "gpu_layers", "threads", "flash_attention")


def add_to(actions: Any) -> None:
    """Add the actions to the `argparse` subparsers of `alcove models`."""
    parser = actions.add_parser("details", help="everything that is known of an installed model")
    _add_name(parser)
    parser.set_defaults(run=lambda options: _change(options, {}))
    parser = actions.add_parser("rename", help="give a model a title; its file keeps its name")
    _add_name(parser)
    parser.add_argument("title", metavar="TITLE", help='what to call it; "" for its own name')
    parser.set_defaults(run=lambda options: _change(options, {"title": options.title}))
    parser = actions.add_parser("note", help="keep a note with a model")
    _add_name(parser)
    parser.add_argument("text", metavar="TEXT", help='the note; "" for none')
    parser.set_defaults(run=lambda options: _change(options, {"note": options.text}))


def _add_name(parser: Any) -> None:
    parser.add_argument("model", metavar="NAME", help="an installed model")
    parser.add_argument("--format", choices=["text", "json"], default="text")


def _change(options: argparse.Namespace, changes: dict[str, Any]) -> int:
    """Store `changes`, if there are any, and print the model's details."""
    work = workplace()
    model = work.models.find(options.model)
    if changes:
        model = work.models.change(model, **changes)
    if options.format == "json":
        write_result(json.dumps(_told(model, work), indent=2, ensure_ascii=False) + "\n", None)
    else:
        write_result(_text(model, work), None)
    return Exit.DONE


def _told(model: InstalledModel, work: Workplace) -> dict[str, Any]:
    """Return what the JSON says of a model's details; docs/cli.md documents it."""
    looked = model.look.looked_at
    wishes = model.wishes
    return facts(model, work.settings) | {
        "file": model.file,
        "endpoint": model.endpoint,
        "is_verified": model.is_verified,
        "frees_bytes": work.models.freed_bytes(model),
        "hub": {
            "state": str(model.look.state),
            "newest_revision": model.look.revision,
            "license": model.look.licence,
            "looked_at": looked.isoformat() if looked else None,
        },
        "settings": {name: getattr(wishes, name) for name in _FIELDS},
        "has_own_template": bool(wishes.chat_template),
    }


def _text(model: InstalledModel, work: Workplace) -> str:
    told = _told(model, work)
    rows = {
        "Name": model.name,
        "Title": model.title,
        "Note": model.note.replace("\n", " / "),
        "File": str(model.path),
        "Size": size(model.size_bytes),
        "Deleting frees": size(told["frees_bytes"]) if told["frees_bytes"] else "nothing",
        "From": model.repo or model.origin,
        "Revision": model.revision,
        "Newer than": model.replaces,
        "License": model.licence,
        "Used for": ", ".join(told["used_for"]),
        "On the hub": "" if model.look.looked_at is None else str(model.look.state),
        "Chat template": _template(model),
    }
    rows |= {
        name.replace("_", " ").capitalize(): str(value)
        for name, value in told["settings"].items()
        if value != getattr(_NOTHING_SET, name)
    }
    width = max(map(len, rows))
    shown = {name: plain_line(value, 1_000) for name, value in rows.items() if value}
    return "".join(f"{name:<{width}}  {value}\n" for name, value in shown.items())


def _template(model: InstalledModel) -> str:
    if model.wishes.chat_template:
        return "the person's own"
    return "the file's" if model.has_chat_template else "none: it only continues text"
