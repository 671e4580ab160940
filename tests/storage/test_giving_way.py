"""Work that gives way: interrupted while it lasts, and nothing after it."""

import contextlib
import sqlite3
import threading

from assistant.storage.giving_way import GivingWay

_ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


def test_what_is_under_way_stops_and_what_follows_does_not() -> None:
    way = GivingWay()
    way.interrupt()  # nothing to interrupt
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    ended = threading.Event()
    names: list[str] = []

    def work() -> None:
        try:
            with way.working(connection):
                connection.execute(_ENDLESS).fetchone()
        except sqlite3.OperationalError as error:
            names.append(error.sqlite_errorname)
        ended.set()

    thread = threading.Thread(target=work)
    thread.start()
    while not ended.wait(0.01):
        way.interrupt()
    thread.join()
    assert names == ["SQLITE_INTERRUPT"]
    way.interrupt()
    assert connection.execute("SELECT 1").fetchone() == (1,)
    with contextlib.suppress(ZeroDivisionError), way.working(connection):
        raise ZeroDivisionError
    way.interrupt()
    assert connection.execute("SELECT 2").fetchone() == (2,)
    connection.close()
