"""An answer to a reader's question in the document's own words, or the honest lack of one."""

from dataclasses import dataclass

from assistant.documents.document import Span


@dataclass(frozen=True, slots=True)
class Question:
    """What a reader of a kind of document wants to know.

    Attributes:
        id: the same in every language, such as "termination".
        title: one or two words for a table's first column: "Termination".
        text: the question: "How can it be ended?".
    """

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A sentence of the document, word for word, that answers a question.

    Attributes:
        span: where it stands.
        quote: the sentence.
        value: the part of it that answers at a glance, such as "30 days"; "" for none.
    """

    span: Span
    quote: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class KeyFact:
    """A question and what the document says about it.

    Attributes:
        question_id: see `Question.id`.
        question: its text.
        answers: quotes, the best first; none where the document has no answer.
        title: see `Question.title`.
    """

    question_id: str
    question: str
    answers: tuple[Answer, ...] = ()
    title: str = ""

    @property
    def is_found(self) -> bool:
        """Whether the document has an answer."""
        return bool(self.answers)
