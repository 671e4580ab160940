"""The conversations by day: Today, Yesterday, the last days, then months."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from itertools import groupby

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from assistant.storage.conversations import ConversationRecord


def grouped(
    records: Iterable[ConversationRecord], now: datetime
) -> list[tuple[str, list[ConversationRecord]]]:
    """Return headings with the conversations below each, in the order of `records`.

    Args:
        records: the last changed first.
        now: with the person's own time zone, in which days begin and end.
    """
    today = now.date()

    @cache  # thousands of conversations are of some hundreds of days
    def heading_of(day: date) -> str:
        return _heading(day, today)

    def heading(record: ConversationRecord) -> str:
        return heading_of(record.updated_at.astimezone(now.tzinfo).date())

    return [(name, list(group)) for name, group in groupby(records, key=heading)]


def _heading(day: date, today: date) -> str:
    age = (today - day).days
    if age <= 0:
        return QCoreApplication.translate("groups", "Today")
    if age == 1:
        return QCoreApplication.translate("groups", "Yesterday")
    if age <= 7:
        return QCoreApplication.translate("groups", "Last 7 days")
    if age <= 30:
        return QCoreApplication.translate("groups", "Last 30 days")
    return QLocale().toString(QDate(day.year, day.month, day.day), "MMMM yyyy")
