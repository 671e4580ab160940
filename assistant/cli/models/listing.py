"""`alcove models list`: what is installed."""

import argparse
import json
from typing import Any

from assistant.cli.terminal import Exit, say, write_result
from assistant.cli.workplace import Workplace, workplace
from assistant.models.keeping.defaults import Task, model_for, tasks_of
from assistant.models.keeping.details import UpdateState, plain_line
from assistant.models.keeping.installed import InstalledModel
from assistant.settings import Settings
from assistant.wording import explain, size

_SEEN = {
    UpdateState.NEWER: "newer revision",
    UpdateState.WITHDRAWN: "withdrawn",
    UpdateState.RELICENSED: "relicensed",
    UpdateState.GATED_NOW: "gated now",
}


def add_to(actions: Any) -> None:
    """Add the action to the `argparse` subparsers of `alcove models`."""
    parser = actions.add_parser("list", help="the installed models (the default)")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.set_defaults(run=list_installed)


def list_installed(options: argparse.Namespace) -> int:
    """Print the installed models, and on standard error the files that cannot be used."""
    work = workplace()
    models = work.models.list()
    if options.format == "json":
        told = [facts(model, work.settings) for model in models]
        write_result(json.dumps(told, indent=2, ensure_ascii=False) + "\n", None)
    elif models:
        write_result(_table(models, work), None)
    else:
        say("No model is installed. alcove models download REPO --file NAME gets one.")
    for error in work.models.broken():
        say(f"alcove: {explain(error)}")
    return Exit.DONE


def facts(model: InstalledModel, settings: Settings | None = None) -> dict[str, Any]:
    """Return what the JSON of `models` says of a model; docs/cli.md documents it."""
    return {
        "name": model.name,
        "path": str(model.path),
        "size_bytes": model.size_bytes,
        "parameters": model.parameters,
        "quantization": model.quantization,
        "architecture": model.architecture,
        "context_tokens": model.context_tokens,
        "has_chat_template": model.has_chat_template,
        "is_for_embeddings": model.is_for_embeddings,
        "sha256": model.sha256,
        "repo": model.repo,
        "revision": model.revision,
        "license": model.licence,
        "title": model.title,
        "note": model.note,
        "origin": model.origin,
        "is_ours": model.is_ours,
        "replaces": model.replaces,
        "hub_state": str(model.look.state),
        "used_for": [str(task) for task in tasks_of(model, settings or Settings())],
    }


def _table(models: list[InstalledModel], work: Workplace) -> str:
    header = ("Name", "Size", "Parameters", "Quantization", "Context", "")
    uses = _uses(work)
    replaced = {model.replaces for model in models}
    rows = [header] + [
        (
            model.shown_name,
            size(model.size_bytes),
            _parameters(model.parameters),
            model.quantization,
            f"{model.context_tokens:,}",
            _remarks(model, uses, is_replaced=model.name in replaced),
        )
        for model in models
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:-1], widths[1:-1], strict=True)]
        lines.append("  ".join([*cells, row[-1]]).rstrip())
    return "\n".join(lines) + "\n"


def _uses(work: Workplace) -> dict[str, list[str]]:
    """Return the tasks that each model does, chosen or not, by the model's name."""
    uses: dict[str, list[str]] = {}
    for task in Task:
        if model := model_for(task, work.settings, work.models):
            uses.setdefault(model.name, []).append(str(task))
    return uses


def _remarks(model: InstalledModel, uses: dict[str, list[str]], *, is_replaced: bool) -> str:
    """Return what the table says of a model beside its facts."""
    remarks = [", ".join(uses[model.name])] if model.name in uses else []
    if model.title:
        remarks.append(model.name)
    if model.origin:
        remarks.append(f"in {plain_line(model.origin, 200)}")
    if is_replaced:
        remarks.append("older revision")
    elif model.look.state in _SEEN:
        remarks.append(_SEEN[model.look.state])
    return " · ".join(remarks)


def _parameters(count: int) -> str:
    return f"{count / 1e9:.1f}B" if count >= 1e9 else f"{count / 1e6:.0f}M"
