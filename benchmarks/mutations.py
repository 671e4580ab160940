"""Damaged documents of every format, each given to the reader: no crash of the app, no hang.

    python -m benchmarks.mutations [--files 10000] [--seed 5] [--keep FOLDER]

The files come from tests/documents/mutations.py. A reading may end with a document, which is then
checked as every document in the tests, or with a `DocumentError` for which there are words; the
reader's process may die of native code, and that is told. A reader that met a bug of its own
("Broke") leaves where in its log, which is printed.
"""

import argparse
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from assistant.documents.document import Document
from assistant.documents.limits import Limits
from assistant.documents.ocr.recognition import OcrWish
from assistant.documents.reading import Reader
from assistant.errors import DocumentError, FileFault
from assistant.wording import explain
from tests.documents.conftest import check
from tests.documents.mutations import Mutation, mutations

DEADLINE_S = 20.0
LIMITS = Limits(silence_s=10.0, total_s=DEADLINE_S)


@dataclass(frozen=True)
class Outcome:
    """What became of one file; `fault` is empty if it is as it should be."""

    mutation: Mutation
    ending: str
    seconds: float
    fault: str = ""


def outcome(reader: Reader, mutation: Mutation, path: Path) -> Outcome:
    """Give one damaged file to `reader`."""
    path.write_bytes(mutation.data)
    fault, begun = "", time.monotonic()
    try:
        *_, last = reader.read(path, cancel=threading.Event(), ocr=OcrWish(is_wanted=False))
        ending = "read"
        if isinstance(last, Document):
            check(last)
        else:
            fault = "no document"
    except DocumentError as error:
        ending = error.fault.value
        words = str(explain(error))
        if len(words) < 20 or str(path) not in words:
            fault = f"no words for it: {words}"
    except Exception as error:
        ending, fault = "bug", f"{type(error).__name__}: {error}"
    seconds = time.monotonic() - begun
    if seconds > DEADLINE_S + 2:
        fault = fault or f"{seconds:.0f} s"
    return Outcome(mutation, ending, seconds, fault)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="folder for what crashed or timed out")
    options = parser.parse_args()
    endings: dict[str, Counter[str]] = {}
    faults, slowest = 0, 0.0
    with tempfile.TemporaryDirectory() as name:
        log = Path(name) / "log"
        reader = Reader(log=log, limits=LIMITS)
        for number, mutation in enumerate(mutations(options.files, options.seed)):
            suffix = Path(mutation.name).suffix
            path = Path(name) / f"{number}{suffix}"
            before = log.stat().st_size if log.exists() else 0
            one = outcome(reader, mutation, path)
            endings.setdefault(suffix, Counter())[one.ending] += 1
            slowest = max(slowest, one.seconds)
            if one.fault:
                faults += 1
                print(f"  {mutation.name}: {mutation.kind}: {one.ending}, {one.fault}")
            if one.fault or one.ending in {FileFault.READER_CRASHED, FileFault.READER_TIMED_OUT}:
                said = log.read_bytes()[before:] if log.exists() else b""
                print(f"  {number} {mutation.name}: {mutation.kind}: {one.ending}")
                print("    " + said.decode("utf-8", "replace")[-1_500:].replace("\n", "\n    "))
                if options.keep:
                    options.keep.mkdir(exist_ok=True)
                    (options.keep / path.name).write_bytes(mutation.data)
            path.unlink()
        reader.close()
    for suffix, found in sorted(endings.items()):
        print(f"{suffix:<8}" + ", ".join(f"{ending} {n}" for ending, n in found.most_common()))
    died = sum(found[FileFault.READER_CRASHED] for found in endings.values())
    hung = sum(found[FileFault.READER_TIMED_OUT] for found in endings.values())
    print(
        f"{options.files} files, app alive each time; reader ended by {died}, at its deadline by "
        f"{hung}; slowest {slowest:.1f} s: {'PASS' if not faults else f'FAIL ({faults})'}"
    )
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
