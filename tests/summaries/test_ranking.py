"""Key points: which sentences matter, how many, and why."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from assistant.documents.document import BlockKind, Document, Page, Section, Sentence, Span
from assistant.summaries.candidates import form_weight
from assistant.summaries.ranking import rank
from assistant.summaries.sections import SectionRole, role_of
from assistant.summaries.selecting import key_points
from assistant.summaries.stopping import RankingStopped


def test_key_points_are_the_document_word_for_word_in_its_order(darwin: Document) -> None:
    points = key_points(darwin, rank(darwin), 130)
    places = [(point.span.page, point.span.start) for point in points]
    assert places == sorted(places)
    for point in points:
        assert darwin.quote(point.span).split() == point.text.split()
        assert point.section in {section.title for section in darwin.sections}
        assert 0 < point.score <= 1
        assert 0 <= point.why.centrality <= 1


@pytest.mark.parametrize("words", [40, 60, 80, 130, 160, 320])
def test_the_budget_is_filled_and_never_passed(darwin: Document, words: int) -> None:
    used = sum(len(point.text.split()) for point in key_points(darwin, rank(darwin), words))
    assert 0.9 * words <= used <= words


def test_a_large_budget_is_filled() -> None:
    chance = random.Random(3)
    plain = ["".join(chance.choices("aeiourstnm", k=6)) for _ in range(2_000)]

    def sentence(words: int) -> str:
        return " ".join(chance.choices(plain, k=words)).capitalize() + "."

    document = page_of([sentence(6) for _ in range(4_000)])
    ranking = rank(document)
    for words in (1_000, 10_000):
        used = sum(len(point.text.split()) for point in key_points(document, ranking, words))
        assert 0.9 * words <= used <= words
    short = page_of([sentence(40) for _ in range(200)])
    assert len(key_points(short, rank(short), 10_000)) > 150


def test_a_small_document_is_taken_whole(darwin: Document) -> None:
    few = replace(darwin, sentences=darwin.sentences[:2])
    assert len(key_points(few, rank(few), 500)) == 2


def test_a_document_without_sentences_has_no_key_points(darwin: Document) -> None:
    empty = replace(darwin, sentences=())
    assert key_points(empty, rank(empty), 100) == ()


def test_a_focus_changes_the_choice(darwin: Document) -> None:
    plain = key_points(darwin, rank(darwin), 60)
    asked = key_points(darwin, rank(darwin, "How slowly do elephants breed?"), 60)
    assert any("elephant" in point.text for point in asked)
    assert not any("elephant" in point.text for point in plain)
    assert max(point.why.focus for point in asked) > 0
    assert all(point.why.focus == 0 for point in plain)


def test_a_focus_that_occurs_nowhere_changes_nothing(darwin: Document) -> None:
    assert key_points(darwin, rank(darwin, "xylophone"), 80) == key_points(darwin, rank(darwin), 80)


def test_why_names_the_cue_words() -> None:
    document = page_of(
        ["In this report we recommend that the bridge be closed.", "Paint comes in many colours."]
    )
    point = key_points(document, rank(document), 12)[0]
    assert "in this report" in point.why.cue_words
    assert point.why.cue > 0


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Region\tRevenue\tShare", BlockKind.TABLE),
        ("print('The tenant must pay the rent.')", BlockKind.CODE),
        ("Figure 3 shows the whole rent that was paid.", BlockKind.CAPTION),
        ("The rent is paid at the first day of the month", BlockKind.PARAGRAPH),
        ("and therefore the rent must be paid by the tenant.", BlockKind.PARAGRAPH),
        ("12.5 17.9 33.1 (4.4) 18.2 [7] 22.1 x 9.", BlockKind.PARAGRAPH),
        ("[12] J. Smith. Rents of Europe. In Proceedings of Rent, pp. 12-19.", BlockKind.PARAGRAPH),
        ("Copyright 2021 Acme Corporation, all rights reserved.", BlockKind.PARAGRAPH),
        ("Introduction ........................ 4.", BlockKind.PARAGRAPH),
        ("Write to the office at rent@example.org today.", BlockKind.PARAGRAPH),
        ("Pay now.", BlockKind.PARAGRAPH),
    ],
)
def test_what_is_no_sentence_is_no_key_point(text: str, kind: BlockKind) -> None:
    assert form_weight(Sentence(text, (Span(1, 0, len(text)),), 0, kind)) == 0


def test_a_sentence_across_pages_is_no_key_point() -> None:
    text = "The tenant must pay the rent on the first day of each month."
    assert form_weight(Sentence(text, (Span(1, 0, 30),), 0)) == 1
    assert form_weight(Sentence(text, (Span(1, 0, 30), Span(2, 0, 30)), 0)) == 0


def test_what_repeats_is_no_key_point() -> None:
    document = page_of(
        [
            *["This document is confidential and must not be shared."] * 3,
            "The tenant must pay the rent on the first day of each month.",
        ]
    )
    texts = [point.text for point in key_points(document, rank(document), 40)]
    assert texts == ["The tenant must pay the rent on the first day of each month."]


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("1. Introduction", SectionRole.OPENING),
        ("IV. Conclusions and Future Work", SectionRole.ENDING),
        ("Executive summary", SectionRole.SUMMARY),
        ("§ 7 Kündigung", SectionRole.DUTIES),
        ("Article 12 — Liability", SectionRole.DUTIES),
        ("References", SectionRole.LISTING),
        ("Contents", SectionRole.LISTING),
        ("Appendix B: Forms", SectionRole.APPENDIX),
        ("Danksagung", SectionRole.ASIDE),
        ("Data", SectionRole.DETAIL),
        ("Data protection", SectionRole.BODY),
        ("", SectionRole.BODY),
    ],
)
def test_titles_tell_what_sections_are_for(title: str, role: SectionRole) -> None:
    assert role_of(title) is role


def test_references_are_never_key_points(darwin: Document) -> None:
    sections = (*darwin.sections[:2], Section("References", 1, -1, 3))
    document = replace(darwin, sections=sections)
    points = key_points(document, rank(document), 400)
    assert {point.span.page for point in points} == {1, 2}


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "ru",
            ["Договор вступает в силу после подписания.", "Арендатор обязан платить вовремя."],
        ),
        (
            "ja",
            ["契約は署名の日から効力を生じる。", "借主は毎月一日に家賃を支払わなければならない。"],
        ),
        ("hi", ["किरायेदार को हर महीने किराया देना होगा।", "मकान मालिक को छत की मरम्मत करनी होगी।"]),
        ("th", ["ผู้เช่าต้องชำระค่าเช่าทุกเดือน", "ผู้ให้เช่าต้องซ่อมแซมหลังคา"]),
        ("en", ["call the landlord about the roof", "pay the rent before the first"]),
        ("de", ["Der Mieter muss die Miete zahlen.", "Haustiere sind in der Wohnung verboten."]),
    ],
)
def test_other_scripts_and_languages_have_key_points(language: str, sentences: list[str]) -> None:
    document = replace(page_of(sentences), language=language)
    assert [point.text for point in key_points(document, rank(document), 60)] == sentences


def test_a_thousand_pages_take_seconds() -> None:
    document = page_of(
        [
            f"Tenant number {at} of house {at % 977} must pay {at % 89} euros for item {at % 613}."
            for at in range(40_000)
        ]
    )
    started = time.perf_counter()
    points = key_points(document, rank(document), 160)
    assert time.perf_counter() - started < 30  # 3 s alone on the machine
    assert 144 <= sum(len(point.text.split()) for point in points) <= 160


class Looked(threading.Event):
    """Knows when somebody looked whether it is set."""

    def __init__(self) -> None:
        super().__init__()
        self.at = [time.perf_counter()]

    def is_set(self) -> bool:
        self.at.append(time.perf_counter())
        return super().is_set()


def test_a_long_ranking_stops_soon(make_document: Callable[[dict[str, str]], Document]) -> None:
    """1,000 pages take seconds. On an idle computer it looks every 50 ms at least."""
    chance = random.Random(2)
    words = ["tenant", "landlord", "rent", "roof", "garden", "notice", "month", "storm"]

    def section() -> str:
        return " ".join(" ".join(chance.choices(words, k=15)).capitalize() + "." for _ in range(20))

    document = make_document({f"Section {number}": section() for number in range(300)})
    cancel = Looked()
    rank(document, "tenant", cancel=cancel)
    cancel.at.append(time.perf_counter())
    longest = max(after - before for before, after in pairwise(cancel.at))
    assert longest < 0.3 * (cancel.at[-1] - cancel.at[0])
    assert len(cancel.at) > 2 * len(document.sentences)
    cancel.set()
    with pytest.raises(RankingStopped):
        rank(document, cancel=cancel)


def page_of(texts: list[str]) -> Document:
    """Return a document of one page and one section without a title."""
    sentences = []
    at = 0
    for text in texts:
        sentences.append(Sentence(text, (Span(1, at, at + len(text)),), 0))
        at += len(text) + 1
    return Document(
        path=Path("page.txt"),
        title="",
        type="text",
        sha256="",
        language="en",
        pages=(Page(1, " ".join(texts)),),
        sections=(Section("", 0, -1, 1),),
        sentences=tuple(sentences),
    )
