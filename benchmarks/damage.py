"""Damaged model files, each given to the engine: the app lives, and says what is wrong, in time.

    python -m benchmarks.damage [--files 500] [--kind tokenizer] [--all]

The files come from tests/engine/damaged_models.py. One engine serves them in turn and starts again
when one ends it. A file that loads in spite of its damage is fine when a reply then ends.
"""

import argparse
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from assistant.engine.client import Engine
from assistant.engine.protocol import Finished, LoadSettings, Message, Role
from assistant.errors import AssistantError, EngineDied, ModelError, ModelFault
from assistant.wording import explain
from tests.engine.damaged_models import STRUCTURED, Damage, damaged_files, parts_of
from tests.engine.tiny_models import tiny_llama

LIMIT_S = 10.0
HELLO = [Message(Role.USER, "hello")]


@dataclass(frozen=True)
class Outcome:
    """What became of one file; `fault` is empty if it is as it should be."""

    kind: str
    what: str
    ending: str
    seconds: float
    fault: str


def outcome(engine: Engine, damage: Damage, path: Path) -> Outcome:
    """Give one damaged file to `engine`."""
    kind, what, data = damage
    path.write_bytes(data)
    engine.choose(path, LoadSettings(threads=1))
    fault, begun = "", time.monotonic()
    try:
        ending = _replied(engine)
    except AssistantError as error:
        ending = _name(error)
        words = str(explain(error))
        if len(words) < 20 or type(error).__name__ in words:
            fault = f"no words for it: {words}"
    except Exception as error:
        ending, fault = "bug", f"{type(error).__name__}: {error}"
    seconds = time.monotonic() - begun
    if seconds > LIMIT_S:
        fault = fault or f"{seconds:.0f} s"
    path.unlink()
    return Outcome(kind, what, ending, seconds, fault)


def _replied(engine: Engine) -> str:
    try:
        events = list(engine.generate(HELLO, max_tokens=4, cancel=threading.Event()))
    except ModelError as error:
        if error.fault not in {ModelFault.NO_CHAT_TEMPLATE, ModelFault.TEMPLATE_FAILED}:
            raise
        # Its text can still be continued.
        events = list(engine.generate(prompt="a", max_tokens=4, cancel=threading.Event()))
    if not isinstance(events[-1], Finished):
        raise TypeError("the reply did not end")
    return "replied"


def _name(error: AssistantError) -> str:
    if isinstance(error, ModelError):
        return str(error.fault)
    if isinstance(error, EngineDied):
        return f"died: {error.cause}"
    return type(error).__name__


def table(outcomes: Iterable[Outcome]) -> str:
    """Return how the files of each kind ended."""
    by_kind: dict[str, Counter[str]] = defaultdict(Counter)
    slowest: dict[str, float] = defaultdict(float)
    for one in outcomes:
        by_kind[one.kind][one.ending] += 1
        slowest[one.kind] = max(slowest[one.kind], one.seconds)
    lines = [f"{'damage':22}{'files':>6}{'slowest':>9}  endings"]
    for kind, endings in by_kind.items():
        told = ", ".join(f"{count} {ending}" for ending, count in endings.most_common())
        lines.append(f"{kind:22}{endings.total():6}{slowest[kind]:8.1f}s  {told}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--kind", choices=list(STRUCTURED), help="all structured files of one kind")
    parser.add_argument("--all", action="store_true", help="all structured files")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        damages: Iterable[Damage] = damaged_files(folder, options.files)
        if options.kind or options.all:
            parts = parts_of(tiny_llama(folder / "whole.gguf"))
            kinds = [options.kind] if options.kind else list(STRUCTURED)
            damages = ((kind, *found) for kind in kinds for found in STRUCTURED[kind](parts))
        engine = Engine(log=folder / "engine.log", crash_record=folder / "crashes.json")
        try:
            outcomes = [
                outcome(engine, damage, folder / f"{number}.gguf")
                for number, damage in enumerate(damages)
            ]
        finally:
            engine.close()
    print(table(outcomes))
    for one in outcomes:
        if one.fault or one.ending.startswith("died") or one.seconds > LIMIT_S / 2:
            print(f"  {one.kind}: {one.what[:60]}: {one.ending}, {one.seconds:.1f} s {one.fault}")
    faults = [one for one in outcomes if one.fault]
    slowest = max(one.seconds for one in outcomes)
    print(f"{len(outcomes)} files, app alive each time, slowest {slowest:.1f} s", end=": ")
    print("PASS" if not faults else f"FAIL ({len(faults)})")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
