"""`alcove models recommend`: which models of the catalog suit this computer, and why."""

import argparse
import json
from typing import Any

from assistant.cli.models import offer_words as words
from assistant.cli.models import outlook
from assistant.cli.models.outlook import Outlook
from assistant.cli.terminal import Exit, write_result
from assistant.cli.workplace import workplace
from assistant.fit import total_memory_bytes
from assistant.forecast import Forecast
from assistant.models.finding.catalog import (
    CatalogModel,
    Recommendation,
    Use,
    recommendation,
    sources,
)
from assistant.models.finding.sizes import parameters_in
from assistant.wording import size


def add_to(actions: Any) -> None:
    """Add the action to the `argparse` subparsers of `alcove models`."""
    parser = actions.add_parser(
        "recommend",
        help="models that suit this computer, with the reason",
        description="Name the models of Alcove's catalog that suit this computer's memory and "
        "speed, and why. Nothing is asked on the network.",
    )
    parser.add_argument(
        "--use", choices=[one.name.lower().replace("_", "-") for one in Use], help="for this alone"
    )
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.set_defaults(run=recommend)


def recommend(options: argparse.Namespace) -> int:
    """Print a model for chat and summaries, and one for each other use."""
    memory_bytes = total_memory_bytes()
    if options.use:
        wanted: list[Use | None] = [Use[options.use.upper().replace("-", "_")]]
    else:
        wanted = [None, *(use for use in Use if use not in {Use.CHAT, Use.SUMMARIES})]
    seen = Outlook(workplace().speeds)
    found = [recommendation(memory_bytes, use, runs_well=seen.runs_well) for use in wanted]
    if options.format == "json":
        told = {
            "memory_bytes": memory_bytes,
            "recommendations": [
                _facts(one) | {"forecast": outlook.facts(seen.of_offer(one.model))} for one in found
            ],
            "sources": list(sources()),
        }
        write_result(json.dumps(told, indent=2, ensure_ascii=False) + "\n", None)
        return Exit.DONE
    lines = [f"For this computer, with {size(memory_bytes)} of memory:", ""]
    for model in dict.fromkeys(one.model for one in found):
        lines += _lines([one for one in found if one.model is model], seen.of_offer(model))
    write_result("\n".join(lines).rstrip() + "\n", None)
    return Exit.DONE


def _lines(same: list[Recommendation], seen: Forecast) -> list[str]:
    """Return what is said of a model that is recommended for one use or more."""
    model = same[0].model
    uses = ", ".join(_use(one.use) for one in same)
    told = (
        model.parameters,
        size(model.size_bytes) if model.size_bytes else "",
        model.licence,
        model.publisher,
    )
    return [
        f"{uses[0].upper()}{uses[1:]}: {model.name}",
        "    " + " · ".join(fact for fact in told if fact),
        f"    Why: {words.reasons(same[0])}.",
        f"    {' '.join(outlook.lines(seen))}",
        *([f"    {model.note}"] if model.note else []),
        f"    alcove models download {model.repo} --file {model.file}",
        "",
    ]


def _use(use: Use | None) -> str:
    return "chat and summaries" if use is None else str(use)


def _facts(one: Recommendation) -> dict[str, Any]:
    model: CatalogModel = one.model
    return {
        "use": _use(one.use),
        "reasons": [str(reason) for reason in one.reasons],
        "id": model.id,
        "name": model.name,
        "repo": model.repo,
        "file": model.file,
        "quantization": model.quantization,
        "size_bytes": model.size_bytes,
        "parameters": parameters_in(model.parameters) or None,
        "active_parameters": parameters_in(model.active_parameters or "") or None,
        "context_tokens": model.context_tokens,
        "license": model.licence,
        "good_for": list(model.good_for),
        "recommended_ram_gb": model.recommended_ram_gb,
        "hallucination_percent": model.hallucination_rate,
        "revision": model.revision,
        "sha256": model.sha256,
    }
