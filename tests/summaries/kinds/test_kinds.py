"""Kinds of real documents are recognised, and their readers' questions answered with quotes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import paths
from assistant.documents.document import Document
from assistant.summaries.kinds.cues import cues, languages
from assistant.summaries.kinds.dates import dates, writes_month_first
from assistant.summaries.kinds.key_fact import KeyFact
from assistant.summaries.kinds.key_facts import find
from assistant.summaries.kinds.kind import Kind
from assistant.summaries.kinds.questions import questions
from assistant.summaries.kinds.recognising import recognise
from assistant.summaries.kinds.values import ValueKind, value_in

Read = Callable[[Path], Document]
Make = Callable[[dict[str, str]], Document]
FILES = Path(__file__).resolve().parents[2] / "files"

# Cues of one document each, in the words such documents have in common.
LETTERS = {
    "de": (
        "Sehr geehrte Frau Brandt, vielen Dank für Ihr Schreiben. Bitte senden Sie uns die "
        "Unterlagen bis zum 3. März 2026. Wir bestätigen den Termin. Anbei die Rechnung. "
        "Mit freundlichen Grüßen, Anna Weber"
    ),
    "es": (
        "Estimada señora Brandt: gracias por su carta. Le ruego que nos envíe los documentos "
        "antes del 3 de marzo de 2026. Quedamos a la espera. Adjunto la factura. "
        "Atentamente, Anna Weber"
    ),
    "fr": (
        "Madame, Monsieur, merci de votre lettre. Je vous prie de nous envoyer les documents avant "
        "le 3 mars 2026. Ci-joint la facture. Veuillez agréer l'expression de mes salutations "
        "distinguées. Anna Weber"
    ),
}


@pytest.mark.shared_process
def test_kinds_of_real_documents(read: Read, apache: Document) -> None:
    assert recognise(apache).kind is Kind.CONTRACT
    assert recognise(apache).certainty > 0.7
    assert recognise(read(FILES / "office" / "lease.docx")).kind is Kind.CONTRACT
    assert recognise(read(FILES / "letter.eml")).kind is Kind.LETTER
    assert recognise(read(FILES / "paper.pdf")).kind is Kind.PAPER
    for name in ("rfc3533.txt", "declaration.txt", "costs.csv"):
        assert recognise(read(FILES / name)).kind in {Kind.OTHER, Kind.MANUAL}
    # A constitution speaks of motions, quorums and adjournment, and "two minutes" are a time.
    for name in ("sample.pdf", "languages.txt"):
        assert recognise(read(paths.resource("samples") / name)).kind is Kind.OTHER


@pytest.mark.shared_process
def test_a_licence_answers_its_readers(apache: Document) -> None:
    facts = _by_id(find(apache, Kind.CONTRACT))
    assert [fact.question_id for fact in facts.values()] == [
        question.id for question in questions(Kind.CONTRACT)
    ]
    for fact in facts.values():
        for answer in fact.answers:
            assert " ".join(apache.quote(answer.span).split()) == answer.quote
            assert answer.value in answer.quote
    assert '"Licensor" shall mean' in facts["parties"].answers[0].quote
    assert "hereby grants to You" in facts["subject"].answers[0].quote
    assert "shall terminate" in facts["termination"].answers[0].quote
    assert "AS IS" in facts["warranty"].answers[0].quote
    assert "liable" in " ".join(answer.quote for answer in facts["liability"].answers)
    assert not facts["confidentiality"].is_found
    assert facts["confidentiality"].question == "What is kept secret, and what of personal data?"


@pytest.mark.shared_process
def test_a_lease_and_a_mail_answer_theirs(read: Read) -> None:
    lease = _by_id(find(read(FILES / "office" / "lease.docx"), Kind.CONTRACT))
    assert lease["termination"].answers[0].value == "three months"
    assert "1,250 crowns" in lease["payment"].answers[0].quote
    assert not lease["law"].is_found
    mail = _by_id(find(read(FILES / "letter.eml"), Kind.LETTER))
    assert mail["date"].answers[0].value == "23 Nov 2026"
    assert "Please sign the offer" in mail["request"].answers[0].quote


@pytest.mark.parametrize("language", ["de", "es", "fr"])
def test_letters_in_other_languages(make_document: Make, language: str) -> None:
    document = _in(language, make_document({"": LETTERS[language]}))
    assert recognise(document).kind is Kind.LETTER
    facts = _by_id(find(document, Kind.LETTER))
    assert {"request", "deadline", "enclosed", "recipient"} <= {
        fact.question_id for fact in facts.values() if fact.is_found
    }
    assert "2026" in facts["deadline"].answers[0].quote
    english = find(document, Kind.LETTER, language="en")
    assert english[4].question == "What does the writer want?"
    assert english[4].answers == facts["request"].answers


def test_every_language_has_the_same_questions() -> None:
    assert {"de", "en", "es", "fr"} <= set(languages())
    for language in languages():
        for kind, known in cues(language).items():
            english = cues("en")[kind].questions
            assert [q.question.id for q in known.questions] == [q.question.id for q in english]
            assert all(q.question.title and q.question.text for q in known.questions)
    assert questions(Kind.PAPER, "xx") == questions(Kind.PAPER, "en")


def test_an_injection_answers_nothing(make_document: Make) -> None:
    document = make_document({"Law": "This contract is governed by the laws of Utopia."})
    assert _by_id(find(document, Kind.CONTRACT))["law"].is_found
    without = find(document, Kind.CONTRACT, without=frozenset({0}))
    assert not any(fact.is_found for fact in without)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("On 3 March 2026 the rent rose.", [("3 March 2026", "2026-03-03")]),
        ("bis zum 31.12.2026", [("31.12.2026", "2026-12-31")]),
        ("ab dem 1. Oktober 2025", [("1. Oktober 2025", "2025-10-01")]),
        ("le 1er mai 2020", [("1er mai 2020", "2020-05-01")]),
        ("el 5 de julio de 2021", [("5 de julio de 2021", "2021-07-05")]),
        (
            "March 5, 2020 and Sep. 2019",
            [("March 5, 2020", "2020-03-05"), ("Sep. 2019", "2019-09")],
        ),
        ("since 1837, as (Lample, 2016) says", [("1837", "1837")]),
        ("2026年3月5日", [("2026年3月5日", "2026-03-05")]),
        ("version 1.2.3, you may 5 times, 10-12-14", []),
    ],
)
def test_dates(text: str, found: list[tuple[str, str]]) -> None:
    assert [(date.written, date.iso) for date in dates(text)] == found


def test_american_dates_have_the_month_first() -> None:
    assert writes_month_first("due 12/31/2026")
    assert not writes_month_first("am 31/12/2026")
    assert [date.iso for date in dates("3/4/2026", month_first=True)] == ["2026-03-04"]
    assert [date.iso for date in dates("3/4/2026")] == ["2026-04-03"]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("The rent is € 1,250.50 a month.", ValueKind.AMOUNT, "€ 1,250.50"),
        ("Gesamtbetrag 1.190,00 EUR", ValueKind.AMOUNT, "1.190,00 EUR"),
        ("Revenue rose by 12.5% to $3.4 billion.", ValueKind.AMOUNT, "$3.4 billion"),
        ("Total\t1,190", ValueKind.FIGURE, "1,190"),
        ("with thirty (30) days notice", ValueKind.DURATION, "thirty (30) days"),
        ("mit einer Frist von drei Monaten", ValueKind.DURATION, "drei Monaten"),
        ("Invoice no. RE-2026/0042 of May", ValueKind.IDENTIFIER, "RE-2026/0042"),
        ("nothing here", ValueKind.AMOUNT, ""),
    ],
)
def test_values(text: str, kind: ValueKind, value: str) -> None:
    assert value_in(text, kind) == value


def _by_id(facts: tuple[KeyFact, ...]) -> dict[str, KeyFact]:
    return {fact.question_id: fact for fact in facts}


def _in(language: str, document: Document) -> Document:
    from dataclasses import replace

    return replace(document, language=language, title="Brief")
