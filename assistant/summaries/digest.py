"""A digest: one text over many documents, with the file and page behind each sentence."""

from dataclasses import dataclass, field
from pathlib import Path

from assistant.documents.document import Attachment, Document, PageUnit
from assistant.documents.unread_files import unread_files
from assistant.errors import AssistantError
from assistant.evidence.citation import Citation, Flag
from assistant.summaries.summary import ModelUsed, Summary, Timings


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestFile:
    """A document that was summarised: what a digest needs of it.

    Attributes:
        path, title, type, sha256, language: as in `Document`.
        pages: how many it has.
        unit: what they are.
        labels: of its pages, "" for those without.
        summary: its summary.
        unread: files in it that were not read.
        notes: what else of it was not read, as in `Document`.
    """

    path: Path
    title: str
    type: str
    sha256: str
    language: str
    pages: int
    unit: PageUnit
    labels: tuple[str, ...]
    summary: Summary
    unread: tuple[Attachment, ...] = ()
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, document: Document, summary: Summary) -> "DigestFile":
        """Return what a digest needs of `document`, without its text."""
        return cls(
            path=document.path,
            title=document.title,
            type=document.type,
            sha256=document.sha256,
            language=document.language,
            pages=len(document.pages),
            unit=document.unit,
            labels=tuple(page.label for page in document.pages),
            summary=summary,
            unread=unread_files(document.attachments),
            notes=document.notes,
        )


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file that is not in a digest; `error` tells why (`wording.explain`)."""

    path: Path
    error: AssistantError


@dataclass(frozen=True, slots=True)
class FileCitation:
    """A passage of one of the files.

    Attributes:
        file: index in `Digest.files`.
        citation: where it stands there, and its words.
    """

    file: int
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSentence:
    """A sentence of a digest.

    Attributes:
        text: what it says; word for word from the first citation if `is_quote`.
        citations: the closest passages, of one or several files.
        support: share of its content found in them, 0 to 1.
        flags: what was not found in them; none does not mean that it is right.
        is_quote: it stands so in the document.
    """

    text: str
    citations: tuple[FileCitation, ...]
    support: float = 1.0
    flags: tuple[Flag, ...] = ()
    is_quote: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One text over many documents.

    Attributes:
        files: those that took part, in their order.
        sentences: what they say together; the most important first.
        failures: files that could not be summarised.
        words: how long it was to be.
        focus: what it was to be about, or "".
        model: which model wrote it; None for sentences taken word for word.
        is_experimental: that model's sentences are not to be trusted.
        is_stopped: it was stopped before its end.
        timings: seconds, and tokens.
    """

    files: tuple[DigestFile, ...]
    sentences: tuple[DigestSentence, ...]
    failures: tuple[FailedFile, ...] = ()
    words: int
    focus: str = ""
    model: ModelUsed | None = None
    is_experimental: bool = False
    is_stopped: bool = False
    timings: Timings = field(default_factory=Timings)
