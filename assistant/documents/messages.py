"""What the app and the reader's process say to each other: msgpack with tags and schemas.

The reader meets untrusted files, so what it says is decoded with these types, never unpickled.
"""

import msgspec

from assistant.documents.document import (
    Attachment,
    Page,
    PageUnit,
    Section,
    Sentence,
    TableFigures,
)
from assistant.documents.limits import Limits
from assistant.documents.ocr.recognition import OcrWish


class PassedOver(msgspec.Struct, frozen=True):
    """A member of a file that ended the process before: its number, and what is wrong with it."""

    number: int
    fault: str
    limit: str = ""


class Read(msgspec.Struct, frozen=True, tag=True):
    """Read the file `path`, as `paths.as_text` writes it, without the members `passed_over`."""

    id: int
    path: str
    password: str | None
    limits: Limits
    ocr: OcrWish = OcrWish()
    passed_over: tuple[PassedOver, ...] = ()


class Draw(msgspec.Struct, frozen=True, tag=True):
    """Draw page `page` of the PDF `path`, and find the quotes `highlights` on it.

    `before` says of each how often the same words stand on the page before it.
    """

    id: int
    path: str
    password: str | None
    page: int
    width_px: int
    highlights: tuple[str, ...]
    before: tuple[int, ...]
    limits: Limits


Request = Read | Draw


class Progressed(msgspec.Struct, frozen=True, tag=True):
    """So many pages were read; `pages_total` is 0 as long as it is unknown.

    While letters are being recognised this is said every second, as a sign of life.
    """

    id: int
    pages_done: int
    pages_total: int
    is_recognising: bool = False


class MemberBegun(msgspec.Struct, frozen=True, tag=True):
    """A file inside the file is read from now on: if the process ends, it was that one.

    `number` counts from 1; 0 is the file itself.
    """

    id: int
    number: int


class PagesRead(msgspec.Struct, frozen=True, tag=True):
    """The next pages of the document."""

    id: int
    pages: tuple[Page, ...]


class SentencesFound(msgspec.Struct, frozen=True, tag=True):
    """The next sentences of the document."""

    id: int
    sentences: tuple[Sentence, ...]


class DocumentRead(msgspec.Struct, frozen=True, tag=True):
    """The rest of the document; nothing more follows."""

    id: int
    title: str
    kind: str
    sha256: str
    language: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...]
    unit: PageUnit = PageUnit.PAGE
    attachments: tuple[Attachment, ...] = ()
    tables: tuple[TableFigures, ...] = ()


class Drawn(msgspec.Struct, frozen=True, tag=True):
    """A picture of a page; highlights are left, top, width and height in pixels."""

    id: int
    width_px: int
    height_px: int
    bgrx: bytes
    highlights: tuple[tuple[float, float, float, float], ...]


class Refused(msgspec.Struct, frozen=True, tag=True):
    """The file cannot be read; the fields are those of `DocumentError`."""

    id: int
    fault: str
    limit: str = ""
    pages: int = 0


class Broke(msgspec.Struct, frozen=True, tag=True):
    """The reader met a bug of its own; `kind` names the exception's class."""

    id: int
    kind: str


Event = (
    Progressed | MemberBegun | PagesRead | SentencesFound | DocumentRead | Drawn | Refused | Broke
)
