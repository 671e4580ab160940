"""Pictures of PDF pages, drawn in the reader's process, a few of them kept."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QImage

from assistant.documents.reading import PagePicture, Reader
from assistant.errors import AssistantError, DocumentError, FileFault
from assistant.ui.job import Job

_KEPT_BYTES = 32 * 1024 * 1024


class FileChangedError(AssistantError):
    """The file is not the one that was read: its pages may say something else."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page of the file with these bytes, how wide, and what is to be found on it."""

    path: Path
    sha256: str
    page: int
    width_px: int
    quotes: tuple[str, ...] = ()
    before: tuple[int, ...] = ()  # how often the words of each stand there before it
    password: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn page; highlights in its pixels."""

    image: QImage
    highlights: tuple[QRectF, ...]


class PagePictures(QObject):
    """Draws one page at a time; of several wanted meanwhile only the last is drawn.

    Args:
        reader: what draws.
        parent: owner.

    Signals:
        drawn (Wanted, Picture): a page that was wanted.
        failed (Wanted, Exception): it could not be drawn.
    """

    drawn = Signal(object, object)
    failed = Signal(object, Exception)

    def __init__(self, reader: Reader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._kept: OrderedDict[Wanted, Picture] = OrderedDict()
        self._job: Job | None = None
        self._drawing: Wanted | None = None
        self._next: Wanted | None = None
        self._is_closed = False
        self._checked: dict[tuple[Path, int, int], str] = {}

    def want(self, wanted: Wanted) -> None:
        """Ask for a page; `drawn` or `failed` follows, unless another one is wanted before."""
        if self._is_closed:
            return
        kept = self._kept.get(wanted)
        if kept is not None:
            self._kept.move_to_end(wanted)
            self._next = None
            self.drawn.emit(wanted, kept)
        elif self._job is not None:
            self._next = wanted if wanted != self._drawing else None
        else:
            self._draw(wanted)

    def forget(self) -> None:
        """Let go of what is kept and of what is still wanted."""
        self._kept.clear()
        self._next = None
        self._drawing = None

    def close(self) -> None:
        """Draw no more, because the window closes."""
        self._is_closed = True
        self.forget()

    def _draw(self, wanted: Wanted) -> None:
        self._drawing = wanted

        def work(cancel: threading.Event) -> Iterator[Picture]:
            del cancel
            self._check(wanted)
            yield _picture(
                self._reader.picture(
                    wanted.path,
                    wanted.page,
                    width_px=wanted.width_px,
                    highlights=wanted.quotes,
                    before=wanted.before,
                    password=wanted.password,
                )
            )

        self._job = Job(work, self)
        self._job.succeeded.connect(self._keep)
        self._job.failed.connect(self._fail)
        self._job.finished.connect(self._go_on)
        self._job.start()

    def _check(self, wanted: Wanted) -> None:
        """Make sure that the file is the one that was read; runs on the job's thread."""
        try:
            facts = wanted.path.stat()
            stamp = (wanted.path, facts.st_mtime_ns, facts.st_size)
            if self._checked.get(stamp) is None:
                with wanted.path.open("rb") as file:
                    self._checked = {stamp: hashlib.file_digest(file, "sha256").hexdigest()}
        except FileNotFoundError as error:
            raise DocumentError(wanted.path, FileFault.MISSING) from error
        except OSError as error:
            raise DocumentError(wanted.path, FileFault.NOT_ALLOWED) from error
        if self._checked[stamp] != wanted.sha256:
            raise FileChangedError

    def _keep(self, picture: Picture) -> None:
        wanted = self._drawing
        if wanted is None:
            return
        self._kept[wanted] = picture
        while len(self._kept) > 1 and self._kept_bytes() > _KEPT_BYTES:
            self._kept.popitem(last=False)
        if self._next is None:
            self.drawn.emit(wanted, picture)

    def _fail(self, error: Exception) -> None:
        if self._drawing is not None and self._next is None:
            self.failed.emit(self._drawing, error)

    def _go_on(self) -> None:
        self._job = None
        self._drawing = None
        wanted, self._next = self._next, None
        if wanted is not None:
            self.want(wanted)

    def _kept_bytes(self) -> int:
        return sum(picture.image.sizeInBytes() for picture in self._kept.values())


def _picture(drawn: PagePicture) -> Picture:
    image = QImage(
        drawn.bgrx, drawn.width_px, drawn.height_px, drawn.width_px * 4, QImage.Format.Format_RGB32
    ).copy()  # the bytes are Python's; the picture outlives them
    rectangles = (QRectF(r.left, r.top, r.width, r.height) for r in drawn.highlights)
    return Picture(image, tuple(rectangles))
