"""Lengths are held, drift is seen, and styles have their shape without a model."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from assistant.documents.document import Document
from assistant.evidence.questions import asked_terms
from assistant.evidence.terms import count_words, stem
from assistant.summaries.kinds.kind import Kind
from assistant.summaries.ranking import rank
from assistant.summaries.wishes import lengths
from assistant.summaries.wishes.languages import OFFERED, drifted
from assistant.summaries.wishes.notes import PointKind
from assistant.summaries.wishes.shapes import points, shaped
from assistant.summaries.wishes.styles import Style, instructions, is_list

Make = Callable[[dict[str, str]], Document]

ENGLISH = (
    "The council agreed that the bridge will be repaired in the spring, and that the costs are "
    "shared between the two towns which it joins, as it has been for many years."
)
GERMAN = (
    "Der Rat hat beschlossen, dass die Brücke im Frühjahr repariert wird und dass die Kosten "
    "zwischen den beiden Orten geteilt werden, die sie seit vielen Jahren verbindet."
)
MINUTES = {
    "Minutes": (
        "Present were Ann Lee, Ben Brown and Carla Diaz of the harbour board. "
        "The council approved the budget of 2027 on 3 March 2026 without a vote against it. "
        "The old crane was built in 1954 and was painted for the last time in May 1988. "
        "Ann Lee will send the new contract to the bank by 15 April 2026. "
        "The weather was fine and the ferry was on time, as everybody said with some surprise. "
        "It was agreed that the harbour remains open during the repair of the quay. "
        "The quay was damaged by the storm of 12 January 2026 and has to be repaired."
    )
}


@pytest.mark.parametrize("words", [20, 60, 137, 400])
def test_what_is_too_long_is_cut_at_sentences(words: int) -> None:
    sizes = [9, 14, 7, 22, 11, 16, 8, 25, 12, 19] * 6
    kept = lengths.kept(sizes, words)
    assert lengths.is_held(sum(sizes[at] for at in kept), words)
    assert kept == sorted(kept)
    assert kept[0] == 0  # a text's end says the least
    doubtful = [0.0 if at % 3 == 0 else 1.0 for at in range(len(sizes))]
    chosen = lengths.kept(sizes, words, doubtful)
    assert sum(doubtful[at] for at in chosen) > 0.8 * len(chosen)


def test_what_is_short_or_right_stays() -> None:
    assert lengths.kept([10, 12], 100) == [0, 1]
    assert lengths.kept([300], 50) == [0]
    assert lengths.wanting(80, 100) == 0
    assert lengths.wanting(60, 100) == 40
    assert lengths.most(100) == 120
    assert lengths.least(100) == 80


@pytest.mark.parametrize(
    ("text", "wished", "has_drifted"),
    [
        (ENGLISH, "en", False),
        (ENGLISH, "de", True),
        (GERMAN, "de", False),
        (GERMAN, "en", True),
        (ENGLISH, "", False),
        ("Ja.", "en", False),
        ("The rent is due on the first day.", "ja", True),
        ("家賃は毎月一日に支払われます。契約は二年間続きます。更新もできます。", "ja", False),
        ("Договор заключён на два года и может быть продлён.", "uk", False),
        ("Договор заключён на два года и может быть продлён.", "en", True),
        ("ALCOVE-Modell 3B, Q4_K_M", "de", False),
    ],
)
def test_drift_is_only_seen_where_it_is_clear(text: str, wished: str, has_drifted: bool) -> None:
    assert drifted(text, wished) is has_drifted


def test_every_style_tells_a_model_its_shape() -> None:
    told = {style: instructions(style) for style in Style}
    assert len(set(told.values())) == len(Style)
    for style, text in told.items():
        assert ("'- '" in text) == is_list(style)
    assert "en" in OFFERED


def test_a_timeline_is_in_order_of_dates(make_document: Make) -> None:
    document = make_document(MINUTES)
    found = shaped(document, rank(document), Style.TIMELINE, 120)
    notes = [point.note for point in found if point.note]
    assert [note.date for note in notes] == ["1954", "2026-01-12", "2026-03-03", "2026-04-15"] or [
        note.date for note in notes
    ] == ["1988-05", "2026-01-12", "2026-03-03", "2026-04-15"]
    assert all(earlier.date <= later.date for earlier, later in pairwise(notes))
    assert notes[-1].when == "15 April 2026"


def test_actions_say_who_and_when(make_document: Make) -> None:
    document = make_document(MINUTES)
    found = points(document, rank(document), Style.ACTIONS, 120, kind=Kind.MINUTES)
    by_text = {point.text: point.note for point in found}
    assert all(note is not None for note in by_text.values())
    action = next(note for text, note in by_text.items() if text.startswith("Ann Lee will"))
    assert action is not None
    assert (action.kind, action.who, action.when) == (PointKind.ACTION, "Ann Lee", "15 April 2026")
    kinds = [note.kind for note in by_text.values() if note]
    assert kinds.count(PointKind.DECISION) >= 2
    assert not any("ferry" in text for text in by_text)


def test_a_style_that_fits_nothing_gives_key_points(darwin: Document) -> None:
    usual = shaped(darwin, rank(darwin), Style.PARAGRAPHS, 120)
    assert all(point.note is None for point in usual)
    none = shaped(darwin, rank(darwin), Style.ACTIONS, 120)
    assert none


@pytest.mark.parametrize("style", list(Style))
def test_no_style_takes_what_is_left_out(darwin: Document, style: Style) -> None:
    ranking = rank(darwin)
    first = {point.position for point in shaped(darwin, ranking, style, 120)}
    second = {
        point.position for point in shaped(darwin, ranking, style, 120, without=frozenset(first))
    }
    assert not first & second


@pytest.mark.parametrize("words", [80, 160, 320])
@pytest.mark.parametrize("style", [Style.PARAGRAPHS, Style.BRIEF, Style.PLAIN, Style.FACTS])
def test_key_points_hold_the_length(darwin: Document, style: Style, words: int) -> None:
    found = points(darwin, rank(darwin), style, words)
    assert lengths.is_held(sum(count_words(point.text) for point in found), words)


@pytest.mark.parametrize(
    ("focus", "answer"),
    [
        ("What does it say about termination?", "cancel"),
        ("Was steht über Kündigung darin?", "beenden"),
        ("¿Qué dice sobre el pago?", "precio"),
        ("Que dit-il sur la résiliation ?", "préavis"),
    ],
)
def test_a_question_is_about_its_word_and_those_that_say_the_same(focus: str, answer: str) -> None:
    asked = [terms for terms in asked_terms(focus) if len(terms) > 1]
    assert len(asked) == 1
    assert stem(answer) in asked[0]
    assert max(asked[0].values()) == 1.0


def test_a_focus_finds_other_words_for_what_it_asks(make_document: Make) -> None:
    document = make_document(
        {
            "Lease": "The flat has three rooms in the harbour street. The kitchen is large. "
            "Either party may cancel the agreement with three months notice. The walls are white."
        }
    )
    scores = rank(document, "What does it say about termination?").scores
    assert int(scores.argmax()) == 2
    assert asked_terms("what is it about") != ()
