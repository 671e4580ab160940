"""What the reader's process does with a request: reads a file, or draws a page.

It keeps the last PDF open, so that turning pages costs no more than drawing them.
"""

import hashlib
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from assistant.documents.assembling import Assembler
from assistant.documents.captions import mark_captions
from assistant.documents.document import PageStatus
from assistant.documents.draft import Draft
from assistant.documents.figures import with_tables
from assistant.documents.formats import (
    bundle,
    delimited,
    html,
    mail,
    markdown,
    notebook,
    open_sheet,
    source_code,
    subtitles,
    text,
    workbook,
)
from assistant.documents.formats.ebook import read_epub
from assistant.documents.formats.markup import limit_passed
from assistant.documents.formats.odp import read_odp
from assistant.documents.formats.odt import read_odt
from assistant.documents.formats.office import read_docx
from assistant.documents.formats.pdf import PdfFile
from assistant.documents.formats.picture import PictureFile
from assistant.documents.formats.presentation import read_pptx
from assistant.documents.formats.rtf import read_rtf
from assistant.documents.language import detect
from assistant.documents.limits import Limits
from assistant.documents.members import Members
from assistant.documents.memory_watch import MemoryWatch
from assistant.documents.messages import (
    Broke,
    DocumentRead,
    Draw,
    Event,
    MemberBegun,
    PagesRead,
    Progressed,
    Read,
    Refused,
    Request,
    SentencesFound,
)
from assistant.documents.parts import divide
from assistant.documents.pdf_reading import check_characters, read_pdf
from assistant.documents.pictures import draw, draw_picture
from assistant.documents.scanned_places import ScannedPlaces
from assistant.documents.scans import ReportPages, ScanReader, read_picture
from assistant.documents.sniffing import PICTURES, FileType, check_file, sniff
from assistant.documents.titles import choose_title
from assistant.errors import DocumentError, FileFault
from assistant.paths import from_text

_PAGES_AT_A_TIME = 20
_SENTENCES_AT_A_TIME = 500
_HASHED_AT_A_TIME = 1 << 20
_PROGRESS_EVERY_S = 0.05

_FORMATS: Mapping[FileType, Callable[[Path, Limits], Draft]] = {
    FileType.DOCX: read_docx,
    FileType.ODT: read_odt,
    FileType.PPTX: read_pptx,
    FileType.ODP: read_odp,
    FileType.EPUB: read_epub,
    FileType.RTF: read_rtf,
    FileType.HTML: html.read,
    FileType.MARKDOWN: markdown.read,
    FileType.TEXT: text.read,
    FileType.DELIMITED: delimited.read,
    FileType.NOTEBOOK: notebook.read,
    FileType.CODE: source_code.read,
    FileType.SUBTITLES: subtitles.read,
    FileType.XLSX: workbook.read,
    FileType.ODS: open_sheet.read,
}

_CONTAINERS: Mapping[FileType, Callable[[Path, Limits, Members], Draft]] = {
    FileType.MESSAGE: mail.read_message,
    FileType.MAILBOX: mail.read_mailbox,
    FileType.BUNDLE: bundle.read,
}

_encoder = msgspec.msgpack.Encoder()


class Answerer:
    """Answers requests with events.

    Args:
        send: takes each encoded event.
    """

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._write = send
        self._pdf: tuple[object, PdfFile] | None = None
        self._scanned = ScannedPlaces()
        self._said_at = 0.0

    def answer(self, request: Request) -> None:
        """Answer one request; whatever goes wrong is said, and the process goes on."""
        try:
            if isinstance(request, Read):
                self._read(request)
            else:
                self._draw(request)
        except DocumentError as error:
            limit = error.limit or limit_passed(error.__cause__)
            fault = FileFault.TOO_LARGE if limit else error.fault
            self._send(Refused(request.id, fault, limit, error.pages))
        except MemoryError:
            self._forget()
            limit = f"memory {request.limits.memory_bytes}"
            self._send(Refused(request.id, FileFault.TOO_LARGE, limit))
        except RecursionError:
            self._send(Refused(request.id, FileFault.TOO_LARGE, "nesting"))
        except Exception as error:
            _log(error)
            self._send(Broke(request.id, type(error).__name__))

    def _read(self, request: Read) -> None:
        path = from_text(request.path)
        check_file(path, request.limits)
        # Before it is read: of a file that changes meanwhile the old sum is found no more, and it
        # is read again. With the new one, the old text would pass for the new file's.
        sha256 = _sha256(path)
        draft = self._draft(request, path)
        assembler = Assembler()
        waiting = []
        characters = 0
        for page in draft.pages:
            waiting.append(assembler.add(page))
            characters += len(waiting[-1].text)
            check_characters(path, characters, request.limits)
            if len(waiting) == _PAGES_AT_A_TIME:
                self._send(PagesRead(request.id, tuple(waiting)))
                waiting.clear()
        if not any(page.blocks for page in assembler.pages):
            raise DocumentError(path, FileFault.NO_TEXT, pages=len(draft.pages))
        self._send(PagesRead(request.id, tuple(waiting)))
        self._send_sentences(request.id, assembler)
        self._send(
            DocumentRead(
                request.id,
                title=choose_title(draft.titles, assembler.sections, path),
                kind=draft.type,
                sha256=sha256,
                language=detect(_sample(assembler)),
                sections=tuple(assembler.sections),
                notes=draft.notes,
                unit=draft.unit,
                attachments=draft.attachments,
                tables=draft.tables,
            )
        )

    def _draft(self, request: Read, path: Path) -> Draft:
        kind = sniff(path)

        def report(done: int, total: int, is_recognising: bool = False) -> None:
            self._say_progress(request.id, done, total, is_recognising=is_recognising)

        if kind is FileType.PDF:
            self._forget()
            opened = partial(self._open, path, request.password)
            return with_tables(_watched_pdf(opened, request, report))
        if kind in PICTURES:
            scans = ScanReader(request.ocr, request.limits, report)
            return read_picture(path, request.limits, kind, scans)
        self._send(Progressed(request.id, 0, 1))
        if kind not in _CONTAINERS:
            return _formatted(kind, path, request.limits)
        with TemporaryDirectory(prefix="alcove-") as folder:
            members = Members(
                partial(self._member, request),
                request.limits,
                Path(folder),
                path,
                lambda done: report(done, 0),
                begin=lambda number: self._send(MemberBegun(request.id, number)),
                passed_over={one.number: (one.fault, one.limit) for one in request.passed_over},
            )
            return _CONTAINERS[kind](path, request.limits, members)

    def _member(self, request: Read, path: Path, members: Members) -> Draft:
        """Read a file that was inside another one; a fault of ours there harms no other member."""
        try:
            return self._member_draft(request, path, members)
        except (DocumentError, MemoryError, RecursionError):
            raise
        except Exception as error:
            _log(error)
            raise DocumentError(path, FileFault.READER_CRASHED) from error

    def _member_draft(self, request: Read, path: Path, members: Members) -> Draft:
        kind = sniff(path)
        if kind in _CONTAINERS:
            return _CONTAINERS[kind](path, request.limits, members.within())

        def report(_done: int, _total: int, is_recognising: bool) -> None:
            if is_recognising:  # its time does not count
                self._say_progress(request.id, members.pages_done, 0, is_recognising=True)
            else:
                members.tick()

        if kind in PICTURES:
            scans = ScanReader(request.ocr, request.limits, report)
            return read_picture(path, request.limits, kind, scans)
        if kind is not FileType.PDF:
            return _formatted(kind, path, request.limits)
        file: list[PdfFile] = []

        def opened() -> PdfFile:
            file.append(PdfFile(path, request.password))
            return file[0]

        try:
            return _watched_pdf(opened, request, report)
        finally:
            for one in file:
                one.close()

    def _draw(self, request: Draw) -> None:
        path = from_text(request.path)
        check_file(path, request.limits)
        facts = path.stat()
        key = (path, facts.st_mtime_ns, facts.st_size, facts.st_ino)
        kind = sniff(path)
        if kind in PICTURES:
            picture = PictureFile(path, request.limits)
            try:
                self._send(draw_picture(picture, request, self._scanned, key))
            finally:
                picture.close()
        elif kind is FileType.PDF:
            file = self._open(path, request.password)
            self._send(draw(file, request, self._scanned, key))
        else:
            raise DocumentError(path, FileFault.UNKNOWN_TYPE)

    def _open(self, path: Path, password: str | None) -> PdfFile:
        """Return the open PDF, the same one as last time if the file is the same."""
        facts = path.stat()
        key = (path, password, facts.st_mtime_ns, facts.st_size, facts.st_ino)
        if self._pdf and self._pdf[0] == key:
            return self._pdf[1]
        self._forget()
        self._pdf = (key, PdfFile(path, password))
        return self._pdf[1]

    def _say_progress(
        self, number: int, done: int, total: int, *, is_recognising: bool = False
    ) -> None:
        now = time.monotonic()
        if done == total or is_recognising or now - self._said_at >= _PROGRESS_EVERY_S:
            self._said_at = now
            self._send(Progressed(number, done, total, is_recognising))

    def _send_sentences(self, number: int, assembler: Assembler) -> None:
        found = []
        for sentence in assembler.sentences():
            found.append(sentence)
            if len(found) == _SENTENCES_AT_A_TIME:
                self._send(SentencesFound(number, tuple(found)))
                found.clear()
        self._send(SentencesFound(number, tuple(found)))

    def _send(self, event: Event) -> None:
        self._write(_encoder.encode(event))

    def _forget(self) -> None:
        if self._pdf:
            self._pdf[1].close()
            self._pdf = None


def _watched_pdf(opened: Callable[[], PdfFile], request: Read, report: ReportPages) -> Draft:
    """Read a PDF; the process ends if one page of it takes memory without end."""
    with MemoryWatch(request.limits.page_bytes) as watch:

        def tell(done: int, total: int, is_recognising: bool) -> None:
            # What is drawn to recognise letters, or kept of all pages, is bounded elsewhere.
            watch.step(is_paused=is_recognising or done == total)
            report(done, total, is_recognising)

        scans = ScanReader(request.ocr, request.limits, tell)
        return read_pdf(opened(), request.limits, scans)


def _formatted(kind: FileType, path: Path, limits: Limits) -> Draft:
    """Read a file that a format reads by itself."""
    draft = _FORMATS[kind](path, limits)
    mark_captions(draft)
    return with_tables(draft, divide)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_HASHED_AT_A_TIME):
            digest.update(part)
    return digest.hexdigest()


def _sample(assembler: Assembler) -> str:
    """Return enough of the text to tell its language, from all over the document."""
    pages = [page.text for page in assembler.pages if page.status is PageStatus.READ]
    return "\n".join(pages[:: max(1, len(pages) // 30)])


def _log(error: Exception) -> None:
    """Write where it happened, without the message: it may hold the user's text."""
    sys.stderr.write("".join(traceback.format_tb(error.__traceback__)))
    sys.stderr.write(f"{type(error).__name__}\n")
    sys.stderr.flush()
