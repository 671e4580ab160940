"""Reads HTML: the main text in order, with headings, lists, tables and code.

The only importer of selectolax.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from assistant.documents.cleaning import clean, fold
from assistant.documents.document import BlockKind
from assistant.documents.draft import Draft, DraftBlock, DraftPage
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
_NOTES = frozenset({"doc-endnotes", "doc-footnote", "doc-endnote"})
_BACK = re.compile("\\s*[↩⏎^]\ufe0e?$")  # the way back from a note
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_MAIN_SHARE = 0.3  # of the page's text; a smaller "main" element is not what it says


def read(path: Path, limits: Limits) -> Draft:
    """Return the draft of an HTML file: one page."""
    data = read_bytes(path, limits)
    declared = _CHARSET.search(data[:_HEAD_BYTES]) or _XML_ENCODING.search(data[:_HEAD_BYTES])
    name = declared[1].decode("ascii") if declared else ""
    tree = LexborHTMLParser(decode(data, name))
    heading = tree.css_first("title")
    title = fold(heading.text()) if heading else ""
    root = _main(tree)
    blocks = _Walker(root).blocks if root is not None else []
    first = next((block.text for block in blocks if block.kind is BlockKind.HEADING), "")
    return Draft("html", [DraftPage(blocks)], tuple(_titles(title, first)))


def _titles(title: str, first_heading: str) -> Iterator[str]:
    """Yield the heading first if the page's title is it with the site's name beside it."""
    if first_heading and first_heading in title:
        yield first_heading
    yield title


def _main(tree: Any) -> Any:
    """Return the element that holds the main text."""
    body = tree.body
    if body is None:
        return tree.root
    for selector in ("main", "[role=main]", "article"):
        found = tree.css(selector)
        if len(found) == 1:
            whole = len(body.text(strip=True))
            if len(found[0].text(strip=True)) >= _MAIN_SHARE * whole:
                return found[0]
    return body


class _Walker:
    """Walks the tree without recursion, since pages can be nested as deep as they like."""

    def __init__(self, root: Any) -> None:
        self.blocks: list[DraftBlock] = []
        self._root = root
        self._root_id = root.mem_id
        self._text: list[str] = []
        self._kinds: list[tuple[BlockKind, int]] = [(BlockKind.PARAGRAPH, 0)]
        self._raised = 0
        self._notes = 0
        self._rows: list[list[list[str]]] = []  # of the tables that are open
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
        if tag == "br":
            self._text.append("\n")
        elif tag == "sup":
            self._raised += 1
        elif tag in _BLOCKS:
            self._flush()
            self._begin(tag)
            self._notes += _is_notes(node)
        return True

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
        if tag == "sup":
            self._raised -= 1
        if tag not in _BLOCKS:
            return
        self._flush()
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
        if self._rows and self._rows[-1] and self._rows[-1][-1]:
            cell = self._rows[-1][-1][-1]
            self._rows[-1][-1][-1] = f"{cell} {fold(text)}".strip()
        else:
            self.blocks.append(DraftBlock(kind, re.sub(r"\n\s*\n", "\n", text), level))

    def _end_table(self, rows: list[list[str]]) -> None:
        if self._rows and self._rows[-1] and self._rows[-1][-1]:  # inside another table's cell
            text = " ".join(cell for row in rows for cell in row if cell)
            cell = self._rows[-1][-1][-1]
            self._rows[-1][-1][-1] = f"{cell} {text}".strip()
        elif all(sum(bool(cell) for cell in row) <= 1 for row in rows):  # only for its layout
            self.blocks += [
                DraftBlock(BlockKind.PARAGRAPH, cell) for row in rows for cell in row if cell
            ]
        else:
            lines = ("\t".join(row).strip() for row in rows)
            text = "\n".join(line for line in lines if line)
            if text:
                self.blocks.append(DraftBlock(BlockKind.TABLE, text))


def _is_notes(node: Any) -> bool:
    """Return whether this element holds footnotes, as pandoc and EPUB tools mark them."""
    attributes = node.attributes
    role = attributes.get("role") or attributes.get("epub:type") or ""
    return role in _NOTES or (attributes.get("class") or "") in {"footnotes", "references"}


def _is_hidden(node: Any) -> bool:
    attributes = node.attributes
    if not attributes:
        return False
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    if (attributes.get("role") or "") in _LEFT_OUT_ROLES:
        return True
    return bool(_HIDING.search(attributes.get("style") or ""))
