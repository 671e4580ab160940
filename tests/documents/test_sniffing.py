"""The type of a file is told by its bytes."""

import zipfile
from pathlib import Path

import pytest

from assistant.documents.sniffing import FileType, sniff
from assistant.errors import DocumentError, FileFault


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.txt", b"%PDF-1.4 and so on", FileType.PDF),
        ("a.bin", b"\n" * 1_000 + b"%PDF-1.4", FileType.PDF),
        ("a.bin", b"HTTP/1.1 200 OK\r\n\r\n%PDF-1.4\n1 0 obj\n<<", FileType.PDF),
        ("a.md", b"# Formats\n\nA PDF begins with %PDF-1.7.\n", FileType.MARKDOWN),
        ("a.txt", b"<!DOCTYPE html><p>x", FileType.HTML),
        ("a.txt", b"\xef\xbb\xbf  <!-- a comment --> <HTML lang=en>", FileType.HTML),
        ("a.xhtml", b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "">', FileType.HTML),
        ("a.html", b"Hello <b>you</b>", FileType.HTML),
        ("a.html", b"no tag at all", FileType.TEXT),
        ("a.txt", b"Hello <b>you</b>", FileType.TEXT),
        ("a.md", b"# Title", FileType.MARKDOWN),
        ("a.MD", b"# Title", FileType.MARKDOWN),
        ("a.pdf", b"Just text.", FileType.TEXT),
        ("a", "Größe".encode("cp1252"), FileType.TEXT),
        ("a", "The rent is due in May.".encode("utf-16-le"), FileType.TEXT),
        ("a", "The rent is due in May.".encode("utf-16"), FileType.TEXT),
        ("a", b"page one\fpage two\x1b[1m", FileType.TEXT),
        ("a.txt", b"From: a@b\nTo: b@c\nSubject: d\n\nHello.", FileType.MESSAGE),
        (
            "a.txt",
            b"Received: from x\r\n\tby y\r\nX-Spam: no\r\nSubject: d\r\n\r\n",
            FileType.MESSAGE,
        ),
        ("a.txt", b"From: the mayor\nTo all citizens, hello.\n", FileType.TEXT),
        ("a.txt", b"Name: Ann\nAge: 3\nFrom: Kiel\n\nText.", FileType.TEXT),
        ("a.txt", b"From a@b Mon Jan  5 10:00:00 2026\nSubject: a\n\nHi", FileType.MAILBOX),
        ("a.txt", b"From Kiel we went to Rome at 10:00 in 1999\nby train.", FileType.TEXT),
    ],
)
def test_types(tmp_path: Path, name: str, content: bytes, kind: FileType) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert sniff(path) is kind


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"\x7fELF\x02\x01\x01" + bytes(100), FileFault.UNKNOWN_TYPE),
        (bytes(100), FileFault.UNKNOWN_TYPE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), FileFault.UNKNOWN_TYPE),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            FileFault.ENCRYPTED,
        ),
        (b"PK\x03\x04 no zip", FileFault.DAMAGED),
    ],
)
def test_what_is_no_document(tmp_path: Path, content: bytes, fault: FileFault) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    with pytest.raises(DocumentError) as caught:
        sniff(path)
    assert caught.value.fault is fault


def test_archives(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    for member, kind in (
        ("word/document2.xml", FileType.DOCX),
        ("xl/workbook.xml", FileType.XLSX),
        ("content.xml", FileType.BUNDLE),
        ("letter.txt", FileType.BUNDLE),
    ):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(member, "x")
        assert sniff(path) is kind
    with zipfile.ZipFile(path, "w") as archive:  # nothing in it is packed
        archive.writestr("lease.pdf", "%PDF-1.7 and so on")
    assert sniff(path) is FileType.BUNDLE


def test_a_type_that_cannot_be_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.odt"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    whole = path.read_bytes()
    start = whole.index(b"mimetype") + len("mimetype")
    for packed in (bytes(8), b"\xff" * 8, b"\x02\x00"):
        path.write_bytes(whole[:start] + packed + whole[start + len(packed) :])
        with pytest.raises(DocumentError) as caught:
            sniff(path)
        assert caught.value.fault is FileFault.DAMAGED


def test_an_office_file_that_is_locked_at_its_end(tmp_path: Path) -> None:
    """The list of streams of an OLE file may stand behind the first 64 kB."""
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    header[30], header[48:52] = 9, (199).to_bytes(4, "little")
    path = tmp_path / "a.docx"
    path.write_bytes(header + bytes(199 * 512) + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(DocumentError) as caught:
        sniff(path)
    assert caught.value.fault is FileFault.ENCRYPTED
    header[30], header[48:52] = 255, b"\xff\xff\xff\xff"  # somewhere far behind the file's end
    path.write_bytes(header)
    with pytest.raises(DocumentError) as caught:
        sniff(path)
    assert caught.value.fault is FileFault.UNKNOWN_TYPE


def test_office_files_and_books(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    ours = "application/vnd.oasis.opendocument."
    for member, content, kind in (
        ("ppt/presentation.xml", "x", FileType.PPTX),
        ("META-INF/container.xml", "x", FileType.EPUB),
        ("mimetype", "application/epub+zip\n", FileType.EPUB),
        ("mimetype", f"{ours}text", FileType.ODT),
        ("mimetype", f"{ours}text-template", FileType.ODT),
        ("mimetype", f"{ours}presentation", FileType.ODP),
    ):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(member, content)
        assert sniff(path) is kind
    flat = '<?xml version="1.0"?>\n<office:document xmlns:office="o" office:mimetype="{}">'
    path.write_text(flat.format(f"{ours}text"))
    assert sniff(path) is FileType.ODT
    path.write_text("A text on " + flat.format(f"{ours}text"))
    assert sniff(path) is FileType.TEXT
    path.write_bytes(b"{\\rtf1 x}")
    assert sniff(path) is FileType.RTF
