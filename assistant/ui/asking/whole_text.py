"""Writes summaries as the Markdown of a reply, and notes the places behind its sentences."""

from PySide6.QtCore import QCoreApplication

from assistant.conversations.asking.answer import (
    Answer,
    AnswerCitation,
    AnswerMode,
    AnswerSentence,
    AnswerTimings,
    WrittenBy,
)
from assistant.conversations.asking.attached import AttachedDocument
from assistant.engine.protocol import Finished, FinishReason
from assistant.evidence.citation import Citation
from assistant.paths import as_text
from assistant.summaries.exporting.markdown import escaped
from assistant.summaries.summary import Mode, Summary
from assistant.summaries.wishes.styles import is_list
from assistant.ui.documents import places

translate = QCoreApplication.translate


class WholeText:
    """The text of one reply, document after document.

    Args:
        has_heads: each document's text has its title above it.

    Attributes:
        sentences: those written so far, with their places.
    """

    def __init__(self, *, has_heads: bool) -> None:
        self.sentences: list[AnswerSentence] = []
        self._has_heads = has_heads
        self._is_begun = False
        self._model = ""
        self._cost = AnswerTimings()

    def write(self, one: AttachedDocument, summary: Summary) -> str:
        """Return the text of one document's summary."""
        pieces = ["\n\n"] if self._is_begun else []
        self._is_begun = True
        if self._has_heads:
            pieces.append(f"### {escaped(one.document.title)}\n\n")
        if summary.model is not None and summary.sentences:
            self._model = summary.model.name
            pieces.append(self._written(one, summary))
        else:
            pieces.append(self._points(one, summary))
        if summary.mode is Mode.QUICK and len(one.document.pages) > 1:
            pieces.append(f"\n\n*{_told(one, summary)}*")
        self._add_cost(summary)
        return "".join(pieces)

    def answer(self) -> Answer:
        """Return what stands behind the text."""
        return Answer(
            sentences=tuple(self.sentences),
            mode=AnswerMode.WHOLE_TEXT,
            written_by=WrittenBy.MODEL if self._model else WrittenBy.DOCUMENT,
            model=self._model,
            timings=self._cost,
        )

    def finished(self, *, is_stopped: bool) -> Finished:
        """Return the end of the reply."""
        cost = self._cost
        return Finished(
            id=0,
            reason=FinishReason.STOPPED if is_stopped else FinishReason.END,
            prompt_tokens=cost.prompt_tokens,
            reused_tokens=cost.reused_tokens,
            generated_tokens=cost.generated_tokens,
            prompt_s=cost.first_text_s,
            generation_s=max(0.0, cost.total_s - cost.first_text_s),
        )

    def _written(self, one: AttachedDocument, summary: Summary) -> str:
        lines = ""
        for number, sentence in enumerate(summary.sentences):
            if is_list(summary.style):
                lines += "\n- " if number else "- "
            elif number:
                lines += "\n\n" if sentence.starts_paragraph else " "
            note = sentence.note
            told = [part for part in (note.who, note.when) if part] if note is not None else []
            if told:
                lines += f"**{escaped(' · '.join(told))}** "
            lines += escaped(sentence.text)
            self.sentences.append(
                AnswerSentence(
                    text=sentence.text,
                    citations=tuple(_cited(one, found) for found in sentence.citations),
                    support=sentence.support,
                    flags=sentence.flags,
                )
            )
        return lines

    def _points(self, one: AttachedDocument, summary: Summary) -> str:
        """Return the key points: the document's own sentences."""
        for point in summary.key_points:
            cited = _cited(one, Citation(point.span, point.text))
            self.sentences.append(AnswerSentence(text=point.text, citations=(cited,), support=1.0))
        return "\n".join(f"- {escaped(point.text)}" for point in summary.key_points) or translate(
            "WholeAnswer", "The document has too little running text for a summary."
        )

    def _add_cost(self, summary: Summary) -> None:
        cost, more = self._cost, summary.timings
        self._cost = AnswerTimings(
            first_text_s=cost.first_text_s or more.first_output_s,
            total_s=cost.total_s + more.total_s,
            prompt_tokens=cost.prompt_tokens + more.prompt_tokens,
            reused_tokens=cost.reused_tokens + more.reused_tokens,
            generated_tokens=cost.generated_tokens + more.generated_tokens,
        )


def _told(one: AttachedDocument, summary: Summary) -> str:
    """Say honestly what was read of a document."""
    text = translate(
        "WholeAnswer",
        "The model was given sentences of {given} of {total} {units}. Thorough, in Documents,"
        " reads all of them.",
    )
    total = len(one.document.pages)
    return text.format(
        given=summary.coverage.pages_given_to_model,
        total=total,
        units=places.units(one.document, total),
    )


def _cited(one: AttachedDocument, citation: Citation) -> AnswerCitation:
    span, document = citation.span, one.document
    return AnswerCitation(
        document_id=one.id,
        path=as_text(document.path),
        title=document.title,
        page=span.page,
        start=span.start,
        end=span.end,
        quote=" ".join(citation.quote.split()),
        unit=document.unit,
        label=document.pages[span.page - 1].label,
    )
