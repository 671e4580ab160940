"""Keeps documents that were read and their summaries in the database, and finds them again."""

import hashlib
import time
from dataclasses import dataclass
from pathlib import Path

import msgspec

from assistant.documents.cleaning import fold
from assistant.documents.document import Document, PageStatus
from assistant.errors import AssistantError
from assistant.paths import as_text, from_text
from assistant.storage.database import Database
from assistant.storage.documents import DocumentStore
from assistant.storage.steps import StepStore
from assistant.storage.summaries import SummaryStore
from assistant.summaries.steps import Steps
from assistant.summaries.summary import Mode, ModelUsed, Summary, SummaryOptions
from assistant.summaries.wishes.styles import Style

# How often a summary that is being written is stored, so that a crash loses little of it.
_KEEP_EVERY_S = 2.0


class Extras(msgspec.Struct, frozen=True, omit_defaults=True):
    """The choices that have no column of their own in the store."""

    style: str = ""
    language: str = ""
    kind: str = ""
    is_reproducible: bool = False
    asks_model: bool = False


@dataclass(frozen=True, slots=True)
class Keeping:
    """The documents, summaries and finished steps of one database."""

    documents: DocumentStore
    summaries: SummaryStore
    steps: StepStore

    @classmethod
    def of(cls, database: Database) -> "Keeping":
        """Return what keeps results in `database`."""
        return cls(DocumentStore(database), SummaryStore(database), StepStore(database))

    def keep(self, document: Document) -> int:
        """Store a document and return its id.

        Raises:
            NoSpace, CannotWrite, DamagedData: it was not stored.
        """
        return self.documents.save(
            path=document.path,
            title=document.title,
            type=document.type,
            sha256=document.sha256,
            pages=len(document.pages),
            words=document.word_count,
            language=document.language,
            content=encode(document),
            page_texts=[page.text for page in document.pages],
        )

    def document(self, record_id: int) -> Document | None:
        """Return a stored document."""
        content = self.documents.content(record_id)
        if content is None:
            return None
        return decode(content)

    def find(self, path: Path) -> tuple[int, Document] | None:
        """Return what is stored of the file at `path` as it is now; None if it has to be read.

        Pages that were pictures are worth another look: what reads them may be here now.
        """
        record = self.documents.find(_sha256(path), path)
        if record is None or record.path != path:
            return None
        document = self.document(record.id)
        if document is None or any(p.status is PageStatus.NEEDS_OCR for p in document.pages):
            return None
        return record.id, document

    def steps_of(self, record_id: int) -> Steps:
        """Return the finished steps of a document."""
        return Steps(self.steps, record_id)

    def summary(
        self,
        record_id: int,
        document: Document,
        options: SummaryOptions,
        model: ModelUsed | None,
    ) -> Summary | None:
        """Return the complete summary that was made of `document` with these options and model.

        A file that was read again may say more than before: its pictures can be read now.
        """
        used = model if options.mode is not Mode.KEY_POINTS else None
        name, sha256 = (used.name, used.sha256) if used else ("", "")
        wanted = (options.mode.value, options.words, options.focus, extras(options), name)
        for kept in self.summaries.for_document(record_id):
            made = (kept.mode, kept.words, kept.focus, kept.options, kept.model_name)
            # A sum may not be known yet.
            is_same_model = not (sha256 and kept.model_sha256) or sha256 == kept.model_sha256
            if kept.is_complete and made == wanted and is_same_model:
                found = self._content(kept.id)
                if found is not None and _is_of(found, document):
                    return found
        return None

    def newest_summary(self, record_id: int, options: SummaryOptions) -> Summary | None:
        """Return the complete summary that was made last with these options, in whatever mode.

        Without one it is the last of all: a person may have asked something else of the document
        since, which is no part of what was wished for many.
        """
        wanted = (options.words, options.focus, extras(options))
        complete = [kept for kept in self.summaries.for_document(record_id) if kept.is_complete]
        complete.sort(key=lambda kept: (kept.words, kept.focus, kept.options) != wanted)
        found = (self._content(kept.id) for kept in complete)
        return next((summary for summary in found if summary is not None), None)

    def _content(self, summary_id: int) -> Summary | None:
        content = self.summaries.content(summary_id)
        try:
            return None if content is None else msgspec.msgpack.decode(content, type=Summary)
        except msgspec.MsgspecError:  # another version of the app wrote it
            return None


class GrowingSummary:
    """Stores a summary as it grows: its first value at once, then now and then, then its last.

    Args:
        summaries: where.
        record_id: its document's row; None where that is not stored: nothing is, then.
        options: what it was made with.

    Attributes:
        error: why it could not be stored, if it could not.
    """

    def __init__(
        self, summaries: SummaryStore, record_id: int | None, options: SummaryOptions
    ) -> None:
        self.error: AssistantError | None = None
        self._summaries = summaries
        self._record_id = record_id
        self._options = options
        self._last: Summary | None = None
        self._kept_at = 0.0

    def take(self, summary: Summary) -> None:
        """Take a value of the summary."""
        self._last = summary
        if time.monotonic() - self._kept_at > _KEEP_EVERY_S:
            self._save(summary, is_complete=False)

    def finish(self, *, is_complete: bool) -> None:
        """Store the last value."""
        if self._last is not None:
            self._save(self._last, is_complete=is_complete and not self._last.is_stopped)

    def _save(self, summary: Summary, *, is_complete: bool) -> None:
        self._kept_at = time.monotonic()
        if self._record_id is None:
            return
        model = summary.model
        try:
            self._summaries.save(
                document_id=self._record_id,
                mode=self._options.mode.value,
                words=self._options.words,
                focus=self._options.focus,
                options=extras(self._options),
                model_name=model.name if model else "",
                model_sha256=model.sha256 if model else "",
                content=msgspec.msgpack.encode(summary),
                is_complete=is_complete,
            )
        except AssistantError as error:
            self.error = error


def extras(options: SummaryOptions) -> str:
    """Return the choices without a column as text for the store; "" if all are the usual ones."""
    made = Extras(
        style="" if options.style is Style.PARAGRAPHS else options.style.value,
        language=options.language,
        kind=options.kind,
        is_reproducible=options.is_reproducible,
        asks_model=options.asks_model,
    )
    return "" if made == Extras() else msgspec.json.encode(made).decode()


def encode(document: Document) -> bytes:
    """Return a document as bytes for the store."""
    return msgspec.msgpack.encode(document, enc_hook=_encode_path)


def decode(content: bytes) -> Document:
    """Return the document that `encode` turned into bytes."""
    return msgspec.msgpack.decode(content, type=Document, dec_hook=_decode_path)


def _is_of(summary: Summary, document: Document) -> bool:
    """Tell whether a summary was made of this text: its pages are read, its points stand there."""
    coverage = summary.coverage
    return (
        coverage.pages_total == len(document.pages)
        and coverage.unreadable == document.pages_without_text
        and all(
            point.text.startswith(fold(document.quote(point.span))) for point in summary.key_points
        )
    )


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""


def _encode_path(value: object) -> str:
    assert isinstance(value, Path)
    return as_text(value)


def _decode_path(kind: type, value: object) -> Path:
    assert kind is Path
    return from_text(str(value))
