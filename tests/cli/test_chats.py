"""The kept chats from the terminal: listed, found, taken out and in, deleted for good."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import jsonschema
import pytest

from assistant.cli import main
from assistant.conversations.deleting import owner_of
from assistant.engine import states
from assistant.models.keeping.elsewhere import surroundings
from assistant.paths import folders
from assistant.settings import SettingsFile
from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database
from assistant.storage.drafts import DraftStore
from assistant.storage.folders import FolderStore
from assistant.storage.recaps import RecapStore
from tests.conversations.porting import exports

ROOT = Path(__file__).resolve().parents[2]

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `alcove chats ARGUMENTS` in this process: its exit code, and what it printed."""

    def run(*arguments: object) -> tuple[int, str, str]:
        code = main(["chats", *map(str, arguments)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def database(own_home: Path) -> Iterator[Database]:
    opened = Database(folders().data / "alcove.db")
    yield opened
    opened.close()


def _fill(database: Database) -> tuple[int, int]:
    """Make two chats and return their ids."""
    store = ConversationStore(database)
    lease = store.create("The lease\x1b[31m")
    store.add_message(lease, "user", "What is the quagmire rent?")
    store.add_message(lease, "assistant", "It is 950 euros.\x1b]0;gone\x07", model_name="Qwen")
    store.move(lease, FolderStore(database).create("Flat"))
    store.pin(lease, True)
    trip = store.create("A trip")
    store.add_message(trip, "user", "Where to in May?")
    DraftStore(database).put(trip, "to quagmire town")
    return lease, trip


def test_listed_and_found_without_steering_the_terminal(database: Database, run: Run) -> None:
    assert run() == (0, "", "There are no chats yet.\n")
    lease, trip = _fill(database)
    code, out, _ = run("list")
    first, second = out.splitlines()
    assert first.split()[0] == str(lease)
    assert first.endswith("* The lease [31m  [Flat]")
    assert second.endswith("  A trip")
    assert "\x1b" not in out
    code, out, _ = run("list", "--format", "json")
    told = json.loads(out)
    assert [(c["id"], c["folder"], c["is_pinned"]) for c in told] == [
        (lease, "Flat", True),
        (trip, "", False),
    ]
    code, out, _ = run("search", "quagmire", "rent")
    assert out.splitlines()[1].strip() == "you: What is the [quagmire] [rent]?"
    code, out, _ = run("search", "euros", "--format", "json")
    (hit,) = json.loads(out)
    assert hit["conversation"] == lease
    assert {"text": "euros", "is_match": True} in hit["pieces"]
    store = ConversationStore(database)
    reply = store.add_message(trip, "assistant", "By train.", thinking="zebra \x1b[31mcrossings")
    assert reply is not None
    RecapStore(database).put(trip, reply, "Of zebra and travel")
    code, out, _ = run("search", "zebra")
    assert "summary of older messages: Of [zebra] and travel\n" in out
    assert "model, thinking: [zebra] [31mcrossings\n" in out
    found = json.loads(run("search", "zebra", "--format", "json", "--limit", 1)[1])
    assert [(one["part"], one["message"]) for one in found] == [("recap", reply)]
    code, out, err = run("search", "nowhere")
    assert (code, out) == (0, "")
    assert "no chat has the words nowhere" in err


def test_out_and_in(database: Database, run: Run, tmp_path: Path) -> None:
    lease, trip = _fill(database)
    path = tmp_path / "chats.json"
    code, out, err = run("export", "--output", path)
    assert (code, out) == (0, "")
    assert err.startswith(f"Wrote 2 chats with 3 messages to {path} (")
    schema = json.loads((ROOT / "docs" / "chats.schema.json").read_text())
    jsonschema.validate(json.loads(path.read_text()), schema)
    code, out, _ = run("export", trip)
    (chat,) = json.loads(out)["conversations"]
    assert (chat["title"], chat["draft"]) == ("A trip", "to quagmire town")
    code, out, _ = run("export", lease, "--format", "markdown")
    assert "## Qwen\n\nIt is 950 euros.]0;gone\n" in out
    code, _, err = run("export", "--format", "markdown", "--output", tmp_path / "chats.zip")
    with zipfile.ZipFile(tmp_path / "chats.zip") as archive:
        assert sorted(archive.namelist()) == ["A trip.md", "The lease [31m.md"]
    code, _, err = run("export", 77)
    assert (code, err.startswith("alcove: there is no chat 77.")) == (1, True)

    ConversationStore(database).delete_for_good([lease])
    chatgpt = tmp_path / "conversations.json"
    chatgpt.write_text(json.dumps([exports.chatgpt_conversation()]))
    code, out, err = run("import", path, tmp_path / "none.zip", chatgpt)
    mine, theirs = out.splitlines()
    assert code == 1
    assert err == (
        f"alcove: {tmp_path}/none.zip: there is no such file. "
        "Check the name, or choose the file again.\n"
    )
    assert mine == (
        f"{path}: Imported 1 chat with 2 messages from Alcove. 1 chat was here already."
    )
    assert theirs == (
        f"{chatgpt}: Imported 1 chat with 6 messages from ChatGPT. "
        "1 picture was left out; [picture] stands in its place. "
        "1 attached file was left out; its name is kept. "
        "2 calls of tools and their results were left out. "
        "1 message that its app never showed was left out."
    )
    SettingsFile(folders().data / "settings.json").change(chats_kept="30-days")
    other = exports.chatgpt_conversation() | {"create_time": 1.5e9}
    chatgpt.write_text(json.dumps([other]))
    code, out, err = run("import", chatgpt, "--format", "json")
    told = json.loads(out)
    assert (code, told["app"], told["messages"]) == (0, "chatgpt", 6)
    assert told["left_out"] == {"pictures": 1, "files": 1, "tools": 2, "hidden": 1}
    assert "chats are kept for 30 days: 1 of these are older" in err


def test_from_other_apps(
    database: Database, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "person"
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setattr(surroundings, "_GIVEN", {"HOME": str(home)})
    home.mkdir()
    code, out, err = run("import", "--from-apps")
    assert (code, out) == (0, "")
    assert "no chats of LM Studio or GPT4All were found" in err
    assert run("import")[0] == 2
    studio = home / ".lmstudio" / "conversations" / "Work"
    studio.mkdir(parents=True)
    (studio / "1.conversation.json").write_text(json.dumps(exports.lm_studio_conversation()))
    gpt4all = home / ".local" / "share" / "nomic.ai" / "GPT4All"
    gpt4all.mkdir(parents=True)
    (gpt4all / "gpt4all-1.chat").write_bytes(exports.gpt4all_chat())
    (gpt4all / "model.gguf").write_bytes(b"GGUF")
    code, out, _ = run("import", "--from-apps")
    assert code == 0
    assert "Imported 1 chat with 5 messages from LM Studio." in out
    assert "Imported 1 chat with 3 messages from GPT4All." in out
    assert [f.name for f in FolderStore(database).list()] == ["Work"]


def test_deleted_for_good(
    database: Database, run: Run, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file has the words afterwards, and what the engine kept of the chat is gone."""
    lease, trip = _fill(database)
    kept = folders().states
    kept.mkdir(parents=True)
    for number in (lease, trip):
        name = states._hash(owner_of(number))
        (kept / f"{name}-key.state").write_bytes(b"quagmire")
    with Path(os.devnull).open() as nothing, monkeypatch.context() as without_input:
        without_input.setattr("sys.stdin", nothing)
        code, _, err = run("delete", lease)
    assert (code, len(ConversationStore(database).list())) == (2, 2)
    assert "“The lease [31m”" in err
    code, _, err = run("delete", lease, "--yes")
    assert (code, err) == (0, "Deleted 1 chat for good.\n")
    assert [c.id for c in ConversationStore(database).list()] == [trip]
    assert len(list(kept.glob("*.state"))) == 1
    code, _, err = run("erase", "--yes")
    assert (code, err) == (0, "Deleted 1 chat for good.\n")
    database.close()
    files = [file for file in own_home.rglob("*") if file.is_file()]
    assert all(b"quagmire" not in file.read_bytes() for file in files)


def test_backed_up_and_restored(database: Database, run: Run, tmp_path: Path) -> None:
    lease, _ = _fill(database)
    path = tmp_path / "mine.backup"
    code, out, err = run("backup", path)
    assert (code, out) == (0, "")
    first, second = err.splitlines()
    assert first.startswith(f"Wrote 2 chats and 0 documents to {path} (")
    assert second == "It is not encrypted: keep it where only you can read it."
    store = ConversationStore(database)
    store.delete_for_good([lease])
    store.create("Later")
    folders().states.mkdir(parents=True)
    (folders().states / "some.state").write_bytes(b"of what is gone")
    code, _, err = run("restore", path, "--yes")
    assert (code, err) == (0, "Restored 2 chats and 0 documents.\n")
    assert [c.title for c in store.list()] == ["The lease\x1b[31m", "A trip"]
    assert list(folders().states.iterdir()) == []  # it was of other chats
    path.write_bytes(b"none")
    code, _, err = run("restore", path, "--yes")
    assert (code, str(path) in err) == (1, True)
    assert len(store.list()) == 2


def test_erased_with_everything_but_not_under_an_open_window(
    database: Database, run: Run, own_home: Path
) -> None:
    _fill(database)
    SettingsFile(folders().data / "settings.json").change(model="quagmire")
    lock = folders().data / "window.lock"
    program = Path(sys.executable).resolve().name
    waiting = [sys.executable, "-c", "input()"]
    with subprocess.Popen(waiting, stdin=subprocess.PIPE) as window:
        lock.write_text(f"{window.pid}\n{program}\nhost\n")
        for arguments in (("erase", "--everything"), ("erase",), ("restore", "none")):
            code, _, err = run(*arguments, "--yes")
            assert (code, "window of Alcove is open" in err) == (1, True)
        assert len(ConversationStore(database).list()) == 2
        window.kill()
    lock.write_text(f"{os.getpid()}\nanother program\nhost\n")  # left behind by a crash
    code, _, err = run("erase", "--everything", "--yes")
    assert (code, err) == (0, "Everything was erased.\n")
    database.close()
    files = [file for file in own_home.rglob("*") if file.is_file()]
    assert all(b"quagmire" not in file.read_bytes() for file in files)
    assert [file.name for file in files] == ["alcove.db"]


def test_what_a_newer_version_keeps_is_refused_and_left_as_it_is(
    database: Database, run: Run, tmp_path: Path
) -> None:
    database.write(lambda c: c.execute("PRAGMA user_version = 999")).result()
    database.close()
    data = folders().data
    before = {file.name: file.read_bytes() for file in data.iterdir()}
    for words in (
        ("list",),
        ("search", "rent"),
        ("export", "--output", tmp_path / "out.json"),
        ("erase", "--yes"),
    ):
        code, out, err = run(*words)
        assert code == 1, words
        assert not out
        assert "was written by a newer version of Alcove; it was not touched." in err
    assert {file.name: file.read_bytes() for file in data.iterdir()} == before
