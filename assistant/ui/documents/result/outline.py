"""The document's parts, one below the other; each unfolds to what was written of it."""

from collections.abc import Container

from PySide6.QtCore import QCoreApplication, Qt

from assistant.summaries.summary import OutlineEntry, Summary
from assistant.ui.documents import places
from assistant.ui.documents.result.sentences import write_sentences
from assistant.ui.documents.result.writer import Writer
from assistant.ui.markdown.direction import direction_of

translate = QCoreApplication.translate

_DEEPEST = 3  # further in, a narrow column would have no room for text


def write_outline(writer: Writer, summary: Summary, unfolded: Container[int]) -> None:
    """Write the parts; those in `unfolded` with their summaries."""
    writer.head(translate("ResultView", "Part by part"))
    writer.begin(1)
    total, read = len(summary.outline), sum(entry.is_done for entry in summary.outline)
    if read < total:
        text = translate("ResultView", "{n} of {total} parts are read.")
        writer.aside(text.format(n=read, total=total))
        writer.text(" ")
    written = {at for at, entry in enumerate(summary.outline) if entry.sentences}
    if written:
        all_open = all(at in unfolded for at in written)
        text = (
            translate("ResultView", "Fold all")
            if all_open
            else translate("ResultView", "Unfold all")
        )
        writer.link(text, "parts:none" if all_open else "parts:all")
    for at, entry in enumerate(summary.outline):
        _write_entry(writer, at, entry, is_open=at in unfolded)


def _write_entry(writer: Writer, at: int, entry: OutlineEntry, *, is_open: bool) -> None:
    indent = min(max(0, entry.level - 1), _DEEPEST)
    title = " ".join(entry.title.split()) or translate("ResultView", "Without a heading")
    place = _place(writer, entry)
    writer.begin(1, indent=indent)
    if entry.sentences:
        is_mirrored = direction_of(title) is Qt.LayoutDirection.RightToLeft
        sign = "▾" if is_open else "◂" if is_mirrored else "▸"
        writer.link(f"{sign} {title}", f"fold:{at}", is_small=False)
    else:
        writer.aside(f"{'·' if entry.is_done else '▹'} {title}")
    if place:
        writer.aside(f"  {place}")
    if entry.has_failed:
        words = translate("ResultView", "a passage could not be read")
        writer.aside(f"  ⚠ {words}", "warning")
    if is_open:
        write_sentences(writer, entry.sentences, f"part:{at}", indent=indent + 1)


def _place(writer: Writer, entry: OutlineEntry) -> str:
    """Say where a part stands; nothing where the document has one page."""
    document = writer.document
    if len(document.pages) == 1:
        return ""
    if entry.last_page > entry.page:
        return translate("ResultView", "{units} {first}–{last}").format(
            units=places.units(document, 2), first=entry.page, last=entry.last_page
        )
    return places.place(document, entry.page)
