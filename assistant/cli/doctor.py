"""`alcove doctor`: what this computer has, whether the engine works, what hinders the app."""

import argparse
import os
import platform
import shutil
import threading
import time
from typing import Any

import msgspec

from assistant import __version__, fit, paths
from assistant.cli.hardware import processor
from assistant.cli.terminal import Exit, write_result
from assistant.cli.workplace import Workplace, workplace
from assistant.crash_reports import Reports
from assistant.documents.ocr import installing
from assistant.documents.ocr.programs import installed
from assistant.engine import gpu_part
from assistant.engine.client import Engine
from assistant.engine.devices import gpus
from assistant.engine.protocol import GREEDY, Finished, ModelInfo
from assistant.engine.status import EngineStatus
from assistant.engine.wishes import wished
from assistant.errors import AssistantError, ModelNotFound
from assistant.forecast import Machine, forecast
from assistant.gguf import read_header
from assistant.models.hub.connections import Connection
from assistant.models.keeping.installed import InstalledModel
from assistant.wording import explain, size

_LOW_MEMORY_BYTES = 2_000_000_000
_LOW_DISK_BYTES = 2_000_000_000


def add_to(commands: Any) -> None:
    """Add the command to the `argparse` subparsers `commands`."""
    parser = commands.add_parser(
        "doctor", help="hardware, folders, engine self-test, connections made"
    )
    parser.set_defaults(run=run)


def run(_options: argparse.Namespace) -> int:
    """Print a report; fail if the engine's self-test or writing fails."""
    work = workplace()
    hindrances: list[str] = []
    lines = [f"Alcove {__version__}, Python {platform.python_version()}, {platform.platform()}", ""]
    lines += _hardware(hindrances)
    writes = _folders(work, lines, hindrances)
    works = _self_test(work, lines)
    hindrances += [str(explain(error)) for error in work.models.broken()]
    lines += _recognition()
    lines += _connections(work.connections.all())
    lines += _crashes(work)
    lines += ["", "Hindrances"]
    lines += [f"  {hindrance}" for hindrance in hindrances] or ["  none"]
    write_result("\n".join(lines) + "\n", None)
    return Exit.DONE if writes and works else Exit.FAILED


def _hardware(hindrances: list[str]) -> list[str]:
    import psutil  # noqa: PLC0415

    total, free = fit.total_memory_bytes(), fit.free_memory_bytes()
    if free < _LOW_MEMORY_BYTES:
        hindrances.append(f"Only {size(free)} of memory are free: close other programs.")
    found = gpus()
    other = gpu_part.other_release()
    if other is not None:
        of = f"Alcove {other}" if other else "another version"
        wanted = f"Unpack that of Alcove {__version__} over it."
        hindrances.append(f"The part for GPUs is of {of}, and is not used. {wanted}")
    return [
        "Hardware",
        f"  processor    {processor()}",
        f"  cores        {psutil.cpu_count(logical=False)} ({os.cpu_count()} threads)",
        f"  memory       {size(total)}, {size(free)} free",
        *(f"  GPU          {one.description}, {size(one.total_bytes)}" for one in found),
        *(() if found else ("  GPU          No GPU that this build can use: processor only",)),
        "",
    ]


def _folders(work: Workplace, lines: list[str], hindrances: list[str]) -> bool:
    """Try to write into each folder of the app, and return whether all took it."""
    lines.append("Folders" if work.folders.portable is None else "Folders of a portable copy")
    folders = {
        "data": work.folders.data,
        "cache": work.folders.cache,
        "logs": work.folders.logs,
        "models": work.models.folder,
    }
    if work.folders.temporary is not None:
        folders["temporary"] = work.folders.temporary
    writable = True
    for name, folder in folders.items():
        probe = folder / f".probe-{os.getpid()}"
        try:
            paths.write_atomically(probe, b"probe")
            probe.unlink()
        except AssistantError as error:
            writable = False
            hindrances.append(str(explain(error)))
            lines.append(f"  {name:<12} {folder}  (cannot be written)")
            continue
        free = shutil.disk_usage(folder).free
        if free < _LOW_DISK_BYTES:
            hindrances.append(f"Only {size(free)} are free on the disk of {folder}.")
        lines.append(f"  {name:<12} {folder}  ({size(free)} free)")
    lines.append("")
    return writable


def _recognition() -> list[str]:
    found = installed()
    if not found:
        return ["", "Text recognition (OCR)", f"  none         to add it: {installing.command()}"]
    told = [
        f"  {one.program.value:<12} {one.version}  ({', '.join(one.languages) or 'all in one'})"
        for one in found
    ]
    return ["", "Text recognition (OCR)", *told]


def _self_test(work: Workplace, lines: list[str]) -> bool:
    """Load the model in use and let it write a few tokens."""
    lines.append("Engine")
    model = work.model(None)
    if model is None:
        lines.append(f"  self-test    failed: {explain(ModelNotFound(''))}")
        return False
    engine = Engine(log=work.folders.logs / "engine.log")
    settings = wished(work.settings, model.wishes)
    engine.choose(model.path, msgspec.structs.replace(settings, context_tokens=1024))
    begun = time.perf_counter()
    try:
        for event in engine.generate(
            prompt="One, two, three,", sampling=GREEDY, max_tokens=16, cancel=threading.Event()
        ):
            if isinstance(event, ModelInfo):
                lines.append(f"  model        {model.name}, {event.threads} threads")
                lines.append(f"  llama.cpp    {_build(event)}")
                lines.append(f"  loaded in    {time.perf_counter() - begun:.1f} s")
            elif isinstance(event, Finished):
                speed = event.generated_tokens / max(event.generation_s, 1e-9)
                lines.append(f"  self-test    passed, {speed:.0f} tokens/s")
                lines.append(_memory(engine.status()))
    except AssistantError as error:
        lines.append(f"  self-test    failed: {explain(error)}")
        return False
    finally:
        engine.close()
    lines.append(_speed(work, model))
    return True


def _build(info: ModelInfo) -> str:
    """Tell which part of llama.cpp computes."""
    if info.variant:
        asked = "as ALCOVE_PROCESSOR asks" if os.environ.get("ALCOVE_PROCESSOR") else ""
        return f"the part for {info.variant} processors, {asked or 'the best that runs here'}"
    return "in one piece, for the processor that it was built on"


def _speed(work: Workplace, model: InstalledModel) -> str:
    """Tell what is foretold of the model in use, and on what grounds."""
    header = read_header(model.path)
    seen = forecast(header, Machine.now(), work.speeds, work.settings.context_tokens)
    grounds = "estimated: alcove bench measures it"
    if seen.is_measured:
        grounds = "as in use here" if seen.is_corrected else "as measured here"
    return (
        f"  speed        {seen.prompt_tokens_per_s:.0f} prompt and {seen.tokens_per_s:.0f} reply "
        f"tokens/s, 20 pages summarised in about {seen.quick_s:.0f} s ({grounds})"
    )


def _memory(status: EngineStatus) -> str:
    estimated = size(status.model.estimated_bytes) if status.model else "?"
    taken = size(status.memory_bytes)
    return f"  memory       {taken} taken; at most {estimated} estimated for a full context"


def _crashes(work: Workplace) -> list[str]:
    found = Reports.of(work.folders).list()
    if not found:
        return ["Crash reports: none"]
    return [f"Crash reports: {len(found)}, sent to nobody", *(f"  {path}" for path in found)]


def _connections(connections: list[Connection]) -> list[str]:
    if not connections:
        return ["", "Connections made: none"]
    lines = ["", f"Connections made: {len(connections)}"]
    for one in connections:
        when = one.started.astimezone().strftime("%Y-%m-%d %H:%M")
        lines.append(f"  {when}  {one.host}  {one.reason}  {size(one.received_bytes)} received")
    return lines
