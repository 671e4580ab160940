"""Archives: every member is read like a file, and harms no other."""

import hashlib
import io
import threading
import zipfile
from pathlib import Path

import msgspec
import pytest

from assistant.documents import answering
from assistant.documents.answering import Answerer
from assistant.documents.document import Attachment, PageUnit
from assistant.documents.draft import Draft
from assistant.documents.limits import Limits
from assistant.documents.messages import DocumentRead, Event, Read, Refused
from assistant.documents.ocr.recognition import OcrWish
from assistant.documents.reading import Reader
from assistant.documents.sniffing import FileType
from assistant.errors import FileFault

FILES = Path(__file__).resolve().parents[2] / "files"


def archive(members: dict[str, bytes | Path]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content.read_bytes() if isinstance(content, Path) else content)
    return target.getvalue()


@pytest.mark.shared_process
def test_an_archive_of_everything(read, tmp_path: Path) -> None:
    path = tmp_path / "papers.zip"
    inner = archive({"deep.zip": archive({"words.txt": b"The deepest words."})})
    path.write_bytes(
        archive(
            {
                "letters/letter.eml": FILES / "letter.eml",
                "report.pdf": FILES / "report.pdf",
                "empty.txt": b"",
                "locked.pdf": FILES / "password.pdf",
                "broken.docx": b"PK\x03\x04 no",
                "picture.bin": bytes(100),
                "__MACOSX/._report.pdf": b"x",
                "inner.zip": inner,
                "../../etc/pages.txt": b"First.\fSecond.\fThird.",
            }
        )
    )
    papers = read(path)
    assert (papers.type, papers.unit, papers.title) == ("zip", PageUnit.PART, "papers")
    found = {one.name: one for one in papers.attachments}
    assert found["letters/letter.eml"].is_read
    assert found["letters/letter.eml › accounts.ods"].type == "ods"
    assert found["inner.zip › deep.zip › words.txt"].is_read
    assert {name: one.fault for name, one in found.items() if one.fault} == {
        "empty.txt": "empty",
        "locked.pdf": "password-needed",
        "broken.docx": "damaged",
        "picture.bin": "unknown-type",
    }
    labels = [page.label for page in papers.pages]
    assert labels[0] == "letters/letter.eml › Angebot für die Miete"
    assert labels[1] == "letters/letter.eml › report.docx"
    assert labels[-4:] == [
        "inner.zip › deep.zip › words.txt",
        "../../etc/pages.txt p. 1",
        "../../etc/pages.txt p. 2",
        "../../etc/pages.txt p. 3",
    ]
    for table in papers.tables:
        assert "\t" in papers.pages[table.page - 1].text
    assert not list(tmp_path.parent.glob("**/etc"))


def answered(path: Path, limits: Limits | None = None) -> Event:
    """Return what the reader's process says last, without a process."""
    said: list[bytes] = []
    request = Read(1, str(path), None, limits or Limits(), OcrWish(is_wanted=False))
    Answerer(said.append).answer(request)
    return msgspec.msgpack.decode(said[-1], type=Event)


def refused(path: Path, limits: Limits | None = None) -> Refused:
    last = answered(path, limits)
    assert isinstance(last, Refused), last
    return last


def test_limits_hold_for_all_members_together(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(
        archive({f"{at}.txt": b"One.\fThe second page.\fA third one.\fLast." for at in range(5)})
    )
    for limits, limit in (
        (Limits(pages=9), "pages 9"),
        (Limits(characters=100), "characters 100"),
        (Limits(archive_entries=4), "archive entries 4"),
        (Limits(archive_bytes=150), "archive bytes 150"),
    ):
        error = refused(path, limits)
        assert (error.fault, error.limit) == (FileFault.TOO_LARGE, limit)
    nested = archive({"words.txt": b"Words."})
    for _ in range(4):
        nested = archive({"a.zip": nested, "b.txt": b"Beside."})
    path.write_bytes(nested)
    document = answered(path)
    assert isinstance(document, DocumentRead)
    faults = [one for one in document.attachments if one.fault]
    assert faults == [Attachment(faults[0].name, size_bytes=faults[0].size_bytes,
                                 fault="too-large", limit="nesting 3")]  # fmt: skip
    assert faults[0].name.count("›") == 3


def test_a_fault_of_a_parser_loses_its_member_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(path: Path, limits: Limits) -> Draft:
        raise AssertionError(path, limits)

    monkeypatch.setitem(answering._FORMATS, FileType.SUBTITLES, stumble)
    path = tmp_path / "a.zip"
    path.write_bytes(
        archive({"a.srt": b"1\n00:00:01,000 --> 00:00:02,000\nHello.\n", "b.txt": b"The rent."})
    )
    document = answered(path)
    assert isinstance(document, DocumentRead)
    assert [(one.name, one.fault) for one in document.attachments] == [
        ("a.srt", "reader-crashed"),
        ("b.txt", ""),
    ]


def test_a_file_that_changes_while_it_is_read_keeps_the_sum_of_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"The rent is 950 euros.")
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    read = answering._FORMATS[FileType.TEXT]

    def read_slowly(path: Path, limits: Limits) -> Draft:
        draft = read(path, limits)
        path.write_bytes(b"The rent is 990 euros.")
        return draft

    monkeypatch.setitem(answering._FORMATS, FileType.TEXT, read_slowly)
    document = answered(path)
    assert isinstance(document, DocumentRead)
    assert document.sha256 == before


def test_nothing_to_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    for members, fault in (
        ({}, FileFault.UNKNOWN_TYPE),
        ({"a.bin": bytes(100)}, FileFault.UNKNOWN_TYPE),
        ({"a.pdf": FILES / "password.pdf"}, FileFault.PASSWORD_NEEDED),
    ):
        path.write_bytes(archive(members) if members else archive({"a/": b""}))
        assert refused(path).fault == fault


def test_nothing_of_a_member_stays_when_the_reader_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    text = b"The tenant shall pay the rent on the first day of each month. " * 100_000
    path.write_bytes(archive({"long.txt": text}))
    reader = Reader()
    events = reader.read(path, cancel=threading.Event())
    next(events)
    folder = reader._folder
    assert folder is not None
    assert folder.stat().st_mode & 0o077 == 0
    while not list(folder.rglob("*.txt")):
        assert reader._child is not None
        assert reader._child.is_alive
    reader.close()
    assert not folder.exists()
    events.close()
