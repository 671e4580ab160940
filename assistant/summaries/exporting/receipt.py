"""The receipt: what was read, by whom, and what that means; and what each mark says."""

from collections.abc import Iterator

from assistant.documents import left_out
from assistant.documents.document import Document, PageStatus
from assistant.documents.unread_files import listed, unread_files
from assistant.evidence.citation import Flag
from assistant.summaries.exporting.places import Places
from assistant.summaries.exporting.plain_text import visible
from assistant.summaries.summary import Mode, Summary, SummarySentence

_MARKS = {
    Flag.UNSUPPORTED: "not found in the document",
    Flag.NUMBER: "a number is not in the cited passage",
    Flag.NAME: "a name is not in the cited passage",
    Flag.NEGATION: "says yes where the cited passage says no, or the reverse",
    Flag.OBLIGATION: "must, may or only differ from the cited passage",
    Flag.ROLES: "who does what to whom differs from the cited passage",
    Flag.DENIED: "the model, asked again, does not find it in the cited passage",
}
# Below it recognised letters are often wrong.
_UNSURE = 0.8


def marks(sentence: SummarySentence) -> list[str]:
    """Return in words what the check found missing, and whether a quote stands in its place."""
    words = flag_words(sentence.flags)
    return ["a quote in place of the model's sentence", *words] if sentence.replaced else words


def flag_words(flags: tuple[Flag, ...]) -> list[str]:
    """Return in words what a check found missing."""
    return [_MARKS[flag] for flag in flags]


def receipt(document: Document, summary: Summary) -> Iterator[str]:
    """Yield in sentences what was read, by whom, and what that means."""
    places = Places.of(document)
    yield from _read(document, summary, places)
    yield from _given(summary, places)
    if summary.model and summary.mode is not Mode.KEY_POINTS:
        if summary.sentences or summary.is_stopped:
            yield f"Written by {visible(summary.model.name)} on this computer."
        else:
            yield "The model wrote no usable sentence: take the key points, or a larger model."
    if summary.drifted:
        yield "The model wrote in another language than asked for, also when asked again."
    if summary.is_experimental:
        yield "So small a model makes things up: rely on the key points."
    if summary.sentences:
        yield (
            "A page in brackets is the closest passage, not a proof; no mark does not mean that a"
            " sentence is right."
        )
    if summary.is_stopped:
        yield "Stopped before the end."


def _read(document: Document, summary: Summary, places: Places) -> Iterator[str]:
    coverage = summary.coverage
    word = places.word(2).capitalize()
    yield (
        f"{word}: {coverage.pages_parsed} of {coverage.pages_total} read,"
        f" {coverage.pages_ranked} ranked."
    )
    needs_ocr = [page.number for page in document.pages if page.status is PageStatus.NEEDS_OCR]
    if needs_ocr:
        yield (
            f"Pictures of text that were not read: {places.listed(needs_ocr)}."
            " `alcove ocr --status` tells what reads them."
        )
    failed = [page.number for page in document.pages if page.status is PageStatus.FAILED]
    if failed:
        yield f"Could not be read: {places.listed(failed)}."
    told = {*needs_ocr, *failed}
    rest = [number for number in coverage.unreadable if number not in told]
    if rest:
        yield f"Without text: {places.listed(rest)}."
    unsure = [
        page.number
        for page in document.pages
        if page.status is PageStatus.READ
        and page.confidence is not None
        and page.confidence < _UNSURE
    ]
    if unsure:
        yield f"Recognised from pictures, with doubts: {places.listed(unsure)}."
    if unread := unread_files(document.attachments):
        yield f"Files in it that were not read: {listed(unread)}."
    if document.notes:
        yield f"Also not read: {', '.join(left_out.in_words(document.notes))}."


def _given(summary: Summary, places: Places) -> Iterator[str]:
    coverage = summary.coverage
    given, total = coverage.pages_given_to_model, coverage.pages_total
    if not given:
        return
    if summary.mode is Mode.QUICK:
        yield (
            "Quick gives the model a selection of the document's sentences, not the whole"
            f" document: these came from {given} of {total} {places.word(total)}."
        )
    elif summary.mode is Mode.THOROUGH:
        yield f"The model was given the text of {given} of {total} {places.word(total)}."
    if coverage.shortened:
        yield f"Of lists it was given the beginnings alone: {places.listed(coverage.shortened)}."
    if coverage.unread:
        unread = sorted({passage.page for passage in coverage.unread})
        yield f"It failed at passages that begin on {places.listed(unread)}."
