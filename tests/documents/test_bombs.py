"""Files made to do harm are refused with a sentence that names the limit, soon and in little room.

benchmarks/bombs.py measures all of them on an idle computer; here are those of each kind that are
quick to write, with room for a busy one.
"""

import threading
import time
import zipfile
from pathlib import Path

import pytest

from assistant.documents import reading
from assistant.documents.reading import Reader
from assistant.errors import DocumentError, FileFault
from assistant.wording import explain
from tests.documents import bombs

SLOWEST_S = 5.0  # a second on an idle computer


def peak_bytes(reader: Reader) -> int:
    child = reader._child
    if child is None or not child.is_alive:
        return 0
    for line in Path(f"/proc/{child.pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return 1_024 * int(line.split()[1])
    return 0


@pytest.mark.parametrize(
    ("bomb", "limit"),
    [
        (bombs.zip_of_many_bytes, "archive bytes 300000000"),
        (bombs.zip_within_zips, "archives 100"),
        (bombs.laughs_in_docx, "XML entities 0"),
        (bombs.laughs_in_xlsx, "XML entities 0"),
        (bombs.laughs_in_odt, "XML entities 0"),
        (bombs.deep_docx, "XML depth 400"),
        (bombs.deep_xlsx, "XML depth 400"),
        (bombs.deep_html, "nesting"),
        (bombs.deep_message, "nesting 40"),
        (bombs.many_sheets, "pages 10000"),
        (bombs.many_tables_in_ods, "pages 10000"),
        (bombs.repeated_cells_in_ods, "table cells 1000000"),
        (bombs.message_of_many_parts, "message parts 5000"),
        (bombs.endless_mailbox, "messages 10000"),
        (bombs.flate_twice_in_pdf, "memory for a page 120000000"),
        (bombs.many_pages_in_pdf, "pages 10000"),
        (bombs.many_cells_in_csv, "lines 1000000"),
        (bombs.endless_lines, "characters 50000000"),
    ],
)
@pytest.mark.shared_process
def test_bombs(shared_reader: Reader, tmp_path: Path, bomb, limit: str) -> None:
    path = tmp_path / "bomb"
    bomb(path)
    if bomb is bombs.many_cells_in_csv:
        path = path.rename(tmp_path / "bomb.csv")
    begun = time.monotonic()
    with pytest.raises(DocumentError) as caught:
        list(shared_reader.read(path, cancel=threading.Event()))
    assert time.monotonic() - begun < SLOWEST_S
    assert (caught.value.fault, caught.value.limit) == (FileFault.TOO_LARGE, limit)
    assert limit in str(explain(caught.value))
    assert peak_bytes(shared_reader) < 300_000_000
    path.unlink()


def test_a_file_that_ends_the_reader_costs_its_archive_nothing_else(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = tmp_path / "bomb.pdf"
    bombs.flate_twice_in_pdf(bomb)
    inner, path = tmp_path / "inner.zip", tmp_path / "papers.zip"
    for target, members in (
        (inner, {"first.txt": b"First.", "deep.pdf": bomb.read_bytes(), "last.txt": b"Last."}),
        (
            path,
            {"a.txt": b"One.", "bomb.pdf": bomb.read_bytes(), "inner.zip": inner, "b.txt": b"B."},
        ),
    ):
        with zipfile.ZipFile(target, "w") as archive:
            for name, content in members.items():
                archive.writestr(
                    name, content.read_bytes() if isinstance(content, Path) else content
                )
    *_, document = reader.read(path, cancel=threading.Event())
    limit = "memory for a page 120000000"
    assert [(one.name, one.is_read, one.fault, one.limit) for one in document.attachments] == [
        ("a.txt", True, "", ""),
        ("bomb.pdf", False, "too-large", limit),
        ("inner.zip", True, "", ""),
        ("inner.zip › first.txt", True, "", ""),
        ("inner.zip › deep.pdf", False, "too-large", limit),
        ("inner.zip › last.txt", True, "", ""),
        ("b.txt", True, "", ""),
    ]
    monkeypatch.setattr(reading, "_MOST_PASSED_OVER", 1)  # each takes a new process
    with zipfile.ZipFile(path, "w") as archive:
        for at in range(2):
            archive.write(bomb, f"{at}.pdf")
    with pytest.raises(DocumentError) as caught:
        list(reader.read(path, cancel=threading.Event()))
    assert (caught.value.path, caught.value.limit) == (path, limit)


def test_the_reader_serves_on_after_a_page_that_ended_it(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "bomb.pdf"
    bombs.flate_twice_in_pdf(path)
    with pytest.raises(DocumentError) as caught:
        list(reader.read(path, cancel=threading.Event()))
    assert caught.value.limit.startswith("memory for a page")
    words = tmp_path / "words.txt"
    words.write_text("The words.")
    *_, document = reader.read(words, cancel=threading.Event())
    assert document.pages[0].text == "The words."
