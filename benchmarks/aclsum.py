"""Loads aclsum 0.1.2 (MIT): papers with abstracts, human summaries and human highlights.

The wheel is fetched once through pip into `.cache/bench` and unzipped; its dependencies are not
needed. Run the benchmarks from the root of the repository, as `make bench` does.
"""

import json
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from assistant.documents.document import Block, BlockKind, Document, Page, Section, Sentence, Span

CACHE = Path(__file__).resolve().parent.parent / ".cache" / "bench"
_REQUIREMENT = "aclsum==0.1.2"
_PARAGRAPHS_A_PAGE = 6


@dataclass(frozen=True)
class Paper:
    """One paper: its body as a document, and what people wrote about it.

    Attributes:
        document: body without the abstract, sections and sentences as the app has them.
        abstract: the authors' abstract.
        annotated: abstract, introduction and conclusion in the annotators' own sentences.
        summaries: aspect → the annotators' summary in one or two sentences.
        highlights: aspect → positions in `annotated.sentences` that carry the summary.
    """

    document: Document
    abstract: str
    annotated: Document
    summaries: dict[str, str]
    highlights: dict[str, frozenset[int]]


def papers(splits: tuple[str, ...] = ("train", "val")) -> list[Paper]:
    """Return the papers of the splits, in the order of the data."""
    folder = _dataset()
    found = []
    for split in splits:
        with (folder / f"{split}.jsonl").open(encoding="utf-8") as lines:
            found.extend(_paper(json.loads(line), folder) for line in lines)
    return found


def _dataset() -> Path:
    target = CACHE / "aclsum"
    if not (target / "aclsum" / "dataset" / "train.jsonl").exists():
        target.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "-q", "-d", str(CACHE)]
        subprocess.run([*command, _REQUIREMENT], check=True)
        with zipfile.ZipFile(next(CACHE.glob("aclsum-*.whl"))) as wheel:
            wheel.extractall(target)
    return target / "aclsum" / "dataset"


def _paper(row: dict[str, object], folder: Path) -> Paper:
    parsed = json.loads((folder / "paper_jsons" / f"{row['id']}.json").read_text("utf-8"))
    title = str(row["title"])
    annotated, highlights = _annotated(row, title)
    return Paper(
        document=_body(parsed["pdf_parse"]["body_text"], title),
        abstract=parsed["abstract"],
        annotated=annotated,
        summaries=dict(row["summary"]),  # type: ignore[call-overload]
        highlights=highlights,
    )


class DocumentBuilder:
    """Puts paragraphs and sentences together to a document, several paragraphs a page."""

    def __init__(self, title: str, paragraphs_a_page: int = _PARAGRAPHS_A_PAGE) -> None:
        self.title = title
        self._paragraphs_a_page = paragraphs_a_page
        self._sections: list[Section] = []
        self._pages: list[tuple[str, list[Block]]] = [("", [])]
        self._sentences: list[Sentence] = []

    @property
    def page_count(self) -> int:
        """Pages so far."""
        return len(self._pages)

    def section(self, title: str, level: int = 1) -> None:
        """Begin a section; its parent is the last one of a lower level."""
        parent = -1
        for at, section in enumerate(self._sections):
            if section.level < level:
                parent = at
        self._sections.append(Section(title, level, parent, len(self._pages)))
        if title:
            self._append(title, BlockKind.HEADING, level)

    def paragraph(self, sentences: list[str]) -> None:
        """Add a paragraph given as its sentences."""
        if len(self._pages[-1][1]) >= self._paragraphs_a_page:
            self._pages.append(("", []))
        if not self._sections:
            self.section("", 0)
        at = self._append(" ".join(sentences), BlockKind.PARAGRAPH)
        for text in sentences:
            span = Span(len(self._pages), at, at + len(text))
            self._sentences.append(Sentence(text, (span,), len(self._sections) - 1))
            at += len(text) + 1

    def build(self) -> Document:
        """Return the document."""
        if not self._sections:
            self.section("", 0)
        return Document(
            path=Path("paper.txt"),
            title=self.title,
            type="text",
            sha256="",
            language="en",
            pages=tuple(
                Page(number, text, tuple(blocks))
                for number, (text, blocks) in enumerate(self._pages, start=1)
            ),
            sections=tuple(self._sections),
            sentences=tuple(self._sentences),
        )

    def _append(self, text: str, kind: BlockKind, level: int = 0) -> int:
        before, blocks = self._pages[-1]
        start = len(before) + 2 if before else 0
        blocks.append(Block(kind, start, start + len(text), level))
        self._pages[-1] = (f"{before}\n\n{text}" if before else text, blocks)
        return start


def _body(paragraphs: list[dict[str, str]], title: str) -> Document:
    builder = DocumentBuilder(title)
    last = None
    for paragraph in paragraphs:
        named = (paragraph["section"], paragraph["sec_num"])
        if named != last and paragraph["section"]:
            level = (paragraph["sec_num"] or "1").rstrip(".").count(".") + 1
            builder.section(paragraph["section"], level)
            last = named
        if paragraph["text"].strip() and paragraph["text"] != "EQUATION":
            builder.paragraph(_split(paragraph["text"]))
    return builder.build()


def _split(text: str) -> list[str]:
    from assistant.documents.sentences import split

    folded = re.sub(r"\s+", " ", text).strip()
    return [folded[start:end] for start, end in split(folded)]


def _annotated(row: dict[str, object], title: str) -> tuple[Document, dict[str, frozenset[int]]]:
    builder = DocumentBuilder(title)
    sentences: dict[str, list[str]] = row["sentences"]  # type: ignore[assignment]
    marks: dict[str, dict[str, list[int]]] = row["highlights"]  # type: ignore[assignment]
    found: dict[str, set[int]] = {aspect: set() for aspect in marks}
    offset = 0
    for name in ("abstract", "introduction", "conclusion"):
        builder.section(name.capitalize())
        for start in range(0, len(sentences[name]), 5):
            builder.paragraph(sentences[name][start : start + 5])
        for aspect, of_section in marks.items():
            found[aspect] |= {offset + at for at, mark in enumerate(of_section[name]) if mark}
        offset += len(sentences[name])
    return builder.build(), {aspect: frozenset(at) for aspect, at in found.items()}
