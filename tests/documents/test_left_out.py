"""What of a document's own text was not read, in words."""

import zlib
from pathlib import Path

import pytest

from assistant.documents.left_out import counted, in_words, together
from tests.documents.conftest import FILES, Read
from tests.documents.raw_pdf import one_page, stream, write_pdf

pytestmark = pytest.mark.shared_process


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("office/lease.docx", ("1 comment",)),
        ("office/lease.odt", ("1 comment",)),
        ("office/lease.fodt", ("1 comment",)),
        ("office/lease.rtf", ("1 comment",)),
        ("illustrated.pdf", ("text in large pictures on 1 page, if they have any",)),
        ("office/lease.pdf", ("1 embedded file", "1 comment")),
        ("remarked.ods", ("1 comment",)),
        ("remarked.xlsx", ("1 comment",)),
        ("office/slides.odp", ()),  # the preview of a table is no picture
    ],
)
def test_what_a_document_holds_beside_its_text(
    read: Read, name: str, told: tuple[str, ...]
) -> None:
    assert in_words(read(FILES / name).notes) == told


def test_a_file_pinned_to_a_page_of_a_pdf(read: Read, tmp_path: Path) -> None:
    objects = one_page(stream(zlib.compress(b"BT /F 12 Tf 72 700 Td (The rent is due.) Tj ET")))
    objects[3] = objects[3].removesuffix(b">>") + b" /Annots [5 0 R]>>"
    objects[5] = (
        b"<</Type /Annot /Subtype /FileAttachment /Rect [72 720 92 740] /Contents (The lease)"
        b" /FS <</Type /Filespec /F (lease.txt) /EF <</F 6 0 R>>>>>>"
    )
    objects[6] = stream(zlib.compress(b"The lease itself."))
    write_pdf(tmp_path / "pinned.pdf", objects)
    assert in_words(read(tmp_path / "pinned.pdf").notes) == ("1 embedded file",)


def test_counts_of_several_files_are_added_up() -> None:
    notes = (*counted("pictures", 3), *counted("words-beside-main", 0), "outputs-in-part")
    assert together((*notes, *counted("pictures", 4), "outputs-in-part")) == (
        "pictures:7",
        "outputs-in-part",
    )


def test_notes_of_another_version_are_told_too() -> None:
    assert in_words(("pictures:1", "outputs-in-part", "margins-cut:2")) == (
        "text in 1 picture, if it has any",
        "the rest of long outputs",
        "margins cut",
    )
