"""Sentences are cut where a reader would cut them, and their offsets are exact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents.sentences import LONGEST, split


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["The tenant shall pay.", "The landlord may enter."],
        ["Dr. Smith met Prof. A. B. Jones on Jan. 5.", "They talked."],
        ["See Fig. 3 and Eq. 4 for details.", "Table 2 has more."],
        ["It costs 3.50 e.g. in 2010.", "The price rose."],
        ["He asked “Why?” and left.", "Nobody knew."],
        ["He said “No.”", "She left."],
        ["(It ends inside.)", "The next begins."],
        ["Acme Inc. filed a suit in the U.S. District Court.", "The court agreed."],
        ["It was sold to Acme Inc.", "The buyer paid."],
        ["2. The tenant shall not sublet.", "3. The rent is due."],
        ["(a) The first item ends.", "(b) The second item follows."],
        ["The answer is no.", "We asked again."],
        ["See No. 5 of the list.", "Art. 12 applies."],
        ["Results improved [12].", "The rest did not."],
        ["This was shown before.[3]", "Others disagree."],
        ["This was shown before.12", "Others disagree."],
        ["Wait... Then it came.", "Really?!", "Yes!"][1:],
        ["Der Vertrag beginnt am 1. Januar 2020.", "Er endet nie."],
        ["Das gilt z. B. für Mieter, vgl. § 5 Abs. 2.", "Es gilt nicht für Gäste."],
        ["M. Dupont paie le loyer, c.-à-d. 500 euros.", "Il part."],
        ["El Sr. García paga.", "¿Quién no paga?", "¡Nadie!"],
        ["I met John F. Kennedy.", "He smiled."],
        ["Take vitamin C.", "It helps."],
        ["Version 1.12 works.", "So does 2.0."],
        ["Is it yours?", "I think so."],
        ["Smith et al. (2010) found it.", "We did not."],
    ],
)
def test_cuts_like_a_reader(sentences: list[str]) -> None:
    assert cut(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["今天天气很好。", "我们去公园吧！", "你呢？"],
        ["「行きます。」", "彼は言った。"],
    ],
)
def test_cuts_without_spaces(sentences: list[str]) -> None:
    assert cut("".join(sentences)) == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["ما هذا؟", "هذا كتاب."],
        ["यह एक वाक्य है।", "यह दूसरा है।"],
        ["یہ ایک کتاب ہے۔", "وہ گھر ہے۔"],  # noqa: RUF001
    ],
)
def test_knows_other_full_stops(sentences: list[str]) -> None:
    assert cut(" ".join(sentences)) == sentences


def test_leaves_bullets_out() -> None:
    assert cut("• Pay the rent.") == ["Pay the rent."]
    assert cut("- Pay the rent.") == ["Pay the rent."]
    assert cut("-5 degrees. Cold.") == ["-5 degrees.", "Cold."]


def test_blank_lines_separate() -> None:
    assert cut("A heading\n\nA sentence.") == ["A heading", "A sentence."]


def test_what_has_no_end_is_cut_at_spaces() -> None:
    pieces = cut("word " * 2_000)
    assert max(map(len, pieces)) <= LONGEST
    assert " ".join(pieces).split() == ["word"] * 2_000
    assert all(piece.split() == ["word"] * len(piece.split()) for piece in pieces)


def test_is_linear_in_hostile_text() -> None:
    for text in ("." * 200_000, "a." * 100_000, "!? " * 50_000, "\n" * 100_000, "x" * 200_000):
        split(text)


@given(st.text(alphabet=st.sampled_from('aB1 .?!\n\t•"”)。é😀-'), max_size=200))
def test_loses_nothing_but_spaces_and_bullets(text: str) -> None:
    spans = split(text)
    end = 0
    for start, stop in spans:
        assert end <= start < stop <= len(text)
        assert text[start:stop] == text[start:stop].strip()
        assert not text[end:start].strip(" \t\n•-")
        end = stop
    assert not text[end:].strip(" \t\n•-")
