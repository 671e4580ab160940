"""Summaries as the text of a reply: what is written, and which places stand behind it."""

from dataclasses import replace
from pathlib import Path

from assistant.conversations.asking.answer import WrittenBy
from assistant.conversations.asking.attached import AttachedDocument
from assistant.documents.document import Span
from assistant.engine.protocol import FinishReason
from assistant.evidence.citation import Citation, Flag
from assistant.summaries.summary import (
    Coverage,
    KeyPoint,
    Mode,
    ModelUsed,
    Summary,
    SummarySentence,
    Timings,
    Why,
)
from assistant.summaries.wishes.notes import PointKind, PointNote
from assistant.summaries.wishes.styles import Style
from assistant.ui.app import Alcove
from assistant.ui.asking.whole_text import WholeText
from tests.ui.asking.conftest import keep

POINT = KeyPoint("Rent *is* due.", Span(2, 0, 14), "", 1.0, Why(1.0, 1.0, 1.0))
WRITTEN = Summary(
    mode=Mode.QUICK,
    key_points=(POINT,),
    coverage=Coverage(19, 19, 18, 7),
    sentences=(
        SummarySentence("The rent_is due.", (Citation(Span(2, 0, 14), "Rent is  due."),), 0.9),
        SummarySentence("It may rise.", (), 0.1, flags=(Flag.UNSUPPORTED,)),
        SummarySentence("All ends.", (), 0.0, starts_paragraph=True),
    ),
    model=ModelUsed("Qwen3-4B"),
    timings=Timings(0.5, 2.0, 100, 40, 30),
)


def test_what_a_model_wrote_is_told_with_its_places_and_its_limits(
    alcove: Alcove, sample: Path
) -> None:
    one = keep(alcove, sample)
    text = WholeText(has_heads=False)
    said = text.write(one, WRITTEN)
    assert said.startswith("The rent\\_is due. It may rise.\n\nAll ends.")
    assert "sentences of 7 of 19 pages" in said
    answer = text.answer()
    assert [s.text for s in answer.sentences] == ["The rent_is due.", "It may rise.", "All ends."]
    assert answer.sentences[0].citations[0].quote == "Rent is due."
    assert answer.sentences[0].citations[0].page == 2
    assert answer.sentences[1].flags == (Flag.UNSUPPORTED,)
    assert (answer.written_by, answer.model) == (WrittenBy.MODEL, "Qwen3-4B")
    end = text.finished(is_stopped=True)
    assert (end.reason, end.prompt_tokens, end.generated_tokens) == (FinishReason.STOPPED, 100, 30)


def test_documents_follow_each_other_with_their_titles(alcove: Alcove, sample: Path) -> None:
    one = keep(alcove, sample)
    named = replace(one.document, title="A # strange\ntitle")
    text = WholeText(has_heads=True)
    text.write(one, replace(WRITTEN, model=None, sentences=(), mode=Mode.KEY_POINTS))
    noted = replace(
        WRITTEN.sentences[1],
        note=PointNote(kind=PointKind.ACTION, who="Anna", when="3 May"),
    )
    listed = replace(WRITTEN, sentences=(noted,), style=Style.ACTIONS, mode=Mode.THOROUGH)
    said = text.write(AttachedDocument(one.id, named), listed)
    assert "A # strange title" in said.replace("\\", "").splitlines()[2]
    assert "- **Anna · 3 May** It may rise." in said
    assert [s.text for s in text.answer().sentences] == ["Rent *is* due.", "It may rise."]
    assert text.answer().timings.prompt_tokens == 200
