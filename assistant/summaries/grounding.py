"""Ties a sentence that a model wrote to the sentences of the document that carry it."""

from assistant.documents.document import Document
from assistant.evidence.checking import check
from assistant.evidence.citation import Flag
from assistant.evidence.index import EvidenceIndex
from assistant.summaries.summary import SummaryOptions, SummarySentence
from assistant.summaries.writing import Written

# Across languages words cannot be compared: these can.
_IN_ANY_LANGUAGE = frozenset({Flag.NUMBER, Flag.NAME})


def is_translated(options: SummaryOptions, document: Document) -> bool:
    """Whether a summary is asked for in another language than the document's."""
    return bool(options.language and document.language) and options.language != document.language


def checked(
    written: Written, index: EvidenceIndex, *, section: int = -1, is_translated: bool = False
) -> SummarySentence:
    """Return a sentence with its citations, and with what they do not bear out.

    Args:
        written: what the model wrote.
        index: where it is looked for.
        section: the section it sums up; -1 for the whole.
        is_translated: it is in another language than the document: only its numbers and names
            are compared, and the closest passage is the one that shares those.
    """
    result = check(written.text, index)
    flags = result.flags
    if is_translated:
        flags = tuple(flag for flag in flags if flag in _IN_ANY_LANGUAGE)
    return SummarySentence(
        text=written.text,
        citations=result.citations,
        support=result.support,
        flags=flags,
        starts_paragraph=written.starts_paragraph,
        section=section,
    )
