"""Results on paper: read back with the app's own reader, and looked at as pictures."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.documents.document import Document
from assistant.documents.reading import Reader
from assistant.summaries.exporting.parts import Heading, Line, Part, Rule, Run, Table, Tone, plain
from assistant.ui.printing import to_pdf

PARTS: list[Part] = [
    Heading("The lease of a flat", 1),
    Heading("Summary"),
    Line((Run("The tenant pays the rent <b>monthly</b>."), Run("[p. 2]", Tone.PLACE))),
    Line((Run("Notice is three months."), Run("[number not found]", Tone.MARK)), is_item=True),
    Line((Run("عقد الإيجار لمدة سنة واحدة."),), is_item=True),
    Table(
        ("Question", "Answer", "Where"),
        (
            (plain("Rent", Tone.STRONG), plain("“780 euros”"), plain("p. 2", Tone.PLACE)),
            ((), (Run("780", Tone.REMOVED), Run("820", Tone.ADDED)), ()),
        ),
    ),
    Rule(),
    Line(plain("Pages: 3 of 3 read.", Tone.MUTED)),
]


ReadBack = Callable[[bytes], Document]


@pytest.fixture
def read_back(tmp_path: Path) -> Iterator[ReadBack]:
    reader = Reader()

    def read(data: bytes) -> Document:
        path = tmp_path / "result.pdf"
        path.write_bytes(data)
        *_, document = reader.read(path, cancel=threading.Event())
        assert isinstance(document, Document)
        return document

    yield read
    reader.close()


def test_every_word_is_on_the_page_and_markup_stays_text(qapp: object, read_back: ReadBack) -> None:
    document = read_back(to_pdf(PARTS, "The lease of a flat"))
    text = document.pages[0].text
    for words in ("The lease of a flat", "<b>monthly</b>", "[p. 2]", "Where", "820", "3 of 3 read"):
        assert words in text
    assert document.title == "The lease of a flat"


def test_long_results_go_over_pages_that_are_numbered(qapp: object, read_back: ReadBack) -> None:
    lines = [Line(plain(f"Sentence {n} says what section {n} is about.")) for n in range(150)]
    document = read_back(to_pdf([*PARTS, *lines], "Long"))
    assert len(document.pages) >= 4
    words = " ".join(page.text for page in document.pages)
    assert all(f"Sentence {n} says" in words for n in range(150))


def test_text_that_fills_a_page_loses_no_line(qapp: object, read_back: ReadBack) -> None:
    long = " ".join(f"word{n}" for n in range(3000))
    document = read_back(to_pdf([Line(plain(long))], "One paragraph"))
    found = " ".join(page.text for page in document.pages).split()
    assert set(long.split()) <= set(found)
