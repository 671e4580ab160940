"""The queue at work: real files, the real reader and engine, failures, stops and kills."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from assistant.batches import faults
from assistant.batches.digests import decode_digest
from assistant.batches.running import (
    DigestGrew,
    Done,
    Failed,
    QueueEvent,
    QueueRunner,
    Started,
    decode_options,
    encode_options,
)
from assistant.batches.working import Writer
from assistant.documents.reading import Reader
from assistant.engine.client import Engine
from assistant.errors import (
    AssistantError,
    CrashedLastTime,
    DeathCause,
    DocumentError,
    EngineDied,
    EngineUnusable,
    FileFault,
    ModelTooLarge,
)
from assistant.storage.database import Database
from assistant.storage.queue import ItemState, QueueStore
from assistant.summaries.keeping import Keeping
from assistant.summaries.summary import Mode, ModelUsed, SummaryOptions
from assistant.summaries.wishes.styles import Style

ROOT = Path(__file__).resolve().parents[2]
OPTIONS = SummaryOptions(mode=Mode.KEY_POINTS, words=60, style=Style.BULLETS)
LETTER = (
    "The tenant shall pay a monthly rent of 950 euros on the first day of each month. Either party"
    " may end this lease with three months' notice in writing."
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "data" / "alcove.sqlite")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    opened = Reader()
    yield opened
    opened.close()


@pytest.fixture
def runner(database: Database, reader: Reader) -> QueueRunner:
    return QueueRunner(
        QueueStore(database), Keeping.of(database), reader=reader, writer=lambda: None
    )


def two_letters(database: Database, folder: Path) -> tuple[QueueStore, int]:
    """Put two letters into the queue that a model is to summarise; return it and their batch."""
    letters = [folder / "letter.txt", folder / "other.txt"]
    for letter in letters:
        letter.write_text(LETTER)
    queue = QueueStore(database)
    options = encode_options(SummaryOptions(mode=Mode.QUICK, words=60))
    return queue, queue.add_batch(letters, options=options)


def kinds(events: list[QueueEvent]) -> list[type]:
    return [type(event) for event in events if isinstance(event, Started | Done | Failed)]


@pytest.mark.shared_process
def test_each_file_comes_to_its_own_end_and_a_digest_tells_of_all(
    runner: QueueRunner, database: Database, tmp_path: Path
) -> None:
    letter, broken, lost = (tmp_path / name for name in ("letter.txt", "broken.pdf", "lost.docx"))
    letter.write_text(LETTER)
    broken.write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog")
    queue = QueueStore(database)
    files = [letter, broken, ROOT / "tests" / "files" / "report.md", lost]
    batch = queue.add_batch(files, options=encode_options(OPTIONS), wants_digest=True)

    events = list(runner.run(cancel=threading.Event()))
    assert kinds(events) == [Started, Done, Started, Failed, Started, Done, Started, Failed]
    states = [item.state for item in queue.items(batch)]
    assert states == [ItemState.DONE, ItemState.FAILED, ItemState.DONE, ItemState.FAILED]
    content = queue.digest(batch)
    assert content is not None
    found = decode_digest(content)
    assert found is not None
    assert [failure.path for failure in found.failures] == [broken, lost]
    assert [str(failure.error) for failure in found.failures] == [
        str(DocumentError(broken, FileFault.DAMAGED)),
        str(DocumentError(lost, FileFault.MISSING)),
    ]
    assert {cited.file for sentence in found.sentences for cited in sentence.citations} == {0, 1}
    assert isinstance(events[-1], DigestGrew)
    assert events[-1].digest.sentences == found.sentences

    lost.write_text("x")
    broken.write_text(LETTER.replace("950", "960"))
    failed = [item.id for item in queue.items(batch) if item.state is ItemState.FAILED]
    for item_id in failed:
        queue.retry(item_id)
    again = list(runner.run(cancel=threading.Event()))
    assert kinds(again)[:2] == [Started, Done]
    assert isinstance(again[-1], DigestGrew)  # the old one was out of date
    assert len(again[-1].digest.files) >= 3


@pytest.mark.shared_process
def test_a_file_passed_over_is_told_in_the_digest_and_joins_it_when_its_turn_comes(
    runner: QueueRunner, database: Database, tmp_path: Path
) -> None:
    letter, later = tmp_path / "letter.txt", tmp_path / "later.txt"
    letter.write_text(LETTER)
    later.write_text(LETTER.replace("950", "960"))
    queue = QueueStore(database)
    batch = queue.add_batch([letter, later], options=encode_options(OPTIONS), wants_digest=True)
    held = queue.items(batch)[1].id
    queue.hold(held)
    made = list(runner.run(cancel=threading.Event()))[-1]
    assert isinstance(made, DigestGrew)
    assert [file.path for file in made.digest.files] == [letter]
    (failure,) = made.digest.failures
    assert str(failure.error) == str(DocumentError(later, FileFault.PASSED_OVER))
    assert list(runner.run(cancel=threading.Event())) == []  # and it is made once

    queue.hold(held, is_held=False)
    made = list(runner.run(cancel=threading.Event()))[-1]
    assert isinstance(made, DigestGrew)
    assert [file.path for file in made.digest.files] == [letter, later]


@pytest.mark.shared_process
def test_a_summary_that_cannot_be_read_is_told_in_the_digest(
    runner: QueueRunner, database: Database, tmp_path: Path
) -> None:
    files = [tmp_path / name for name in ("letter.txt", "other.txt")]
    for number, path in enumerate(files):
        path.write_text(f"{LETTER} This is lease {number}.")
    queue = QueueStore(database)
    batch = queue.add_batch(files, options=encode_options(OPTIONS))
    list(runner.run(cancel=threading.Event()))
    other = queue.items(batch)[1].document_id
    database.write(
        lambda c: c.execute(
            "UPDATE summary_contents SET content = ? WHERE summary_id IN"
            " (SELECT id FROM summaries WHERE document_id = ?)",
            (b"?", other),
        )
    ).result()
    found, failures = runner.gathered(batch)
    assert [file.path for file in found] == files[:1]
    assert [str(one.error) for one in failures] == [
        str(DocumentError(files[1], FileFault.SUMMARY_LOST))
    ]


@pytest.mark.shared_process
def test_files_whose_names_are_no_text(
    runner: QueueRunner, database: Database, tmp_path: Path, latin_1: str
) -> None:
    letter, lost = tmp_path / f"{latin_1}.txt", tmp_path / f"{latin_1}.pdf"
    letter.write_text(LETTER)
    queue = QueueStore(database)
    batch = queue.add_batch([letter, lost], options=encode_options(OPTIONS), wants_digest=True)
    assert kinds(runner.run(cancel=threading.Event()))[:4] == [Started, Done, Started, Failed]
    assert [item.path for item in queue.items(batch)] == [letter, lost]
    found = decode_digest(queue.digest(batch) or b"")
    assert found is not None
    assert [failure.path for failure in found.failures] == [lost]
    kept = Keeping.of(database).find(letter)
    assert kept is not None
    assert kept[1].path == letter


class NoEngine:
    """An engine whose model cannot be loaded."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def load(self, **_: object) -> Iterator[None]:
        raise self.error
        yield


def with_engine(database: Database, reader: Reader, error: Exception) -> QueueRunner:
    writer = Writer(engine=cast("Engine", NoEngine(error)), model=ModelUsed("small", ""), pace=None)
    return QueueRunner(
        QueueStore(database), Keeping.of(database), reader=reader, writer=lambda: writer
    )


@pytest.mark.shared_process
@pytest.mark.parametrize(
    "error",
    [
        CrashedLastTime(Path("small.gguf"), DeathCause.CRASHED),
        EngineDied(DeathCause.CRASHED, Path("small.gguf"), while_loading=True),
        EngineUnusable("x64"),
    ],
)
def test_a_model_that_cannot_be_loaded_is_no_fault_of_the_files(
    database: Database, reader: Reader, tmp_path: Path, error: AssistantError
) -> None:
    queue, batch = two_letters(database, tmp_path)
    with pytest.raises(type(error)):
        list(with_engine(database, reader, error).run(cancel=threading.Event()))
    assert {item.state for item in queue.items(batch)} == {ItemState.WAITING}


@pytest.mark.shared_process
def test_a_mistake_of_ours_with_one_file_does_not_stop_the_others(
    database: Database, reader: Reader, tmp_path: Path
) -> None:
    queue, batch = two_letters(database, tmp_path)
    runner = with_engine(database, reader, ZeroDivisionError())
    events = list(runner.run(cancel=threading.Event()))
    assert kinds(events) == [Started, Failed, Started, Failed]
    assert {item.state for item in queue.items(batch)} == {ItemState.FAILED}


@pytest.mark.shared_process
def test_a_stop_keeps_what_is_done_and_the_rest_waits(
    runner: QueueRunner, database: Database, tmp_path: Path
) -> None:
    files = [tmp_path / f"{number}.txt" for number in range(3)]
    for number, path in enumerate(files):
        path.write_text(f"{LETTER} It is letter number {number}.")
    queue = QueueStore(database)
    batch = queue.add_batch(files, options=encode_options(OPTIONS))
    cancel = threading.Event()
    for event in runner.run(cancel=cancel):
        if isinstance(event, Done):
            cancel.set()
    states = [item.state for item in queue.items(batch)]
    assert states == [ItemState.DONE, ItemState.WAITING, ItemState.WAITING]
    for event in runner.run(cancel=threading.Event()):  # a reader of events that goes away
        if isinstance(event, Started):
            break
    assert [item.state for item in queue.items(batch)] == states
    list(runner.run(cancel=threading.Event()))
    assert {item.state for item in queue.items(batch)} == {ItemState.DONE}
    (summary,) = [
        Keeping.of(database).newest_summary(item.document_id or 0, OPTIONS)
        for item in queue.items(batch)[:1]
    ]
    assert summary is not None
    assert summary.key_points


KILLED = """
import os, signal, sys, threading
from pathlib import Path
from assistant.summaries.keeping import Keeping
from assistant.batches.running import Done, QueueRunner, Started
from assistant.documents.reading import Reader
from assistant.storage.database import Database
from assistant.storage.queue import QueueStore

if __name__ == "__main__":
    database = Database(Path(sys.argv[1]))
    runner = QueueRunner(
        QueueStore(database), Keeping.of(database), reader=Reader(), writer=lambda: None
    )
    done = 0
    for event in runner.run(cancel=threading.Event()):
        done += isinstance(event, Done)
        if isinstance(event, Started) and done:
            os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.shared_process
def test_a_kill_loses_nothing_that_was_done(
    runner: QueueRunner, database: Database, tmp_path: Path
) -> None:
    files = [tmp_path / f"{number}.txt" for number in range(3)]
    for number, path in enumerate(files):
        path.write_text(f"{LETTER} It is letter number {number}.")
    queue = QueueStore(database)
    batch = queue.add_batch(files, options=encode_options(OPTIONS))
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    subprocess.run(
        [sys.executable, script, database.path],
        cwd=ROOT,
        timeout=60,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )
    states = [item.state for item in queue.items(batch)]
    assert states == [ItemState.DONE, ItemState.RUNNING, ItemState.WAITING]
    events = list(runner.run(cancel=threading.Event()))
    assert [event.item.path for event in events if isinstance(event, Done)] == files[1:]


@pytest.mark.parametrize(
    "error",
    [
        DocumentError(Path("a.pdf"), FileFault.TOO_LARGE, limit="pages 10000", pages=3),
        EngineDied(DeathCause.KILLED, Path("m.gguf"), while_loading=False, exit_code=-9),
        EngineDied(DeathCause.CRASHED, None, while_loading=True),
        ModelTooLarge(Path("m.gguf"), 5, 3),
    ],
)
def test_errors_are_explained_after_a_restart_as_before(error: AssistantError) -> None:
    assert str(faults.decode(faults.encode(error), Path("x"))) == str(error)


def test_what_another_version_wrote_is_no_crash() -> None:
    assert isinstance(faults.decode('["Unheard", {}]', Path("x")), DocumentError)
    assert isinstance(faults.decode("rubbish", Path("x")), DocumentError)
    assert decode_options(b"rubbish").mode is Mode.KEY_POINTS
    assert decode_options(encode_options(OPTIONS)) == OPTIONS
    assert decode_digest(b"rubbish") is None
