"""Which notices a document needs, in words."""

from PySide6.QtCore import QCoreApplication

from assistant.documents.document import Document, PageStatus
from assistant.documents.ocr.installing import PIP, command
from assistant.summaries.summary import Mode, ModePlan, Summary
from assistant.ui.documents import places
from assistant.ui.documents.notices import Notice
from assistant.ui.documents.session import DocumentSession, State
from assistant.ui.labels import counted

translate = QCoreApplication.translate

_PAGES_NAMED = 12
_SURE = 0.8  # below it, words of a page read from a picture are often wrong


def notices(session: DocumentSession) -> list[Notice]:
    """Return what is to be known of a document, the most urgent first."""
    document, summary = session.document, session.summary
    found: list[Notice | None] = []
    if session.state is State.UNREADABLE and session.error is None:
        found.append(_stopped_reading())
    if session.is_changed:
        found.append(changed(session.path.name))
    if document is not None and summary is not None:
        if session.is_unfinished:
            plan = session.plan.of(summary.mode) if session.plan else None
            found.append(interrupted(summary, plan, was_stopped=session.is_stopped))
        found += [left_out(summary), injected(summary)]
    if document is not None:
        found += [without_text(document, how_to_add_ocr()), unsure(document)]
    return [notice for notice in found if notice is not None]


def injected(summary: Summary) -> Notice | None:
    """Say that passages give orders to whoever reads them."""
    count = len(summary.injections)
    if not count:
        return None
    text = (
        translate(
            "Notices",
            "A passage of this document gives orders to an assistant that reads it. It was taken "
            "as text, not obeyed; look at it before you rely on the summary.",
        )
        if count == 1
        else translate(
            "Notices",
            "{n} passages of this document give orders to an assistant that reads it. They were "
            "taken as text, not obeyed; look at them before you rely on the summary.",
        ).format(n=count)
    )
    return Notice(
        key="injected", icon="shield-alert", text=text, action=translate("Notices", "Show")
    )


def without_text(document: Document, how_to_read: str) -> Notice | None:
    """Say which pages were not read; `how_to_read` is how OCR is added."""
    missing = [page for page in document.pages if page.status is not PageStatus.READ]
    pictures = sum(page.status is PageStatus.NEEDS_OCR for page in missing)
    if not missing:
        return None
    named = ", ".join(str(page.number) for page in missing[:_PAGES_NAMED])
    if len(missing) > _PAGES_NAMED:
        named += "…"
    units = places.units(document, len(missing))
    text = translate("Notices", "{n} {units} without text: {numbers}. Nothing of them was read.")
    text = text.format(n=len(missing), units=units, numbers=named)
    if not pictures:
        return Notice(key="without-text", icon="image", text=text)
    return Notice(
        key="without-text",
        icon="scan-text",
        text=f"{text} " + translate("Notices", "They are pictures of text."),
        action=translate("Notices", "How to read them"),
        further=how_to_read,
    )


def how_to_add_ocr() -> str:
    """Say how the recognition of letters is added on this computer."""
    return translate(
        "Notices",
        "Alcove reads pictures of text with Tesseract. To install it: {command}\nOr beside Alcove: "
        "{pip}\nThen choose “Read the file again” in the menu above. Nothing leaves this computer.",
    ).format(command=command(), pip=PIP)


def _stopped_reading() -> Notice:
    return Notice(
        key="stopped-reading",
        icon="circle-stop",
        text=translate("Notices", "Stopped before the file was read."),
        action=translate("Notices", "Read it again"),
    )


def unsure(document: Document) -> Notice | None:
    """Say that letters were hard to recognise."""
    certain = [page.confidence for page in document.pages if page.confidence is not None]
    poor = [confidence for confidence in certain if confidence < _SURE]
    if not poor:
        return None
    text = translate(
        "Notices",
        "{n} {units} read from pictures were hard to recognise, {percent} % sure: expect wrong "
        "words, and compare with the page.",
    ).format(
        n=len(poor),
        units=places.units(document, len(poor)),
        percent=round(100 * sum(poor) / len(poor)),
    )
    return Notice(key="unsure", icon="scan-text", text=text)


def changed(name: str) -> Notice:
    """Say that the file is another than the one that was read."""
    text = translate(
        "Notices",
        "{name} has changed since it was read. Read again: of a thorough summary, only the changed "
        "passages are read anew.",
    )
    return Notice(
        key="changed",
        icon="refresh-cw",
        text=text.format(name=name),
        action=translate("Notices", "Read again"),
    )


def interrupted(summary: Summary, plan: ModePlan | None, *, was_stopped: bool) -> Notice:
    """Say that a summary ended before its end, and how much of it is there."""
    is_counted = plan is not None and 0 < plan.done <= plan.passages
    if summary.mode is Mode.THOROUGH and is_counted:
        assert plan is not None
        text = translate("Notices", "{done} of {all} passages are read; nothing of them is lost.")
        text = text.format(done=plan.done, all=plan.passages)
    elif summary.mode is Mode.THOROUGH:
        text = translate("Notices", "What was read is kept.")
    else:
        text = translate("Notices", "This is as far as it came.")
    begin = (
        translate("Notices", "Stopped.")
        if was_stopped
        else translate("Notices", "This summary was cut off.")
    )
    action = (
        translate("Notices", "Go on where it was")
        if summary.mode is Mode.THOROUGH
        else translate("Notices", "Start again")
    )
    return Notice(key="interrupted", icon="history", text=f"{begin} {text}", action=action)


def left_out(summary: Summary) -> Notice | None:
    """Say which passages the model failed at."""
    count = len(summary.coverage.unread)
    if not count:
        return None
    pages = sorted({passage.page for passage in summary.coverage.unread})
    numbers = ", ".join(str(page) for page in pages[:_PAGES_NAMED])
    text = counted(
        translate("Notices", "The model failed at %n passage(s), from page {pages}.", "", count),
        count,
    )
    return Notice(
        key="left-out",
        icon="triangle-alert",
        text=text.format(pages=numbers),
        action=translate("Notices", "Try them again"),
    )
