"""Puts a summary together from headings, lines and tables."""

from collections.abc import Iterator, Sequence

from assistant.documents.document import Document
from assistant.summaries.exporting.figures import figures
from assistant.summaries.exporting.parts import Heading, Line, Part, Run, Runs, Table, Tone, plain
from assistant.summaries.exporting.places import Places
from assistant.summaries.exporting.provenance import Provenance
from assistant.summaries.exporting.receipt import marks, receipt
from assistant.summaries.injections.injection import InjectionKind
from assistant.summaries.kinds.key_fact import KeyFact
from assistant.summaries.summary import Summary, SummarySentence
from assistant.summaries.wishes.notes import PointKind, PointNote
from assistant.summaries.wishes.styles import Style

_LISTS = frozenset({Style.BULLETS, Style.ACTIONS, Style.TIMELINE})
_POINTS = {
    PointKind.DECISION: "Decision",
    PointKind.ACTION: "To do",
    PointKind.DUTY: "Duty",
    PointKind.EVENT: "",
}
_INJECTIONS = {
    InjectionKind.OVERRIDE: "tells an assistant to forget its instructions",
    InjectionKind.ROLE: "gives an assistant another part to play",
    InjectionKind.MARKUP: "imitates what a model is steered with",
    InjectionKind.DICTATION: "says what a summary has to say",
    InjectionKind.DISCLOSURE: "asks an assistant for what is not its business",
    InjectionKind.ERRAND: "sends an assistant on an errand",
    InjectionKind.HIDDEN: "letters that no reader sees",
    InjectionKind.ENCODED: "orders in disguise",
}


def compose(
    document: Document,
    summary: Summary,
    provenance: Provenance | None = None,
    *,
    with_passages: bool = False,
) -> Iterator[Part]:
    """Yield what a person reads of a summary, its receipt last.

    Args:
        document: what was summarised.
        summary: its summary.
        provenance: how it came about; None leaves that out.
        with_passages: quote every cited passage at the end, so that the result can be checked
            without the document.
    """
    places = Places.of(document)
    yield Heading(document.title, 1)
    if summary.injections:
        yield from _injections(summary, places)
    if summary.sentences:
        yield Heading("Summary (experimental)" if summary.is_experimental else "Summary")
        yield from sentence_lines(summary.sentences, places, summary.style)
    else:
        yield from _key_points(summary, places)
    yield from _facts(summary.facts, places)
    yield from _outline(summary, places)
    yield from figures(document.tables, places)
    if summary.sentences:
        yield from _key_points(summary, places)
    if with_passages:
        yield from passages(summary, places)
    yield Heading("Receipt")
    for sentence in receipt(document, summary):
        yield Line(plain(sentence, Tone.MUTED))
    if provenance is not None:
        for sentence in provenance.lines(summary.model, document.sha256):
            yield Line(plain(sentence, Tone.MUTED))


def sentence_lines(
    sentences: Sequence[SummarySentence], places: Places, style: Style = Style.PARAGRAPHS
) -> Iterator[Line]:
    """Yield sentences as items of a list, or joined to paragraphs, each with place and marks."""
    if style in _LISTS:
        for sentence in sentences:
            yield Line(_runs(sentence, places), is_item=True)
        return
    paragraph: list[Run] = []
    for sentence in sentences:
        if sentence.starts_paragraph and paragraph:
            yield Line(tuple(paragraph))
            paragraph = []
        paragraph += _runs(sentence, places)
    if paragraph:
        yield Line(tuple(paragraph))


def passages(summary: Summary, places: Places) -> Iterator[Part]:
    """Yield every passage that a sentence cites, once, in reading order."""
    sentences = [*summary.sentences, *(s for entry in summary.outline for s in entry.sentences)]
    quotes = {citation.span: citation.quote for s in sentences for citation in s.citations}
    if not quotes:
        return
    yield Heading("Passages cited")
    for span in sorted(quotes, key=lambda span: (span.page, span.start)):
        yield Line((Run(f"“{quotes[span]}”"), _place(places.short([span.page]))), is_item=True)


def _place(words: str) -> Run:
    return Run(f"[{words}]", Tone.PLACE)


def _runs(sentence: SummarySentence, places: Places) -> Runs:
    runs = [*_noted(sentence.note), Run(sentence.text)]
    if where := places.cited(sentence.citations):
        runs.append(_place(where))
    if found := marks(sentence):
        runs.append(Run(f"[{'; '.join(found)}]", Tone.MARK))
    return tuple(runs)


def _outline(summary: Summary, places: Places) -> Iterator[Part]:
    entries = [entry for entry in summary.outline if entry.sentences]
    if not entries:
        return
    yield Heading("Section by section")
    for entry in entries:
        title = entry.title or places.short([entry.page])
        yield Heading(title, min(6, 2 + max(1, entry.level)))
        yield from sentence_lines(entry.sentences, places, summary.style)


def _key_points(summary: Summary, places: Places) -> Iterator[Part]:
    if summary.key_points:
        yield Heading("Key points, word for word")
    for point in summary.key_points:
        where = _place(places.short([point.span.page]))
        yield Line((*_noted(point.note), Run(point.text), where), is_item=True)


def _noted(note: PointNote | None) -> Iterator[Run]:
    """Yield what goes before a point that is ordered by its date, or by what it is."""
    if note is None:
        return
    if note.kind is PointKind.EVENT:
        said = note.when
    else:
        said = ", ".join(filter(None, (_POINTS[note.kind], note.who, note.when)))
    if said:
        yield Run(f"{said}:", Tone.STRONG)


def _facts(facts: Sequence[KeyFact], places: Places) -> Iterator[Part]:
    if not facts:
        return
    yield Heading("Key facts")
    rows: list[tuple[Runs, ...]] = []
    for fact in facts:
        for number, answer in enumerate(fact.answers):
            asked = plain(fact.title or fact.question, Tone.STRONG) if number == 0 else ()
            value = (Run(f"{answer.value}:", Tone.STRONG),) if answer.value else ()
            said = (*value, Run(f"“{answer.quote}”"))
            where = plain(places.short([answer.span.page]), Tone.PLACE)
            rows.append((asked, said, where))
    if rows:
        yield Table(("Question", "Answer", "Where"), tuple(rows))
    missing = [fact.title or fact.question for fact in facts if not fact.answers]
    if missing:
        yield Line(plain(f"Not found in the document: {', '.join(missing)}.", Tone.MUTED))


def _injections(summary: Summary, places: Places) -> Iterator[Part]:
    yield Heading("Passages that give orders to whoever reads them")
    yield Line(plain("They were summarised, not obeyed. Be careful with this document."))
    for found in summary.injections:
        yield Line(
            (
                Run(f"“{found.quote}”"),
                _place(places.short([found.span.page])),
                Run(f"[{_INJECTIONS[found.kind]}]", Tone.MARK),
            ),
            is_item=True,
        )
