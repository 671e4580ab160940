"""What of a document's own text was not read, in words."""

from assistant.documents.left_out import counted, in_words, together


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
