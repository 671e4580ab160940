"""Damaged documents of every format, each given to the reader: no crash of the app, no hang.

    python -m benchmarks.mutations [--files 10000] [--seed 5] [--keep FOLDER] [--onwards]

The files come from tests/documents/mutations.py. A reading may end with a document, which is then
checked as every document in the tests, or with a `DocumentError` for which there are words; the
reader's process may die of native code, and that is told. A reader that met a bug of its own
("Broke") leaves where in its log, which is printed.

Onwards: each document that was read is also stored and found again, made key points of in some
style, exported, compared with the one before of the same name, and asked.
"""

import argparse
import itertools
import json
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from assistant.conversations.asking.attached import Attached, AttachedDocument
from assistant.conversations.asking.retrieval import search
from assistant.documents.document import Document
from assistant.documents.limits import Limits
from assistant.documents.ocr.recognition import OcrWish
from assistant.documents.reading import Reader
from assistant.errors import DocumentError, FileFault
from assistant.summaries.comparing.compare import compare
from assistant.summaries.exporting.comparisons import comparison_data, compose_comparison
from assistant.summaries.exporting.composing import compose
from assistant.summaries.exporting.data import to_dict
from assistant.summaries.exporting.docx import write_docx
from assistant.summaries.exporting.html import write_html
from assistant.summaries.exporting.markdown import write_markdown
from assistant.summaries.exporting.parts import Part
from assistant.summaries.exporting.text import write_text
from assistant.summaries.keeping import decode, encode
from assistant.summaries.summarizing import summarize
from assistant.summaries.summary import Mode, Summary, SummaryOptions
from assistant.summaries.wishes.styles import Style
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


class Onwards:
    """Does with each document what the app does without a model; what goes wrong is raised."""

    def __init__(self) -> None:
        self._before: dict[str, Document] = {}
        self._styles = itertools.cycle(Style)
        self._focuses = itertools.cycle(("", "rent and termination", "図書館"))

    def use(self, name: str, document: Document) -> None:
        """Store, summarise, export, compare and ask `document`."""
        never = threading.Event()
        assert decode(encode(document)) == document
        options = SummaryOptions(
            Mode.KEY_POINTS, 80, style=next(self._styles), focus=next(self._focuses)
        )
        *_, summary = summarize(document, options, engine=None, model=None, cancel=never)
        assert isinstance(summary, Summary)
        self._export(compose(document, summary, with_passages=True))
        json.dumps(to_dict(document, summary))
        if before := self._before.get(name):
            comparison = compare(before, document)
            self._export(compose_comparison(comparison))
            json.dumps(comparison_data(comparison))
        self._before[name] = document
        attached = Attached((AttachedDocument(1, document),))
        for question in ("How many visitors had the library in May?", "図書館"):
            search(attached, question, cancel=never)

    def _export(self, parts: Iterable[Part]) -> None:
        made = tuple(parts)
        write_docx(made, title="Damaged")
        write_html(made, title="Damaged", language="en")
        write_markdown(made)
        write_text(made)


def outcome(reader: Reader, mutation: Mutation, path: Path, onwards: Onwards | None) -> Outcome:
    """Give one damaged file to `reader`, and what was read of it onwards."""
    path.write_bytes(mutation.data)
    fault, begun = "", time.monotonic()
    try:
        *_, last = reader.read(path, cancel=threading.Event(), ocr=OcrWish(is_wanted=False))
        ending = "read"
        if isinstance(last, Document):
            check(last)
            if onwards:
                onwards.use(mutation.name, last)
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
    parser.add_argument("--onwards", action="store_true", help="use what was read, too")
    options = parser.parse_args()
    onwards = Onwards() if options.onwards else None
    endings: dict[str, Counter[str]] = {}
    faults, slowest = 0, 0.0
    with tempfile.TemporaryDirectory() as name:
        log = Path(name) / "log"
        reader = Reader(log=log, limits=LIMITS)
        for number, mutation in enumerate(mutations(options.files, options.seed)):
            suffix = Path(mutation.name).suffix
            path = Path(name) / f"{number}{suffix}"
            before = log.stat().st_size if log.exists() else 0
            one = outcome(reader, mutation, path, onwards)
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
