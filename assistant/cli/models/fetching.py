"""`alcove models download`: one more model from the hub."""

import argparse
import json
from typing import Any

from assistant.cli.models.listing import facts
from assistant.cli.terminal import Exit, Progress, Stopped, say, stop_on_interrupt, write_result
from assistant.cli.workplace import workplace
from assistant.models.download import DownloadProgress, download
from assistant.models.hub import Hub
from assistant.models.installed import InstalledModel


def add_to(actions: Any) -> None:
    """Add the action to the `argparse` subparsers of `alcove models`."""
    parser = actions.add_parser(
        "download",
        help="download a model from the hub",
        description="Download one .gguf file. The hub learns this computer's address and the "
        "model's name. A stopped download goes on with the same command.",
    )
    parser.add_argument("repo", metavar="REPO", help="owner/name")
    parser.add_argument("--file", required=True, metavar="NAME", help="the .gguf file in it")
    parser.add_argument("--revision", metavar="REV", help="a branch, tag or commit")
    parser.add_argument("--endpoint", metavar="URL", help="a mirror of the hub")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.set_defaults(run=fetch_model)


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
        told = facts(model) | {
            "resumed_bytes": resumed_bytes,
            "fetched_bytes": model.size_bytes - resumed_bytes,
        }
        write_result(json.dumps(told) + "\n", None)
    else:
        write_result(f"{model.path}\n", None)
    return Exit.DONE
