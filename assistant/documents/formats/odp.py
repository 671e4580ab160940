"""Reads OpenDocument presentations (ODP, and the flat FODP): a page for each slide."""

import math
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from assistant.documents.cleaning import clean, fold
from assistant.documents.document import BlockKind, PageStatus, PageUnit
from assistant.documents.draft import Draft, DraftBlock, DraftPage
from assistant.documents.formats.markup import BROKEN, child, local, value
from assistant.documents.formats.odf import OdfFile
from assistant.documents.formats.odf_blocks import OdfBlocks
from assistant.documents.formats.odf_styles import OdfStyles
from assistant.documents.limits import Limits
from assistant.documents.slides import NOTES, PlacedBlocks, in_order, slide_title
from assistant.errors import DocumentError, FileFault

_LENGTH = re.compile(r"-?\d{1,9}(?:\.\d{1,9})?")
_RUNNING = frozenset({"footer", "header", "date-time", "page-number"})


def read_odp(path: Path, limits: Limits) -> Draft:
    """Return the draft of an OpenDocument presentation, a page for each slide with its notes.

    Raises:
        DocumentError: it is damaged, encrypted, or passes a limit.
    """
    with OdfFile(path, limits) as file:
        try:
            file.refuse_encrypted()
            titles = ["".join(each.itertext()) for each in file.properties() if _is_title(each)]
            styles = OdfStyles()
            for element in file.styles():
                styles.add(element)
            slides = [
                _slide(element, styles)
                for element in file.body("presentation")
                if local(element) == "page"
            ]
            notes = file.notes
        except BROKEN as error:
            raise DocumentError(path, FileFault.DAMAGED) from error
    return Draft("odp", slides, tuple(titles), notes, unit=PageUnit.SLIDE)


def _is_title(element: Element) -> bool:
    return local(element) == "title"


def _slide(element: Element, styles: OdfStyles) -> DraftPage:
    shapes = [
        PlacedBlocks(tuple(_shape_blocks(shape, styles)), _top(shape)) for shape in _shapes(element)
    ]
    blocks = in_order(shapes)
    blocks += _notes(child(element, "notes"), styles)
    status = PageStatus.READ if blocks else PageStatus.NO_TEXT
    return DraftPage(blocks, status, label=slide_title(blocks))


def _shape_blocks(shape: Element, styles: OdfStyles) -> Iterator[DraftBlock]:
    """Yield what a shape says, unless it runs along on every slide."""
    kind = value(shape, "class")
    if kind in _RUNNING:
        return
    if kind == "title":
        text = fold(clean(" ".join(_texts(shape))))
        if text:
            yield DraftBlock(BlockKind.HEADING, text, 1)
        return
    body = OdfBlocks(styles)
    body.take(shape)
    yield from (block for page in body.pages for block in page.blocks)


def _top(shape: Element) -> float:
    """Return where a shape begins below the slide's edge, in whatever unit all are given."""
    found = _LENGTH.match(value(shape, "y"))
    return float(found[0]) if found else math.inf


def _notes(element: Element | None, styles: OdfStyles) -> Iterator[DraftBlock]:
    """Yield what the speaker has written below the slide."""
    if element is None:
        return
    body = OdfBlocks(styles)
    for shape in _shapes(element):
        if value(shape, "class") == "notes":
            body.take(shape)
    blocks = [block for page in body.pages for block in page.blocks]
    if blocks:
        yield DraftBlock(BlockKind.CAPTION, NOTES)
        yield from blocks


def _shapes(element: Element) -> Iterator[Element]:
    """Yield the frames and drawings of a slide, also those in groups."""
    for inner in element:
        name = local(inner)
        if name == "g":
            yield from _shapes(inner)
        elif name not in {"notes", "forms", "animations", "par"}:
            yield inner


def _texts(shape: Element) -> Iterator[str]:
    for inner in shape.iter():
        if local(inner) in {"p", "h"}:
            yield "".join(inner.itertext())
