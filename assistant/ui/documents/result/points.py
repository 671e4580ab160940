"""The key points of a result: sentences of the document, each with why it was chosen."""

from collections.abc import Container

from PySide6.QtCore import QCoreApplication

from assistant.summaries.summary import Summary
from assistant.ui.documents.result.words import why_words
from assistant.ui.documents.result.writer import Writer


def write_points(writer: Writer, summary: Summary, unfolded: Container[int]) -> None:
    """Write the key points; those in `unfolded` say why they were chosen."""
    writer.head(QCoreApplication.translate("ResultView", "Key points"))
    writer.begin(1)
    writer.aside(
        QCoreApplication.translate("ResultView", "Sentences of the document, word for word.")
        if summary.key_points
        else QCoreApplication.translate(
            "ResultView", "The document has too little running text for key points."
        )
    )
    for at, point in enumerate(summary.key_points):
        writer.begin(2)
        writer.text(point.text)
        writer.citation(f"point:{at}", point.span)
        writer.gap()
        writer.gap()
        is_open = at in unfolded
        text = (
            QCoreApplication.translate("ResultView", "Less")
            if is_open
            else QCoreApplication.translate("ResultView", "Why?")
        )
        writer.link(text, f"why:{at}")
        if is_open:
            writer.begin(1, indent=1)
            writer.aside(why_words(point))
