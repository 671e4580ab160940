"""Answers a question about whole documents by the summary job: passages would be fragments.

It is told as a reply is: `Working` while it lasts, the text of one document after another, the
places behind it, and `Finished`.
"""

import threading
from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from assistant.conversations.asking.answer import Answered
from assistant.conversations.asking.attached import Attached, AttachedDocument
from assistant.conversations.asking.intents import WholeKind, WholeWish
from assistant.conversations.events import ReplyEvent, Working
from assistant.engine.protocol import TextPart
from assistant.summaries.summary import (
    Length,
    Mode,
    Stage,
    Summary,
    SummaryOptions,
    SummaryProgress,
)
from assistant.summaries.wishes.styles import Style
from assistant.ui.asking.whole_text import WholeText
from assistant.ui.documents import places
from assistant.ui.documents.parts import Parts
from assistant.ui.documents.summary_work import plan_document, summarize_document
from assistant.ui.documents.work import Opened

translate = QCoreApplication.translate

# A list has to be of all there is: everything is read where that takes no longer.
_PATIENCE_S = 180.0
_MEASURED = {Stage.LOADING, Stage.PROMPT, Stage.READING, Stage.MERGING}
_MOST = 10  # documents; a digest is for more


def answer_whole(
    parts: Parts,
    attached: Attached,
    wish: WholeWish,
    *,
    is_temporary: bool = False,
    cancel: threading.Event,
) -> Iterator[ReplyEvent]:
    """Summarise the attached documents as `wish` says.

    What was summarised before is not made again; what is made now stands in Documents, too.

    Args:
        parts: what documents are worked on with.
        attached: the documents.
        wish: what is wanted of them.
        is_temporary: nothing of it is kept, in the store or by the engine.
        cancel: stops it; the text of the documents that are done stays.

    Raises:
        AssistantError: as the summary job does.
    """
    writer = WholeText(has_heads=len(attached.documents) > 1)
    chosen = attached.documents[:_MOST]
    for number, one in enumerate(chosen):
        summary = None
        for value in _summarize(
            parts, one, wish, count=len(chosen), is_temporary=is_temporary, cancel=cancel
        ):
            if isinstance(value, Summary):
                summary = value
            else:
                yield _working(value, one, number, len(chosen))
        if summary is None or (cancel.is_set() and summary.is_stopped):
            break
        yield TextPart(0, writer.write(one, summary))
    if len(attached.documents) > len(chosen) and not cancel.is_set():
        yield TextPart(0, f"\n\n*{_left_out(len(attached.documents))}*")
    if writer.sentences:
        yield Answered(answer=writer.answer())
    yield writer.finished(is_stopped=cancel.is_set())


def _summarize(
    parts: Parts,
    one: AttachedDocument,
    wish: WholeWish,
    *,
    count: int,
    is_temporary: bool,
    cancel: threading.Event,
) -> Iterator[SummaryProgress | Summary]:
    model = parts.writer.model
    has_model = model is not None and not parts.writer.is_experimental
    opened = Opened(one.document, None if is_temporary else one.id)
    options = SummaryOptions(
        mode=Mode.QUICK if has_model else Mode.KEY_POINTS,
        words=(Length.MEDIUM if count == 1 else Length.SHORT).words,
        focus=wish.focus,
        style=Style(wish.style) if wish.style in set(Style) else Style.PARAGRAPHS,
    )
    if has_model and _reads_all(parts, opened, options, wish, cancel):
        options = replace(options, mode=Mode.THOROUGH)
    for value in summarize_document(
        opened,
        options,
        engine=parts.writer.engine if has_model else None,
        model=model if has_model else None,
        is_experimental=parts.writer.is_experimental,
        is_forced=False,
        parts=parts,
        cancel=cancel,
    ):
        if isinstance(value, SummaryProgress | Summary):
            yield value


def _reads_all(
    parts: Parts,
    opened: Opened,
    options: SummaryOptions,
    wish: WholeWish,
    cancel: threading.Event,
) -> bool:
    """Tell whether every page is read: for a list, where it does not take too long."""
    if wish.kind is not WholeKind.LIST:
        return False
    thorough = replace(options, mode=Mode.THOROUGH)
    for plan in plan_document(
        opened, thorough, model=parts.writer.model, parts=parts, cancel=cancel
    ):
        seconds = plan.of(Mode.THOROUGH).seconds
        return seconds is not None and seconds <= _PATIENCE_S
    return False


def _working(progress: SummaryProgress, one: AttachedDocument, number: int, count: int) -> Working:
    """Say what the summary job does now."""
    title = " ".join(one.document.title.split())
    words = {
        Stage.LOADING: translate("WholeAnswer", "Loading the model"),
        Stage.WRITING: translate("WholeAnswer", "Writing the summary of {title}"),
        Stage.CHECKING: translate("WholeAnswer", "Looking for the passages in {title}"),
        Stage.MERGING: translate("WholeAnswer", "Summing up {title}"),
    }.get(progress.stage, translate("WholeAnswer", "Reading {title}"))
    words = words.format(title=title)
    if 0 < progress.page <= len(one.document.pages) > 1:
        words = f"{words}, {places.bare(one.document, progress.page)}"
    if count > 1:
        words = translate("WholeAnswer", "{words} · document {n} of {count}").format(
            words=words, n=number + 1, count=count
        )
    share = progress.done / progress.total if progress.total else None
    return Working(words, share if progress.stage in _MEASURED else None)


def _left_out(count: int) -> str:
    text = translate(
        "WholeAnswer",
        "These are the first {most} of {count} documents. For all of them, drop their folder onto"
        " Documents: it makes a digest.",
    )
    return text.format(most=_MOST, count=count)
