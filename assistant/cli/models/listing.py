"""`alcove models list`: what is installed."""

import argparse
import json
from typing import Any

from assistant.cli.terminal import Exit, say, write_result
from assistant.cli.workplace import workplace
from assistant.models.installed import InstalledModel
from assistant.wording import explain, size


def add_to(actions: Any) -> None:
    """Add the action to the `argparse` subparsers of `alcove models`."""
    parser = actions.add_parser("list", help="the installed models (the default)")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.set_defaults(run=list_installed)


def list_installed(options: argparse.Namespace) -> int:
    """Print the installed models, and on standard error the files that cannot be used."""
    folder = workplace().models
    models = folder.list()
    if options.format == "json":
        write_result(json.dumps([facts(model) for model in models], indent=2) + "\n", None)
    elif models:
        write_result(_table(models), None)
    else:
        say("No model is installed. alcove models download REPO --file NAME gets one.")
    for error in folder.broken():
        say(f"alcove: {explain(error)}")
    return Exit.DONE


def facts(model: InstalledModel) -> dict[str, Any]:
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
        "sha256": model.sha256,
        "repo": model.repo,
        "revision": model.revision,
        "license": model.licence,
    }


def _table(models: list[InstalledModel]) -> str:
    header = ("Name", "Size", "Parameters", "Quantization", "Context")
    rows = [header] + [
        (
            model.name,
            size(model.size_bytes),
            _parameters(model.parameters),
            model.quantization,
            f"{model.context_tokens:,}",
        )
        for model in models
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines) + "\n"


def _parameters(count: int) -> str:
    return f"{count / 1e9:.1f}B" if count >= 1e9 else f"{count / 1e6:.0f}M"
