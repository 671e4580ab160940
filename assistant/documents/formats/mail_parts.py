"""Takes a message apart (RFC 5322, MIME): headers as text, bodies, attachments.

The standard library's parser in its lenient way: it never refuses, and headers are decoded here,
where a wrong charset costs a few letters and not the message.
"""

import binascii
import re
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.policy import Policy, compat32
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from assistant.documents.cleaning import clean, fold
from assistant.documents.formats.text import decode
from assistant.documents.limits import Limits
from assistant.errors import DocumentError, FileFault

if TYPE_CHECKING:
    Parsed = Message[str, str]
else:  # the class is generic for type checkers alone
    Parsed = Message

_LONGEST_HEADER = 20_000
_LONGEST_HEAD = 1_000_000
_BLANK_LINE = re.compile(rb"\n\r?\n")
_LEAST_PLAIN = 0.5  # of the words of the HTML beside it; less is a hint to look at that
_TAG = re.compile(r"<[^>]*>|&\w+;")
_DATA_PARTS = frozenset({"text/calendar", "text/csv", "text/x-vcard", "text/vcard"})
_TOO_DEEP = 40  # parts within each other


@dataclass(frozen=True, slots=True)
class Body:
    """A text that is read as part of the message itself."""

    text: str
    is_html: bool = False


@dataclass(slots=True)
class Sorted:
    """What a message consists of.

    Attributes:
        bodies: its texts, in order.
        attached: what is read as a file of its own.
        beside: pictures within the text and the like, which are only named.
    """

    bodies: list[Body] = field(default_factory=list)
    attached: list[Parsed] = field(default_factory=list)
    beside: list[Parsed] = field(default_factory=list)


def parse(path: Path, data: bytes, limits: Limits) -> Parsed:
    """Return the message that `data` is.

    Raises:
        DocumentError: it has too many parts, or too many within each other.
    """
    if len(data) > _LONGEST_HEAD and not _BLANK_LINE.search(data, 0, _LONGEST_HEAD):
        limit = f"header bytes {_LONGEST_HEAD}"
        raise DocumentError(path, FileFault.TOO_LARGE, limit=limit)
    count = 0

    class Counted(Parsed):
        """A part; there may be a million of them."""

        def __init__(self, policy: "Policy[Parsed]" = compat32) -> None:
            nonlocal count
            count += 1
            if count > limits.archive_entries:
                limit = f"message parts {limits.archive_entries}"
                raise DocumentError(path, FileFault.TOO_LARGE, limit=limit)
            super().__init__(policy)

    try:
        return BytesParser(Counted, policy=compat32).parsebytes(data)
    except RecursionError as error:
        limit = f"nesting {_TOO_DEEP}"
        raise DocumentError(path, FileFault.TOO_LARGE, limit=limit) from error


def header(message: Parsed, name: str) -> str:
    """Return a header as text, "" if there is none."""
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            return _words(str(value)[:_LONGEST_HEADER])
    return ""


def _words(raw: str) -> str:
    """Return what encoded words (RFC 2047) and bare bytes in a header say."""
    if any("\udc80" <= character <= "\udcff" for character in raw):
        return fold(clean(decode(raw.encode("ascii", "surrogateescape"))))
    unfolded = re.sub(r"\r?\n[ \t]*", " ", raw)
    try:
        parts = decode_header(unfolded)
    except (HeaderParseError, ValueError, binascii.Error):
        return fold(clean(unfolded))
    return fold(
        clean(
            "".join(
                part if isinstance(part, str) else _decoded(part, charset or "ascii")
                for part, charset in parts
            )
        )
    )


def _decoded(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset)
    except (LookupError, UnicodeError, ValueError):
        return decode(data)


def sorted_parts(message: Parsed) -> Sorted:
    """Return the parts of a message by what they are for."""
    found = Sorted()
    _sort(message, found, 0)
    return found


def _sort(part: Parsed, found: Sorted, depth: int) -> None:
    kind = part.get_content_type()
    if depth > _TOO_DEEP:
        found.beside.append(part)
    elif part.is_multipart() and kind != "message/rfc822":
        inner = [child for child in part.get_payload() if isinstance(child, Message)]
        if kind == "multipart/alternative":
            _sort_alternatives(inner, found, depth)
        else:
            for child in inner:
                _sort(child, found, depth + 1)
    elif kind in {"text/plain", "text/html"} and not _is_attachment(part):
        found.bodies.append(Body(_text(part), kind == "text/html"))
    elif part.get("Content-ID") and part.get_content_maintype() == "image":
        found.beside.append(part)
    elif kind.startswith("message/") and kind != "message/rfc822":
        found.bodies.append(Body(_text(part)))
    else:
        found.attached.append(part)


def _sort_alternatives(parts: list[Parsed], found: Sorted, depth: int) -> None:
    """Take the plain text, unless it is only a hint that there is something to look at."""
    each = []
    for part in parts:
        alone = Sorted()
        _sort(part, alone, depth + 1)
        each.append(alone)
        found.attached += (
            one for one in alone.attached if one.get_content_type() not in _DATA_PARTS
        )
        found.beside += alone.beside
    plain = [one.bodies for one in each if one.bodies and not one.bodies[0].is_html]
    rich = [one.bodies for one in each if one.bodies and one.bodies[0].is_html]
    if plain and rich:
        said, shown = (sum(_word_count(b) for b in bodies) for bodies in (plain[0], rich[-1]))
        found.bodies += plain[0] if said >= _LEAST_PLAIN * shown else rich[-1]
    elif plain or rich:
        found.bodies += (plain or rich)[-1]


def _word_count(body: Body) -> int:
    text = re.sub(r"(?is)<(style|script|head)\b.*?</\1\s*>", " ", body.text) if body.is_html else ""
    return len(_TAG.sub(" ", text).split()) if body.is_html else len(body.text.split())


def _is_attachment(part: Parsed) -> bool:
    """Return whether a text is meant as a file: it says so, or has a file's name."""
    says = str(part.get("Content-Disposition", "")).lower()
    return says.lstrip().startswith("attachment") or bool(_raw_name(part))


def _text(part: Parsed) -> str:
    data = content(part)
    charset = part.get_content_charset() if isinstance(part.get("Content-Type", ""), str) else None
    if charset:
        try:
            return data.decode(charset)
        except (LookupError, UnicodeError, ValueError):
            pass
    return decode(data)


def content(part: Parsed) -> bytes:
    """Return the bytes of a part, its transfer encoding undone."""
    if part.is_multipart():
        return as_bytes(part)
    try:
        data = part.get_payload(decode=True)
    except (ValueError, binascii.Error, LookupError):
        data = None
    return data if isinstance(data, bytes) else b""


def as_bytes(part: Parsed) -> bytes:
    """Return a part as a file: what it holds, or the message that it is."""
    if not part.is_multipart():
        return content(part)
    inner = part.get_payload(0) if part.get_content_type() == "message/rfc822" else part
    try:
        return inner.as_bytes() if isinstance(inner, Message) else b""
    except (ValueError, LookupError, KeyError, AttributeError, TypeError):
        return b""  # the library cannot write everything that it can read


def _raw_name(part: Parsed) -> str:
    try:
        return part.get_filename("") or ""
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""


def file_name(part: Parsed, number: int) -> str:
    """Return what an attachment is called, or a name made of its type and `number`."""
    name = PurePosixPath(_words(_raw_name(part)).replace("\\", "/")).name
    if name:
        return name
    if part.get_content_type() == "message/rfc822" and part.is_multipart():
        inner = part.get_payload(0)
        subject = header(inner, "Subject") if isinstance(inner, Message) else ""
        return f"{subject or number}.eml".replace("/", "-")
    ending = part.get_content_subtype()
    return f"{number}.{ending if ending.isalnum() else 'bin'}"
