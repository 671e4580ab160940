"""Writes a summary down: as data (docs/cli.md tells the contract), for a terminal, as Markdown."""

import re
import textwrap
from collections.abc import Iterator

from assistant.documents.document import Document, PageStatus
from assistant.evidence.citation import Citation, Flag
from assistant.summaries.summary import KeyPoint, Mode, Summary, SummarySentence

_WIDTH = 88
_FIRM = "\N{NO-BREAK SPACE}"
_MARKS = {
    Flag.UNSUPPORTED: "not found in the document",
    Flag.NUMBER: "a number is not in the cited passage",
    Flag.NAME: "a name is not in the cited passage",
    Flag.NEGATION: "says yes where the cited passage says no, or the reverse",
    Flag.OBLIGATION: "must, may or only differ from the cited passage",
    Flag.ROLES: "who does what to whom differs from the cited passage",
}
# What Markdown could read as markup, a link or HTML.
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+!|~&$=^:@-]|(?<=^\d)[.]|(?<=^\d\d)[.]|(?<=www)[.])")


def to_dict(document: Document, summary: Summary, *, with_text: bool = False) -> dict[str, object]:
    """Return the summary as JSON data; `with_text` adds the text of every page."""
    coverage, timings = summary.coverage, summary.timings
    data: dict[str, object] = {
        "document": {
            "path": str(document.path),
            "title": document.title,
            "type": document.type,
            "pages": len(document.pages),
            "words": document.word_count,
            "language": document.language,
            "sha256": document.sha256,
        },
        "coverage": {
            "pages_total": coverage.pages_total,
            "pages_parsed": coverage.pages_parsed,
            "pages_ranked": coverage.pages_ranked,
            "pages_given_to_model": coverage.pages_given_to_model,
            "unreadable": list(coverage.unreadable),
        },
        "mode": summary.mode.value,
        "model": (
            {"name": summary.model.name, "sha256": summary.model.sha256} if summary.model else None
        ),
        "key_points": [_key_point(point) for point in summary.key_points],
        "summary": [_sentence(sentence) for sentence in summary.sentences],
        "timings": {
            "first_output_s": round(timings.first_output_s, 3),
            "total_s": round(timings.total_s, 3),
            "prompt_tokens": timings.prompt_tokens,
            "reused_tokens": timings.reused_tokens,
            "generated_tokens": timings.generated_tokens,
        },
    }
    if with_text:
        data["pages"] = [
            {"page": page.number, "text": page.text}
            for page in document.pages
            if page.status is PageStatus.READ
        ]
    return data


def _key_point(point: KeyPoint) -> dict[str, object]:
    why = point.why
    return {
        "text": point.text,
        "page": point.span.page,
        "start": point.span.start,
        "end": point.span.end,
        "section": point.section,
        "score": point.score,
        "why": {
            "centrality": why.centrality,
            "section": why.section,
            "cue": why.cue,
            "cue_words": list(why.cue_words),
            "focus": why.focus,
        },
    }


def _sentence(sentence: SummarySentence) -> dict[str, object]:
    return {
        "text": sentence.text,
        "citations": [
            {
                "page": citation.span.page,
                "start": citation.span.start,
                "end": citation.span.end,
                "quote": citation.quote,
            }
            for citation in sentence.citations
        ],
        "support": sentence.support,
        "flags": [flag.value for flag in sentence.flags],
    }


def to_text(document: Document, summary: Summary) -> str:
    """Return the summary for a terminal: wrapped, with pages in brackets and the receipt."""
    lines = [_visible(document.title), ""]
    if summary.sentences:
        lines += ["Summary (experimental)" if summary.is_experimental else "Summary", ""]
        lines += [_wrapped(_prose(sentence)) for sentence in summary.sentences]
        lines.append("")
    if summary.key_points:
        lines += ["Key points, word for word", ""]
        lines += [
            _wrapped(f"{_visible(point.text)} [p.{_FIRM}{point.span.page}]", "• ")
            for point in summary.key_points
        ]
        lines.append("")
    lines += [_wrapped(line) for line in receipt(document, summary)]
    return "\n".join(lines) + "\n"


def to_markdown(document: Document, summary: Summary) -> str:
    """Return the summary as Markdown in which the document's text cannot be markup."""
    lines = [f"# {_escaped(document.title)}", ""]
    if summary.sentences:
        lines += ["## Summary (experimental)" if summary.is_experimental else "## Summary", ""]
        lines += [
            f"- {_escaped(sentence.text)}{_escaped(_tail(sentence))}"
            for sentence in summary.sentences
        ]
        lines.append("")
    if summary.key_points:
        lines += ["## Key points", ""]
        lines += [
            f"- {_escaped(point.text)} (p. {point.span.page})" for point in summary.key_points
        ]
        lines.append("")
    lines += [f"{_escaped(line)}  " for line in receipt(document, summary)]
    return "\n".join(lines).rstrip() + "\n"


def receipt(document: Document, summary: Summary) -> Iterator[str]:
    """Yield in sentences what was read, by whom, and what that means."""
    coverage = summary.coverage
    total = coverage.pages_total
    yield f"Pages: {coverage.pages_parsed} of {total} read, {coverage.pages_ranked} ranked."
    if coverage.unreadable:
        yield f"Without text: {_pages(coverage.unreadable)}."
    if summary.mode is Mode.QUICK and coverage.pages_given_to_model:
        given = coverage.pages_given_to_model
        yield (
            "Quick gives the model a selection of the document's sentences, not the whole"
            f" document: these came from {given} of {total} {_plural(total, 'page')}."
        )
    if summary.mode is Mode.QUICK and not (summary.sentences or summary.is_stopped):
        yield "The model wrote no usable sentence: take the key points, or a larger model."
    elif summary.model:
        yield f"Written by {_visible(summary.model.name)} on this computer."
    if summary.is_experimental:
        yield "So small a model makes things up: rely on the key points."
    if summary.sentences:
        yield "A page in brackets is the closest passage, not a proof."
    if "text-beyond-limit" in document.notes:
        yield "The document is longer than what was read."
    if summary.is_stopped:
        yield "Stopped before the end."


def marks(sentence: SummarySentence) -> list[str]:
    """Return in words what the check found missing."""
    return [_MARKS[flag] for flag in sentence.flags]


def _prose(sentence: SummarySentence) -> str:
    return f"{_visible(sentence.text)}{_tail(sentence)}"


def _tail(sentence: SummarySentence) -> str:
    pages = _cited_pages(sentence.citations)
    place = f" [p.{_FIRM}{pages}]" if pages else ""
    found = marks(sentence)
    return place + (f" [{'; '.join(found)}]" if found else "")


def _cited_pages(citations: tuple[Citation, ...]) -> str:
    return ", ".join(str(page) for page in dict.fromkeys(c.span.page for c in citations))


def _pages(numbers: tuple[int, ...]) -> str:
    shown = ", ".join(str(number) for number in numbers[:20])
    more = f" and {len(numbers) - 20} more" if len(numbers) > 20 else ""
    return f"{_plural(len(numbers), 'page')} {shown}{more}"


def _plural(count: int, word: str) -> str:
    return word if count == 1 else f"{word}s"


def _wrapped(text: str, bullet: str = "") -> str:
    filled = textwrap.fill(
        text,
        width=_WIDTH,
        initial_indent=bullet,
        subsequent_indent=" " * len(bullet),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return filled.replace(_FIRM, " ")


def _visible(text: str) -> str:
    """Return `text` on one line without characters that steer a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", _visible(text))
