"""Exports of other apps, written as those write them, become conversations."""

import json
import threading
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.conversations.porting.importing import import_chats
from assistant.conversations.porting.report import App, ImportReport, LeftOut, SkipReason
from assistant.storage.conversations import ConversationStore, MessageStatus
from assistant.storage.database import Database
from assistant.storage.drafts import DraftStore
from assistant.storage.folders import FolderStore
from tests.conversations.porting import exports

Imports = Callable[[Path], ImportReport]

BEGUN = datetime.fromtimestamp(exports.BEGUN, UTC)


def test_chatgpt(database: Database, imports: Imports, tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    other = exports.chatgpt_conversation("") | {"create_time": 1.6e9, "current_node": "a1b"}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("chat.html", "<html></html>")
        archive.writestr("user.json", "{}")
        archive.writestr("conversations-001.json", json.dumps([other]))
        archive.writestr("conversations-000.json", json.dumps([exports.chatgpt_conversation()]))
    report = imports(path)
    assert (report.app, report.messages, report.is_cut) == (App.CHATGPT, 12, False)
    assert report.left_out == {
        LeftOut.PICTURES: 2,
        LeftOut.FILES: 2,
        LeftOut.TOOLS: 4,
        LeftOut.HIDDEN: 2,
    }
    store = ConversationStore(database)
    first, second = (store.get(i) for i in report.conversations)
    assert first
    assert second
    assert (first.title, first.is_pinned) == ("Moving to Lyon", True)
    assert first.created_at == BEGUN + timedelta(seconds=0.25)
    assert first.updated_at == BEGUN + timedelta(seconds=7)
    assert second.title == "What does this lease say?"  # from the first words
    question, answer, notice, last = store.messages(first.id)
    assert question.content == (
        "[picture]\n\nWhat does this lease say?\nPlease be brief.\n\n[file: Lease.pdf]"
    )
    assert answer.content == (
        "Let me look.\n\nThe rent is 950 euros([city](https://example.org)), says Lyon."
    )
    assert (answer.thinking, answer.model_name) == ("Plan\n\nFirst …", "gpt-4o")
    assert (notice.content, last.content) == ("And the notice?", "Three months. 😀")
    assert last.created_at == BEGUN + timedelta(seconds=6)
    siblings = store.siblings(first.id)
    assert set(siblings) == {answer.id, notice.id}
    variant = store.message(siblings[answer.id][1])
    assert variant
    assert variant.status is MessageStatus.STOPPED
    assert [m.content for m in store.messages(second.id)][-1] == "It is a lease."


def test_what_is_here_is_not_imported_again(
    database: Database, imports: Imports, tmp_path: Path
) -> None:
    path = tmp_path / "conversations.json"
    longer = exports.chatgpt_conversation()
    path.write_text(json.dumps([longer]))
    assert len(imports(path).conversations) == 1
    again = imports(path)
    assert (again.conversations, again.skips) == ((), {SkipReason.ALREADY_HERE: 1})
    longer["mapping"]["q3"] = {
        "id": "q3",
        "parent": "a3",
        "children": [],
        "message": exports.said("user", "Who must say it?"),
    }
    path.write_text(json.dumps([longer, exports.chatgpt_conversation()]))
    grown = imports(path)
    assert (len(grown.conversations), grown.skips) == (1, {SkipReason.ALREADY_HERE: 1})
    assert len(ConversationStore(database).list()) == 2


def test_lm_studio_with_its_folders(database: Database, imports: Imports, tmp_path: Path) -> None:
    folder = tmp_path / "conversations"
    (folder / "Flat").mkdir(parents=True)
    (folder / "Flat" / "1700000000.conversation.json").write_text(
        json.dumps(exports.lm_studio_conversation())
    )
    empty = exports.lm_studio_conversation() | {"messages": [], "name": None}
    (folder / "empty.conversation.json").write_text(json.dumps(empty))
    (folder / "broken.conversation.json").write_text("{")
    (folder / "notes.txt").write_text("not a chat")
    report = imports(folder)
    assert (report.app, report.messages) == (App.LM_STUDIO, 5)
    assert report.skips == {SkipReason.EMPTY: 1, SkipReason.DAMAGED: 1}
    assert report.left_out == {LeftOut.FILES: 1, LeftOut.TOOLS: 1}
    store = ConversationStore(database)
    (chat,) = store.list()
    assert (chat.title, chat.is_pinned) == ("Rent", True)
    assert [(f.id, f.name) for f in FolderStore(database).list()] == [(chat.folder_id, "Flat")]
    assert chat.updated_at == BEGUN + timedelta(seconds=65.5)
    settings = store.settings(chat.id)
    assert (settings.system_prompt, settings.sampling) == ("Answer briefly.", {"temperature": 0.4})
    assert DraftStore(database).get(chat.id) == "One more thing"
    question, reply, thanks = store.messages(chat.id)
    assert question.content == "What is the rent?\n[file: Lease.pdf]\n"
    assert (reply.content, reply.thinking) == ("950 euros.", "It says 950.")
    assert reply.model_name == "qwen3-4b"
    assert reply.created_at == BEGUN + timedelta(seconds=0.123)
    assert reply.stats == {
        "prompt_tokens": 34,
        "generated_tokens": 60,
        "first_token_s": 0.412,
        "generation_s": 3.0,
    }
    assert thanks.parent_id == reply.id
    variants = [store.message(i) for i in store.siblings(chat.id)[reply.id]]
    assert [v.content for v in variants if v] == ["900 euros.", "950 euros.", "I do not know."]
    assert variants[0]
    assert variants[0].status is MessageStatus.STOPPED


@pytest.mark.parametrize("version", range(1, 13))
def test_every_version_of_gpt4all(
    database: Database, imports: Imports, tmp_path: Path, version: int
) -> None:
    path = tmp_path / "gpt4all-e8a1.chat"
    path.write_bytes(exports.gpt4all_chat(version, state_bytes=100_000 if version < 9 else 0))
    report = imports(path)
    assert report.app is App.GPT4ALL
    store = ConversationStore(database)
    (chat,) = store.list()
    assert (chat.title, chat.created_at) == ("Rent of the flat", BEGUN)
    question, answer, failed = store.messages(chat.id)
    file = "\n\n[file: Rent table.xlsx]" if version >= 10 else ""
    assert question.content == f"What is the rent? 🏠{file}"
    assert answer.content.endswith("It is 950 euros.")
    assert answer.model_name == "Llama-3.2-1B-Instruct-Q4_0.gguf"
    assert answer.status is MessageStatus.STOPPED
    if version == 12:
        assert answer.content == "Let me compute.\n\nIt is 950 euros."
        assert answer.thinking == "Twelve times …"
        assert report.left_out == {LeftOut.FILES: 2, LeftOut.TOOLS: 2}
    if version >= 11:
        assert (failed.status, failed.error) == (MessageStatus.FAILED, "The model failed")


def test_claude_and_lists_of_messages(database: Database, imports: Imports, tmp_path: Path) -> None:
    store = ConversationStore(database)
    path = tmp_path / "conversations.json"
    path.write_text(json.dumps([exports.claude_conversation()]))
    report = imports(path)
    assert (report.app, report.left_out) == (
        App.CLAUDE,
        {LeftOut.FILES: 1, LeftOut.TOOLS: 1},
    )
    question, answer, last = store.messages(report.conversations[0])
    assert question.content == "How much?\n\n[file: Lease.txt]"
    assert (answer.content, answer.thinking) == ("Two rents: 1,900 euros.", "Twice the rent")
    assert last.parent_id == answer.id
    assert len(store.siblings(report.conversations[0])[answer.id]) == 2

    said = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "# Hello there. How are you?"},
        {"role": "assistant", "content": "<think>Well.</think>\n\nWell, thank you."},
        {"role": "tool", "content": "42"},
    ]
    older = {"messages": said, "name": "Greetings", "createdAt": exports.BEGUN * 1000}
    for value in (said, older):
        path.write_text(json.dumps(value))
        report = imports(path)
        assert (report.app, report.messages) == (App.MESSAGES, 2)
        chat = store.get(report.conversations[0])
        assert chat
        assert chat.title == ("Hello there" if value is said else "Greetings")
        assert (chat.created_at == BEGUN) is (value is older)
        assert store.settings(chat.id).system_prompt == "Be brief."
        _, answer = store.messages(chat.id)
        assert (answer.content, answer.thinking) == ("Well, thank you.", "Well.")


def test_a_stopped_import_keeps_what_it_has(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "conversations.json"
    chats = [exports.chatgpt_conversation(str(i)) | {"create_time": 1e9 + i} for i in range(5)]
    path.write_text(json.dumps(chats))
    cancel = threading.Event()
    running = import_chats(database, path, cancel=cancel)
    next(running)
    cancel.set()
    *_, report = running
    assert isinstance(report, ImportReport)
    assert (len(report.conversations), report.was_stopped) == (1, True)
    *_, report = import_chats(database, path, cancel=threading.Event())
    assert isinstance(report, ImportReport)
    assert (len(report.conversations), report.was_stopped) == (4, False)
