"""What the list of documents says of each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from assistant.storage.documents import DocumentRecord
from assistant.ui.documents.list_model import Row
from assistant.ui.documents.session import DocumentSession, State
from assistant.ui.labels import counted

# Of other types a "page" is a sheet, a chapter or a message: their words say more of their size.
_PAGED = {"pdf", "docx", "odt", "rtf", "tiff"}


def rows(
    records: Sequence[DocumentRecord],
    sessions: Mapping[int | str, DocumentSession],
    chats: Mapping[int, int] | None = None,
) -> list[Row]:
    """Return the list: first what is not stored (yet), then what is, the newest first.

    Args:
        records: what is stored.
        sessions: what is open, by row or file.
        chats: in how many chats a document is attached.
    """
    stored = {record.id for record in records}
    fresh = [
        Row(key, session.title, _state(session), str(session.path))
        for key, session in reversed(list(sessions.items()))
        if key not in stored
    ]
    kept = [
        _record_row(record, sessions.get(record.id), (chats or {}).get(record.id, 0))
        for record in records
        if str(record.path) not in sessions  # it is being read again
    ]
    return _told_apart(fresh + kept)


def _told_apart(rows: list[Row]) -> list[Row]:
    """Name the file where two documents have the same title."""
    titles = Counter(row.title for row in rows)
    return [
        replace(row, subtitle=f"{Path(row.path).name} · {row.subtitle}")
        if titles[row.title] > 1
        else row
        for row in rows
    ]


def _record_row(record: DocumentRecord, session: DocumentSession | None, chats: int) -> Row:
    if session is not None and (session.is_working or session.error is not None):
        below = _state(session)
    else:
        opened = QDateTime.fromSecsSinceEpoch(int(record.opened_at.timestamp())).date()
        day = QLocale().toString(opened, QLocale.FormatType.ShortFormat)
        below = f"{_size(record)} · {day}"
        if chats:
            text = QCoreApplication.translate("DocumentRows", "%n chat(s)", "", chats)
            below = f"{below} · {counted(text, chats)}"
    return Row(record.id, record.title, below, str(record.path))


def _size(record: DocumentRecord) -> str:
    if record.pages > 1 and record.type in _PAGED:
        text = QCoreApplication.translate("DocumentRows", "%n page(s)", "", record.pages)
        return counted(text, record.pages)
    words = QLocale().toString(record.words)
    return QCoreApplication.translate("DocumentRows", "{n} words").format(n=words)


def _state(session: DocumentSession) -> str:
    if session.error is not None and session.state is State.UNREADABLE:
        return QCoreApplication.translate("DocumentRows", "Could not be read")
    if session.error is not None:
        return QCoreApplication.translate("DocumentRows", "The summary failed")
    if session.is_paused:
        return QCoreApplication.translate("DocumentRows", "Paused")
    return {
        State.READING: QCoreApplication.translate("DocumentRows", "Reading…"),
        State.WRITING: QCoreApplication.translate("DocumentRows", "Summarising…"),
        State.UNREADABLE: QCoreApplication.translate("DocumentRows", "Stopped"),
        State.DONE: QCoreApplication.translate("DocumentRows", "Not stored"),
    }[session.state]
