"""`alcove models show`: a model's page on the hub."""

import argparse
import json
from typing import Any

from assistant.cli.models import offer_words as words
from assistant.cli.models import outlook
from assistant.cli.models.outlook import Outlook
from assistant.cli.terminal import Exit, Stopped, say, stop_on_interrupt, write_result
from assistant.cli.workplace import workplace
from assistant.models.finding.repository import FileGroup, RemoteModel, Runnable, look_up
from assistant.wording import size

_MOST_LANGUAGES = 12


def add_to(actions: Any) -> None:
    """Add the action to the `argparse` subparsers of `alcove models`."""
    parser = actions.add_parser(
        "show",
        help="what the hub knows of a model, its files and its terms",
        description="Show a model's page on the hub, and what to expect of the file that suits "
        "this computer best. The hub learns this computer's address and the model's name.",
    )
    parser.add_argument("repo", metavar="REPO", help="owner/name")
    parser.add_argument("--revision", metavar="REV", help="a branch, tag or commit")
    parser.add_argument("--card", action="store_true", help="print the model card, too")
    parser.add_argument(
        "--compare-template",
        action="store_true",
        help="also ask for the base model's chat template, and compare",
    )
    parser.add_argument("--endpoint", metavar="URL", help="a mirror of the hub")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.set_defaults(run=show_model)


def show_model(options: argparse.Namespace) -> int:
    """Ask the hub for one model, and print what it says."""
    work = workplace()
    hub = work.hub(options.endpoint or "")
    hub.refuse_if_closed()
    say(f"Asking {hub.host}: it learns this computer's address and the model's name.")
    with stop_on_interrupt() as cancel:
        model = look_up(
            hub,
            options.repo,
            options.revision,
            compares_template=options.compare_template,
            cancel=cancel,
        )
        runs = model is not None and model.runs is Runnable.YES
        seen = Outlook(work.speeds).of_page(hub, model, cancel) if model and runs else None
    if model is None or cancel.is_set():
        raise Stopped
    if options.format == "json":
        told = facts(model) | {"forecast": outlook.facts(seen)}
        write_result(json.dumps(told, indent=2, ensure_ascii=False) + "\n", None)
        return Exit.DONE
    here = [
        f"  {'Here' if place == 0 else '':<13} {line}"
        for place, line in enumerate(outlook.lines(seen))
    ]
    lines = [model.repo, "", *here, *_facts(model), "", *_licence(model)]
    if notes := [words.runs(model), *(words.risk(one) for one in model.warnings)]:
        lines += [f"  ! {note}" for note in notes if note]
    lines += ["", *_files(model)]
    if options.card:
        lines += ["", model.card.strip() or "(no model card)"]
    write_result("\n".join(lines).rstrip() + "\n", None)
    return Exit.DONE


def facts(model: RemoteModel) -> dict[str, Any]:
    """Return what the JSON of `show` says of a model; docs/cli.md documents it."""
    terms = model.licence_terms
    return {
        "repo": model.repo,
        "title": model.title,
        "author": model.author,
        "revision": model.revision,
        "runs": str(model.runs),
        "formats": list(model.formats),
        "gguf_repos": list(model.gguf_repos),
        "parameters": model.parameters or None,
        "active_parameters": model.active_parameters or None,
        "architecture": model.architecture or None,
        "context_tokens": model.context_tokens or None,
        "license": model.licence or None,
        "license_terms": {
            "name": terms.name or None,
            "allows_commercial": terms.allows_commercial,
            "must": [str(duty) for duty in terms.must],
            "note": str(terms.note) or None,
        },
        "gate": model.gate or None,
        "languages": list(model.languages),
        "base_models": list(model.base_models),
        "library": model.library or None,
        "task": model.pipeline or None,
        "downloads": model.downloads,
        "likes": model.likes,
        "discussions": model.discussions if model.discussions >= 0 else None,
        "created": model.created_at.isoformat() if model.created_at else None,
        "updated": model.updated_at.isoformat() if model.updated_at else None,
        "warnings": [{"risk": str(one.risk), "detail": one.detail} for one in model.warnings],
        "files": [_file_facts(group) for group in model.files],
        "chat_template": model.chat_template or None,
        "base_template": model.base_template,
        "card": model.card or None,
    }


def _file_facts(group: FileGroup) -> dict[str, Any]:
    return {
        "file": group.file,
        "quantization": group.quantization or None,
        "grade": str(group.grade),
        "size_bytes": group.size_bytes,
        "is_recommended": group.is_recommended,
        "parts": [
            {"file": one.file, "size_bytes": one.size_bytes, "sha256": one.sha256 or None}
            for one in group.files
        ],
    }


def _facts(model: RemoteModel) -> list[str]:
    """Return the model's facts, those that are known, one a line."""
    total, active = model.parameters, model.active_parameters
    parameters = words.parameters(total)
    if active:
        parameters += f", {words.parameters(active)} of them at a time"
    languages = ", ".join(model.languages[:_MOST_LANGUAGES])
    if len(model.languages) > _MOST_LANGUAGES:
        languages += f" and {len(model.languages) - _MOST_LANGUAGES} more"
    gates = {"auto": "ask for your agreement first", "manual": "are given by the publisher"}
    told = {
        "Publisher": model.author,
        "Made from": ", ".join(model.base_models),
        "Parameters": parameters,
        "Context": f"{model.context_tokens:,} tokens" if model.context_tokens else "",
        "Architecture": model.architecture,
        "Languages": languages,
        "Downloads": f"{model.downloads:,} in 30 days, {model.likes:,} likes",
        "Discussions": str(model.discussions) if model.discussions >= 0 else "",
        "Updated": words.day(model.updated_at),
        "Revision": model.revision,
        "Access": f"Its files {gates[model.gate]}." if model.gate else "",
    }
    return [f"  {name:<13} {value}" for name, value in told.items() if value]


def _licence(model: RemoteModel) -> list[str]:
    terms = model.licence_terms
    lines = [f"  {'Licence':<13} {terms.name or 'none named'}"]
    lines += [f"  {'':<13} {line}" for line in words.terms(terms)]
    return [*lines, f"  {'':<13} {words.NO_ADVICE}"] if terms.id else lines


def _files(model: RemoteModel) -> list[str]:
    """Return the files to choose from, or where there are some."""
    if not model.files:
        repos = model.gguf_repos
        return ["GGUF files made from it:", *(f"  {repo}" for repo in repos)] if repos else []
    rows = [
        (
            "*" if group.is_recommended else " ",
            words.grade(group.grade),
            group.quantization or "?",
            size(group.size_bytes),
            group.file + (f"  (+{len(group.files) - 1} parts)" if len(group.files) > 1 else ""),
        )
        for group in model.files
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = ["Files (* suits this computer best):"]
    for mark, grade, form, length, file in rows:
        cells = (grade.ljust(widths[1]), form.ljust(widths[2]), length.rjust(widths[3]))
        lines.append(f"  {mark} {'  '.join(cells)}  {file}")
    return lines
