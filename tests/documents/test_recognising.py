"""The steps around recognising letters: what Tesseract says, languages, and RapidOCR itself."""

import threading
from pathlib import Path

import pytest

from assistant.documents.document import Document
from assistant.documents.leftwards import Glyph, read
from assistant.documents.ocr import hocr, installing
from assistant.documents.ocr.languages import better, code, first_guess, of_script
from assistant.documents.ocr.recognition import RecognisedPage, Word, WordLine
from assistant.documents.ocr.typesetting import even_out, lines_of
from assistant.documents.reading import Reader

FILES = Path(__file__).resolve().parent.parent / "files"
LINE = """<span class='ocr_line' title="bbox {box}; baseline 0 -10; x_size 40{more}">
<span class='ocrx_word' title='bbox {box}; x_wconf {sure}'><strong>{text}</strong></span></span>"""


def page_of(*lines: WordLine) -> RecognisedPage:
    return RecognisedPage(lines=lines, width_px=1000, height_px=1400, dpi=100)


def words(text: str, top: float, *, size: float = 20, sure: float = 0.9) -> WordLine:
    found = []
    left = 100.0
    for part in text.split():
        right = left + 10 * len(part)
        found.append(
            Word(text=part, left=left, top=top, right=right, bottom=top + size, confidence=sure)
        )
        left = right + 8
    return WordLine(words=tuple(found), size_px=size, baseline=top + 0.8 * size)


@pytest.mark.parametrize(
    ("angle", "box", "upright"),
    [
        (0, "10 20 110 60", (10, 20, 110, 60)),
        (90, "20 10 60 110", (190, 20, 290, 60)),
        (180, "10 20 110 60", (90, 240, 190, 280)),
        (270, "20 10 60 110", (10, 140, 110, 180)),
    ],
)
def test_places_on_a_page_that_lies_on_its_side(
    angle: int, box: str, upright: tuple[float, ...]
) -> None:
    more = f"; textangle {angle}" if angle else ""
    text = LINE.format(box=box, more=more, sure=91, text="Rent &amp; fees")
    (line,), turned = hocr.parse(text, 200, 300)
    assert turned == angle
    (word,) = line.words
    assert (word.text, word.confidence) == ("Rent & fees", 0.91)
    assert (word.left, word.top, word.right, word.bottom) == upright


def test_hocr_without_sense_gives_nothing() -> None:
    for text in ("", "<span class='ocrx_word' title='bbox 1 2'>x</span>", "<p>\x00<<<", "<span"):
        assert hocr.parse(text, 10, 10) == ((), 0)


def test_specks_go_and_hyphens_are_marked() -> None:
    lines = lines_of(
        page_of(
            words("| ~ —", 50, sure=0.4),
            words("the land-", 80),
            words("lord pays", 110),
            words("blurred words", 140, sure=0.1),
        )
    )
    assert [line.text for line in lines] == ["the land\x02", "lord pays"]


def test_sizes_are_evened_out() -> None:
    sizes = [40, 37, 21, 20, 19, 22]
    page = page_of(*(words("about as large as this", 60 * n, size=s) for n, s in enumerate(sizes)))
    lines = lines_of(page)
    even_out(lines)
    assert lines[0].size == lines[1].size > 1.5 * lines[2].size
    assert len({line.size for line in lines[2:]}) == 1


def test_languages_are_those_installed() -> None:
    have = ("deu", "eng", "rus")
    assert code("de") == "deu"
    assert first_guess(have, ("ru", "fr"), "en") == ("rus",)
    assert first_guess(have, (), "de")[0] == "deu"
    assert first_guess(("jpn",), (), "") == ("jpn",)
    german = "Der Mieter muss die Miete zahlen und er darf die Wohnung nicht vermieten. " * 3
    assert better(have, ("eng",), german) == ("deu", "eng")
    assert better(("eng",), ("eng",), german) == ("eng",)
    assert of_script(have, ("eng",), "Cyrillic") == ("rus", "eng")
    assert of_script(have, ("eng",), "Thai") == ("eng",)
    assert installing.command()


def test_order_of_glyphs_that_run_leftwards() -> None:
    def shown(text: str) -> str:
        """Lay `text` out as it stands on paper, from left to right, and read it."""
        glyphs = [Glyph(c, 10.0 * n, 10.0 * n + 9) for n, c in enumerate(text) if c != " "]
        return read(glyphs, 20)

    assert shown("םולש") == "שלום"
    assert shown("2026 ינויב 3") == "3 ביוני 2026"
    assert shown(".Books Ltd תרבח") == "חברת Books Ltd."
    assert shown("(םימ) 1,250") == "1,250 (מים)"


def test_rapidocr_reads_a_letter_where_it_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("rapidocr")
    monkeypatch.setenv("PATH", str(tmp_path))  # no Tesseract there
    reader = Reader(log=tmp_path / "log")
    *_, letter = reader.read(FILES / "letter.png", cancel=threading.Event())
    reader.close()
    assert isinstance(letter, Document)
    assert letter.title == "Town Library"
    assert "The committee agreed to rent the reading hall to your society" in letter.pages[0].text
    assert letter.pages[0].confidence is not None
