"""How fast documents are read: PDF text against raw pdfium, and whole documents end to end.

    python benchmarks/reading.py [--rounds 3]

The 1,000-page PDF is made once, of manuals from Debian packages, in `.cache/bench`. Ratios are
taken within one run, in turns, so that a busy machine slows both sides.
"""

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import same_document

from assistant.documents.document import Document
from assistant.documents.formats.pdf import PdfFile
from assistant.documents.reading import Reader
from assistant.evidence.index import EvidenceIndex
from assistant.paths import resource
from assistant.summaries.ranking import rank
from tests.word_order import recall, references

CACHE = Path(__file__).resolve().parent.parent / ".cache" / "bench"
FILES = Path(__file__).resolve().parent.parent / "tests" / "files"
SAMPLE = resource("samples/sample.pdf")
# Set by LaTeX, FOP, DocBook and Texinfo: what people get as manuals.
PACKAGES = {
    "debian-policy": "usr/share/doc/debian-policy/policy.pdf.gz",
    "debian-reference-en": "usr/share/debian-reference/debian-reference.en.pdf",
    "developers-reference": "usr/share/developers-reference/developers-reference.pdf",
    "maint-guide": "usr/share/doc/maint-guide/maint-guide.en.pdf",
    "nauty-doc": "usr/share/doc/nauty/nug28.pdf",
    "fasta3-doc": "usr/share/doc/fasta3/fasta_guide.pdf",
}
PAGES = 1_000


def long_pdf() -> Path | None:
    """Return a PDF of 1,000 different pages, None where Debian's packages cannot be had."""
    target = CACHE / "long.pdf"
    if target.exists():
        return target
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        document = pypdfium2.PdfDocument.new()
        for package, member in PACKAGES.items():
            path = fetched(package, member, folder)
            if path:
                with pypdfium2.PdfDocument(path) as source:
                    document.import_pages(source)
        if not len(document):
            return None
        while len(document) < PAGES:
            document.import_pages(document, list(range(min(len(document), PAGES - len(document)))))
        for _ in range(len(document) - PAGES):
            document.del_page(PAGES)
        document.save(target)
        document.close()
    return target


def fetched(package: str, member: str, folder: Path) -> Path | None:
    try:
        command = ["apt-get", "download", "-q", package]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    (archive,) = folder.glob(f"{package}_*.deb")
    subprocess.run(["dpkg-deb", "-x", archive, folder / package], check=True)
    path = folder / package / member
    if not path.exists():  # compressed or not differs between releases
        return None
    if path.suffix == ".gz":
        subprocess.run(["gunzip", path], check=True)
        path = path.with_suffix("")
    return path


def raw_text(path: Path) -> int:
    """Read the text of all pages with pdfium alone; return how many pages there are."""
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            text_page = page.get_textpage()
            text_page.get_text_range()
            text_page.close()
            page.close()
        return len(document)


def lines_and_fonts(path: Path) -> int:
    """Read all lines with place, size and font, as the app does."""
    file = PdfFile(path)
    count = file.page_count
    for number in range(1, count + 1):
        file.read_page(number)
    file.close()
    return count


def pages_per_second(read: Callable[[Path], int], path: Path) -> float:
    begun = time.perf_counter()
    return read(path) / (time.perf_counter() - begun)


def whole(reader: Reader, path: Path) -> tuple[float, Document]:
    begun = time.perf_counter()
    *_, document = reader.read(path, cancel=threading.Event())
    assert isinstance(document, Document)
    return time.perf_counter() - begun, document


def report(what: str, figure: str, target: str, *, is_met: bool) -> None:
    print(f"{what:<44}{figure:>24}   target {target:<16}{'ok' if is_met else 'MISSED'}")


def print_whole(document: Document, read_s: float) -> None:
    """Rank and index what was read, as the first summary of it does."""
    begun = time.perf_counter()
    rank(document)
    ranked_s = time.perf_counter() - begun
    index = EvidenceIndex(document.sentences, document)
    index.closest("Every package must have a maintainer.")  # it is built at the first question
    seconds = read_s + time.perf_counter() - begun
    figure = f"{seconds:.2f} s (ranked in {ranked_s:.1f})"
    report("1,000 pages read, ranked and indexed", figure, "<= 10 s", is_met=seconds <= 10)


def print_orders(reader: Reader) -> None:
    """Compare PDFs with their texts, word by word in their order."""
    for name, (reference, target) in references(FILES).items():
        _, document = whole(reader, FILES / name)
        share = recall("\n".join(page.text for page in document.pages), reference)
        report(f"words in order: {name}", f"{share:.4f}", f">= {target}", is_met=share >= target)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    path = long_pdf()
    if path is None:
        print("no Debian packages to be had: the sample alone")
    many = path or SAMPLE

    speeds = [
        (pages_per_second(raw_text, many), pages_per_second(lines_and_fonts, many))
        for _ in range(rounds)
    ]
    raw, ours = (max(speed[side] for speed in speeds) for side in (0, 1))
    ratio = max(ours / raw for raw, ours in speeds)
    report(
        "PDF text alone, with places and fonts", f"{ours:.0f} pages/s", ">= 300", is_met=ours >= 300
    )
    print(f"{'  pdfium text alone, without either':<44}{raw:>16.0f} pages/s   ratio {ratio:.2f}")

    with tempfile.TemporaryDirectory() as folder:
        reader = Reader(log=Path(folder) / "log")
        cold, document = whole(reader, SAMPLE)
        warm = min(whole(reader, SAMPLE)[0] for _ in range(rounds))
        pages = len(document.pages)
        report(
            f"{pages} pages, process started for it", f"{cold:.2f} s", "<= 1 s", is_met=cold <= 1
        )
        report(f"{pages} pages, warm process", f"{warm:.2f} s", "<= 0.5 s", is_met=warm <= 0.5)
        begun = time.perf_counter()
        for number in range(1, pages + 1):
            reader.picture(SAMPLE, number, width_px=1_000, highlights=["United States"])
        picture = (time.perf_counter() - begun) / pages
        report(
            "picture of a page, 1,000 px",
            f"{picture * 1_000:.0f} ms",
            "<= 100 ms",
            is_met=picture <= 0.1,
        )
        if path:
            seconds, document = min(
                (whole(reader, path) for _ in range(rounds)), key=lambda found: found[0]
            )
            sentences = len(document.sentences)
            figure = f"{seconds:.2f} s, {PAGES / seconds:.0f} pages/s"
            report(f"1,000 pages, {sentences:,} sentences", figure, "<= 6 s", is_met=seconds <= 6)
            print_whole(document, seconds)
        print_orders(reader)
        for kind, share in same_document.recalls(reader).items():
            name = f"the same document as {kind.upper()}, recall"
            target = same_document.TARGET
            report(name, f"{share:.4f}", f">= {target}", is_met=share >= target)
        reader.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
