"""The conversations by day: Today, Yesterday, the last days, then months."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from assistant.storage.conversations import ConversationRecord


def grouped(
    records: Sequence[ConversationRecord], now: datetime
) -> list[tuple[str, Sequence[ConversationRecord]]]:
    """Return headings with the conversations below each, in the order of `records`.

    Args:
        records: the last changed first.
        now: with the person's own time zone, in which days begin and end.
    """
    today = now.date()
    groups = []
    start = 0
    while start < len(records):
        day = records[start].updated_at.astimezone(now.tzinfo).date()
        first = datetime.combine(_first_day(day, today), time(), now.tzinfo)
        end = bisect_right(records, -first.timestamp(), start, key=_age)
        # At least one: no clock may keep the loop from its end.
        groups.append((_heading(day, today), records[start : max(end, start + 1)]))
        start = max(end, start + 1)
    return groups


def _age(record: ConversationRecord) -> float:
    return -record.updated_at.timestamp()


def _first_day(day: date, today: date) -> date:
    """Return the earliest day that has the same heading as `day`."""
    age = (today - day).days
    for oldest in (0, 1, 7, 30):
        if age <= oldest:
            return today - timedelta(days=oldest)
    return day.replace(day=1)


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
