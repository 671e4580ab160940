"""PDFs as programs make them: order, columns, ligatures, tables, notes, directions, forms."""

import zlib
from pathlib import Path

import pytest

from assistant.documents.document import BlockKind, Document
from tests.documents.raw_pdf import one_page, stream, write_pdf
from tests.files.sources import paragraphs
from tests.word_order import recall, references, words

FILES = Path(__file__).resolve().parent.parent / "files"


def text_of(document: Document) -> str:
    return "\n".join(page.text for page in document.pages)


def texts(document: Document, kind: BlockKind) -> list[str]:
    return [
        page.text[block.start : block.end]
        for page in document.pages
        for block in page.blocks
        if block.kind is kind
    ]


@pytest.mark.shared_process
def test_words_in_their_order(read) -> None:
    """The figures that benchmarks/reading.py prints."""
    for name, (reference, target) in references(FILES).items():
        text = text_of(read(FILES / name))
        assert recall(text, reference) >= target, name
        if name == "rfc3533.pdf":  # its heads and feet are gone
            assert len(words(text)) <= 1.01 * len(words(reference))


@pytest.mark.shared_process
def test_a_typed_document_has_headings(read) -> None:
    titles = [section.title for section in read(FILES / "rfc3533.pdf").sections]
    for title in ("Abstract", "1. Introduction", "7. Security Considerations"):
        assert title in titles
    assert len(titles) < 25


@pytest.mark.shared_process
def test_a_paper_in_two_columns(read) -> None:
    paper = read(FILES / "paper.pdf")
    levels = {section.title: section.level for section in paper.sections}
    assert levels["2 Method"] == levels["4 Discussion"] == levels["2.1 The cabinet"] - 1
    assert texts(paper, BlockKind.TABLE) == [
        "Office\tFiles\tStaff\nFirst\t1,204\t14\nSecond\t998\t11\nFifth\t2,876\t35"
    ]
    assert [caption.split(":")[0] for caption in texts(paper, BlockKind.CAPTION)] == [
        "Table 1",
        "Figure 1",
    ]
    assert [note[-13:] for note in texts(paper, BlockKind.FOOTNOTE)] == [
        "e difficulty.",
        "confidential.",
    ]
    assert len(texts(paper, BlockKind.LIST_ITEM)) == 3
    sentences = [sentence.text for sentence in paper.sentences]
    # A ligature, a cut word, and a sentence that goes on beyond notes and a table.
    for sentence in (
        "Filing is a difficult office task.",
        (
            "This paper describes the configuration that we found to be the most efficient, and it "
            "describes the differences between floors."
        ),
        "Table 1 gives the number of files on each of them, and Figure 1 shows how a file flows.",
    ):
        assert sentence in sentences
    assert not any(sentence in {"1", "2"} for sentence in sentences)


@pytest.mark.shared_process
@pytest.mark.parametrize("name", ["leftwards.pdf", "leftwards-web.pdf"])
def test_scripts_that_run_leftwards(read, name: str) -> None:
    """With numbers, brackets, Latin names, and a glyph that is two letters; by two programs."""
    document = read(FILES / name)
    parts = paragraphs((FILES / "leftwards.txt").read_text())
    titles = [section.title for section in document.sections if section.level]
    assert titles == [parts[0], parts[3]]
    text = " ".join(text_of(document).split())
    assert all(part in text for part in parts)


@pytest.mark.shared_process
def test_what_is_filled_into_a_form(read) -> None:
    form = read(FILES / "form.pdf")
    assert texts(form, BlockKind.PARAGRAPH)[1:6] == [
        "Name: Amina Okafor",
        "Street: 14 Quay Street",
        "Monthly rent: 1,250 euros",
        "Pets: ☑",
        "Floor: second",
    ]


@pytest.mark.shared_process
def test_columns_with_nothing_that_can_be_seen(read, tmp_path: Path) -> None:
    """Damage, or a font without meanings, leaves characters that say nothing between the words."""
    left, right = "they say of the harbour that it is", "deep and that its walls are of"
    line = "BT /F 11 Tf 60 {y} Td ({left}) Tj 250 0 Td ({right}) Tj ET\n"
    rows = [right, r"\001\t", right, right, r"\001", right] * 4
    text = "".join(
        line.format(y=700 - 13 * row, left=left, right=right) for row, right in enumerate(rows)
    )
    path = tmp_path / "columns.pdf"
    write_pdf(path, one_page(stream(zlib.compress(text.encode()))))
    assert text_of(read(path)).count("harbour") == len(rows)
