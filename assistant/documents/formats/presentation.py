"""Reads PowerPoint presentations (PPTX): a page for each slide, with its notes."""

import math
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from assistant.documents.cleaning import clean, fold
from assistant.documents.document import BlockKind, PageStatus, PageUnit
from assistant.documents.draft import Draft, DraftBlock, DraftPage
from assistant.documents.formats.archive import Archive
from assistant.documents.formats.drawings import Unread, drawn_blocks, relation_id
from assistant.documents.formats.markup import BROKEN, child, local, number, value
from assistant.documents.formats.ooxml import Parts, Relation
from assistant.documents.formats.slide_text import body_blocks, paragraph_text, table_block
from assistant.documents.limits import Limits
from assistant.documents.slides import NOTES, PlacedBlocks, in_order, slide_title
from assistant.errors import DocumentError, FileFault

_MAIN_PART = re.compile(r"ppt/presentation\d*\.xml")
_TITLES = frozenset({"title", "ctrTitle"})
_RUNNING = frozenset({"dt", "ftr", "hdr", "sldNum", "sldImg"})
_FARTHEST = 100_000_000  # EMU, 360,000 to a centimetre
_LISTS = frozenset({"body", "obj", ""})  # placeholders whose paragraphs have bullets


def read_pptx(path: Path, limits: Limits) -> Draft:
    """Return the draft of a PowerPoint presentation, a page for each slide with its notes.

    Hidden slides are among them, so that numbers are those that PowerPoint shows.

    Raises:
        DocumentError: it is damaged or passes a limit.
    """
    archive = Archive(path, limits)
    try:
        parts = Parts(archive)
        main = next((name for name in sorted(archive.names) if _MAIN_PART.fullmatch(name)), "")
        titles = [
            element.text or ""
            for element in parts.elements("docProps/core.xml")
            if local(element) == "title"
        ]
        names = dict.fromkeys(_slide_names(parts, main))  # each part is one slide
        unread = Unread(parts)
        slides = [_slide(parts, name, unread) for name in names]
    except BROKEN as error:
        raise DocumentError(path, FileFault.DAMAGED) from error
    finally:
        archive.close()
    return Draft("pptx", slides, tuple(titles), unread.notes, unit=PageUnit.SLIDE)


def _slide_names(parts: Parts, main: str) -> Iterator[str]:
    """Yield the parts of the slides in their order."""
    relations = parts.relations(main)
    for element in parts.elements(main, "sldIdLst"):
        relation = relations.get(relation_id(element))
        if relation:
            yield relation.target


def _slide(parts: Parts, part: str, unread: Unread) -> DraftPage:
    relations = parts.relations(part)
    unread.count(relations.values())
    shapes = [
        PlacedBlocks(tuple(_shape_blocks(parts, shape, relations)), _top(shape))
        for shape in _shapes(parts.elements(part, "spTree"))
    ]
    blocks = in_order(shapes)
    for relation in relations.values():
        if relation.kind == "notesSlide":
            blocks += _notes(parts, relation.target)
    status = PageStatus.READ if blocks else PageStatus.NO_TEXT
    return DraftPage(blocks, status, label=slide_title(blocks))


def _shape_blocks(
    parts: Parts, shape: Element, relations: dict[str, Relation]
) -> Iterator[DraftBlock]:
    """Yield what a shape says, unless it runs along on every slide."""
    kind = _placeholder(shape)
    body = child(shape, "txBody")
    if kind in _RUNNING:
        return
    if kind in _TITLES and body is not None:
        text = fold(clean(" ".join(paragraph_text(each) for each in body)))
        if text:
            yield DraftBlock(BlockKind.HEADING, text, 1)
    elif body is not None:
        yield from body_blocks(body, is_list=kind in _LISTS)
    else:
        tables = (table_block(inner) for inner in shape.iter() if local(inner) == "tbl")
        yield from (block for block in tables if block)
        yield from drawn_blocks(parts, shape, relations)


def _top(shape: Element) -> float:
    """Return where a shape begins below the slide's edge; far below if it does not say."""
    place = child(shape, "xfrm")
    if place is None:
        place = child(child(shape, "spPr"), "xfrm")
    top = value(child(place, "off"), "y")
    return number(top, most=_FARTHEST) if top else math.inf


def _shapes(elements: Iterator[Element]) -> Iterator[Element]:
    """Yield the shapes of a slide, also those in groups."""
    for element in elements:
        name = local(element)
        if name in {"grpSp", "AlternateContent", "Choice"}:
            yield from _shapes(iter(element))
        elif name in {"sp", "graphicFrame"}:
            yield element


def _placeholder(shape: Element) -> str | None:
    """Return the kind of placeholder that a shape fills, None if it is a shape of its own."""
    for properties in shape:
        mark = child(child(properties, "nvPr"), "ph")
        if mark is not None:
            return value(mark, "type")
    return None


def _notes(parts: Parts, part: str) -> Iterator[DraftBlock]:
    """Yield what the speaker has written below the slide."""
    blocks: list[DraftBlock] = []
    for shape in _shapes(parts.elements(part, "spTree")):
        body = child(shape, "txBody")
        if _placeholder(shape) == "body" and body is not None:
            blocks += body_blocks(body, is_list=False)
    if blocks:
        yield DraftBlock(BlockKind.CAPTION, NOTES)
        yield from blocks
