"""Times in the database: whole microseconds since 1970, aware UTC outside."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now() -> int:
    """Return the present moment as it is stored."""
    return (datetime.now(UTC) - _EPOCH) // timedelta(microseconds=1)


def to_datetime(stored: int) -> datetime:
    """Return the time that `stored` stands for."""
    return _EPOCH + timedelta(0, 0, stored)


def to_stored(moment: datetime) -> int:
    """Return how an aware time is stored."""
    return (moment - _EPOCH) // timedelta(microseconds=1)
