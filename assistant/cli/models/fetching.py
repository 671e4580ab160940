"""`alcove models download`: one more model from the hub."""

import argparse
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assistant.cli.models.listing import facts
from assistant.cli.terminal import Exit, Progress, Stopped, say, stop_on_interrupt, write_result
from assistant.cli.workplace import workplace
from assistant.models.downloading.download import DownloadProgress, DownloadStage
from assistant.models.downloading.updates import fetch
from assistant.models.finding.repository import FileGroup, RemoteModel, look_up
from assistant.models.hub.client import Hub
from assistant.models.keeping.installed import InstalledModel
from assistant.wording import size


def add_to(actions: Any) -> None:
    """Add the action to the `argparse` subparsers of `alcove models`."""
    parser = actions.add_parser(
        "download",
        help="download a model from the hub",
        description="Download a model in GGUF format; of one that is cut into several files, all "
        "of them. Without --file and --quant the file that suits this computer best. The hub "
        "learns this computer's address and the model's name. A stopped download goes on with "
        "the same command.",
    )
    parser.add_argument("repo", metavar="REPO", help="owner/name")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--file", metavar="NAME", help="the .gguf file in it")
    which.add_argument("--quant", metavar="FORMAT", help="its format: Q4_K_M, Q8_0 …")
    parser.add_argument("--revision", metavar="REV", help="a branch, tag or commit")
    parser.add_argument("--endpoint", metavar="URL", help="a mirror of the hub")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.set_defaults(run=fetch_model)


@dataclass(frozen=True, slots=True)
class _Choice:
    """What to download; `revision` None for the newest."""

    file: str
    revision: str | None


def fetch_model(options: argparse.Namespace) -> int:
    """Download one model and print where it is."""
    work = workplace()
    hub = work.hub(options.endpoint or "")
    hub.refuse_if_closed()
    say(f"Connecting to {hub.host}: it learns this computer's address and the model's name.")
    with stop_on_interrupt() as cancel:
        choice = _choose(hub, options, cancel)
        if choice is None:
            return Exit.FAILED
        shown = ShownDownload(choice.file)
        model = shown.take(
            fetch(
                hub,
                options.repo,
                choice.file,
                work.models,
                work.settings_file,
                revision=choice.revision,
                cancel=cancel,
            )
        )
    if model is None:
        say("Stopped. The same command goes on from there.")
        raise Stopped
    if options.format == "json":
        last = shown.last
        told = facts(model) | {
            "resumed_bytes": last.resumed_bytes,
            "fetched_bytes": last.fetched_bytes,
        }
        write_result(json.dumps(told) + "\n", None)
    else:
        write_result(f"{model.path}\n", None)
    return Exit.DONE


class ShownDownload:
    """A download, or a repair, with its bar; what it does is named.

    Args:
        name: of the file.

    Attributes:
        last: how far it came.
    """

    def __init__(self, name: str) -> None:
        self.last = DownloadProgress()
        self._name = name.rpartition("/")[2]
        self._bar = Progress()

    def take(self, events: Iterator[DownloadProgress | InstalledModel]) -> InstalledModel | None:
        """Go through with it, and return the model; None if it was stopped."""
        model = None
        try:
            for event in events:
                if isinstance(event, InstalledModel):
                    model = event
                else:
                    self._show(event)
        finally:
            self._bar.close()
        return model

    def _show(self, now: DownloadProgress) -> None:
        before, self.last = self.last, now
        if now.has_changed and not before.has_changed:
            say("The file is another one on the hub than when the download began: it begins again.")
        if now.restarts > before.restarts:
            say("What came is damaged: what is wrong is fetched again.")
        if now.stage is DownloadStage.WAITING and now.wait_s:
            if before.stage is not DownloadStage.WAITING:
                self._bar.close()
                say(f"The connection was cut, or the hub is busy: going on in {now.wait_s:.0f} s.")
        elif now.total_bytes:
            checking = now.stage is DownloadStage.CHECKING
            stage = f"Checking {self._name}" if checking else self._name
            self._bar.show(stage, now.done_bytes, now.total_bytes, unit="B")


def _choose(hub: Hub, options: argparse.Namespace, cancel: threading.Event) -> _Choice | None:
    """Return which file is wanted; None if there is no such one, which was said."""
    if options.file:
        return _Choice(options.file, options.revision)
    model = look_up(hub, options.repo, options.revision, cancel=cancel)
    if model is None:
        raise Stopped
    group = _group(model, options.quant or "")
    if group is None:
        return None
    licence = model.licence or "none named"
    say(f"{group.file}: {size(group.size_bytes)}, {group.quantization}, licence {licence}.")
    return _Choice(group.file, model.revision)


def _group(model: RemoteModel, quantization: str) -> FileGroup | None:
    if not model.files:
        say(f"alcove: {model.repo} has no file in GGUF format.")
        if model.gguf_repos:
            say("Made from it: " + ", ".join(model.gguf_repos))
        return None
    if not quantization:
        return model.files[0]
    for group in model.files:
        if group.quantization.casefold() == quantization.casefold():
            return group
    there = ", ".join(dict.fromkeys(g.quantization or g.file for g in model.files))
    say(f"alcove: {model.repo} has no file in the format {quantization}. There are: {there}.")
    return None
