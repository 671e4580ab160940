"""The sentences a model wrote, each with its places and with what they do not bear out."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from assistant.summaries.summary import SummarySentence
from assistant.summaries.wishes.notes import PointKind, PointNote
from assistant.ui.documents.result.words import flag_words
from assistant.ui.documents.result.writer import Writer

translate = QCoreApplication.translate

_SPACE = "\N{NO-BREAK SPACE}"


def write_sentences(
    writer: Writer,
    sentences: Sequence[SummarySentence],
    address: str,
    *,
    begin: int = 0,
    is_list: bool = False,
    is_changeable: bool = False,
    indent: int = 0,
) -> None:
    """Write sentences from number `begin` on.

    Args:
        writer: where.
        sentences: all there are.
        address: what their links begin with: the number and that of the citation follow.
        begin: so many stand there already.
        is_list: each is an item of a list.
        is_changeable: one that fails can be replaced by its source's sentence.
        indent: how far they stand in.
    """
    for number in range(begin, len(sentences)):
        sentence = sentences[number]
        if is_list:
            writer.begin(1 if number else 2, indent=indent + 1, hang=1)
            writer.text("•\N{EN SPACE}")
        elif number == 0 or sentence.starts_paragraph:
            writer.begin(2, indent=indent)
        else:
            writer.text(" ")
        _write(writer, sentence, f"{address}:{number}")
        if is_changeable:
            _offer_change(writer, sentence, number)


def _write(writer: Writer, sentence: SummarySentence, address: str) -> None:
    if sentence.note is not None:
        _write_note(writer, sentence.note)
    writer.text(f"“{sentence.text}”" if sentence.replaced else sentence.text)
    if sentence.flags:
        writer.aside(f"{_SPACE}⚠{_SPACE}", "warning")
        writer.aside(", ".join(flag_words(flag) for flag in sentence.flags), "warning")
    writer.citations(address, sentence.citations)


def _offer_change(writer: Writer, sentence: SummarySentence, number: int) -> None:
    if sentence.replaced:
        writer.aside(f" {translate('ResultView', 'the document’s own sentence')} · ")
        writer.link(translate("ResultView", "Undo"), f"restore:{number}")
    elif sentence.flags and sentence.citations:
        writer.text(" ")
        text = translate("ResultView", "Replace by the source’s sentence")
        writer.link(text, f"replace:{number}")


def _write_note(writer: Writer, note: PointNote) -> None:
    """Write what a list of actions or a timeline orders its points by."""
    kind = {
        PointKind.DECISION: translate("ResultView", "Decided"),
        PointKind.ACTION: translate("ResultView", "To do"),
        PointKind.DUTY: translate("ResultView", "Duty"),
        PointKind.EVENT: "",
    }[note.kind]
    parts = [part for part in (kind, note.who, note.when) if part]
    if parts:
        writer.bold(" · ".join(parts))
        writer.text("\N{EN SPACE}")
