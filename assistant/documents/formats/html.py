"""Reads HTML: the main text in order, with headings, lists, tables and code.

The only importer of selectolax.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from assistant.documents import left_out
from assistant.documents.cleaning import clean, fold
from assistant.documents.document import BlockKind
from assistant.documents.draft import Draft, DraftBlock, DraftPage
from assistant.documents.formats.html_lists import ListNumbers
from assistant.documents.formats.text import decode, read_bytes
from assistant.documents.limits import Limits

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_HEAD_BYTES = 4_096
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LEFT_OUT = frozenset(
    {"script", "style", "noscript", "template", "nav", "iframe", "svg", "canvas", "object", "audio",
     "video", "button", "select", "textarea", "input", "dialog", "head", "math", "map", "rp"}
)  # fmt: skip
_LEFT_OUT_ROLES = frozenset({"navigation", "search", "menu", "menubar", "banner", "contentinfo"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    {"p", "div", "section", "article", "main", "header", "footer", "aside", "address", "blockquote",
     "center", "dd", "dl", "dt", "fieldset", "figure", "figcaption", "form", "hr", "li", "ol", "ul",
     "pre", "table", "caption", "tbody", "thead", "tfoot", "tr", "td", "th", "body", "details",
     "summary", *_HEADINGS}
)  # fmt: skip
_KINDS = {
    "li": BlockKind.LIST_ITEM,
    "dd": BlockKind.LIST_ITEM,
    "figcaption": BlockKind.CAPTION,
    "caption": BlockKind.CAPTION,
}
_NOTES = frozenset(
    {"doc-endnotes", "doc-footnote", "doc-endnote", "footnote", "footnotes", "endnote", "endnotes",
     "rearnote", "rearnotes"}
)  # fmt: skip
_NOTE_MARKS = frozenset({"noteref", "doc-noteref"})
_PAGE_BREAKS = frozenset({"pagebreak", "doc-pagebreak"})
_CONTENTS = frozenset({"toc", "doc-toc"})
_XHTML = re.compile(rb"\s*<\?xml\b|<html\b[^>]{0,500}www\.w3\.org/1999/xhtml", re.IGNORECASE)
_SELF_CLOSED = re.compile(r"<([a-zA-Z][\w:.-]{0,50})([^<>]{0,2000})/>")
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
     "track", "wbr"}
)  # fmt: skip
_BACK = re.compile("\\s*[↩⏎^]\ufe0e?$")  # the way back from a note
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_DEEPEST = 10_000
_TAG = re.compile(r"<(/?)([A-Za-z][\w:-]*)")
_SLANTED = frozenset({"a", "b", "big", "em", "font", "i", "nobr", "s", "small", "span", "strong",
                      "tt", "u", "center"})  # fmt: skip
_CLOSES_ITSELF = frozenset(
    {"p", "li", "td", "th", "tr", "dd", "dt", "option", "thead", "tbody", "tfoot", "colgroup", "rp",
     "rt", "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
     "source", "track", "wbr", "path", "rect", "circle", "use", "html", "head", "body"}
)  # fmt: skip
# Of the words in the main text's prose: with more of them beside it, all of the page counts.
_PROSE_BESIDE = 0.25
_SHORTEST_PROSE = 60  # characters


def read(path: Path, limits: Limits) -> Draft:
    """Return the draft of an HTML file: one page."""
    tree = _parsed(read_bytes(path, limits))
    heading = tree.css_first("title")
    title = fold(heading.text()) if heading else ""
    main, beside = _main_text(tree)
    blocks = main.blocks
    first = next((block.text for block in blocks if block.kind is BlockKind.HEADING), "")
    notes = (
        *left_out.counted(left_out.BESIDE_MAIN, _words(beside)),
        *left_out.counted(left_out.PICTURES, len(main.pictures)),
    )
    return Draft("html", [DraftPage(blocks)], tuple(_titles(title, first)), notes)


@dataclass(slots=True)
class HtmlText:
    """What a page, or a part of one, says.

    Attributes:
        blocks: its text.
        pictures: the addresses of the pictures in it, but for those that only decorate.
    """

    blocks: list[DraftBlock] = field(default_factory=list)
    pictures: set[str] = field(default_factory=set)


def text_of(data: bytes) -> HtmlText:
    """Return what a page says that is part of something larger, such as a book."""
    tree = _parsed(data)
    root = tree.body if tree.body is not None else tree.root
    return _Walker(root).found if root is not None else HtmlText()


def blocks_of(data: bytes) -> list[DraftBlock]:
    """Return the blocks of such a page."""
    return text_of(data).blocks


def links_of(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield target and text of the links in a book's table of contents."""
    found = _parsed(data).css("nav")
    contents = [node for node in found if _kinds(node) & _CONTENTS]
    for node in contents[:1] or found[:1]:
        for link in node.css("a[href]"):
            yield link.attributes.get("href") or "", link.text()


def _parsed(data: bytes) -> LexborHTMLParser:
    declared = _CHARSET.search(data[:_HEAD_BYTES]) or _XML_ENCODING.search(data[:_HEAD_BYTES])
    text = decode(data, declared[1].decode("ascii") if declared else "")
    if _XHTML.search(data[:_HEAD_BYTES]):
        text = _SELF_CLOSED.sub(_closed, text)
    _refuse_too_deep(text)
    return LexborHTMLParser(text)


def _refuse_too_deep(text: str) -> None:
    """Look how deep elements stand within each other: the parser's time grows with its square.

    Raises:
        RecursionError: deeper than any page that people made.
    """
    depth = slanted = 0
    if text.count("<") < _DEEPEST:
        return
    for match in _TAG.finditer(text):
        closes, tag = match.groups()
        name = tag.lower()
        if name in _CLOSES_ITSELF:
            continue
        step = -1 if closes else 1
        if name in _SLANTED:  # often left open by hand, and closed by the parser
            slanted = max(0, slanted + step)
        else:
            depth = max(0, depth + step)
        if depth > _DEEPEST or slanted > 10 * _DEEPEST:
            raise RecursionError


def _closed(match: re.Match[str]) -> str:
    """Return an element that XML closes in itself as HTML writes it: else it holds all the rest."""
    tag, rest = match.groups()
    return f"<{tag}{rest}>" if tag.lower() in _VOID else f"<{tag}{rest}></{tag}>"


def _titles(title: str, first_heading: str) -> Iterator[str]:
    """Yield the heading first if the page's title is it with the site's name beside it."""
    if first_heading and first_heading in title:
        yield first_heading
    yield title


def _main_text(tree: Any) -> tuple[HtmlText, list[DraftBlock]]:
    """Return the main text, and the blocks of what stands beside it.

    The page is read whole where a good part of its prose stands beside what it calls the main text.
    """
    root = tree.body if tree.body is not None else tree.root
    if root is None:
        return HtmlText(), []
    for selector in ("main", "[role=main]", "article"):
        found = tree.css(selector)
        if len(found) != 1:
            continue
        main, beside = _Walker(found[0]).found, _Walker(root, without=found[0]).found.blocks
        prose = _words(_prose(main.blocks))
        if main.blocks and _words(_prose(beside)) <= _PROSE_BESIDE * prose:
            return main, beside
    return _Walker(root).found, []


def _words(blocks: Iterable[DraftBlock]) -> int:
    return sum(len(block.text.split()) for block in blocks)


def _prose(blocks: Iterable[DraftBlock]) -> Iterator[DraftBlock]:
    """Yield what is long enough to say something: entries of menus and lists of links are not."""
    return (block for block in blocks if len(block.text) >= _SHORTEST_PROSE)


class _Walker:
    """Walks the tree without recursion, since pages can be nested as deep as they like."""

    def __init__(self, root: Any, without: Any = None) -> None:
        self.found = HtmlText()
        self._without_id = without.mem_id if without is not None else None
        self._root = root
        self._root_id = root.mem_id
        self._text: list[str] = []
        self._kinds: list[tuple[BlockKind, int]] = [(BlockKind.PARAGRAPH, 0)]
        self._raised = 0
        self._notes = 0
        self._rows: list[list[list[str]]] = []  # of the tables that are open
        self._lists = ListNumbers()
        self._walk()
        self._flush()

    def _walk(self) -> None:
        node = self._root
        while node is not None:
            descends = self._enter(node)
            following = node.child if descends else None
            while following is None:
                self._leave(node, entered=descends)
                if node.mem_id == self._root_id:
                    return
                following = node.next
                if following is None:
                    node, descends = node.parent, True
            node = following

    def _enter(self, node: Any) -> bool:
        """Take what begins with `node`; return whether to look inside."""
        tag = node.tag
        if tag == "-text":
            text = node.text_content or ""
            self._text.append(text.translate(_RAISED) if self._raised else text)
            return False
        if not node.is_element_node or tag in _LEFT_OUT or _is_hidden(node):
            return False
        if node.mem_id == self._without_id:
            self._flush()  # what stands before it and after it is not one paragraph
            return False
        if tag == "img":
            self._picture(node.attributes)
        elif tag == "br":
            self._text.append("\n")
        elif _is_raised(node):
            self._raised += 1
        elif tag in _BLOCKS:
            self._flush()
            self._begin(tag)
            self._lists.enter(tag, node.attributes)
            self._notes += _is_notes(node)
        return True

    def _picture(self, attributes: Mapping[str, str | None]) -> None:
        """Note a picture that may say something: an empty description says that it does not."""
        address = attributes.get("src") or attributes.get("data-src") or ""
        is_decoration = "alt" in attributes and not (attributes["alt"] or "").strip()
        is_pixel = "1" in {attributes.get("width"), attributes.get("height")}
        if address and not (is_decoration or is_pixel):
            self.found.pictures.add(address)

    def _begin(self, tag: str) -> None:
        if tag in _HEADINGS:
            self._kinds.append((BlockKind.HEADING, _HEADINGS[tag]))
        elif tag in _KINDS:
            self._kinds.append((_KINDS[tag], 0))
        elif tag == "pre":
            self._kinds.append((BlockKind.CODE, 0))
        elif tag == "table":
            self._rows.append([])
        elif tag == "tr" and self._rows:
            self._rows[-1].append([])
        elif tag in {"td", "th"} and self._rows:
            if not self._rows[-1]:
                self._rows[-1].append([])
            self._rows[-1][-1].append("")

    def _leave(self, node: Any, *, entered: bool) -> None:
        tag = node.tag
        if not entered:
            return
        if _is_raised(node):
            self._raised -= 1
        if tag not in _BLOCKS:
            return
        self._flush()
        self._lists.leave(tag)
        self._notes -= _is_notes(node)
        if tag in _HEADINGS or tag in _KINDS or tag == "pre":
            self._kinds.pop()
        elif tag == "table" and self._rows:
            self._end_table(self._rows.pop())

    def _flush(self) -> None:
        """Make a block, or a part of a table's cell, of the text gathered so far."""
        raw = clean("".join(self._text))
        self._text.clear()
        kind, level = (BlockKind.FOOTNOTE, 0) if self._notes else self._kinds[-1]
        text = raw.strip("\n").rstrip() if kind is BlockKind.CODE else fold(raw)
        text = _BACK.sub("", text)
        if not text.strip():
            return
        mark = self._lists.take_mark()
        if mark and kind is BlockKind.LIST_ITEM:
            text = f"{mark} {text}"
        if self._rows and self._rows[-1] and self._rows[-1][-1]:
            cell = self._rows[-1][-1][-1]
            self._rows[-1][-1][-1] = f"{cell} {fold(text)}".strip()
        else:
            self.found.blocks.append(DraftBlock(kind, re.sub(r"\n\s*\n", "\n", text), level))

    def _end_table(self, rows: list[list[str]]) -> None:
        if self._rows and self._rows[-1] and self._rows[-1][-1]:  # inside another table's cell
            text = " ".join(cell for row in rows for cell in row if cell)
            cell = self._rows[-1][-1][-1]
            self._rows[-1][-1][-1] = f"{cell} {text}".strip()
        elif all(sum(bool(cell) for cell in row) <= 1 for row in rows):  # only for its layout
            self.found.blocks += [
                DraftBlock(BlockKind.PARAGRAPH, cell) for row in rows for cell in row if cell
            ]
        else:
            lines = ("\t".join(row).strip() for row in rows)
            text = "\n".join(line for line in lines if line)
            if text:
                self.found.blocks.append(DraftBlock(BlockKind.TABLE, text))


def _kinds(node: Any) -> set[str]:
    """Return what an element is by its role, or by the vocabulary of EPUB."""
    attributes = node.attributes
    kinds = f"{attributes.get('role') or ''} {attributes.get('epub:type') or ''}"
    return set(kinds.split()) if kinds != " " else set()


def _is_notes(node: Any) -> bool:
    """Return whether this element holds footnotes, as pandoc and EPUB tools mark them."""
    if (node.attributes.get("class") or "") in {"footnotes", "references"}:
        return True
    return bool(_kinds(node) & _NOTES)


def _is_raised(node: Any) -> bool:
    """Return whether this is set higher: what leads to a note is, by a book's own style."""
    return node.tag == "sup" or (node.tag == "a" and bool(_kinds(node) & _NOTE_MARKS))


def _is_hidden(node: Any) -> bool:
    attributes = node.attributes
    if not attributes:
        return False
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    if _kinds(node) & (_LEFT_OUT_ROLES | _PAGE_BREAKS):
        return True
    return bool(_HIDING.search(attributes.get("style") or ""))
