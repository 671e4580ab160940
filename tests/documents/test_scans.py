"""Pictures of text: read by real Tesseract where it is installed, refused with a way out else."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.documents.reading import Reader
from assistant.errors import DocumentError, FileFault
from assistant.wording import explain

FILES = Path(__file__).resolve().parent.parent / "files"


@pytest.fixture
def bare_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    """A reader on a computer without Tesseract."""
    monkeypatch.setenv("PATH", str(tmp_path))
    reader = Reader(log=tmp_path / "reader.log")
    yield reader
    reader.close()


def test_pictures_without_recognition_are_refused_with_a_way_out(bare_reader: Reader) -> None:
    for name, pages in (("pictures.pdf", 2),):
        with pytest.raises(DocumentError) as caught:
            list(bare_reader.read(FILES / name, cancel=threading.Event()))
        assert (caught.value.fault, caught.value.pages) == (FileFault.NEEDS_OCR, pages)
        told = str(explain(caught.value))
        assert "tesseract" in told
        assert "pip install 'alcove[ocr]'" in told
