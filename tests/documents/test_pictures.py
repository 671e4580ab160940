"""Pages are drawn in the reader's process, and quotes are found on them."""

import time
from pathlib import Path

import pytest

from assistant.documents.highlights import PageCharacters
from assistant.documents.limits import Limits
from assistant.documents.reading import PagePicture, Reader, Rectangle
from assistant.errors import DocumentError, FileFault
from assistant.paths import resource

FILES = Path(__file__).resolve().parent.parent / "files"
SAMPLE = resource("samples/sample.pdf")
pytestmark = pytest.mark.shared_process


def darkness(picture: PagePicture, place: Rectangle) -> float:
    """How much of a place is not white."""
    dark = total = 0
    for row in range(int(place.top), int(place.top + place.height)):
        start = (row * picture.width_px + int(place.left)) * 4
        blues = picture.bgrx[start : start + 4 * int(place.width) : 4]
        dark += sum(blue < 128 for blue in blues)
        total += len(blues)
    return dark / total


def test_draws_a_page_with_its_quote(shared_reader: Reader) -> None:
    quote = "We the People of the United States, in Order to form a more perfect Union"
    picture = shared_reader.picture(SAMPLE, 1, width_px=800, highlights=[quote])
    assert (picture.page, picture.width_px) == (1, 800)
    assert picture.height_px == pytest.approx(800 * 297 / 210, abs=2)
    assert len(picture.bgrx) == picture.width_px * picture.height_px * 4
    assert len(picture.highlights) == 1
    (place,) = picture.highlights
    assert 0 < place.left < place.left + place.width < 800
    assert 8 < place.height < 30
    assert darkness(picture, place) > 0.05
    beside = Rectangle(place.left, place.top - place.height, place.width, place.height / 2)
    assert darkness(picture, beside) < 0.05


def test_finds_every_sentence_of_every_document(read, shared_reader: Reader) -> None:
    for path in (SAMPLE, FILES / "columns.pdf", FILES / "report.pdf", FILES / "web.pdf"):
        document = read(path)
        missing = []
        for page in document.pages[:3]:
            spans = [
                span
                for sentence in document.sentences
                for span in sentence.spans
                if span.page == page.number
            ]
            for span in spans:
                quote = document.quote(span)
                picture = shared_reader.picture(path, page.number, width_px=60, highlights=[quote])
                if not picture.highlights:
                    missing.append(quote)
        assert not missing


def test_turning_pages_is_quick_and_the_file_stays_open(shared_reader: Reader) -> None:
    shared_reader.picture(SAMPLE, 1, width_px=600)
    times = []
    for page in range(1, 20):
        begun = time.perf_counter()
        shared_reader.picture(SAMPLE, page, width_px=600)
        times.append(time.perf_counter() - begun)
    assert sorted(times)[len(times) // 2] < 0.25


def test_a_file_that_changed_is_opened_again(shared_reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "changing.pdf"
    path.write_bytes(SAMPLE.read_bytes())
    before = shared_reader.picture(path, 1, width_px=100)
    path.write_bytes((FILES / "columns.pdf").read_bytes())
    assert shared_reader.picture(path, 1, width_px=100).bgrx != before.bgrx


def test_a_picture_is_never_too_large(tmp_path: Path) -> None:
    reader = Reader(limits=Limits(picture_pixels=100_000))
    picture = reader.picture(SAMPLE, 1, width_px=50_000, highlights=["Preamble"])
    assert picture.width_px * picture.height_px <= 101_000
    assert all(place.left < picture.width_px for place in picture.highlights)
    reader.close()


def test_what_cannot_be_drawn(shared_reader: Reader, tmp_path: Path) -> None:
    for path, page, fault in (
        (SAMPLE, 20, FileFault.DAMAGED),
        (SAMPLE, 0, FileFault.DAMAGED),
        (FILES / "report.docx", 1, FileFault.UNKNOWN_TYPE),
        (FILES / "password.pdf", 1, FileFault.PASSWORD_NEEDED),
        (tmp_path / "none.pdf", 1, FileFault.MISSING),
    ):
        with pytest.raises(DocumentError) as caught:
            shared_reader.picture(path, page, width_px=100)
        assert caught.value.fault is fault
    locked = shared_reader.picture(
        FILES / "password.pdf", 1, width_px=300, password="open-sesame", highlights=["two euros"]
    )
    assert locked.highlights


@pytest.mark.parametrize(
    ("page", "quote", "found"),
    [
        ("The \ufb01rst of\ufb01ce", "first office", ["\ufb01rst of\ufb01ce"]),
        ("an auto\x02morphism is", "automorphism", ["auto\x02morphism"]),
        ("a non\x02homologous one", "non-homologous", ["non\x02homologous"]),
        ("pay a fee1 of two", "pay a fee¹ of two", ["pay a fee1 of two"]),
        ("the rent\r\nis due", "the rent is due", ["the rent\r\nis due"]),
        ("something else", "not there at all", []),
        ("something else", "", []),
        (
            "The tenant shall pay the rent FOOT OF THE PAGE on the first day of each month.",
            "The tenant shall pay the rent on the first day of each month.",
            ["The tenant shall pay the rent", "on the first day of each month."],
        ),
    ],
)
def test_quotes_of_clean_text_are_found(page: str, quote: str, found: list[str]) -> None:
    ranges = PageCharacters(page).find(quote)
    assert [page[start:end] for start, end in ranges] == found


def test_a_quote_is_found_on_a_page_that_inherits_its_size(
    shared_reader: Reader, tmp_path: Path
) -> None:
    path = tmp_path / "inherited.pdf"
    path.write_bytes(pdf_with_inherited_size("The tenant pays the rent every month."))
    picture = shared_reader.picture(path, 1, width_px=400, highlights=["The tenant pays"])
    assert (picture.width_px, picture.height_px) == (400, 900)
    (place,) = picture.highlights
    assert darkness(picture, place) > 0.05
    assert place.top == pytest.approx(900 - 100 - 12, abs=8)


def test_of_the_same_words_twice_those_that_were_cited_are_marked(
    shared_reader: Reader, tmp_path: Path
) -> None:
    path = tmp_path / "twice.pdf"
    lines = "The total is 45.) Tj 0 200 Td (Another line.) Tj 0 200 Td (The total is 45."
    path.write_bytes(pdf_with_inherited_size(lines))
    tops = []
    for before in (0, 1, 2):
        picture = shared_reader.picture(
            path, 1, width_px=400, highlights=["The total is 45."], before=[before]
        )
        (place,) = picture.highlights
        assert darkness(picture, place) > 0.05
        tops.append(place.top)
    assert tops[1] == tops[2]
    assert abs(tops[0] - tops[1]) == pytest.approx(400, abs=2)
    page = PageCharacters("The total\nis 45. Another. The total is")
    assert (page.count("The total is 45."), page.count("The total"), page.count(" ")) == (1, 2, 0)


def pdf_with_inherited_size(text: str) -> bytes:
    """A page of 400 by 900 points whose MediaBox stands in the page tree, as many programs do."""
    content = f"BT /F1 14 Tf 40 100 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 400 900] >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    file = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(file))
        file += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(file)
    return file + b"xref\n0 6\n0000000000 65535 f \n" + table + end
