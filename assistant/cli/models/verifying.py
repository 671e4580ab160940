"""`alcove models verify`: whether a model is still as it came, and mending it if it is not."""

import argparse
import json
from typing import Any

from assistant.cli.models.fetching import ShownDownload
from assistant.cli.terminal import Exit, Progress, Stopped, say, stop_on_interrupt, write_result
from assistant.cli.workplace import Workplace, workplace
from assistant.errors import ModelError
from assistant.models.downloading.repairing import recorded_model, repair
from assistant.models.downloading.verifying import VerifyResult, verify
from assistant.models.keeping.installed import InstalledModel
from assistant.wording import size


def add_to(actions: Any) -> None:
    """Add the action to the `argparse` subparsers of `alcove models`."""
    parser = actions.add_parser(
        "verify",
        help="read a model again and tell whether it is as it came",
        description="Read an installed model and compare it with the sums recorded when it came. "
        "Nothing is sent anywhere, unless --repair is given and the model is damaged: then the "
        "damaged blocks, of 1 MiB each, are fetched again from where it came.",
    )
    parser.add_argument("model", metavar="NAME", help="an installed model")
    parser.add_argument("--repair", action="store_true", help="fetch what is damaged again")
    parser.add_argument("--endpoint", metavar="URL", help="a mirror of the hub to repair from")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.set_defaults(run=verify_model)


def verify_model(options: argparse.Namespace) -> int:
    """Print whether a model is sound; mend it if that is wanted."""
    work = workplace()
    model = _find(work, options.model)
    found = _verified(model)
    shown = ShownDownload(model.path.name)
    is_repaired = False
    if not found.is_sound and options.repair and _is_repairable(model):
        _tell_damage(model, found, to_repair=True)
        _repair(work, model, found, options.endpoint or "", shown)
        found, is_repaired = _verified(model), True
    if options.format == "json":
        told = _facts(model, found) | {
            "is_repaired": is_repaired,
            "fetched_bytes": shown.last.fetched_bytes,
        }
        write_result(json.dumps(told) + "\n", None)
    elif found.is_sound:
        fetched = size(shown.last.fetched_bytes)
        word = f"was repaired ({fetched} fetched), and is sound" if is_repaired else "is sound"
        known = "" if found.is_known else "\nNothing was recorded to compare it with: now it is."
        write_result(f"{model.name} {word}: {size(found.size_bytes)}.{known}\n", None)
    else:
        _tell_damage(model, found, to_repair=False)
    return Exit.DONE if found.is_sound else Exit.FAILED


def _find(work: Workplace, name: str) -> InstalledModel:
    """Return the model of that name, also one whose header is damaged, too."""
    try:
        return work.models.find(name)
    except ModelError as error:
        model = recorded_model(error.path)
        if model is None:
            raise
        return model


def _verified(model: InstalledModel) -> VerifyResult:
    progress = Progress()
    result = None
    with stop_on_interrupt() as cancel:
        try:
            for event in verify(
                model.path, model.sha256, keeps_blocks=model.is_ours, cancel=cancel
            ):
                if isinstance(event, VerifyResult):
                    result = event
                else:
                    progress.show(
                        f"Checking {model.name}", event.done_bytes, event.total_bytes, unit="B"
                    )
        finally:
            progress.close()
    if result is None:
        raise Stopped
    return result


def _repair(
    work: Workplace,
    model: InstalledModel,
    found: VerifyResult,
    endpoint: str,
    shown: ShownDownload,
) -> None:
    hub = work.hub(endpoint, recorded=model.endpoint)
    hub.refuse_if_closed()
    say(f"Connecting to {hub.host}: it learns this computer's address and the model's name.")
    with stop_on_interrupt() as cancel:
        repaired = shown.take(repair(hub, model, found.damaged, cancel=cancel))
    if repaired is None:
        say("Stopped. The model is as it was; the same command goes on from there.")
        raise Stopped


def _is_repairable(model: InstalledModel) -> bool:
    """Return whether it is known where its bytes come from, and the file is ours to change."""
    return bool(model.repo) and model.is_ours


def _tell_damage(model: InstalledModel, found: VerifyResult, *, to_repair: bool) -> None:
    damaged = size(sum(end - start for start, end in found.damaged))
    where = f"{damaged} of {size(found.size_bytes)} in {len(found.damaged)} place(s)"
    if not found.is_located:
        where = "where is not known, for the sums of its blocks were never recorded"
    say(f"alcove: {model.path} is damaged: {where}.")
    if to_repair:
        return
    if _is_repairable(model):
        say(f"alcove models verify {model.name} --repair fetches it again.")
    else:
        say("Nobody recorded where it came from: fetch it again by hand.")


def _facts(model: InstalledModel, found: VerifyResult) -> dict[str, Any]:
    """Return what the JSON says; docs/cli.md documents it."""
    return {
        "name": model.name,
        "path": str(model.path),
        "size_bytes": found.size_bytes,
        "sha256": found.sha256,
        "is_sound": found.is_sound,
        "is_known": found.is_known,
        "is_located": found.is_located,
        "damaged": [list(extent) for extent in found.damaged],
    }
