"""Jobs report once, on the thread they were made on, whatever becomes of their owner."""

import threading
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from assistant.errors import EngineClosed
from assistant.ui.job import Job


def count(cancel: threading.Event) -> Iterator[int]:
    """Count as long as nobody stops it."""
    number = 0
    while not cancel.is_set():
        yield number
        number += 1
        time.sleep(0)


def test_values_come_on_the_thread_of_the_window(qtbot: QtBot) -> None:
    threads: set[threading.Thread] = set()
    values: list[int] = []

    class Receiver(QObject):
        def take(self, value: int) -> None:
            threads.add(threading.current_thread())
            values.append(value)

    def three(cancel: threading.Event) -> Iterator[int]:
        yield from range(3)

    receiver = Receiver()
    job = Job(three)
    job.progressed.connect(receiver.take)
    with qtbot.waitSignals([job.succeeded, job.finished], order="strict"):
        job.start()
    assert values == [0, 1, 2]
    assert threads == {threading.main_thread()}
    assert not job.is_running


def test_a_cancelled_job_says_so(qtbot: QtBot) -> None:
    job = Job(count).start()
    with qtbot.waitSignals([job.cancelled, job.finished]):
        job.cancel()


@pytest.mark.parametrize("error", [EngineClosed(), ValueError("a bug")])
def test_an_error_is_handed_on(
    qtbot: QtBot, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(cancel: threading.Event) -> Iterator[int]:
        yield 1
        raise error

    job = Job(fail)
    with qtbot.waitSignal(job.failed) as failed:
        job.start()
    assert failed.args == [error]
    assert ("a job failed" in caplog.text) is isinstance(error, ValueError)


def test_the_owner_may_be_deleted_while_the_job_emits(qtbot: QtBot, qapp: QApplication) -> None:
    for _ in range(60):
        owner = QObject()
        job = Job(count, owner).start()
        qtbot.wait(3)
        owner.deleteLater()
        qapp.sendPostedEvents(owner, QEvent.Type.DeferredDelete)
        qtbot.waitUntil(lambda job=job: not job.is_running)
        assert job.is_cancelled


def test_many_jobs_leave_no_thread(qtbot: QtBot) -> None:
    before = threading.active_count()
    jobs = [Job(count).start() for _ in range(20)]
    Job.stop_all()
    qtbot.waitUntil(lambda: not any(job.is_running for job in jobs))
    assert threading.active_count() == before
