"""Files made to do harm, each given to the reader: refused, how soon, with how much memory.

    python -m benchmarks.bombs [--only pdf] [--keep FOLDER]

The files come from tests/documents/bombs.py. Memory is the most that the reader's process ever
held while it read this file, what it holds anyway included.
"""

import argparse
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from assistant.documents.document import Document
from assistant.documents.reading import Reader
from assistant.errors import DocumentError
from tests.documents.bombs import BOMBS

LIMIT_S = 1.0
LIMIT_BYTES = 300_000_000
WARM = "The reader is warm, and knows the languages of Europe."


@dataclass(frozen=True)
class Outcome:
    """What became of one file."""

    name: str
    file_bytes: int
    ending: str
    seconds: float
    peak_bytes: int

    @property
    def is_met(self) -> bool:
        """Whether time and memory are within the limits."""
        return self.seconds <= LIMIT_S and 0 < self.peak_bytes <= LIMIT_BYTES


def outcome(reader: Reader, path: Path) -> Outcome:
    """Give one file to `reader`, which has a process already."""
    child = reader._child
    assert child is not None
    forget_peak(child.pid)
    peak = PeakWatch(child.pid)
    begun = time.monotonic()
    try:
        *_, last = reader.read(path, cancel=threading.Event())
        ending = f"read: {len(last.pages)} pages" if isinstance(last, Document) else "no end"
    except DocumentError as error:
        ending = f"{error.fault.value}: {error.limit}" if error.limit else error.fault.value
    seconds = time.monotonic() - begun
    return Outcome(path.name, path.stat().st_size, ending, seconds, peak.stop())


def forget_peak(pid: int) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5")


class PeakWatch:
    """Looks at the most memory that a process ever held, until it is stopped or the process ends.

    The process may be gone when the answer is there, so it is looked at all the time.
    """

    def __init__(self, pid: int) -> None:
        self._path = Path(f"/proc/{pid}/status")
        self._peak = 0
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def stop(self) -> int:
        """Return the peak in bytes."""
        self._is_over.set()
        self._thread.join()
        return self._peak

    def _watch(self) -> None:
        while True:
            is_last = self._is_over.wait(0.01)
            try:
                lines = self._path.read_text().splitlines()
            except OSError:
                return
            for line in lines:
                if line.startswith("VmHWM:"):
                    self._peak = max(self._peak, 1_024 * int(line.split()[1]))
            if is_last:
                return


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="part of a file's name")
    parser.add_argument("--keep", type=Path, help="folder in which the files stay")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = options.keep or Path(name)
        folder.mkdir(exist_ok=True)
        warm = Path(name) / "warm.txt"
        warm.write_text(WARM)
        reader = Reader(log=Path(name) / "log")
        outcomes = []
        for file_name, write in BOMBS.items():
            if options.only not in file_name:
                continue
            path = folder / file_name
            if not path.exists():
                write(path)
            list(reader.read(warm, cancel=threading.Event()))
            one = outcome(reader, path)
            outcomes.append(one)
            print(
                f"{one.name:<36}{one.file_bytes / 1e6:>8.2f} MB{one.seconds:>8.2f} s"
                f"{one.peak_bytes / 1e6:>7.0f} MB  {'ok' if one.is_met else 'MISSED':<7}"
                f"{one.ending}",
                flush=True,
            )
            if not options.keep:
                path.unlink()
        reader.close()
    missed = sum(not one.is_met for one in outcomes)
    print(f"{len(outcomes)} bombs, {missed} beyond {LIMIT_S:.0f} s or {LIMIT_BYTES / 1e6:.0f} MB")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
