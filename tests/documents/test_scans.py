"""Pictures of text: read by real Tesseract where it is installed, refused with a way out else."""

import ctypes
import os
import shutil
import struct
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import psutil
import pypdfium2
import pytest
from PIL import Image

from assistant.documents.document import BlockKind, Document, PageStatus
from assistant.documents.limits import Limits
from assistant.documents.ocr.recognition import OcrWish
from assistant.documents.reading import PagePicture, Reader, ReadingProgress, Rectangle
from assistant.errors import DocumentError, FileFault
from assistant.wording import explain

FILES = Path(__file__).resolve().parent.parent / "files"

# `make test` installs it; elsewhere than in CI one may be without.
needs_tesseract = pytest.mark.skipif(
    shutil.which("tesseract") is None and not os.environ.get("CI"), reason="needs Tesseract"
)


@pytest.fixture
def bare_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    """A reader on a computer without Tesseract."""
    monkeypatch.setenv("PATH", str(tmp_path))
    reader = Reader(log=tmp_path / "reader.log")
    yield reader
    reader.close()


def fault(reader: Reader, path: Path) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        list(reader.read(path, cancel=threading.Event()))
    return caught.value


def blocks(document: Document, page: int, kind: BlockKind) -> list[str]:
    found = document.pages[page - 1]
    return [found.text[b.start : b.end] for b in found.blocks if b.kind is kind]


@needs_tesseract
@pytest.mark.shared_process
@pytest.mark.parametrize("name", ["letter.png", "letter.jpg", "letter.tiff"])
def test_a_letter_scanned_photographed_and_faxed(read, name: str) -> None:
    letter = read(FILES / name)
    assert letter.type == {"jpg": "jpeg"}.get(name[7:], name[7:])
    assert letter.title == "Town Library"
    assert letter.language == "en"
    assert [(s.title, s.level) for s in letter.sections[:2]] == [
        ("Town Library", 1),
        ("Renting the reading hall", 2),
    ]
    page = letter.pages[0]
    assert page.confidence is not None
    assert 0.8 < page.confidence < 1
    assert any(
        sentence.text == "The rent is 1,250 euros a year and is due on the first day of April."
        for sentence in letter.sentences
    )
    (table,) = blocks(letter, 1, BlockKind.TABLE)
    assert table.split("\n")[:2] == ["Room\tHours\tPrice", "Reading hall\t40\t1,250"]
    if name == "letter.tiff":
        assert len(letter.pages) == 2
        assert blocks(letter, 2, BlockKind.HEADING) == ["Rules of the house"]
        assert letter.sections[2].level == 2


@needs_tesseract
@pytest.mark.shared_process
def test_only_pictures_among_pages_are_recognised(read, shared_reader: Reader) -> None:
    mixed = read(FILES / "mixed.pdf")
    first, second = mixed.pages
    assert (first.confidence, first.status) == (None, PageStatus.READ)
    assert "¹" in first.text
    assert second.confidence is not None
    assert "Whoever has a key may not lend it to others." in second.text
    assert mixed.pages_without_text == ()
    unwanted = shared_reader.read(
        FILES / "mixed.pdf", cancel=threading.Event(), ocr=OcrWish(is_wanted=False)
    )
    *_, document = unwanted
    assert isinstance(document, Document)
    assert document.pages[1].status is PageStatus.NEEDS_OCR
    assert document.pages_without_text == (2,)


@needs_tesseract
@pytest.mark.shared_process
def test_a_page_that_lies_on_its_side(read, tmp_path: Path) -> None:
    path = tmp_path / "sideways"  # no name says what it is
    with Image.open(FILES / "letter.tiff") as image:
        image.rotate(90, expand=True).save(path, "TIFF", dpi=(200, 200))
    letter = read(path)
    assert letter.title == "Town Library"
    assert "agreed to rent the reading hall to your society" in letter.pages[0].text
    (table,) = blocks(letter, 1, BlockKind.TABLE)
    assert "Reading hall\t40\t1,250" in table


@needs_tesseract
@pytest.mark.shared_process
def test_a_blank_sheet_has_no_text(shared_reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "blank.png"
    Image.new("RGBA", (400, 300), (0, 0, 0, 0)).save(path)
    assert fault(shared_reader, path).fault is FileFault.NO_TEXT


@needs_tesseract
def test_a_page_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    reader = Reader(limits=Limits(recognition_page_s=0.02), log=tmp_path / "log")
    *_, mixed = reader.read(FILES / "mixed.pdf", cancel=threading.Event())
    assert isinstance(mixed, Document)
    assert [page.status for page in mixed.pages] == [PageStatus.READ, PageStatus.FAILED]
    assert fault(reader, FILES / "letter.tiff").fault is FileFault.NO_TEXT
    reader.close()


@needs_tesseract
def test_a_stop_ends_what_recognises_too(reader: Reader) -> None:
    events = reader.read(FILES / "letter.png", cancel=threading.Event())
    event = next(events)
    while not (isinstance(event, ReadingProgress) and event.is_recognising):
        event = next(events)
    running: list[psutil.Process] = []
    while not running:
        running = psutil.Process(reader._child.pid).children(recursive=True)
    events.close()
    _, alive = psutil.wait_procs(running, timeout=3)
    assert not alive


def test_pictures_without_recognition_are_refused_with_a_way_out(bare_reader: Reader) -> None:
    for name, pages in (("pictures.pdf", 2), ("letter.tiff", 2), ("letter.jpg", 1)):
        error = fault(bare_reader, FILES / name)
        assert (error.fault, error.pages) == (FileFault.NEEDS_OCR, pages)
        told = str(explain(error))
        assert "tesseract" in told
        assert "pip install 'alcove[ocr]'" in told
    *_, mixed = bare_reader.read(FILES / "mixed.pdf", cancel=threading.Event())
    assert isinstance(mixed, Document)
    assert [page.status for page in mixed.pages] == [PageStatus.READ, PageStatus.NEEDS_OCR]


def stamped(path: Path, texts: list[str]) -> Path:
    """Write a PDF of scanned pages with text over them."""
    document = pypdfium2.PdfDocument.new()
    raw = pypdfium2.raw
    for text in texts:
        page = document.new_page(595, 842)
        image = pypdfium2.PdfImage.new(document)
        image.load_jpeg(FILES / "letter.jpg")
        image.set_matrix(pypdfium2.PdfMatrix().scale(595, 842))
        page.insert_obj(image)
        for at, line in enumerate(text.split("\n")):
            words = raw.FPDFPageObj_NewTextObj(document.raw, b"Helvetica", 9)
            raw.FPDFText_SetText(words, (ctypes.c_ushort * (len(line) + 1))(*map(ord, line)))
            raw.FPDFPageObj_Transform(words, 1, 0, 0, 1, 40, 820 - 12 * at)
            raw.FPDFPage_InsertObject(page.raw, words)
        page.gen_content()
    document.save(path)
    document.close()
    return path


def test_scanned_pages_with_a_stamp_are_not_called_read(
    bare_reader: Reader, tmp_path: Path
) -> None:
    stamp = "Envelope ID: 3F2A77C1-91B4-4E0D-B1D6"
    slide = "Our plans for the coming year in the town, and what they cost"
    texts = [f"{stamp}\n{number} of 3" for number in (1, 2, 3)] + [slide]
    path = stamped(tmp_path / "signed.pdf", texts)
    *_, signed = bare_reader.read(path, cancel=threading.Event())
    assert isinstance(signed, Document)
    assert [page.status for page in signed.pages] == 3 * [PageStatus.NEEDS_OCR] + [PageStatus.READ]
    assert signed.pages[3].text == slide


def _png(width: int, height: int, rows: int) -> bytes:
    """Return a PNG that says to be so large, and holds `rows` of it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        sum_ = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", sum_)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(3 * width + 1) * rows, 9)
    end = chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + end


@needs_tesseract
@pytest.mark.shared_process
def test_bombs_and_damage(shared_reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "picture"
    begun = time.monotonic()
    path.write_bytes(_png(30_000, 30_000, 100))
    error = fault(shared_reader, path)
    assert (error.fault, error.limit) == (FileFault.TOO_LARGE, "picture bytes 250000000")
    assert time.monotonic() - begun < 5
    for name in ("letter.jpg", "letter.png", "letter.tiff"):
        whole = (FILES / name).read_bytes()
        path.write_bytes(whole[: len(whole) // 9])
        assert fault(shared_reader, path).fault is FileFault.DAMAGED, name


def darkness(picture: PagePicture, place: Rectangle) -> float:
    """Return the share of a place that is dark."""
    values: list[int] = []
    for row in range(int(place.top), int(place.top + place.height)):
        start = 4 * (row * picture.width_px + int(place.left))
        values += picture.bgrx[start : start + 4 * int(place.width) : 4]
    return sum(value < 128 for value in values) / len(values)


@needs_tesseract
@pytest.mark.shared_process
@pytest.mark.parametrize(
    ("name", "page", "quote"),
    [
        ("letter.jpg", 1, "The rent is 1,250 euros a year and is due on the first day of April."),
        ("mixed.pdf", 2, "Whoever has a key may not lend it to others."),
    ],
)
def test_a_quote_is_found_on_a_picture(
    shared_reader: Reader, name: str, page: int, quote: str
) -> None:
    picture = shared_reader.picture(FILES / name, page, width_px=900, highlights=[quote])
    assert (picture.page, picture.width_px) == (page, 900)
    assert len(picture.bgrx) == 4 * picture.width_px * picture.height_px
    assert 1 <= len(picture.highlights) <= 3
    for place in picture.highlights:
        assert 5 < place.height < 40
        assert 0 <= place.left < place.left + place.width <= 900
        assert darkness(picture, place) > 0.05
    begun = time.monotonic()
    shared_reader.picture(FILES / name, page, width_px=300, highlights=[quote])
    assert time.monotonic() - begun < 1  # its letters are known
    with pytest.raises(DocumentError):
        shared_reader.picture(FILES / name, 3, width_px=300)
