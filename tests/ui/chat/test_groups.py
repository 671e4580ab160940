"""Conversations by day, in the person's own time zone."""

from datetime import UTC, datetime, timedelta, timezone

from assistant.storage.conversations import ConversationRecord
from assistant.ui.chat.groups import grouped


def record(identity: int, at: datetime) -> ConversationRecord:
    return ConversationRecord(identity, str(identity), at, at)


def test_days_are_those_of_the_person() -> None:
    zone = timezone(timedelta(hours=2))
    now = datetime(2026, 11, 22, 1, 0, tzinfo=zone)
    records = [
        record(1, datetime(2026, 11, 21, 22, 30, tzinfo=UTC)),  # 0:30 here, today
        record(2, datetime(2026, 11, 21, 21, 30, tzinfo=UTC)),  # 23:30 here, yesterday
        record(3, datetime(2026, 11, 18, 12, 0, tzinfo=UTC)),
        record(4, datetime(2026, 11, 2, 12, 0, tzinfo=UTC)),
        record(5, datetime(2026, 7, 2, 12, 0, tzinfo=UTC)),
        record(6, datetime(2026, 7, 1, 12, 0, tzinfo=UTC)),
    ]
    told = [(name, [r.id for r in group]) for name, group in grouped(records, now)]
    assert told[:4] == [
        ("Today", [1]),
        ("Yesterday", [2]),
        ("Last 7 days", [3]),
        ("Last 30 days", [4]),
    ]
    assert told[4][0].endswith("2026")
    assert told[4][1] == [5, 6]


def test_a_clock_that_was_set_back_is_today() -> None:
    now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    assert grouped([record(1, now + timedelta(days=3))], now)[0][0] == "Today"
