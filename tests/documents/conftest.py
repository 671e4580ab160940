"""What the tests of documents share."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.documents.document import Document
from assistant.documents.reading import Reader

FILES = Path(__file__).resolve().parent.parent / "files"

Read = Callable[..., Document]


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    reader = Reader(log=tmp_path / "reader.log")
    yield reader
    reader.close()


@pytest.fixture(scope="session")
def shared_reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """One reader for many documents, as in the app."""
    reader = Reader(log=tmp_path_factory.mktemp("reader") / "log")
    yield reader
    reader.close()


@pytest.fixture
def read(shared_reader: Reader) -> Read:
    """Read a document and check what holds for every one."""

    def read(path: Path, password: str | None = None) -> Document:
        *_, last = shared_reader.read(path, cancel=threading.Event(), password=password)
        assert isinstance(last, Document)
        check(last)
        return last

    return read


def check(document: Document) -> None:
    """Check what every document must keep to."""
    for number, page in enumerate(document.pages, start=1):
        assert page.number == number
        end = 0
        for block in page.blocks:
            assert end <= block.start < block.end <= len(page.text)
            assert not page.text[end : block.start].strip()
            assert page.text[block.start : block.end].strip()
            end = block.end
        assert not page.text[end:].strip()
    assert document.sections
    for index, section in enumerate(document.sections):
        assert -1 <= section.parent < index
        if section.parent >= 0:
            assert document.sections[section.parent].level < section.level
    for sentence in document.sentences:
        quotes = " ".join(document.quote(span) for span in sentence.spans)
        assert " ".join(quotes.split()) == sentence.text
        assert sentence.text
        assert 0 <= sentence.section < len(document.sections)
        pages = [span.page for span in sentence.spans]
        assert pages == sorted(set(pages))
