"""Documents of every format are read in a process that can be ended at any moment."""

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from assistant.documents.document import Block, BlockKind, Document, Page, PageStatus
from assistant.documents.limits import Limits
from assistant.documents.reading import Reader, ReadingProgress
from assistant.errors import DocumentError, FileFault
from assistant.paths import resource

FILES = Path(__file__).resolve().parent.parent / "files"
SAMPLE = resource("samples/sample.pdf")


def texts(document: Document, kind: BlockKind) -> list[str]:
    return [
        page.text[block.start : block.end]
        for page in document.pages
        for block in page.blocks
        if block.kind is kind
    ]


def fault(reader: Reader, path: Path, password: str | None = None) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        list(reader.read(path, cancel=threading.Event(), password=password))
    assert caught.value.path == path
    return caught.value


@pytest.fixture
def big(tmp_path: Path) -> Path:
    """A text file that takes long enough to be interrupted."""
    path = tmp_path / "big.txt"
    path.write_text("The tenant shall pay the rent on the first day of each month. " * 300_000)
    return path


@pytest.mark.shared_process
def test_the_sample_is_a_real_document(read) -> None:
    sample = read(SAMPLE)
    assert sample.title == "The Constitution of the United States of America"
    assert (sample.type, sample.language, len(sample.pages)) == ("pdf", "en", 19)
    assert sample.word_count > 7_000
    assert sample.sha256 == hashlib.sha256(SAMPLE.read_bytes()).hexdigest()
    titles = [section.title for section in sample.sections]
    assert titles[1:5] == ["Preamble", "Article I", "Section 1", "Section 2"]
    assert titles.count("Section 1") == 15
    article = sample.sections[titles.index("Article III")]
    section = sample.sections[titles.index("Article III") + 1]
    assert sample.sections[section.parent] == article
    sentence = next(s for s in sample.sentences if s.text.startswith("The judicial Power of"))
    assert sentence.page == 8
    assert sample.sections[sentence.section] == section


@pytest.mark.shared_process
def test_heads_and_feet_of_pages_are_dropped(read) -> None:
    sample = read(SAMPLE)
    assert not any("America – " in page.text for page in sample.pages)
    pages = read(FILES / "pages.txt")
    assert len(pages.pages) == 25
    assert not any("Page" in page.text for page in pages.pages)


@pytest.mark.shared_process
@pytest.mark.parametrize("name", ["sample.pdf", "pages.txt"])
def test_sentences_cross_pages(read, name: str) -> None:
    document = read(SAMPLE if name == "sample.pdf" else FILES / name)
    crossing = [sentence for sentence in document.sentences if len(sentence.spans) == 2]
    assert crossing
    for sentence in crossing:
        first, second = sentence.spans
        assert second.page == first.page + 1
        assert second.start == 0
    if name == "sample.pdf":
        assert crossing[0].text.endswith("shall have the sole Power of Impeachment.")


@pytest.mark.shared_process
@pytest.mark.parametrize(
    "name", ["report.pdf", "report.docx", "report.html", "report.md", "web.pdf"]
)
def test_the_same_report_in_every_format(read, name: str) -> None:
    report = read(FILES / name)
    assert report.type == {"md": "markdown"}.get(name.split(".")[1], name.split(".")[1])
    assert report.language == "en"
    titles = [(s.title, s.level) for s in report.sections if s.title.split()[0] != "Report"]
    assert titles == [("Visitors", 1), ("Plans", 1), ("Opening hours", 2), ("Staff", 2)]
    if name != "report.md":  # pandoc keeps the title apart
        assert report.title == "Report on the Town Library"
    table = texts(report, BlockKind.TABLE)[0].split("\n")
    assert [row.split("\t") for row in table][1:] == [
        ["May", "1,204", "3,310"],
        ["June", "998", "2,876"],
    ]
    sentences = [sentence.text for sentence in report.sentences]
    assert "She may not rent out its rooms." in sentences
    assert "Dr. Weber shall lead the library until 2031." in sentences
    assert any(text.endswith("Open on Sundays from June.") for text in sentences)
    assert any("The fee is waived for residents." in text for text in sentences)
    rows = [s for s in report.sentences if s.kind is BlockKind.TABLE]
    assert "May 1,204 3,310" in [row.text for row in rows]


@pytest.mark.shared_process
def test_tracked_deletions_are_left_out(read) -> None:
    assert "deleted" not in read(FILES / "report.docx").pages[0].text


@pytest.mark.shared_process
def test_footnotes_are_told_from_text(read) -> None:
    for name in ("report.docx", "report.html", "report.md"):
        assert texts(read(FILES / name), BlockKind.FOOTNOTE) == ["The fee is waived for residents."]


@pytest.mark.shared_process
@pytest.mark.parametrize("name", ["columns.pdf", "interleaved.pdf"])
def test_columns_are_read_one_after_the_other(read, name: str) -> None:
    text = " ".join(page.text for page in read(FILES / name).pages)
    text = " ".join(text.split())
    for passage in (
        "it becomes necessary for one people to dissolve the political bands",
        "which have connected them with another, and to assume among the powers of the earth",
        "That whenever any Form of Government becomes destructive of these ends",
        "it is the Right of the People to alter or to abolish it",
        "to throw off such Government, and to provide new Guards for their future security.",
    ):
        assert passage in text


@pytest.mark.shared_process
def test_password(read, reader: Reader) -> None:
    path = FILES / "password.pdf"
    assert fault(reader, path).fault is FileFault.PASSWORD_NEEDED
    assert fault(reader, path, "wrong").fault is FileFault.PASSWORD_WRONG
    assert "two euros" in read(path, password="open-sesame").pages[0].text


def test_refusals_need_no_process(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "empty.pdf").touch()
    os.mkfifo(tmp_path / "pipe")
    assert fault(reader, tmp_path / "none.pdf").fault is FileFault.MISSING
    assert fault(reader, tmp_path / "empty.pdf").fault is FileFault.EMPTY
    assert fault(reader, tmp_path).fault is FileFault.DIRECTORY
    assert fault(reader, tmp_path / "pipe").fault is FileFault.UNKNOWN_TYPE
    assert fault(reader, Path("/dev/zero")).fault is FileFault.UNKNOWN_TYPE
    assert fault(reader, tmp_path / "empty.pdf" / "x").fault is FileFault.MISSING
    assert fault(reader, tmp_path / ("x" * 300)).fault is FileFault.MISSING
    assert reader._child is None


def test_rubbish_and_damage(reader: Reader, tmp_path: Path) -> None:
    rubbish = tmp_path / "rubbish.pdf"
    rubbish.write_bytes(bytes(range(256)) * 64)
    assert fault(reader, rubbish).fault is FileFault.UNKNOWN_TYPE
    rubbish.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 64)
    assert fault(reader, rubbish).fault is FileFault.DAMAGED
    rubbish.write_bytes(b"PK\x03\x04" + bytes(range(256)) * 64)
    assert fault(reader, rubbish).fault is FileFault.DAMAGED
    rubbish.write_bytes((FILES / "report.docx").read_bytes()[:-3_000])
    assert fault(reader, rubbish).fault is FileFault.DAMAGED


@pytest.mark.shared_process
def test_the_type_is_told_by_the_bytes(read, tmp_path: Path) -> None:
    for name, kind in (("report.docx", "docx"), ("report.html", "html"), ("report.pdf", "pdf")):
        path = tmp_path / f"{name}.txt"
        path.write_bytes((FILES / name).read_bytes())
        assert read(path).type == kind


def test_the_app_never_holds_what_parses_files() -> None:
    code = (
        "import sys, assistant.documents.reading;"
        "held = {'pypdfium2', 'selectolax', 'defusedxml', 'numpy'} & set(sys.modules);"
        "assert not held, held"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.shared_process
def test_a_language_that_needs_the_model_within_the_memory_limit(read, tmp_path: Path) -> None:
    path = tmp_path / "umowa.txt"
    path.write_text("Najemca płaci czynsz pierwszego dnia miesiąca i nie może podnajmować. " * 9)
    assert read(path).language == "pl"


def test_cancel_at_once_and_a_new_process_next_time(reader: Reader, big: Path) -> None:
    cancel = threading.Event()
    events = reader.read(big, cancel=cancel)
    assert next(events) == ReadingProgress(0, 1)
    threading.Timer(0.1, cancel.set).start()
    begun = time.monotonic()
    assert not [event for event in events if isinstance(event, Document)]
    assert time.monotonic() - begun < 1
    *_, document = reader.read(FILES / "report.md", cancel=threading.Event())
    assert isinstance(document, Document)


def test_cancelled_before_it_began(reader: Reader) -> None:
    cancel = threading.Event()
    cancel.set()
    assert not [e for e in reader.read(SAMPLE, cancel=cancel) if isinstance(e, Document)]


def test_an_abandoned_reading_frees_the_reader(reader: Reader, big: Path) -> None:
    events = reader.read(big, cancel=threading.Event())
    next(events)
    events.close()
    *_, document = reader.read(FILES / "report.md", cancel=threading.Event())
    assert isinstance(document, Document)


def test_one_process_serves_many(reader: Reader) -> None:
    list(reader.read(FILES / "report.md", cancel=threading.Event()))
    pid = reader._child.pid
    assert fault(reader, FILES / "password.pdf").fault is FileFault.PASSWORD_NEEDED
    list(reader.read(SAMPLE, cancel=threading.Event()))
    assert reader._child.pid == pid


def test_a_crash_is_said_and_survived(reader: Reader, big: Path) -> None:
    events = reader.read(big, cancel=threading.Event())
    next(events)
    os.kill(reader._child.pid, signal.SIGSEGV)
    with pytest.raises(DocumentError) as caught:
        list(events)
    assert caught.value.fault is FileFault.READER_CRASHED
    *_, document = reader.read(FILES / "report.md", cancel=threading.Event())
    assert isinstance(document, Document)


def test_a_hang_is_ended(tmp_path: Path, big: Path) -> None:
    reader = Reader(limits=Limits(silence_s=5))
    events = reader.read(big, cancel=threading.Event())
    next(events)
    pid = reader._child.pid
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(DocumentError) as caught:
        list(events)
    assert caught.value.fault is FileFault.READER_TIMED_OUT
    assert not psutil.pid_exists(pid)
    reader.close()


def test_two_threads_take_turns(reader: Reader) -> None:
    found: list[object] = []

    def work() -> None:
        *_, document = reader.read(SAMPLE, cancel=threading.Event())
        found.append(document)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("limits", "path", "limit"),
    [
        (Limits(file_bytes=1_000), SAMPLE, "bytes 1000"),
        (Limits(pages=18), SAMPLE, "pages 18"),
        (Limits(characters=5_000), SAMPLE, "characters 5000"),
        (Limits(characters=5_000), FILES / "pages.txt", "characters 5000"),
        (Limits(markup_bytes=100), FILES / "report.html", "bytes 100"),
        (Limits(archive_entries=2), FILES / "report.docx", "archive entries 2"),
        (Limits(archive_bytes=2_000), FILES / "report.docx", "archive bytes 2000"),
    ],
)
def test_limits(limits: Limits, path: Path, limit: str) -> None:
    reader = Reader(limits=limits)
    error = fault(reader, path)
    assert (error.fault, error.limit) == (FileFault.TOO_LARGE, limit)
    reader.close()


@pytest.mark.shared_process
def test_blank_pages_have_no_text(read, tmp_path: Path) -> None:
    path = tmp_path / "pages.txt"
    path.write_text("First page.\n\f\n\n\fThird page.\n")
    document = read(path)
    assert document.pages[1] == Page(2, "", (), PageStatus.NO_TEXT)
    assert document.pages_without_text == (2,)
    assert document.pages[2].blocks == (Block(BlockKind.PARAGRAPH, 0, 11),)
