"""One document in many formats: the same words in the same order, and the same structure."""

import pytest

from assistant.documents.document import PageUnit
from tests.documents.conftest import FILES, Read
from tests.word_order import recall

pytestmark = pytest.mark.shared_process

OFFICE = FILES / "office"
HARBOUR = ("pdf", "docx", "odt", "rtf", "epub", "html")
LEASE = ("fodt", "odt", "docx", "rtf")


@pytest.mark.parametrize("kind", HARBOUR)
def test_words_and_sections(read: Read, kind: str) -> None:
    document = read(OFFICE / f"harbour.{kind}")
    text = "\n".join(page.text for page in document.pages)
    assert recall(text, (OFFICE / "harbour.txt").read_text("utf-8")) >= 0.98
    assert document.type == kind
    assert document.title == "A Guide to Norderhafen"
    assert document.language == "en"
    titles = [section.title for section in document.sections if section.title]
    assert titles == [
        "A Guide to Norderhafen",
        "The harbour",
        "Rules of the quay",
        "What ships pay",
        "The lighthouse",
        "Visits",
        "The Declaration of Independence of the Thirteen Colonies",
    ]
    texts = {sentence.text: sentence for sentence in document.sentences}
    assert texts["up to 12 m 24 15"].kind.value == "table"
    assert texts["2. Nobody may discharge oil, and in particular:"]
    assert texts["Table 1: Fees for one night, in crowns"].kind.value == "caption"
    if kind != "pdf":
        assert texts["Small boats of less than six metres are exempt."].kind.value == "footnote"
    assert "\u00ad" not in "".join(page.text for page in document.pages)


@pytest.mark.parametrize("kind", LEASE)
def test_a_contract(read: Read, kind: str) -> None:
    document = read(OFFICE / f"lease.{kind}")
    text = "\n\n".join(page.text for page in document.pages)
    titles = [section.title for section in document.sections]
    numbers = ["1. Parties", "1.1 Definition", "1.2 Duty", "2. Rent", "3. Termination"]
    assert titles[0] == "Lease of a Flat"
    assert titles[1:] == (numbers if kind != "fodt" else titles[1:])
    assert text[text.index("1. The keys") :].startswith(
        "1. The keys are handed over.\n\n2. The meters are read.\n\n"
        "After the handover the following holds:\n\n3. Damage is reported at once.\n\n"
        "Table 1: Rooms and meters\n\n"
        "Item\tCount\tRemark\nKeys\t3\tnew\nRooms\t2\tsee\n\n"
        "Kitchen\t12 m²\nBedroom\t16 m²\n\n"
        "Pets need consent.\n\nFish and birds do not.\n\n"
        "The annex belongs to this lease.\n\nThe heating is paid by the tenant.\n\n"
        "Visible words only."
    )
    assert [sentence.text for sentence in document.sentences[-6:]] == [
        "החוזה נחתם בירושלים ביום 3 במאי.",
        "השוכר ישלם בכל חודש.",
        "يدفع المستأجر الإيجار كل شهر.",
        "لا يجوز له التأجير من الباطن.",
        "賃借人は毎月家賃を支払う。",
        "賃貸人は家賃を上げることができる。",
    ]
    if kind == "odt":  # its program noted where the second page begins
        assert (document.unit, len(document.pages)) == (PageUnit.PAGE, 2)
        assert document.pages[1].text.startswith("Annex")


@pytest.mark.parametrize("kind", ["pptx", "odp"])
def test_slides(read: Read, kind: str) -> None:
    document = read(OFFICE / f"slides.{kind}")
    assert (document.title, document.unit) == ("Harbour budget 2027", PageUnit.SLIDE)
    labels = ["Harbour budget 2027", "What changed", "Income and cost", "Next steps"]
    assert [page.label for page in document.pages] == labels
    assert [section.title for section in document.sections] == labels
    assert document.pages[1].text.split("\n\n") == [
        "What changed",
        "Fees rose to 1.2 million crowns.",
        "Repairs cost 400,000 crowns less.",
        "Notes",
        "Thank the harbour master here. The repairs were cheaper since the winter was mild.",
    ]
    assert document.pages[2].text.endswith("Year\tIncome\tCost\n2025\t1,100\t980\n2026\t1,200\t910")
    assert document.pages[3].text.endswith(
        "1. The council votes in March.\n\n2. The work begins in May."
    )


@pytest.mark.parametrize("kind", ["pptx", "odp"])
def test_slides_of_shapes_alone(read: Read, kind: str) -> None:
    document = read(OFFICE / f"drawn.{kind}")
    assert document.pages_without_text == (5,)
    assert "Dig the basin deeper.\n\nMend the northern mole." in document.pages[3].text
    # The highest shape is the title, also where it comes last.
    assert [page.label for page in document.pages] == [
        "Harbour budget 2027",
        "What changed",
        "Income and cost",
        "Next steps",
        "",
    ]
    assert [section.title for section in document.sections] == [
        page.label for page in document.pages[:4]
    ]
