"""The turns of phrase by which text gives orders to whoever summarises it, in many languages.

A signal alone may be innocent: a manual says "print the word", a statute "the summary must". So
each has a weight, and only signals that stand together up to 1 count. They are written in
resources/injections/*.toml as the languages are, and folded with the text (`folding.py`); the
weights were set against licences, RFCs, manuals and papers (benchmarks/wishes.py).
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.paths import resource
from assistant.summaries.injections.folding import fold_pattern
from assistant.summaries.injections.injection import InjectionKind


@dataclass(frozen=True, slots=True)
class Signal:
    """A turn of phrase.

    Attributes:
        kind: what it tries.
        weight: 1 for what is never innocent.
        anchors: one of these is in every text that it matches; looked for first, being quick.
        pattern: for folded text.
    """

    kind: InjectionKind
    weight: float
    anchors: tuple[str, ...]
    pattern: re.Pattern[str]


@cache
def signals() -> tuple[Signal, ...]:
    """Return the signals of all languages; read at the first call, in about 0.1 s."""
    files = [tomllib.loads(path.read_text("utf-8")) for path in sorted(_folder().glob("*.toml"))]
    parts = {name: part for file in files for name, part in file.get("parts", {}).items()}
    return tuple(_signal(row, parts) for file in files for row in file["signal"])


def _folder() -> Path:
    return resource("injections")


def _signal(row: dict[str, Any], parts: dict[str, str]) -> Signal:
    source = row["pattern"]
    for name, part in parts.items():
        source = source.replace("{" + name + "}", f"{part.strip()}")
    return Signal(
        kind=InjectionKind(row["kind"]),
        weight=row["weight"],
        anchors=tuple(fold_pattern(anchor) for anchor in row["anchors"]),
        pattern=re.compile(fold_pattern(source), re.MULTILINE | re.VERBOSE),
    )
