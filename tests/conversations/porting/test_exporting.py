"""What is exported comes back as it was: the tree, its figures, its citations, all around it."""

import json
import stat
import threading
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import msgspec
import pytest

from assistant.conversations.asking import answer as answers
from assistant.conversations.porting.exporting import (
    export_json,
    export_markdown,
    portable_chat,
)
from assistant.conversations.porting.importing import import_chats
from assistant.conversations.porting.report import ExportReport, ImportReport, LeftOut
from assistant.errors import CannotWrite
from assistant.storage.chat_settings import ChatSettings
from assistant.storage.conversations import ConversationStore, MessageStatus
from assistant.storage.database import Database
from assistant.storage.documents import DocumentStore
from assistant.storage.drafts import DraftStore
from assistant.storage.folders import FolderStore
from assistant.storage.recaps import RecapStore

ROOT = Path(__file__).resolve().parents[3]
NEVER = threading.Event()


def _document(database: Database, title: str = "Lease") -> int:
    return DocumentStore(database).save(
        path=Path("/home/me/Lease.pdf"),
        title=title,
        type="pdf",
        sha256="ab" * 32,
        pages=20,
        words=9000,
        language="en",
        content=b"content",
    )


def _answer(document: int) -> answers.Answer:
    place = {"document_id": document, "path": "/home/me/Lease.pdf", "title": "Lease.pdf"}
    quote = "The monthly rent is 950 euros."
    citation = answers.AnswerCitation(**place, page=14, start=3, end=33, quote=quote)
    passage = answers.Passage(**place, page=14, start=0, end=90, text=quote, score=0.9)
    sentence = answers.AnswerSentence(
        text="The rent is 950 euros.", citations=(citation,), support=0.9
    )
    other = answers.AnswerSentence(text="It is paid monthly.")
    return answers.Answer(sentences=(sentence, other), passages=(passage,), model="Qwen")


def _fill(database: Database) -> int:
    """Make a conversation with everything that one can have, and return its id."""
    store = ConversationStore(database)
    chat = store.create("Lease: “rent” \u202e✓\x1b[2J")
    store.set_settings(
        chat,
        ChatSettings(system_prompt="Be brief.", sampling={"temperature": 0.4}, thinking=False),
    )
    store.move(chat, FolderStore(database).create("Flat"))
    store.pin(chat, True)
    document = _document(database)
    store.attach(chat, document)
    question = store.add_message(chat, "user", "What is the rent?\n\n```\n\x00\ttab\n```")
    first = store.add_message(
        chat,
        "assistant",
        "It is 900.",
        thinking="Let me see",
        status=MessageStatus.STOPPED,
        model_name="Qwen",
        stats={"prompt_tokens": 12, "generation_s": 1.25, "reason": "stopped"},
    )
    better = store.add_message(
        chat,
        "assistant",
        "The rent is 950 euros. It is paid monthly.",
        parent_id=question,
        model_name="Qwen",
        evidence=answers.encode(_answer(document)),
    )
    store.add_message(chat, "user", "Thanks", parent_id=better)
    store.add_message(chat, "assistant", "", status=MessageStatus.FAILED, error="It died.")
    store.add_message(chat, "user", "Another\u2028branch 日本", parent_id=first)
    assert better
    store.choose(better)
    recaps = RecapStore(database)
    recap = recaps.put(chat, better, "They spoke of the rent.")
    assert recap
    recaps.edit(recap, "They spoke of 950 euros.")
    recaps.switch(recap, True)
    DraftStore(database).put(chat, "And the dep")
    return chat


def _exported(database: Database, path: Path) -> ExportReport:
    *_, report = export_json(database, path, cancel=NEVER)
    assert isinstance(report, ExportReport)
    return report


def _imported(database: Database, path: Path) -> ImportReport:
    *_, report = import_chats(database, path, cancel=NEVER)
    assert isinstance(report, ImportReport)
    return report


def _as_seen(database: Database, chat: int) -> object:
    """Everything of a conversation, its messages numbered through."""
    portable = portable_chat(database, chat)
    assert portable
    numbers = {message.id: i for i, message in enumerate(portable.messages)}
    for message in portable.messages:
        message.id = numbers[message.id]
        message.parent = None if message.parent is None else numbers[message.parent]
    for recap in portable.recaps:
        recap.upto = numbers[recap.upto]
    portable.active = None if portable.active is None else numbers[portable.active]
    return msgspec.to_builtins(portable)


def test_nothing_is_lost_on_the_way(database: Database, tmp_path: Path) -> None:
    chat = _fill(database)
    ConversationStore(database).archive(ConversationStore(database).create("Old"), True)
    draft_only = ConversationStore(database).create("Begun")
    DraftStore(database).put(draft_only, "unsent")
    path = tmp_path / "chats.json"
    report = _exported(database, path)
    assert (report.conversations, report.messages) == (3, 6)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    value = json.loads(path.read_text(encoding="utf-8"))
    schema = json.loads((ROOT / "docs" / "chats.schema.json").read_text())
    jsonschema.validate(value, schema, format_checker=jsonschema.FormatChecker())
    # An earlier version wrote a setting that there is no more.
    for one in value["conversations"]:
        one.setdefault("settings", {})["context_tokens"] = 4096
    jsonschema.validate(value, schema)
    path.write_text(json.dumps(value))

    other = Database(tmp_path / "other" / "alcove.db")
    DocumentStore(other).save(
        path=Path("x"),
        title="x",
        type="text",
        sha256="x",
        pages=1,
        words=1,
        language="",
        content=b"",
    )
    _document(other, "Lease, here")  # the same document has another number there
    came = _imported(other, path)
    assert (len(came.conversations), came.left_out) == (2, {})  # an empty chat is nothing
    before, after = _as_seen(database, chat), _as_seen(other, came.conversations[0])
    numbers = {"1": "2"}
    text = json.dumps(before).replace('"document_id": 1', f'"document_id": {numbers["1"]}')
    expected = json.loads(text)
    expected["documents"][0] |= {"id": 2, "title": "Lease, here"}
    assert after == expected
    assert DraftStore(other).get(came.conversations[1]) == "unsent"
    assert _imported(other, path).conversations == ()
    other.close()


def test_a_document_that_is_not_there_is_told(database: Database, tmp_path: Path) -> None:
    _fill(database)
    path = tmp_path / "chats.json"
    _exported(database, path)
    other = Database(tmp_path / "other" / "alcove.db")
    report = _imported(other, path)
    assert report.left_out == {LeftOut.DOCUMENTS: 1}
    store = ConversationStore(other)
    assert store.attached(report.conversations[0]) == []
    reply = store.messages(report.conversations[0])[1]
    answer = answers.decode(reply.evidence)
    assert answer
    assert answer.sentences[0].citations[0].document_id == 0  # the quote stays
    other.close()


def test_markdown_for_people(database: Database, tmp_path: Path) -> None:
    chat = _fill(database)
    path = tmp_path / "chat.md"
    *_, report = export_markdown(database, path, [chat], cancel=NEVER)
    assert isinstance(report, ExportReport)
    text = path.read_text(encoding="utf-8")
    begun = ConversationStore(database).list()[0].created_at.astimezone()
    assert (
        text.startswith(
            f"# Lease: “rent” \u202e✓\x1b[2J\n\n*{begun:%Y-%m-%d %H:%M} · 4 messages*\n\n"
            "*2 messages of other branches: in the JSON export only.*\n\n"
            "## Instructions\n\nBe brief.\n\n## You\n\nWhat is the rent?"
        )
        or text.splitlines()[0].isprintable()
    )
    assert "## Qwen\n\nThe rent is 950 euros.[^1] It is paid monthly.\n" in text
    assert text.endswith("[^1]: Lease.pdf, page 14: “The monthly rent is 950 euros.”\n")
    assert "*(failed)* It died." in text

    ConversationStore(database).create("con")
    ConversationStore(database).create("con")
    path = tmp_path / "chats.zip"
    list(export_markdown(database, path, cancel=NEVER))
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    assert sorted(names) == ["Chat con (2).md", "Chat con.md", "Lease “rent” ✓ [2J.md"]


def test_an_export_is_whole_or_not_there(database: Database, tmp_path: Path) -> None:
    for _ in range(3):
        _fill(database)
    path = tmp_path / "chats.json"
    path.write_text("the one before")
    cancel = threading.Event()
    running = export_json(database, path, cancel=cancel)
    next(running)
    cancel.set()
    assert list(running) == []
    assert path.read_text() == "the one before"
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["chats.json"]
    with pytest.raises(CannotWrite):
        list(export_json(database, tmp_path, cancel=NEVER))
    with pytest.raises(CannotWrite):
        list(export_json(database, tmp_path / "none" / "chats.json", cancel=NEVER))


def test_times_to_the_microsecond(database: Database) -> None:
    made = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
    chat = ConversationStore(database).create("x", created_at=made)
    portable = portable_chat(database, chat)
    assert portable
    assert portable.created_at == "2026-01-02T03:04:05.678901+00:00"
