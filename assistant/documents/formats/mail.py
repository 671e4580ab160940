"""Reads messages (EML) and mailboxes (mbox): headers, the words, what was quoted, attachments."""

import re
from collections.abc import Iterator
from pathlib import Path

from assistant.documents.document import BlockKind, PageStatus, PageUnit
from assistant.documents.draft import Draft, DraftBlock, DraftPage
from assistant.documents.formats.mail_body import body_blocks
from assistant.documents.formats.mail_parts import (
    Parsed,
    as_bytes,
    content,
    file_name,
    header,
    parse,
    sorted_parts,
)
from assistant.documents.limits import Limits
from assistant.documents.members import BETWEEN, Gathering, Members, note
from assistant.errors import DocumentError, FileFault

_SHOWN_HEADERS = ("From", "To", "Cc", "Date")
# A line in a letter may begin with "From", too, and not every program escapes it: what parts
# messages has a time, and a header follows.
_SEPARATOR = re.compile(
    rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\n]{0,400}\d\d:\d\d[^\n]{0,100}\n(?=[!-9;-~]{1,76}:)"
)
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_PIECE = 1 << 20
_OVERLAP = 1_024
_NOT_READ = frozenset({"audio", "video", "font"})
_SIGNATURES = frozenset({"pgp-signature", "pkcs7-signature", "x-pkcs7-signature"})
_ENCRYPTED = frozenset({"pkcs7-mime", "x-pkcs7-mime", "pgp-encrypted"})


def read_message(path: Path, limits: Limits, members: Members) -> Draft:
    """Return the draft of one message: a page for it, and those of its attachments.

    Raises:
        DocumentError: it passes a limit.
    """
    members.refuse_too_deep()
    with path.open("rb") as file:
        data = file.read(limits.message_bytes + 1)
    found = Gathering()
    subject = _add_message(path, data, limits, members, found)
    return _draft("eml", found, (subject,))


def read_mailbox(path: Path, limits: Limits, members: Members) -> Draft:
    """Return the draft of a mailbox: a page for each message, in their order.

    Raises:
        DocumentError: it passes a limit.
    """
    members.refuse_too_deep()
    starts = list(_starts(path, limits))
    found = Gathering()
    with path.open("rb") as file:
        for start, end in zip(starts, [*starts[1:], path.stat().st_size], strict=True):
            file.seek(start)
            data = file.read(min(end - start, limits.message_bytes + 1))
            _, _, message = data.partition(b"\n")
            _add_message(
                path, _ESCAPED.sub(rb"\1", message), limits, members, found, is_one_of_many=True
            )
    return _draft("mbox", found, (path.stem,))


def _draft(kind: str, found: Gathering, titles: tuple[str, ...]) -> Draft:
    return Draft(
        kind,
        found.pages,
        titles,
        unit=PageUnit.MESSAGE,
        notes=found.notes,
        attachments=tuple(found.attachments),
        tables=tuple(found.tables),
    )


def _starts(path: Path, limits: Limits) -> Iterator[int]:
    """Yield where the messages of a mailbox start, reading a piece of it at a time."""
    count, offset, last = 0, 0, -1
    kept = b""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            window = kept + piece
            base = offset - len(kept)
            for match in _SEPARATOR.finditer(window):
                place = base + match.start()
                if place <= last or (match.start() == 0 and base):
                    continue
                last = place
                count += 1
                if count > limits.pages:
                    limit = f"messages {limits.pages}"
                    raise DocumentError(path, FileFault.TOO_LARGE, limit=limit)
                yield place
            offset += len(piece)
            kept = window[-_OVERLAP:]


def _add_message(
    path: Path,
    data: bytes,
    limits: Limits,
    members: Members,
    found: Gathering,
    *,
    is_one_of_many: bool = False,
) -> str:
    """Add a message's pages and attachments; return its subject."""
    if len(data) > limits.message_bytes:
        limit = f"message bytes {limits.message_bytes}"
        raise DocumentError(path, FileFault.TOO_LARGE, limit=limit)
    message = parse(path, data, limits)
    subject = header(message, "Subject")
    parts = sorted_parts(message)
    blocks = [DraftBlock(BlockKind.HEADING, subject, 1)] if subject else []
    if heads := "\n".join(_heads(message)):
        blocks.append(DraftBlock(BlockKind.TABLE, heads))
    for body in parts.bodies:
        blocks += body_blocks(body)
    status = PageStatus.READ if blocks else PageStatus.NO_TEXT
    members.add_pages(found, [DraftPage(blocks, status, subject)])
    above = f"{subject}{BETWEEN}" if is_one_of_many and subject else ""
    for number, part in enumerate(parts.attached, start=1):
        _add_attachment(part, above + file_name(part, number), members, found)
    for number, part in enumerate(parts.beside, start=len(parts.attached) + 1):
        note(found, above + file_name(part, number), len(content(part)))
    return subject


def _heads(message: Parsed) -> Iterator[str]:
    for name in _SHOWN_HEADERS:
        if text := header(message, name):
            yield f"{name}:\t{text}"


def _add_attachment(part: Parsed, name: str, members: Members, found: Gathering) -> None:
    kind, _, detail = part.get_content_type().partition("/")
    data = as_bytes(part)
    if detail in _ENCRYPTED and part.get_param("smime-type", "") != "signed-data":
        note(found, name, len(data), FileFault.ENCRYPTED)
    elif detail in _SIGNATURES or kind in _NOT_READ:
        note(found, name, len(data))
    else:
        members.add(found, name, [data], len(data))
