"""`alcove models`: what is installed, downloading one more, and making one faster."""

import argparse
import json
from typing import Any

from assistant.cli import faster
from assistant.cli.terminal import Exit, Progress, Stopped, say, stop_on_interrupt, write_result
from assistant.cli.workplace import workplace
from assistant.models.download import DownloadProgress, download
from assistant.models.hub import Hub
from assistant.models.installed import InstalledModel
from assistant.wording import explain, size


def add_to(commands: Any) -> None:
    """Add the command to the `argparse` subparsers `commands`."""
    parser = commands.add_parser(
        "models", help="installed models, downloading one more, making one faster"
    )
    parser.set_defaults(run=list_installed, format="text")
    actions = parser.add_subparsers(title="actions", metavar="ACTION")

    listing = actions.add_parser("list", help="the installed models (the default)")
    listing.add_argument("--format", choices=["text", "json"], default="text")
    listing.set_defaults(run=list_installed)

    fetch = actions.add_parser(
        "download",
        help="download a model from the hub",
        description="Download one .gguf file. The hub learns this computer's address and the "
        "model's name. A stopped download goes on with the same command.",
    )
    fetch.add_argument("repo", metavar="REPO", help="owner/name")
    fetch.add_argument("--file", required=True, metavar="NAME", help="the .gguf file in it")
    fetch.add_argument("--revision", metavar="REV", help="a branch, tag or commit")
    fetch.add_argument("--endpoint", metavar="URL", help="a mirror of the hub")
    fetch.add_argument("--format", choices=["text", "json"], default="text")
    fetch.set_defaults(run=fetch_model)
    faster.add_to(actions)


def list_installed(options: argparse.Namespace) -> int:
    """Print the installed models, and on standard error the files that cannot be used."""
    folder = workplace().models
    models = folder.list()
    if options.format == "json":
        write_result(json.dumps([_facts(model) for model in models], indent=2) + "\n", None)
    elif models:
        write_result(_table(models), None)
    else:
        say("No model is installed. alcove models download REPO --file NAME gets one.")
    for error in folder.broken():
        say(f"alcove: {explain(error)}")
    return Exit.DONE


def fetch_model(options: argparse.Namespace) -> int:
    """Download one file and print where it is."""
    work = workplace()
    hub = Hub(options.endpoint or work.settings.hub_endpoint, work.connections)
    say(f"Connecting to {hub.host}: it learns this computer's address and the model's name.")
    progress = Progress()
    resumed_bytes = 0
    model: InstalledModel | None = None
    with stop_on_interrupt() as cancel:
        try:
            for event in download(
                hub,
                options.repo,
                options.file,
                work.models.folder,
                revision=options.revision,
                cancel=cancel,
            ):
                if isinstance(event, DownloadProgress):
                    resumed_bytes = event.resumed_bytes
                    progress.show(options.file, event.done_bytes, event.total_bytes, unit="B")
                else:
                    model = event
        finally:
            progress.close()
    if model is None:
        say("Stopped. The same command goes on from there.")
        raise Stopped
    if options.format == "json":
        facts = _facts(model) | {
            "resumed_bytes": resumed_bytes,
            "fetched_bytes": model.size_bytes - resumed_bytes,
        }
        write_result(json.dumps(facts) + "\n", None)
    else:
        write_result(f"{model.path}\n", None)
    return Exit.DONE


def _facts(model: InstalledModel) -> dict[str, Any]:
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
