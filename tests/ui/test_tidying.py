"""What is put in order when the app starts, and while it stays open."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from assistant.conversations import deleting
from assistant.engine.client import Engine
from assistant.engine.states import StateStore
from assistant.errors import CannotWrite
from assistant.settings import SettingsFile
from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database
from assistant.storage.documents import DocumentStore
from assistant.summaries import deleting as deleting_documents
from assistant.ui.app import Alcove
from assistant.ui.tidying import Tidying

OLD = datetime.now(UTC) - timedelta(days=40)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "alcove.db")
    yield database
    database.close()


@pytest.fixture
def chats(database: Database) -> ConversationStore:
    return ConversationStore(database)


@pytest.fixture
def states(tmp_path: Path) -> Path:
    return tmp_path / "states"


@pytest.fixture
def settings(tmp_path: Path) -> SettingsFile:
    return SettingsFile(tmp_path / "settings.json")


@pytest.fixture
def tidying(database: Database, settings: SettingsFile, states: Path) -> Iterator[Tidying]:
    engine = Engine(log=None, states=states)
    yield Tidying(
        database,
        settings,
        engine=engine,
        engines=lambda: [engine],
        states=states,
        models=lambda: states.parent / "models",
    )
    engine.close()


def document(database: Database) -> int:
    return DocumentStore(database).save(
        path=Path("/home/one/lease.pdf"),
        title="Lease",
        type="pdf",
        sha256="5e",
        pages=1,
        words=1,
        language="en",
        content=b"the lease",
    )


def keep(states: Path, owner: str) -> None:
    states.mkdir(exist_ok=True)
    (states / StateStore(states, "key", 1000)._place(owner).name).write_bytes(b"tokens")


def test_a_chat_that_came_back_keeps_nothing_of_a_document_that_did_not(
    tidying: Tidying, database: Database, chats: ConversationStore, states: Path
) -> None:
    lease = document(database)
    chat, other = (chats.create(name) for name in ("about it", "another"))
    chats.attach(chat, lease)
    for one in (chat, other):
        keep(states, deleting.owner_of(one))
    keep(states, deleting_documents.owner_of(lease))
    chats.remove(chat)
    DocumentStore(database).remove(lease)
    chats.restore(chat)  # and then the app ends, before either is deleted for good
    list(tidying.run(threading.Event()))
    assert {record.id for record in chats.list()} == {chat, other}
    assert DocumentStore(database).removed() == []
    assert len(list(states.iterdir())) == 1


@pytest.mark.parametrize("fault", [deleting, deleting_documents])
def test_what_cannot_be_done_leaves_the_rest_to_be_done(
    tidying: Tidying,
    database: Database,
    chats: ConversationStore,
    states: Path,
    settings: SettingsFile,
    fault: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> int:
        raise CannotWrite(database.path, "in use by another process")

    settings.change(chats_kept="30-days")
    old, new = chats.create("old", created_at=OLD), chats.create("new")
    keep(states, deleting.owner_of(new))
    keep(states, deleting.owner_of(99))  # of a chat that is gone
    removed = chats.create("removed")
    chats.remove(removed)
    lease = document(database)
    DocumentStore(database).remove(lease)
    monkeypatch.setattr(fault, "purge", refuse)
    list(tidying.run(threading.Event()))
    assert chats.get(old) is None
    assert [record.id for record in chats.list()] == [new]
    assert len(list(states.iterdir())) == 1
    is_left = (chats.removed(), DocumentStore(database).removed())
    assert is_left == (([removed], []) if fault is deleting else ([], [lease]))


def test_while_the_app_stays_open_chats_go_when_their_time_comes(
    tidying: Tidying, chats: ConversationStore, settings: SettingsFile
) -> None:
    old, seen = chats.create("old", created_at=OLD), chats.create("seen", created_at=OLD)
    assert list(tidying.run_again()) == [[]]
    settings.change(chats_kept="session")  # which has not ended
    assert list(tidying.run_again()) == []
    settings.change(chats_kept="30-days")
    assert list(tidying.run_again([seen])) == [[old]]
    assert [record.id for record in chats.list()] == [seen]


def test_the_window_looks_for_old_chats_again(qtbot: QtBot, alcove: Alcove) -> None:
    alcove.window.show_page("chat")
    page = alcove.chat_page
    old, seen = (alcove.conversations.create(name, created_at=OLD) for name in ("old", "seen"))
    page.refresh_list()
    page.open_conversation(seen)
    alcove.settings.change(chats_kept="30-days")
    alcove.old_chats_timer.timeout.emit()
    qtbot.waitUntil(lambda: not page.sidebar.knows(old), timeout=20_000)
    assert page.conversation_id == seen
    assert page.sidebar.knows(seen)
    alcove.window.hide()  # nobody looks at it any more
    alcove.old_chats_timer.timeout.emit()
    qtbot.waitUntil(lambda: not page.sidebar.knows(seen), timeout=20_000)
    assert page.conversation_id is None
    assert alcove.conversations.get(old) is None
    assert alcove.old_chats_timer.isActive()
    assert alcove.old_chats_timer.interval() <= timedelta(days=1) / timedelta(milliseconds=1)


def test_half_a_model_that_a_killed_app_left_goes(tidying: Tidying, tmp_path: Path) -> None:
    list(tidying.run(threading.Event()))  # there is no such folder yet
    models = tmp_path / "models"
    models.mkdir()
    left = models / ".x-Q4_0.gguf.999999999.requantizing"
    left.write_bytes(b"half")
    (models / "x.gguf").write_bytes(b"whole")
    list(tidying.run(threading.Event()))
    assert [path.name for path in models.iterdir()] == ["x.gguf"]
