"""Tells a file's type from its bytes, whatever its name says."""

import errno
import os
import re
import stat
import zipfile
from enum import StrEnum
from pathlib import Path

from assistant.documents import text_signs
from assistant.documents.limits import Limits
from assistant.documents.zip_directory import UNREADABLE, check_directory
from assistant.errors import DocumentError, FileFault


class FileType(StrEnum):
    """The types that can be read."""

    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    PPTX = "pptx"
    ODP = "odp"
    EPUB = "epub"
    RTF = "rtf"
    XLSX = "xlsx"
    ODS = "ods"
    DELIMITED = "csv"  # whatever separates the cells
    MESSAGE = "eml"
    MAILBOX = "mbox"
    NOTEBOOK = "notebook"
    CODE = "code"
    SUBTITLES = "subtitles"
    BUNDLE = "zip"
    HTML = "html"
    MARKDOWN = "markdown"
    PNG = "png"
    JPEG = "jpeg"
    TIFF = "tiff"
    TEXT = "text"


_HEAD_BYTES = 65_536
_WORD_PART = re.compile(r"word/document\d*\.xml")
_SHEETS_PART = re.compile(r"xl/workbook\d*\.xml")
_SLIDES_PART = re.compile(r"ppt/presentation\d*\.xml")
_BOOK_PART = "META-INF/container.xml"
_MIMETYPE_PART = "mimetype"  # of OpenDocument files and EPUB books
_MIMETYPES = {
    "application/vnd.oasis.opendocument.text": FileType.ODT,
    "application/vnd.oasis.opendocument.text-template": FileType.ODT,
    "application/vnd.oasis.opendocument.presentation": FileType.ODP,
    "application/vnd.oasis.opendocument.presentation-template": FileType.ODP,
    "application/vnd.oasis.opendocument.spreadsheet": FileType.ODS,
    "application/vnd.oasis.opendocument.spreadsheet-template": FileType.ODS,
    "application/epub+zip": FileType.EPUB,
}
_FLAT_MIMETYPE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>\s*)?"
    rb"<office:document\b[^>]*?office:mimetype=[\"']([\w.+/-]+)"
)
_RTF = b"{\\rtf"
_PDF = b"%PDF-"
_PDF_OBJECT = b" obj"
_PDF_WITHIN = 1_024  # the header may follow other bytes, says the specification's appendix H
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office files that are encrypted, and those of old
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_PICTURES = {
    b"\x89PNG\r\n\x1a\n": FileType.PNG,
    b"\xff\xd8\xff": FileType.JPEG,
    b"II*\x00": FileType.TIFF,
    b"MM\x00*": FileType.TIFF,
    b"II+\x00": FileType.TIFF,  # for files over 4 GB
    b"MM\x00+": FileType.TIFF,
}
PICTURES = frozenset(_PICTURES.values())
_MARKDOWN_NAMES = frozenset({".md", ".markdown", ".mdown", ".mkd", ".mkdn"})
_MAY_BE_TABLES = frozenset({"", ".csv", ".tsv", ".tab", ".psv", ".txt", ".dat"})
_HTML_NAMES = frozenset({".html", ".htm", ".xhtml"})
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_HTML_TAG = re.compile(
    r"</?(?:p|div|h[1-6]|table|ul|ol|li|br|span|a|b|i|em|title|meta)\b[^>]*>", re.IGNORECASE
)
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
# Text may have tabs, line and page breaks, backspaces of old manual pages, and escapes.
_CONTROL = bytes(set(range(32)) - {8, 9, 10, 12, 13, 27}) + b"\x7f"


def check_file(path: Path, limits: Limits) -> None:
    """Refuse what cannot be a document, without opening it.

    Raises:
        DocumentError: missing, a directory or a device, empty, too large, or not allowed.
    """
    try:
        facts = path.stat()
    except OSError as error:
        raise DocumentError(path, _fault(error)) from error
    except ValueError as error:  # a null character in the name
        raise DocumentError(path, FileFault.MISSING) from error
    if stat.S_ISDIR(facts.st_mode):
        raise DocumentError(path, FileFault.DIRECTORY)
    if not stat.S_ISREG(facts.st_mode):
        raise DocumentError(path, FileFault.UNKNOWN_TYPE)
    if not facts.st_size:
        raise DocumentError(path, FileFault.EMPTY)
    if facts.st_size > limits.file_bytes:
        raise DocumentError(path, FileFault.TOO_LARGE, limit=f"bytes {limits.file_bytes}")
    if not os.access(path, os.R_OK):
        raise DocumentError(path, FileFault.NOT_ALLOWED)


def sniff(path: Path) -> FileType:
    """Return the type of the file at `path`.

    Raises:
        DocumentError: its type is not known, or it cannot be opened.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        raise DocumentError(path, _fault(error)) from error
    for start, kind in _PICTURES.items():
        if head.startswith(start):
            return kind
    has_pdf = _PDF in head[: _PDF_WITHIN + len(_PDF)]
    if has_pdf and not head.lstrip().startswith(_PDF):
        has_pdf = _PDF_OBJECT in head  # else it is a text that tells of PDFs
    # An archive may begin with a PDF that it holds as it is.
    if head.startswith(_ZIP) and (not has_pdf or zipfile.is_zipfile(path)):
        return _sniff_archive(path)
    if has_pdf:
        return FileType.PDF
    if head.startswith(_OLE):
        is_encrypted = _ENCRYPTED_PACKAGE in head or _ENCRYPTED_PACKAGE in _directory(path, head)
        raise DocumentError(path, FileFault.ENCRYPTED if is_encrypted else FileFault.UNKNOWN_TYPE)
    if head.lstrip().startswith(_RTF):
        return FileType.RTF
    flat = _FLAT_MIMETYPE.match(head)
    if flat and flat[1].decode("ascii") in _MIMETYPES:
        return _MIMETYPES[flat[1].decode("ascii")]
    if not _looks_like_text(head):
        raise DocumentError(path, FileFault.UNKNOWN_TYPE)
    return _sniff_text(path, head)


def _sniff_archive(path: Path) -> FileType:
    check_directory(path, Limits())
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            mimetype = _mimetype(archive) if _MIMETYPE_PART in names else ""
    except UNREADABLE as error:
        raise DocumentError(path, FileFault.DAMAGED) from error
    if mimetype in _MIMETYPES:
        return _MIMETYPES[mimetype]
    if any(_WORD_PART.fullmatch(name) for name in names):
        return FileType.DOCX
    if any(_SLIDES_PART.fullmatch(name) for name in names):
        return FileType.PPTX
    if any(_SHEETS_PART.fullmatch(name) for name in names):
        return FileType.XLSX
    if _BOOK_PART in names:
        return FileType.EPUB
    return FileType.BUNDLE


def _directory(path: Path, head: bytes) -> bytes:
    """Return the beginning of the list of streams in an OLE file, which may stand anywhere."""
    size = 1 << min(int.from_bytes(head[30:32], "little"), 16)
    sector = int.from_bytes(head[48:52], "little")
    start = (sector + 1) * size
    with path.open("rb") as file:
        if start >= file.seek(0, os.SEEK_END):  # a damaged number
            return b""
        file.seek(start)
        return file.read(8 * size)


def _mimetype(archive: zipfile.ZipFile) -> str:
    """Return what the container says it is, of which no more is read than a type is long."""
    try:
        with archive.open(_MIMETYPE_PART) as file:
            return file.read(200).decode("ascii", "replace").strip()
    except RuntimeError:  # the member is locked with a password
        return ""


def _looks_like_text(head: bytes) -> bool:
    if head.startswith(_BYTE_ORDER_MARKS) or _is_wide(head):
        return True
    controls = len(head) - len(head.translate(None, _CONTROL))
    return b"\x00" not in head and controls <= len(head) / 1_000


def _is_wide(head: bytes) -> bool:
    """Return whether this looks like UTF-16 without a mark: every other byte of it is zero."""
    zeros = (head[::2].count(0), head[1::2].count(0))
    return max(zeros) > 0.4 * len(head) / 2 and min(zeros) < 0.02 * len(head) and len(head) > 20


def _sniff_text(path: Path, head: bytes) -> FileType:
    text = head.replace(b"\x00", b"").decode("latin-1").lstrip("ï»¿þÿ").replace("\r\n", "\n")
    name = path.suffix.lower()
    if kind := _by_content(text, name):
        return kind
    if name in _HTML_NAMES and _HTML_TAG.search(text):
        return FileType.HTML
    if name in _MARKDOWN_NAMES:
        return FileType.MARKDOWN
    if text_signs.is_code(text, path.name, name):
        return FileType.CODE
    if name in _MAY_BE_TABLES and text_signs.delimiter(text, name):
        return FileType.DELIMITED
    return FileType.TEXT


def _by_content(text: str, suffix: str) -> FileType | None:
    """Return what the first words tell beyond doubt, whatever the name says."""
    if _HTML_START.match(text):
        return FileType.HTML
    if text_signs.is_mailbox(text):
        return FileType.MAILBOX
    if text_signs.is_message(text):
        return FileType.MESSAGE
    if text_signs.is_notebook(text, suffix):
        return FileType.NOTEBOOK
    return FileType.SUBTITLES if text_signs.is_subtitles(text) else None


def _fault(error: OSError) -> FileFault:
    if isinstance(error, PermissionError):
        return FileFault.NOT_ALLOWED
    if isinstance(error, IsADirectoryError):
        return FileFault.DIRECTORY
    if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.EINVAL}:
        return FileFault.MISSING
    if error.errno == errno.ELOOP:
        return FileFault.MISSING
    return FileFault.DAMAGED  # the disk cannot give its bytes
