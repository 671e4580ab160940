"""Gives a summary as JSON data; docs/cli.md tells the contract."""

from dataclasses import asdict

from assistant.documents import left_out
from assistant.documents.document import Document, Page, PageStatus, Span
from assistant.summaries.exporting.provenance import Provenance
from assistant.summaries.summary import (
    Coverage,
    KeyPoint,
    ModePlan,
    OutlineEntry,
    Summary,
    SummarySentence,
)
from assistant.summaries.wishes.notes import PointNote


def to_dict(
    document: Document,
    summary: Summary,
    provenance: Provenance | None = None,
    *,
    with_text: bool = False,
) -> dict[str, object]:
    """Return the summary as JSON data; `with_text` adds the text of every page."""
    timings = summary.timings
    data: dict[str, object] = {
        "document": _document(document),
        "coverage": _coverage(document, summary.coverage),
        "mode": summary.mode.value,
        "model": (
            {"name": summary.model.name, "sha256": summary.model.sha256} if summary.model else None
        ),
        "key_points": [_key_point(point) for point in summary.key_points],
        "summary": [sentence_data(sentence) for sentence in summary.sentences],
        "timings": {
            "first_output_s": round(timings.first_output_s, 3),
            "total_s": round(timings.total_s, 3),
            "prompt_tokens": timings.prompt_tokens,
            "reused_tokens": timings.reused_tokens,
            "generated_tokens": timings.generated_tokens,
        },
        "outline": [_outline_entry(entry) for entry in summary.outline],
        "plan": (
            {plan.mode.value: _plan(plan) for plan in summary.plan.modes} if summary.plan else None
        ),
        "injection": [
            {**place(found.span), "quote": found.quote, "kind": found.kind.value}
            for found in summary.injections
        ],
        "facts": _facts(summary),
        "kind": summary.kind,
        "style": summary.style.value,
        "language": summary.language,
        "is_experimental": summary.is_experimental,
        "is_stopped": summary.is_stopped,
        "has_drifted": summary.drifted,
        "made": _made(provenance),
    }
    if with_text:
        data["pages"] = [_page(page) for page in document.pages if page.status is PageStatus.READ]
    return data


def place(span: Span) -> dict[str, object]:
    """Return where a stretch of text stands."""
    return {"page": span.page, "start": span.start, "end": span.end}


def sentence_data(sentence: SummarySentence) -> dict[str, object]:
    """Return a sentence with its passages and marks."""
    data: dict[str, object] = {
        "text": sentence.text,
        "citations": [
            {**place(citation.span), "quote": citation.quote} for citation in sentence.citations
        ],
        "support": sentence.support,
        "flags": [flag.value for flag in sentence.flags],
        "is_quote": sentence.replaced,
        "starts_paragraph": sentence.starts_paragraph,
    }
    if sentence.note is not None:
        data["note"] = _note(sentence.note)
    return data


def _note(note: PointNote) -> dict[str, object]:
    return {"kind": note.kind.value, "when": note.when, "date": note.date, "who": note.who}


def _document(document: Document) -> dict[str, object]:
    return {
        "path": str(document.path),
        "title": document.title,
        "type": document.type,
        "pages": len(document.pages),
        "words": document.word_count,
        "language": document.language,
        "sha256": document.sha256,
        "unit": document.unit.value,
        "labels": {str(page.number): page.label for page in document.pages if page.label},
        "attachments": [asdict(attachment) for attachment in document.attachments],
        "left_out": list(left_out.in_words(document.notes)),
        "tables": [asdict(table) for table in document.tables],
    }


def _coverage(document: Document, coverage: Coverage) -> dict[str, object]:
    recognised = [page for page in document.pages if page.confidence is not None]
    return {
        "pages_total": coverage.pages_total,
        "pages_parsed": coverage.pages_parsed,
        "pages_ranked": coverage.pages_ranked,
        "pages_given_to_model": coverage.pages_given_to_model,
        "unreadable": list(coverage.unreadable),
        "needs_ocr": [p.number for p in document.pages if p.status is PageStatus.NEEDS_OCR],
        "recognised": [
            {"page": page.number, "confidence": round(page.confidence or 0.0, 3)}
            for page in recognised
        ],
        "unread": [asdict(passage) for passage in coverage.unread],
        "shortened": list(coverage.shortened),
    }


def _key_point(point: KeyPoint) -> dict[str, object]:
    why = point.why
    data: dict[str, object] = {
        "text": point.text,
        **place(point.span),
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
    if point.note is not None:
        data["note"] = _note(point.note)
    return data


def _outline_entry(entry: OutlineEntry) -> dict[str, object]:
    return {
        "title": entry.title,
        "level": entry.level,
        "page": entry.page,
        "last_page": entry.last_page or entry.page,
        "is_done": entry.is_done,
        "has_failed": entry.has_failed,
        "sentences": [sentence_data(sentence) for sentence in entry.sentences],
    }


def _plan(plan: ModePlan) -> dict[str, object]:
    data = asdict(plan)
    del data["mode"]
    return data


def _facts(summary: Summary) -> list[dict[str, object]]:
    return [
        {
            "id": fact.question_id,
            "title": fact.title,
            "question": fact.question,
            "answers": [
                {**place(answer.span), "quote": answer.quote, "value": answer.value}
                for answer in fact.answers
            ],
        }
        for fact in summary.facts
    ]


def _made(provenance: Provenance | None) -> dict[str, object] | None:
    if provenance is None:
        return None
    options = provenance.options
    return {
        "with": f"alcove {provenance.version}",
        "at": provenance.made_at.isoformat(timespec="seconds") if provenance.made_at else None,
        "settings": None if options is None else _settings(asdict(options)),
    }


def _settings(options: dict[str, object]) -> dict[str, object]:
    return {name: getattr(value, "value", value) for name, value in options.items()}


def _page(page: Page) -> dict[str, object]:
    return {"page": page.number, "text": page.text, "label": page.label}
