"""The table of key facts: what readers of this kind of document ask, and what it says."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QTextFrameFormat, QTextLength, QTextTableFormat

from assistant.summaries.kinds.key_fact import KeyFact
from assistant.summaries.kinds.kind import Kind
from assistant.summaries.summary import Summary
from assistant.ui import theme
from assistant.ui.documents.options.words import kind_name
from assistant.ui.documents.result.formats import block
from assistant.ui.documents.result.writer import Writer

translate = QCoreApplication.translate

_QUESTION_PERCENT = 27
_QUOTE_SHOWN = 280  # characters


def rows(summary: Summary) -> list[int]:
    """Return the numbers of the facts that are shown.

    What nobody can expect of a document of no particular kind is not told as missing.
    """
    is_any = summary.kind in {"", Kind.OTHER.value}
    return [at for at, fact in enumerate(summary.facts) if fact.is_found or not is_any]


def write_facts(writer: Writer, summary: Summary) -> None:
    """Write the questions with their answers as quotes; "not found" where there is none."""
    shown = rows(summary)
    writer.head(translate("ResultView", "Key facts"))
    writer.begin(1)
    writer.aside(
        translate("ResultView", "Read as: {kind}. Quotes of the document, no model.").format(
            kind=kind_name(summary.kind)
        )
    )
    writer.gap()
    writer.link(translate("ResultView", "Change"), "kind:change")
    table = writer.cursor.insertTable(len(shown), 2, _shape())
    for row, at in enumerate(shown):
        fact = summary.facts[at]
        writer.cursor = table.cellAt(row, 0).firstCursorPosition()
        writer.cursor.setBlockFormat(block(0))
        writer.bold(fact.title or fact.question)
        writer.cursor = table.cellAt(row, 1).firstCursorPosition()
        _write_answers(writer, at, fact)
    writer.cursor = table.lastCursorPosition()
    writer.cursor.movePosition(writer.cursor.MoveOperation.NextBlock)


def _write_answers(writer: Writer, at: int, fact: KeyFact) -> None:
    writer.cursor.setBlockFormat(block(0))
    if not fact.is_found:
        writer.aside(translate("ResultView", "not found"))
        return
    for number, answer in enumerate(fact.answers):
        if number:
            writer.cursor.insertBlock(block(1))
        quote = " ".join(answer.quote.split())
        if len(quote) > _QUOTE_SHOWN:  # the page has all of it
            quote = f"{quote[:_QUOTE_SHOWN].rsplit(None, 1)[0]} …"
        if answer.value and answer.value != quote:
            writer.bold(answer.value)
            writer.text(" — ")
        writer.text(f"“{quote}”")
        writer.citation(f"fact:{at}:{number}", answer.span)


def _shape() -> QTextTableFormat:
    shape = QTextTableFormat()
    shape.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    shape.setColumnWidthConstraints(
        [
            QTextLength(QTextLength.Type.PercentageLength, _QUESTION_PERCENT),
            QTextLength(QTextLength.Type.PercentageLength, 100 - _QUESTION_PERCENT),
        ]
    )
    shape.setBorder(1)
    shape.setBorderCollapse(True)
    shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    shape.setBorderBrush(theme.colors().border)
    shape.setCellPadding(1.5 * theme.SPACE)
    shape.setTopMargin(2 * theme.SPACE)
    return shape
