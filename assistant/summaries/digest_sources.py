"""Gathers what a digest is made from: the points and passages of all files, as one text.

Each file is a page of that text, so that ranking, choosing and checking work on it as they do on
a document; every sentence remembers where it comes from.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.documents.document import Document, Page, Section, Sentence, Span
from assistant.evidence.citation import Citation
from assistant.summaries.digest import DigestFile, FileCitation


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence that may go into a digest, or carry one.

    Attributes:
        file: index of its file.
        text: what it says.
        citations: where that stands in the file; the first is the sentence itself if it is a
            quote.
        worth: how much it matters in its file, from 0 to 1.
    """

    file: int
    text: str
    citations: tuple[Citation, ...]
    worth: float


def quotes(files: Sequence[DigestFile]) -> list[Source]:
    """Return the passages that matter, word for word: key points, and what summaries cite."""
    found: list[Source] = []
    for number, file in enumerate(files):
        seen: set[Span] = set()
        for span, text, worth in _quotes(file):
            if span not in seen and not _gives_orders(file, span):
                seen.add(span)
                found.append(Source(number, text, (Citation(span, text),), worth))
    return found


def sayings(files: Sequence[DigestFile]) -> list[Source]:
    """Return what the summaries of the files say; the key points of those without one.

    Sentences with a mark are left out where a file has others.
    """
    found: list[Source] = []
    for number, file in enumerate(files):
        sentences = file.summary.sentences
        sound = [sentence for sentence in sentences if sentence.citations and not sentence.flags]
        found += [Source(number, s.text, s.citations, 1.0) for s in sound]
        if not sound:
            points = file.summary.key_points
            found += [
                Source(number, point.text, (Citation(point.span, point.text),), point.score)
                for point in points
                if not _gives_orders(file, point.span)
            ]
    return found


def as_document(sources: Sequence[Source], files: Sequence[DigestFile], title: str) -> Document:
    """Return `sources` as one document with a page and a section for each file."""
    texts: list[list[str]] = [[] for _ in files]
    ends = [0] * len(files)
    sentences: list[Sentence] = []
    for source in sources:
        start = ends[source.file]
        end = start + len(source.text)
        texts[source.file].append(source.text)
        ends[source.file] = end + 1
        sentences.append(Sentence(source.text, (Span(source.file + 1, start, end),), source.file))
    return Document(
        path=Path(title),
        title=title,
        type="",
        sha256="",
        language=language_of(files),
        pages=tuple(Page(at, "\n".join(text)) for at, text in enumerate(texts, start=1)),
        sections=tuple(Section(file.title, 1, -1, at) for at, file in enumerate(files, start=1)),
        sentences=tuple(sentences),
    )


def origins(source: Source) -> Iterator[FileCitation]:
    """Yield where a source stands in its file."""
    for citation in source.citations:
        yield FileCitation(source.file, citation)


def language_of(files: Sequence[DigestFile]) -> str:
    """Return the language that most files are in, "" if none is known."""
    known = [file.language for file in files if file.language]
    return max(dict.fromkeys(known), key=known.count, default="")


def _quotes(file: DigestFile) -> Iterator[tuple[Span, str, float]]:
    summary = file.summary
    for point in summary.key_points:
        yield point.span, point.text, point.score
    parts = (summary.sentences, *(entry.sentences for entry in summary.outline))
    for sentences in parts:
        for sentence in sentences:
            for citation in sentence.citations:
                yield citation.span, citation.quote, 0.0 if sentence.flags else 0.6


def _gives_orders(file: DigestFile, span: Span) -> bool:
    """Tell whether a passage was found to give orders to whoever summarises it."""
    return any(
        found.span.page == span.page and found.span.start < span.end and span.start < found.span.end
        for found in file.summary.injections
    )
