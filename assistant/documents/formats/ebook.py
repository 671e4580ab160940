"""Reads EPUB books: a page for each file of the reading order, named as the contents name it."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from assistant.documents import left_out
from assistant.documents.cleaning import clean, fold
from assistant.documents.document import BlockKind, PageStatus, PageUnit
from assistant.documents.draft import Draft, DraftPage
from assistant.documents.formats import html
from assistant.documents.formats.archive import Archive
from assistant.documents.formats.markup import BROKEN, child, children, local, value
from assistant.documents.limits import Limits
from assistant.errors import DocumentError, FileFault

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_TEXTS = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml"})
_PICTURE = re.compile(rb"<(?:img|image|svg)\b", re.IGNORECASE)
_NAVIGATION = "nav"


@dataclass(slots=True)
class _Item:
    """A file of the book."""

    name: str
    type: str
    properties: str


@dataclass(slots=True)
class _Book:
    """What a book's package file says."""

    titles: list[str] = field(default_factory=list)
    items: dict[str, _Item] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)  # ids
    contents: str = ""  # id of an EPUB 2 table of contents


def read_epub(path: Path, limits: Limits) -> Draft:
    """Return the draft of a book, a page for each chapter file that has something to see.

    Raises:
        DocumentError: it is damaged, protected against copying, or passes a limit.
    """
    archive = Archive(path, limits)
    try:
        package = _package_name(archive)
        book = _read_package(archive, package, limits)
        locked = _locked(archive)
        labels = _labels(archive, book)
        pages = []
        pictures: set[str] = set()
        items = (book.items[each] for each in book.order if each in book.items)
        for item in {item.name: item for item in items}.values():  # each file is read once
            is_text = item.type in _TEXTS
            if not (is_text or item.type.startswith("image/")):
                continue
            if is_text and item.name in locked:
                raise DocumentError(path, FileFault.ENCRYPTED)
            label = labels.get(item.name, "")
            if item.name not in archive:
                page: DraftPage | None = DraftPage(status=PageStatus.FAILED, label=label)
            elif not is_text:
                page = _picture(item, label)
            else:
                page = _page(archive, item, label, limits, pictures)
            if page:
                pages.append(page)
    except BROKEN as error:
        raise DocumentError(path, FileFault.DAMAGED) from error
    finally:
        archive.close()
    notes = left_out.counted(left_out.PICTURES, len(pictures))
    return Draft("epub", pages, tuple(book.titles), notes, unit=PageUnit.CHAPTER)


def _package_name(archive: Archive) -> str:
    """Return the name of the package file.

    Raises:
        DocumentError: the book has none.
    """
    if _CONTAINER in archive:
        with archive.open(_CONTAINER) as file:
            for element in children(file, "rootfiles"):
                name = value(element, "full-path").lstrip("/")
                if name in archive:
                    return name
    found = sorted(name for name in archive.names if name.endswith(".opf"))
    if not found:
        raise DocumentError(archive.path, FileFault.DAMAGED)
    return found[0]


def _read_package(archive: Archive, package: str, limits: Limits) -> _Book:
    book = _Book()
    folder = posixpath.dirname(package)
    with archive.open(package) as file:
        for element in children(file):
            name = local(element)
            if name == "metadata":
                book.titles = [each.text or "" for each in element.iter() if local(each) == "title"]
            elif name == "manifest":
                if len(element) > limits.archive_entries:
                    limit = f"archive entries {limits.archive_entries}"
                    raise DocumentError(archive.path, FileFault.TOO_LARGE, limit=limit)
                for each in element:
                    target = _resolved(folder, value(each, "href"))
                    item = _Item(target, value(each, "media-type"), value(each, "properties"))
                    book.items[value(each, "id")] = item
            elif name == "spine":
                book.contents = value(element, "toc")
                book.order = [value(each, "idref") for each in element if local(each) == "itemref"]
    return book


def _locked(archive: Archive) -> frozenset[str]:
    """Return the names of the files that copy protection has encrypted; fonts are among them."""
    if _ENCRYPTION not in archive:
        return frozenset()
    with archive.open(_ENCRYPTION) as file:
        names = (
            value(each, "URI")
            for element in children(file)
            for each in element.iter()
            if local(each) == "CipherReference"
        )
        return frozenset(_resolved("", name) for name in names)


def _page(
    archive: Archive, item: _Item, label: str, limits: Limits, pictures: set[str]
) -> DraftPage | None:
    """Return a chapter's page, None if there is nothing to see on it or it lists the contents.

    The pictures beside its text are added to `pictures`.
    """
    with archive.open(item.name) as file:
        data = file.read(limits.markup_bytes + 1)
    if len(data) > limits.markup_bytes:
        limit = f"bytes {limits.markup_bytes}"
        raise DocumentError(archive.path, FileFault.TOO_LARGE, limit=limit)
    if _NAVIGATION in item.properties.split():
        return None
    said = html.text_of(data)
    blocks = said.blocks
    if blocks:
        folder = posixpath.dirname(item.name)
        pictures |= {_resolved(folder, address) for address in said.pictures}
    else:
        return _picture(item, label) if _PICTURE.search(data) else None
    heading = next((block.text for block in blocks if block.kind is BlockKind.HEADING), "")
    return DraftPage(blocks, label=label or heading)


def _picture(item: _Item, label: str) -> DraftPage | None:
    """Return the page of a picture; a cover is none that somebody misses."""
    is_cover = "cover" in item.name.lower()
    return None if is_cover else DraftPage(status=PageStatus.NO_TEXT, label=label)


def _labels(archive: Archive, book: _Book) -> Mapping[str, str]:
    """Return what the table of contents calls each file, from EPUB 3's or EPUB 2's."""
    found: dict[str, str] = {}
    for item in book.items.values():
        if _NAVIGATION in item.properties.split() and item.name in archive:
            with archive.open(item.name) as file:
                entries = html.links_of(file.read())
            _add(found, posixpath.dirname(item.name), entries)
    contents = book.items.get(book.contents)
    if not found and contents and contents.name in archive:
        with archive.open(contents.name) as file:
            for element in children(file, "navMap"):
                _add(found, posixpath.dirname(contents.name), _points(element))
    return found


def _points(element: Any) -> Iterator[tuple[str, str]]:
    """Yield target and title of the entries of an EPUB 2 table of contents."""
    for each in element.iter():
        if local(each) == "navPoint":
            label = child(each, "navLabel")
            title = "" if label is None else "".join(label.itertext())
            yield value(child(each, "content"), "src"), title


def _add(found: dict[str, str], folder: str, entries: Iterator[tuple[str, str]]) -> None:
    """Keep the first title of each file."""
    for target, title in entries:
        name = _resolved(folder, target.partition("#")[0])
        text = fold(clean(title))
        if text:
            found.setdefault(name, text)


def _resolved(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")
