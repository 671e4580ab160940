"""What a question about documents comes to: the passages used, and an answer with its places.

All values can be kept as JSON (`encode`, `decode`): a message keeps its answer with it.
"""

from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from assistant.documents.document import PageUnit, Span
from assistant.evidence.citation import Flag

# So many passages are shown and given to the model, at most.
MOST_PASSAGES = 5


class AnswerMode(StrEnum):
    """What the model was given."""

    WHOLE_TEXT = "whole-text"  # all text of the documents
    PASSAGES = "passages"  # the passages found


class WrittenBy(StrEnum):
    """Who wrote the sentences of an answer."""

    MODEL = "model"
    DOCUMENT = "document"  # they stand word for word in the documents: no model, or a poor one


class Silence(StrEnum):
    """Why the documents are said not to tell."""

    NONE = "none"  # they tell
    NOTHING_CLOSE = "nothing-close"  # no passage is close enough to the question
    MODEL = "model"  # the model read the passages and did not find it
    NO_TEXT = "no-text"  # the documents have no text
    OTHER_LANGUAGE = "other-language"  # the question is in another one: words cannot be compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of one page, found for a question.

    Attributes:
        document_id: of the `AttachedDocument`.
        path: the file.
        title: the document's.
        page: its number; start and end are offsets into `Page.text`.
        text: what stands there.
        heading: titles of the sections around it, the highest first, with " › " between.
        score: how close it is to the question, from 0 to 1; comparable between questions.
        unit: what the page is.
        label: what the page is called beside its number.
    """

    document_id: int
    path: str
    title: str
    page: int
    start: int
    end: int
    text: str
    heading: str = ""
    score: float = 0.0
    unit: PageUnit = PageUnit.PAGE
    label: str = ""

    @property
    def span(self) -> Span:
        """Where it stands in its document."""
        return Span(self.page, self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCitation:
    """The closest place to a sentence of an answer: no proof, but where to look.

    Attributes:
        document_id: of the `AttachedDocument`.
        path, title: its file and title.
        page, start, end: where it stands.
        quote: what stands there, with white space folded.
        unit, label: what the page is, and what it is called.
    """

    document_id: int
    path: str
    title: str
    page: int
    start: int
    end: int
    quote: str
    unit: PageUnit = PageUnit.PAGE
    label: str = ""

    @property
    def span(self) -> Span:
        """Where it stands in its document."""
        return Span(self.page, self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSentence:
    """A sentence of an answer, compared with the documents.

    Attributes:
        text: as it was written; it stands in the message's text in this order.
        citations: the closest places; none for a sentence that claims nothing.
        support: share of its content found there, from 0 to 1.
        flags: what it claims that they do not say.
    """

    text: str
    citations: tuple[AnswerCitation, ...] = ()
    support: float = 0.0
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTimings:
    """What an answer cost. Times in seconds.

    Attributes:
        search_s: until the passages were found.
        first_text_s: until the first word of the answer.
        total_s: in all.
        prompt_tokens: of the whole prompt; `reused_tokens` of them were not evaluated again.
    """

    search_s: float = 0.0
    first_text_s: float = 0.0
    total_s: float = 0.0
    prompt_tokens: int = 0
    reused_tokens: int = 0
    generated_tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to a question about documents.

    Attributes:
        sentences: what was answered; empty where the documents do not tell.
        is_found: the documents tell.
        passages: the best first, `MOST_PASSAGES` at most.
        mode: what the model was given, or would have been.
        written_by: who wrote the sentences.
        silence: why the documents are said not to tell.
        model: name of the model that wrote; "" for none.
        timings: what it cost.
    """

    sentences: tuple[AnswerSentence, ...] = ()
    is_found: bool = True
    passages: tuple[Passage, ...] = ()
    mode: AnswerMode = AnswerMode.PASSAGES
    written_by: WrittenBy = WrittenBy.MODEL
    silence: Silence = Silence.NONE
    model: str = ""
    timings: AnswerTimings = field(default_factory=AnswerTimings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparing:
    """Passages are turned into vectors; it happens once for a document and an embedding model."""

    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PassagesFound:
    """The passages for a question, before the first word of the answer."""

    passages: tuple[Passage, ...]
    mode: AnswerMode


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The answer is complete; the last event, unless it was stopped before the first word."""

    answer: Answer


def encode(answer: Answer) -> bytes:
    """Return an answer as JSON, for the message that it belongs to."""
    return msgspec.json.encode(answer)


def decode(content: bytes) -> Answer | None:
    """Return a kept answer; None for none, or for one that cannot be read."""
    if not content:
        return None
    try:
        return msgspec.json.decode(content, type=Answer)
    except msgspec.MsgspecError:
        return None
