"""`alcove models update`: newer revisions of models that are here, only when asked."""

import argparse
import json
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
from assistant.models.downloading.download import DownloadProgress
from assistant.models.downloading.updates import (
    UpdateFinding,
    UpdateState,
    fetch_update,
    go_back,
    look_for_updates,
)
from assistant.models.hub.client import Hub
from assistant.models.keeping.installed import InstalledModel
from assistant.wording import size

_WORDS = {
    UpdateState.CURRENT: "as on the hub",
    UpdateState.NEWER: "a newer revision is there ({size})",
    UpdateState.WITHDRAWN: "withdrawn from the hub; yours goes on working",
    UpdateState.RELICENSED: "relicensed: {before} when downloaded, {now} now",
    UpdateState.GATED_NOW: "given only to people who accepted its terms",
    UpdateState.UNKNOWN: "no answer",
}


def add_to(actions: Any) -> None:
    """Add the action to the `argparse` subparsers of `alcove models`."""
    parser = actions.add_parser(
        "update",
        help="ask the hub whether models changed; get the newer, or go back",
        description="The hub learns this computer's address and the models' names. A newer "
        "revision is kept beside the old one, which stays until it is removed.",
    )
    parser.add_argument("model", metavar="NAME", nargs="?", help="one model; all without it")
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--download", action="store_true", help="get the newer revision of NAME")
    action.add_argument("--back", action="store_true", help="use the older one instead of NAME")
    parser.add_argument("--endpoint", metavar="URL", help="a mirror of the hub")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.set_defaults(run=update_models, parser=parser)


def update_models(options: argparse.Namespace) -> int:
    """Look, download or go back, and print what came of it."""
    if (options.download or options.back) and not options.model:
        options.parser.error("give the NAME of a model")
    work = workplace()
    named = work.models.find(options.model) if options.model else None
    if options.back and named is not None:
        _print_model(go_back(named, work.models, work.settings_file), work, options)
        return Exit.DONE
    models = [named] if named else work.models.list()
    asked = [model for model in models if model.repo and model.file]
    if not asked:
        say("Nothing to ask: no model here came from a hub.")
    findings = []
    at = {model.name: options.endpoint or asked_at(model) for model in asked}
    for endpoint in dict.fromkeys(at.values()):
        hub = work.hub(options.endpoint or "", recorded=endpoint)
        hub.refuse_if_closed()
        say(f"Connecting to {hub.host}: it learns this computer's address and the models' names.")
        theirs = [model for model in asked if at[model.name] == endpoint]
        findings += _look(hub, theirs, work)
    if options.download and findings and findings[0].revision:
        _print_model(_fetch(hub, findings[0].model, work), work, options)
    else:
        _print_findings(findings, options)
    return Exit.FAILED if any(finding.error for finding in findings) else Exit.DONE


def asked_at(model: InstalledModel) -> str:
    """Return the address of the hub to ask about a model; "" for the one of the settings.

    A model that came from another hub is that hub's alone: no other learns its name. Whatever a
    record in a folder of others says, nobody is asked there.
    """
    is_usual = model.endpoint in {"", Hub().endpoint} or not model.is_ours
    return "" if is_usual else model.endpoint


def _look(hub: Hub, models: list[InstalledModel], work: Workplace) -> list[UpdateFinding]:
    findings = []
    with stop_on_interrupt() as cancel:
        for finding in look_for_updates(hub, models, work.models, cancel=cancel):
            if finding.error:
                say_error(finding.error)
            findings.append(finding)
        if cancel.is_set():
            raise Stopped
    return findings


def _fetch(hub: Hub, model: InstalledModel, work: Workplace) -> InstalledModel:
    made: InstalledModel | None = None
    progress = Progress()
    with stop_on_interrupt() as cancel:
        try:
            for event in fetch_update(hub, model, work.models, work.settings_file, cancel=cancel):
                if isinstance(event, DownloadProgress):
                    progress.show(model.name, event.done_bytes, event.total_bytes, unit="B")
                else:
                    made = event
        finally:
            progress.close()
    if made is None:
        say("Stopped. The same command goes on from there.")
        raise Stopped
    return made


def _print_model(model: InstalledModel, work: Workplace, options: argparse.Namespace) -> None:
    if options.format == "json":
        told = facts(model, work.settings_file.value)
        write_result(json.dumps(told, ensure_ascii=False) + "\n", None)
    else:
        write_result(f"{model.name} is used now.\n{model.path}\n", None)


def _print_findings(findings: list[UpdateFinding], options: argparse.Namespace) -> None:
    if options.format == "json":
        told = [
            {
                "name": finding.model.name,
                "repo": finding.model.repo,
                "state": str(finding.state),
                "revision": finding.revision,
                "size_bytes": finding.size_bytes,
                "license_before": finding.licence_before,
                "license_now": finding.licence_now,
            }
            for finding in findings
        ]
        write_result(json.dumps(told, indent=2, ensure_ascii=False) + "\n", None)
        return
    lines = []
    for finding in findings:
        words = _WORDS[finding.state].format(
            size=size(finding.size_bytes), before=finding.licence_before, now=finding.licence_now
        )
        if finding.revision and finding.state is not UpdateState.NEWER:
            words += f"; a newer revision is there ({size(finding.size_bytes)})"
        lines.append(f"{finding.model.shown_name}: {words}\n")
    write_result("".join(lines), None)
