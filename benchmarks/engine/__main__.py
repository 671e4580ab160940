"""Prints the engine's table: every row with its target, and whether it is met.

    python benchmarks/engine [--only speed,chat,…] [--model PATH] [--second-model PATH]
                             [--rounds 5] [--json]

Figures are medians, and each ratio is taken within one run. Run it on an idle computer: llama.cpp's
threads wait for each other, so that one other busy process slows everything down.
"""

import argparse
import contextlib
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:  # `python benchmarks/engine` puts only this folder there
    sys.path.insert(0, str(ROOT))

from assistant.paths import resource  # noqa: E402
from benchmarks.engine import (  # noqa: E402
    batch,
    busy,
    chaos,
    chat,
    damage,
    memory,
    reopen,
    speed,
    stops,
)
from benchmarks.engine.asking import Job  # noqa: E402
from benchmarks.engine.table import Row, as_json, show  # noqa: E402

STARTER = resource("models/SmolLM2-135M-Instruct.Q4_1.gguf")
ROWS: dict[str, Callable[[Job], Iterator[Row]]] = {
    "speed": speed.rows,
    "stops": stops.rows,
    "batch": batch.rows,
    "reopen": reopen.rows,
    "chat": chat.rows,
    "busy": busy.rows,
    "memory": memory.rows,
    "chaos": chaos.rows,
    "damage": damage.rows,
}


def main() -> int:
    options = _options()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        for name in options.only:
            job = Job(
                model=options.model,
                second=options.second_model,
                rounds=options.rounds,
                stops=options.stops,
                requests=options.requests,
                damaged=options.damaged,
                folder=Path(folder) / name,
            )
            job.folder.mkdir()
            # Rows go to standard error while they come if standard output is to be JSON.
            with contextlib.redirect_stdout(sys.stderr if options.json else sys.stdout):
                rows += show(ROWS[name](job))
    if options.json:
        print(as_json(rows))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/engine", description=__doc__)
    parser.add_argument("--only", type=_names, default=list(ROWS), metavar="NAME,NAME")
    parser.add_argument("--model", type=Path, default=STARTER)
    parser.add_argument("--second-model", type=Path, help="a larger one, for `batch`")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--stops", type=int, default=50)
    parser.add_argument("--requests", type=int, default=1000, help="of `chaos`")
    parser.add_argument("--damaged", type=int, default=500, help="files of `damage`")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _names(text: str) -> list[str]:
    names = text.split(",")
    unknown = [name for name in names if name not in ROWS]
    if unknown:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: not one of {', '.join(ROWS)}")
    return names


if __name__ == "__main__":
    sys.exit(main())
