"""Reads documents in a process of its own, and draws pages of PDFs there."""

import itertools
import shutil
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from assistant import temporary
from assistant.child import Child, ChildEndedError, ChildOptions
from assistant.documents.document import Document, Page, Sentence
from assistant.documents.limits import Limits
from assistant.documents.memory_watch import EXIT_CODE
from assistant.documents.messages import (
    Broke,
    DocumentRead,
    Draw,
    Drawn,
    Event,
    MemberBegun,
    PagesRead,
    PassedOver,
    Progressed,
    Read,
    Refused,
    SentencesFound,
)
from assistant.documents.ocr.recognition import OcrWish
from assistant.documents.reader_process import serve
from assistant.documents.sniffing import check_file
from assistant.errors import DeathCause, DocumentError, FileFault
from assistant.paths import as_text

_POLL_S = 0.02  # how soon a cancel is seen
# Files inside a file may end the process so often before all of it is refused.
_MOST_PASSED_OVER = 3


@dataclass(frozen=True, slots=True)
class ReadingProgress:
    """So many pages are read; `pages_total` is 0 as long as it is unknown.

    `is_recognising` tells that the letters of a picture are being recognised, which takes seconds.
    """

    pages_done: int
    pages_total: int
    is_recognising: bool = False


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A place in a picture, in pixels from its upper left corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A drawn page.

    Attributes:
        page: its number.
        bgrx: four bytes a pixel, row by row without padding (`QImage.Format_RGB32`).
        highlights: where the quotes asked for stand.
    """

    page: int
    width_px: int
    height_px: int
    bgrx: bytes
    highlights: tuple[Rectangle, ...]


class _SilentError(Exception):
    """The process said nothing for too long."""


class _EndedError(Exception):
    """The process ended, or was ended, while it read the member of this number; 0 for none."""

    def __init__(self, error: DocumentError, member: int) -> None:
        super().__init__()
        self.error = error
        self.member = member


class Reader:
    """Reads one document at a time, in a process that is started at the first use and kept.

    Args:
        log: file for what the process prints.
        limits: bounds on documents, the usual ones if None.
    """

    def __init__(self, *, log: Path | None = None, limits: Limits | None = None) -> None:
        self._limits = limits = limits or Limits()
        self._options = ChildOptions(
            name="alcove-reader",
            log=log,
            memory_limit_bytes=limits.memory_bytes,
            # numpy, for telling languages, reserves address space for each core.
            environment={"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        self._folder: Path | None = None
        self._remove_folder: Callable[[], object] = _nothing
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._ids = itertools.count(1)
        self._decoder: msgspec.msgpack.Decoder[Event] = msgspec.msgpack.Decoder(Event)

    def read(
        self,
        path: Path,
        *,
        cancel: threading.Event,
        password: str | None = None,
        ocr: OcrWish | None = None,
    ) -> Iterator[ReadingProgress | Document]:
        """Read the document at `path`; the last value is the `Document`.

        Ends without one when `cancel` is set.

        Args:
            path: the file.
            cancel: stops it.
            password: of the file.
            ocr: how pictures of text are read; None for the usual way.

        Raises:
            DocumentError: it cannot be read.
        """
        check_file(path, self._limits)
        with self._turn(cancel) as is_ours:
            if not is_ours:
                return
            request = Read(
                next(self._ids), as_text(path.absolute()), password, self._limits, ocr or OcrWish()
            )
            while True:
                try:
                    yield from self._read(request, path, cancel)
                except _EndedError as ended:
                    if not ended.member or len(request.passed_over) == _MOST_PASSED_OVER:
                        raise ended.error from ended
                    found = PassedOver(ended.member, ended.error.fault, ended.error.limit)
                    passed_over = (*request.passed_over, found)
                    request = msgspec.structs.replace(
                        request, id=next(self._ids), passed_over=passed_over
                    )
                else:
                    return

    def _read(
        self, request: Read, path: Path, cancel: threading.Event
    ) -> Iterator[ReadingProgress | Document]:
        pages: list[Page] = []
        sentences: list[Sentence] = []
        for event in self._events(request, path, cancel):
            if isinstance(event, Progressed):
                yield ReadingProgress(event.pages_done, event.pages_total, event.is_recognising)
            elif isinstance(event, PagesRead):
                pages += event.pages
            elif isinstance(event, SentencesFound):
                sentences += event.sentences
            elif isinstance(event, DocumentRead):
                yield _document(path, event, pages, sentences)

    def picture(
        self,
        path: Path,
        page: int,
        *,
        width_px: int,
        highlights: Sequence[str] = (),
        before: Sequence[int] = (),
        password: str | None = None,
    ) -> PagePicture:
        """Draw page `page` of the PDF at `path`, `width_px` wide, and find quotes on it.

        Args:
            path: the PDF.
            page: its number, from 1.
            width_px: the picture's width; less if the picture would pass the limit of pixels.
            highlights: quotes as they stand in `Page.text`. Those not found are left out.
            before: how often the words of each stand on the page before it; never if empty.
            password: of the file.

        Raises:
            DocumentError: the page cannot be drawn.
        """
        check_file(path, self._limits)
        request = Draw(
            id=next(self._ids),
            path=as_text(path.absolute()),
            password=password,
            page=page,
            width_px=width_px,
            highlights=tuple(highlights),
            before=tuple(before) or (0,) * len(highlights),
            limits=self._limits,
        )
        with self._turn(None):
            try:
                for event in self._events(request, path, None):
                    if isinstance(event, Drawn):
                        places = tuple(Rectangle(*place) for place in event.highlights)
                        return PagePicture(
                            page, event.width_px, event.height_px, event.bgrx, places
                        )
            except _EndedError as ended:
                raise ended.error from ended
        raise DocumentError(path, FileFault.READER_CRASHED)

    def close(self) -> None:
        """End the process; what is under way fails. A later call starts a new one."""
        child, self._child = self._child, None
        self._folder = None
        if child:
            child.kill()
            child.close()
        self._remove_folder()

    @contextmanager
    def _turn(self, cancel: threading.Event | None) -> Iterator[bool]:
        """Wait for the process to be free; False if cancelled before."""
        while not self._lock.acquire(timeout=_POLL_S if cancel else -1):
            if cancel and cancel.is_set():
                yield False
                return
        try:
            yield True
        finally:
            self._lock.release()

    def _events(
        self, request: Read | Draw, path: Path, cancel: threading.Event | None
    ) -> Iterator[Event]:
        """Send `request` and yield what comes back; end the process unless it answered all."""
        child = self._ready_child()
        is_answered = False
        member = 0
        try:
            child.send(msgspec.msgpack.encode(request))
            for event in self._until_answered(child, path, cancel):
                if isinstance(event, MemberBegun):
                    member = event.number
                    continue
                is_answered = not isinstance(event, Progressed | PagesRead | SentencesFound)
                if isinstance(event, Refused):
                    fault = FileFault(event.fault)
                    raise DocumentError(path, fault, limit=event.limit, pages=event.pages)
                if isinstance(event, Broke):
                    raise DocumentError(path, FileFault.READER_CRASHED)
                yield event
                if is_answered:
                    return
        except ChildEndedError as error:
            raise _EndedError(self._death(child, path), member) from error
        except _SilentError as error:
            silent = DocumentError(path, FileFault.READER_TIMED_OUT)
            raise _EndedError(silent, member) from error
        finally:
            if not is_answered:
                self.close()

    def _until_answered(
        self, child: Child, path: Path, cancel: threading.Event | None
    ) -> Iterator[Event]:
        begun = heard = time.monotonic()
        while not (cancel and cancel.is_set()):
            message = child.receive(_POLL_S)
            now = time.monotonic()
            if message is not None:
                event = self._decoder.decode(message)
                if isinstance(event, Progressed) and event.is_recognising:
                    begun += now - heard
                heard = now
                yield event
            elif now - heard > self._limits.silence_s:
                child.kill(DeathCause.FROZEN)
                raise _SilentError
            elif now - begun > self._limits.total_s:
                child.kill(DeathCause.FROZEN)
                raise DocumentError(path, FileFault.READER_TIMED_OUT)

    def _ready_child(self) -> Child:
        if self._child and not self._child.is_alive:
            self.close()
        if self._child is None:
            # Members of archives and attachments lie there while they are read. It is ours, so
            # that nothing of them stays when the child ends at any moment.
            environment = dict(self._options.environment)
            try:
                self._folder = temporary.make_folder()
            except OSError:  # no room: files without members can be read all the same
                self._folder = None
            else:
                # Also where nobody closes the reader before the app ends.
                self._remove_folder = weakref.finalize(
                    self, shutil.rmtree, self._folder, ignore_errors=True
                )
                environment |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(self._folder))
            self._child = Child(serve, replace(self._options, environment=environment))
        return self._child

    def _death(self, child: Child, path: Path) -> DocumentError:
        cause = child.cause_of_death()  # waits for the exit code
        if child.exit_code == EXIT_CODE:
            limit = f"memory for a page {self._limits.page_bytes}"
            return DocumentError(path, FileFault.TOO_LARGE, limit=limit)
        if cause is DeathCause.OUT_OF_MEMORY:
            limit = f"memory {self._limits.memory_bytes}"
            return DocumentError(path, FileFault.TOO_LARGE, limit=limit)
        return DocumentError(path, FileFault.READER_CRASHED)


def _nothing() -> None:
    """There is no folder to remove."""


def _document(
    path: Path, event: DocumentRead, pages: Sequence[Page], sentences: Sequence[Sentence]
) -> Document:
    return Document(
        path=path,
        title=event.title,
        type=event.kind,
        sha256=event.sha256,
        language=event.language,
        pages=tuple(pages),
        sections=event.sections,
        sentences=tuple(sentences),
        notes=event.notes,
        unit=event.unit,
        attachments=event.attachments,
        tables=event.tables,
    )
