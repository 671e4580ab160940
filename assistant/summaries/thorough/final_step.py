"""The final text of a Thorough summary as a finished step: kept, and taken again.

What is asked for may be the same where the pages are others: a picture put in before them says
nothing to the model. So places that do not hold any more are found anew.
"""

from dataclasses import replace

import msgspec

from assistant.documents.document import Document
from assistant.evidence.citation import Citation, Flag
from assistant.evidence.index import EvidenceIndex
from assistant.summaries.grounding import checked
from assistant.summaries.steps import Steps
from assistant.summaries.summary import SummaryOptions, SummarySentence
from assistant.summaries.writing import Written


class FinalStep(msgspec.Struct, frozen=True):
    """A final text that is finished; `drifted` if it is in another language than asked for."""

    sentences: tuple[SummarySentence, ...]
    drifted: bool


def kind(options: SummaryOptions) -> str:
    """Return the kind of the step: a text that the model was asked about may have other marks."""
    return "final asked" if options.asks_model else "final"


def keep(steps: Steps, key: bytes, final: FinalStep) -> None:
    """Store a final text."""
    steps.put(key, msgspec.json.encode(final))


def take(
    steps: Steps, key: bytes, document: Document, index: EvidenceIndex, *, is_translated: bool
) -> FinalStep | None:
    """Return the final text that is stored, each sentence with its places in `document`.

    Returns:
        None if there is none, or if another version of the app wrote it.
    """
    stored = steps.get(key)
    if stored is None:
        return None
    try:
        final = msgspec.json.decode(stored, type=FinalStep)
    except msgspec.MsgspecError:
        return None
    sentences = tuple(
        one
        if all(_stands(citation, document) for citation in one.citations)
        else _grounded(one, index, is_translated=is_translated)
        for one in final.sentences
    )
    return FinalStep(sentences, final.drifted)


def _stands(citation: Citation, document: Document) -> bool:
    """Tell whether a passage is where it was."""
    span = citation.span
    if not 0 < span.page <= len(document.pages):
        return False
    return " ".join(document.quote(span).split()) == citation.quote


def _grounded(
    sentence: SummarySentence, index: EvidenceIndex, *, is_translated: bool
) -> SummarySentence:
    written = Written(sentence.text, sentence.starts_paragraph)
    found = checked(written, index, section=sentence.section, is_translated=is_translated)
    denied = (Flag.DENIED,) if Flag.DENIED in sentence.flags else ()
    return replace(found, flags=(*found.flags, *denied))
