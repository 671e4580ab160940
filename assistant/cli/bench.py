"""`alcove bench`: how fast a model is on this computer, as figures, bars and a picture."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec
import psutil

from assistant import fit
from assistant.checkups.report import SpeedReport
from assistant.checkups.speed import QUICK, Sizes, SpeedProgress, Stage, measure
from assistant.checkups.speeds import keep_speeds
from assistant.cli.charts import Panel, as_svg, in_letters
from assistant.cli.hardware import processor
from assistant.cli.terminal import (
    Exit,
    Progress,
    Stopped,
    say,
    stop_on_interrupt,
    write_result,
)
from assistant.cli.workplace import Workplace, workplace
from assistant.engine.client import Engine
from assistant.engine.wishes import wished
from assistant.errors import ModelNotFound
from assistant.models.keeping.installed import InstalledModel
from assistant.wording import size

_STAGES = {
    Stage.LOADING: "Loading the model",
    Stage.PROMPTS: "Prompts and replies",
    Stage.TOGETHER: "Several at once",
    Stage.THREADS: "Numbers of threads",
}
_BUSY_PERCENT = 15


def add_to(commands: Any) -> None:
    """Add the command to the `argparse` subparsers `commands`."""
    parser = commands.add_parser(
        "bench",
        help="how fast a model is on this computer",
        description="Measure a model on this computer: prompts, replies, several at once, numbers "
        "of threads, memory. It takes about a minute, and does best when nothing else runs.",
    )
    parser.add_argument("--model", metavar="NAME|PATH", help="an installed model, or a .gguf file")
    parser.add_argument("--quick", action="store_true", help="less of everything, in seconds")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    parser.add_argument(
        "--output", type=Path, metavar="FILE.svg", help="also draw the figures as a picture"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Measure, then print the figures."""
    work = workplace()
    model = work.model(options.model)
    if model is None:
        raise ModelNotFound("")
    if options.output and options.output.suffix.lower() != ".svg":
        say("alcove: --output takes the name of a picture that ends in .svg.")
        return Exit.USAGE
    busy = psutil.cpu_percent(interval=0.5)
    if busy > _BUSY_PERCENT:
        say(f"alcove: other programs use {busy:.0f}% of the processor: figures will be lower.")
    report = _measure(work, model, QUICK if options.quick else Sizes())
    keep_speeds(work.speeds, model.path, report)
    facts = _facts(model, report, busy)
    if options.output:
        title, *lines = _head(facts)
        picture = as_svg(title, [*lines, *_lines(report)], _panels(report))
        write_result(picture, options.output)
    if options.format == "json":
        write_result(json.dumps(facts, ensure_ascii=False) + "\n", None)
    else:
        write_result(_text(facts, report), None)
    return Exit.DONE


def _measure(work: Workplace, model: InstalledModel, sizes: Sizes) -> SpeedReport:
    settings = msgspec.structs.replace(wished(work.settings, model.wishes), threads=0)
    engine = Engine(
        log=work.folders.logs / "engine.log", crash_record=work.folders.data / "crashes.json"
    )
    progress = Progress()
    report: SpeedReport | None = None
    with stop_on_interrupt() as cancel:
        try:
            for event in measure(engine, model.path, settings, sizes, cancel=cancel):
                if isinstance(event, SpeedProgress):
                    progress.show(_STAGES[event.stage], event.done, event.total)
                else:
                    report = event
        finally:
            progress.close()
            engine.close()
        if cancel.is_set() or report is None:
            raise Stopped
    return report


def _facts(model: InstalledModel, report: SpeedReport, busy_percent: float) -> dict[str, Any]:
    """Return everything as it is printed as JSON."""
    figures = asdict(report)
    for figure in _figures(figures):
        for name, value in figure.items():
            if isinstance(value, float):
                figure[name] = round(value, 3)
    return {
        "model": {
            "name": model.name,
            "quantization": model.quantization,
            "parameters": model.parameters,
            "size_bytes": model.size_bytes,
        },
        "computer": {
            "processor": processor(),
            "cores": psutil.cpu_count(logical=False) or os.cpu_count() or 1,
            "memory_bytes": fit.total_memory_bytes(),
            "system": platform.platform(),
            "busy_percent": round(busy_percent),
        },
        **figures,
    }


def _figures(report: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the report and each figure in it."""
    yield report
    for value in report.values():
        if isinstance(value, dict):
            yield value
        elif isinstance(value, list | tuple):
            yield from value


def _head(facts: dict[str, Any]) -> list[str]:
    model, computer = facts["model"], facts["computer"]
    million = model["parameters"] / 1e6
    share = f"{computer['busy_percent']}% used by other programs"
    memory = f"{size(computer['memory_bytes'])} of memory"
    return [
        f"{model['name']} on this computer",
        f"{million:,.0f} million parameters, {model['quantization']}, {size(model['size_bytes'])}",
        f"{computer['processor']}, {computer['cores']} cores, {memory}, {share}",
    ]


def _lines(report: SpeedReport) -> list[str]:
    """Return the figures that are no bars."""
    lines = [f"ready after {report.load_s:.1f} s, context of {report.context_tokens:,} tokens"]
    if report.memory and report.memory.peak_bytes:
        peak, estimate = report.memory.peak_bytes, report.memory.estimate_bytes
        lines.append(
            f"{size(peak)} of memory at most, {size(estimate)} foretold "
            f"({100 * (estimate / peak - 1):+.0f}%)"
        )
    return lines


def _panels(report: SpeedReport) -> list[Panel]:
    first = [(f"{x.tokens:,} tokens", x.first_token_s) for x in report.prompts]
    if report.follow_up:
        new, known = report.follow_up.new_tokens, report.follow_up.known_tokens
        first.append((f"{new} after {known:,} known", report.follow_up.first_token_s))
    names = [
        f"automatic: {x.threads}" if x.is_automatic else f"{x.threads}" for x in report.threads
    ]
    panels = {
        "Reading a prompt, tokens/s": [
            (f"{x.tokens:,} tokens", x.tokens_per_s) for x in report.prompts
        ],
        "First word, s": first,
        "Writing, tokens/s": [
            (f"after {x.context_tokens:,} tokens", x.tokens_per_s) for x in report.generation
        ],
        "Several replies at once, tokens/s of all together": [
            (f"{x.requests} at once" if x.requests > 1 else "one", x.tokens_per_s)
            for x in report.together
        ],
        "Reading with so many threads, tokens/s": [
            (name, x.prompt_tokens_per_s) for name, x in zip(names, report.threads, strict=True)
        ],
        "Writing with so many threads, tokens/s": [
            (name, x.tokens_per_s) for name, x in zip(names, report.threads, strict=True)
        ],
    }
    return [Panel(title, tuple(bars)) for title, bars in panels.items() if bars]


def _text(facts: dict[str, Any], report: SpeedReport) -> str:
    lines = [*_head(facts), *_lines(report)]
    return "\n".join(lines) + "\n\n" + in_letters(_panels(report), is_plain=not _has_blocks())


def _has_blocks() -> bool:
    """Whether standard output takes the signs of which bars are made."""
    try:
        "█▏".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
