"""How an answer about documents is told: as JSON, as text and as Markdown."""

from collections.abc import Iterator
from typing import Any

from assistant.conversations.asking.answer import (
    Answer,
    AnswerCitation,
    AnswerSentence,
    Passage,
    Silence,
    WrittenBy,
)
from assistant.documents.document import Document
from assistant.documents.places import place_short
from assistant.paths import from_text
from assistant.summaries.exporting.parts import Heading, Line, Part, Run, Tone, plain
from assistant.summaries.exporting.receipt import flag_words

_LONGEST_SHOWN = 600
_SILENT = {
    Silence.NOTHING_CLOSE: "No passage is close enough to the question to answer it.",
    Silence.MODEL: "The model read the passages and did not find an answer in them.",
    Silence.NO_TEXT: "There is no text to answer from.",
    Silence.OTHER_LANGUAGE: "The question is in another language than the text, and words cannot be"
    " compared: ask in the text's language, or with a larger model.",
}


def answer_data(answer: Answer, model: dict[str, str] | None) -> dict[str, Any]:
    """Return an answer as the object that `--format json` prints; docs/cli.md is the contract.

    Args:
        answer: what was answered.
        model: who wrote it; None where the sentences are the documents' own.
    """
    timings = answer.timings
    return {
        "answer": [
            {
                "text": sentence.text,
                "citations": [_citation_data(one) for one in sentence.citations],
                "support": sentence.support,
                "flags": [str(flag) for flag in sentence.flags],
            }
            for sentence in answer.sentences
        ],
        "found": answer.is_found,
        "passages": [_passage_data(one) for one in answer.passages],
        "model": model,
        "timings": {
            "search_s": timings.search_s,
            "first_output_s": timings.first_text_s,
            "total_s": timings.total_s,
            "prompt_tokens": timings.prompt_tokens,
            "reused_tokens": timings.reused_tokens,
            "generated_tokens": timings.generated_tokens,
        },
    }


def answer_parts(answer: Answer, documents: list[Document]) -> Iterator[Part]:
    """Yield what a person reads of an answer: its sentences with their places, then passages."""
    has_many = len(documents) > 1
    for sentence in answer.sentences:
        yield Line(tuple(_runs(sentence, answer.written_by, has_many=has_many)))
    if not answer.is_found:
        said = "The documents do not say." if has_many else "The document does not say."
        if answer.silence is Silence.OTHER_LANGUAGE:
            said = "No answer was found."
        yield Line(plain(said, Tone.STRONG))
        if answer.silence in _SILENT:
            yield Line(plain(_SILENT[answer.silence], Tone.MUTED))
    if answer.passages and (not answer.is_found or answer.written_by is WrittenBy.MODEL):
        yield from passage_parts(answer, has_many=has_many)


def passage_parts(answer: Answer, *, has_many: bool) -> Iterator[Part]:
    """Yield the passages that were found, the best first."""
    yield Heading("Passages" if answer.is_found else "Closest passages")
    for passage in answer.passages:
        heading = f"{passage.heading}:" if passage.heading else ""
        text = " ".join(passage.text.split())
        if len(text) > _LONGEST_SHOWN:
            text = text[: _LONGEST_SHOWN - 1].rstrip() + "…"
        place = f"[{_place(passage, has_many=has_many)}]"
        yield Line((Run(place, Tone.PLACE), Run(heading, Tone.STRONG), Run(text)), is_item=True)


def _runs(sentence: AnswerSentence, by: WrittenBy, *, has_many: bool) -> Iterator[Run]:
    yield Run(f"“{sentence.text}”" if by is WrittenBy.DOCUMENT else sentence.text)
    places = dict.fromkeys(_place(one, has_many=has_many) for one in sentence.citations)
    if places:
        yield Run(f"[{'; '.join(places)}]", Tone.PLACE)
    if sentence.flags:
        yield Run(f"[{'; '.join(flag_words(sentence.flags))}]", Tone.MARK)


def _place(one: AnswerCitation | Passage, *, has_many: bool) -> str:
    page = place_short(one.unit, one.page, one.label)
    return f"{one.title}, {page}" if has_many else page


def _citation_data(one: AnswerCitation) -> dict[str, Any]:
    return {
        "path": str(from_text(one.path)),
        "page": one.page,
        "start": one.start,
        "end": one.end,
        "quote": one.quote,
    }


def _passage_data(one: Passage) -> dict[str, Any]:
    return {
        "path": str(from_text(one.path)),
        "page": one.page,
        "start": one.start,
        "end": one.end,
        "text": one.text,
        "score": one.score,
    }
