"""Reads zip archives of documents: each member's pages, labelled with its name."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from zipfile import ZipInfo

from assistant.documents.document import PageUnit
from assistant.documents.draft import Draft
from assistant.documents.formats.archive import Archive
from assistant.documents.limits import Limits
from assistant.documents.members import Gathering, Members, has_text, note
from assistant.errors import DocumentError, FileFault

_CHUNK = 1 << 18
_LOCKED = 0x1  # a member's flag
_UTF8 = 0x800
# What systems leave behind, and nobody put there.
_LITTER = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_LITTER_FOLDERS = frozenset({"__MACOSX", ".git", ".svn"})


def read(path: Path, limits: Limits, members: Members) -> Draft:
    """Return the draft of an archive: what its members have, in their order.

    Raises:
        DocumentError: it is damaged, passes a limit, or no member has text; then the first
            member's fault is told.
    """
    members.open_archive()
    found = Gathering()
    archive = Archive(path, limits)
    try:
        infos = [info for info in archive.infos if not _is_litter(info)]
        archive.expect(infos)
        for info in infos:
            name = _name(info)
            if info.flag_bits & _LOCKED:
                note(found, name, info.file_size, FileFault.ENCRYPTED)
            else:
                members.add(found, name, _chunks(archive, info), info.file_size)
    finally:
        archive.close()
    if not has_text(found.pages):
        raise _fault(path, found)
    return Draft(
        "zip",
        found.pages,
        (path.stem,),
        unit=PageUnit.PART,
        notes=found.notes,
        attachments=tuple(found.attachments),
        tables=tuple(found.tables),
    )


def _chunks(archive: Archive, info: ZipInfo) -> Iterator[bytes]:
    with archive.open_info(info) as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _is_litter(info: ZipInfo) -> bool:
    parts = PurePosixPath(info.filename).parts
    return (
        info.is_dir()
        or not parts
        or parts[-1].lower() in _LITTER
        or not _LITTER_FOLDERS.isdisjoint(parts)
        or parts[-1].startswith("._")
    )


def _name(info: ZipInfo) -> str:
    """Return a member's name; old programs wrote theirs in an encoding that nobody declared."""
    if info.flag_bits & _UTF8:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _fault(path: Path, found: Gathering) -> DocumentError:
    """Return what to say of an archive of which nothing can be read."""
    faults = {attachment.fault for attachment in found.attachments if attachment.fault}
    if len(faults) == 1:
        (fault,) = faults
        return DocumentError(path, FileFault(fault), pages=len(found.attachments))
    return DocumentError(path, FileFault.UNKNOWN_TYPE)
