"""The same document in six formats: how much of its words comes through, in their order.

    python benchmarks/same_document.py

`tests/files/office/harbour.*` were made by LibreOffice and pandoc; `harbour.txt` has the words in
reading order, notes after their paragraphs. Books and web pages have the notes at the end, so that
they lose a little. `striprtf`, where it is installed, is shown for comparison.
"""

import sys
import tempfile
import threading
from pathlib import Path

from assistant.documents.document import Document
from assistant.documents.reading import Reader

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.word_order import recall  # noqa: E402 - a script's folder is not the repository's

FILES = ROOT / "tests" / "files" / "office"
KINDS = ("pdf", "docx", "odt", "epub", "html", "rtf")
TARGET = 0.98


def recalls(reader: Reader) -> dict[str, float]:
    """Return the recall of each format against the text."""
    reference = (FILES / "harbour.txt").read_text("utf-8")
    found = {}
    for kind in KINDS:
        *_, document = reader.read(FILES / f"harbour.{kind}", cancel=threading.Event())
        assert isinstance(document, Document)
        found[kind] = recall("\n".join(page.text for page in document.pages), reference)
    return found


def stripped() -> float | None:
    """Return the recall of striprtf, None where it is not installed."""
    try:
        from striprtf.striprtf import rtf_to_text
    except ImportError:
        return None
    text = rtf_to_text((FILES / "harbour.rtf").read_text("latin-1"))
    return recall(text, (FILES / "harbour.txt").read_text("utf-8"))


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        reader = Reader(log=Path(folder) / "log")
        found = recalls(reader)
        reader.close()
    for kind, figure in found.items():
        verdict = "ok" if figure >= TARGET else "MISSED"
        print(f"{f'the same document as {kind.upper()}, recall':<44}{figure:>24.4f}   {verdict}")
    reference = stripped()
    if reference is not None:
        print(f"{'  RTF by striprtf, which knows no structure':<44}{reference:>24.4f}")
    return 0 if min(found.values()) >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
