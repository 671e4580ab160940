"""`alcove models faster`: a model in a format that is fast on this computer."""

import argparse
import json
from typing import Any

from assistant.cli.terminal import Exit, Progress, Stopped, say, stop_on_interrupt, write_result
from assistant.cli.workplace import workplace
from assistant.errors import RequantizingFault, RequantizingRefused
from assistant.models.keeping.requantized import note_origin, place_for
from assistant.quantizations import faster_format
from assistant.wording import faster


def add_to(actions: Any) -> None:
    """Add the action to the `argparse` subparsers of `alcove models`."""
    parser = actions.add_parser(
        "faster",
        help="write a model in a format that is faster on this computer",
        description="Write an installed model in another format, measure both here and compare "
        "them on a sample text. The new file is kept only if it is faster and not much worse; the "
        "original stays as it is. Nothing is sent anywhere.",
    )
    parser.add_argument("model", metavar="NAME", help="an installed model, or a .gguf file")
    parser.add_argument(
        "--quantization", metavar="FORMAT", help="Q4_0, Q4_K_M, Q8_0 …; chosen if not given"
    )
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.set_defaults(run=make_model_faster)


def make_model_faster(options: argparse.Namespace) -> int:
    """Requantize a model and print what that gained and cost."""
    from assistant.engine.requantizing import (  # noqa: PLC0415 - it imports numpy
        Requantized,
        make_faster,
    )

    work = workplace()
    model = work.models.find(options.model)
    wanted = str(options.quantization or faster_format(model.quantization)).upper()
    if not wanted:
        raise RequantizingRefused(model.path, model.quantization, RequantizingFault.FAST_ALREADY)
    target = place_for(model, wanted, work.models.folder)
    log = work.folders.logs / "requantizing.log"
    say(f"Writing {model.name} as {wanted}: measuring, writing, checking. It may take minutes.")
    progress = Progress()
    made: Requantized | None = None
    with stop_on_interrupt() as cancel:
        try:
            for event in make_faster(model.path, target, wanted, cancel=cancel, log=log):
                if isinstance(event, Requantized):
                    made = event
                else:
                    progress.show(str(event.stage), round(100 * event.fraction), 100, unit="%")
        finally:
            progress.close()
    if made is None:
        say("Stopped. Nothing was kept.")
        raise Stopped
    note_origin(model, made.path)
    if options.format == "json":
        write_result(json.dumps(_facts(made)) + "\n", None)
    else:
        write_result(f"{faster(made)}\n{made.path}\n", None)
    return Exit.DONE


def _facts(made: Any) -> dict[str, Any]:
    """Return what the JSON says of a `Requantized`; docs/cli.md documents it."""
    compared = made.compared
    return {
        "name": made.path.stem,
        "path": str(made.path),
        "original": str(made.original),
        "quantization": made.quantization,
        "quantization_before": made.quantization_before,
        "size_bytes": made.size_bytes,
        "size_before_bytes": made.size_before_bytes,
        "prompt_tokens_per_s": round(compared.prompt_after, 2),
        "prompt_tokens_per_s_before": round(compared.prompt_before, 2),
        "tokens_per_s": round(compared.generation_after, 2),
        "tokens_per_s_before": round(compared.generation_before, 2),
        "compared_tokens": compared.tokens,
        "agreement": round(compared.agreement, 4),
        "divergence": round(compared.divergence, 4),
        "perplexity_ratio": round(compared.perplexity_ratio, 4),
        "quality": str(made.quality),
        "was_busy": compared.was_busy,
    }
