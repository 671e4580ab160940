"""Damaged and hostile files: refused in words, or taken as far as they go; never half a chat."""

import json
import random
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.conversations.porting import json_values
from assistant.conversations.porting.importing import import_chats
from assistant.conversations.porting.report import ImportReport, LeftOut, SkipReason
from assistant.errors import PortError, PortFault
from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database
from assistant.wording import explain
from tests.conversations.porting import exports

Imports = Callable[[Path], ImportReport]


def _chats(count: int) -> list[dict[str, Any]]:
    return [
        exports.chatgpt_conversation(f"Chat {i}") | {"create_time": 1.5e9 + i} for i in range(count)
    ]


def _encrypted(path: Path) -> None:
    """Write an archive whose one member says that it has a password."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("conversations.json", b"[]")
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("conversations.json", b"[" + b" " * 30_000_000 + b"]")


def _without_chats(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("chat.html", b"<html>")


_REFUSED: dict[str, tuple[bytes | Callable[[Path], None], PortFault]] = {
    "empty": (b"", PortFault.EMPTY),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), PortFault.UNKNOWN_FORMAT),
    "text": (b"Dear diary, today", PortFault.UNKNOWN_FORMAT),
    "a number": (b"42", PortFault.UNKNOWN_FORMAT),
    "an empty list": (b"[]", PortFault.NO_CHATS),
    "an empty object": (b"\xef\xbb\xbf {}", PortFault.NO_CHATS),
    "other objects": (b'[{"name": "x"}]', PortFault.UNKNOWN_FORMAT),
    "other values": (b"[1, 2]", PortFault.UNKNOWN_FORMAT),
    "cut at once": (b'[{"title": "x", "mapping": {"a', PortFault.DAMAGED),
    "no JSON": (b'[{"title": nonsense}]', PortFault.DAMAGED),
    "a wrong end": (b'{"a": 1]', PortFault.DAMAGED),
    "a newer Alcove's": (
        b'{"format": "alcove-chats", "version": 2, "conversations": [{}]}',
        PortFault.NEWER,
    ),
    "an empty conversation": (b'[{"title": "x", "mapping": {}}]', PortFault.NO_CHATS),
    "deep": (b"[" * 1_000_000 + b"]" * 1_000_000, PortFault.DAMAGED),
    "a newer GPT4All's": (exports.gpt4all_chat()[:4] + b"\0\0\0\x0d" + bytes(9), PortFault.NEWER),
    "a GPT4All trial": (exports.gpt4all_chat()[:4] + b"\0\0\0\0" + bytes(9), PortFault.TOO_OLD),
    "a cut GPT4All": (exports.gpt4all_chat()[:-1], PortFault.DAMAGED),
    "an endless GPT4All": (
        exports.gpt4all_chat()[:16] + b"\xff\xff\xff\xf0" + bytes(50),
        PortFault.DAMAGED,
    ),
    "an archive without": (_without_chats, PortFault.NO_CHATS),
    "a cut archive": (b"PK\x03\x04" + bytes(50), PortFault.DAMAGED),
    "a password": (_encrypted, PortFault.ENCRYPTED),
    "a bomb": (_bomb, PortFault.TOO_LARGE),
}


@pytest.mark.parametrize("name", _REFUSED)
def test_refused_in_words(database: Database, imports: Imports, tmp_path: Path, name: str) -> None:
    content, fault = _REFUSED[name]
    path = tmp_path / "chats.bin"
    if callable(content):
        content(path)
    else:
        path.write_bytes(content)
    with pytest.raises(PortError) as caught:
        imports(path)
    assert caught.value.fault is fault
    assert str(path) in str(explain(caught.value))
    assert ConversationStore(database).list() == []


def test_what_is_not_there_or_not_ours(imports: Imports, tmp_path: Path) -> None:
    for path, fault in ((tmp_path / "none", PortFault.MISSING), (tmp_path, PortFault.DIRECTORY)):
        with pytest.raises(PortError) as caught:
            imports(path)
        assert caught.value.fault is fault


def test_a_file_that_was_cut_gives_what_stood_before(
    database: Database, imports: Imports, tmp_path: Path
) -> None:
    path = tmp_path / "conversations.json"
    whole = json.dumps(_chats(5)).encode()
    path.write_bytes(whole[: len(whole) * 7 // 10])
    report = imports(path)
    assert (len(report.conversations), report.is_cut) == (3, True)
    path.write_bytes(whole)
    report = imports(path)
    assert (len(report.conversations), report.skips) == (2, {SkipReason.ALREADY_HERE: 3})
    assert all(len(ConversationStore(database).all_messages(i)) == 6 for i in (1, 2, 3, 4, 5))


def test_damaged_chats_are_named_and_the_others_taken(imports: Imports, tmp_path: Path) -> None:
    chats = _chats(4)
    chats[1]["mapping"]["root"]["parent"] = "a3"  # a ring
    chats[2]["mapping"] = {
        name: node | {"message": None} for name, node in chats[2]["mapping"].items()
    }
    path = tmp_path / "conversations.json"
    path.write_text(json.dumps(chats))
    report = imports(path)
    assert len(report.conversations) == 2
    assert [(s.title, s.number, s.reason) for s in report.skipped] == [
        ("Chat 1", 2, SkipReason.DAMAGED),
        ("Chat 2", 3, SkipReason.EMPTY),
    ]


def test_wrong_types_everywhere_do_no_harm(
    database: Database, imports: Imports, tmp_path: Path
) -> None:
    """Each value of real exports is replaced by others, one after the other."""
    strange: list[Any] = [None, [], {}, "\ud800", "x" * 300, -1, 1e300, True, [None], {"parts": 3}]
    randomness = random.Random(6)
    path = tmp_path / "chat.json"
    outcomes: set[str] = set()
    for make in (
        exports.chatgpt_conversation,
        exports.lm_studio_conversation,
        exports.claude_conversation,
    ):
        for place in range(200):
            value = make()
            spots = list(_spots(value))
            holder, key = spots[randomness.randrange(len(spots))]
            holder[key] = strange[place % len(strange)]
            path.write_text(json.dumps(value))
            try:
                outcomes.add(str(bool(imports(path).conversations)))
            except PortError as error:
                outcomes.add(error.fault)
    assert outcomes <= {"True", "False", *PortFault}
    assert "True" in outcomes
    for chat in ConversationStore(database).list():
        assert all(
            m.role in {"user", "assistant"} for m in ConversationStore(database).messages(chat.id)
        )


def _spots(value: Any) -> Any:
    """Yield every place of a value that holds another."""
    keys = value.keys() if isinstance(value, dict) else range(len(value))
    for key in keys:
        yield value, key
        if isinstance(value[key], dict | list):
            yield from _spots(value[key])


def test_every_cut_and_many_damages_of_a_chat_of_gpt4all(
    database: Database, imports: Imports, tmp_path: Path
) -> None:
    randomness = random.Random(4)
    path = tmp_path / "gpt4all-1.chat"
    whole = exports.gpt4all_chat(12)
    damaged = [whole[: randomness.randrange(8, len(whole))] for _ in range(60)]
    for _ in range(200):
        content = bytearray(whole)
        content[randomness.randrange(8, len(whole))] = randomness.randrange(256)
        damaged.append(bytes(content))
    faults: set[PortFault] = set()
    for content in damaged:
        path.write_bytes(content)
        try:
            imports(path)
        except PortError as error:
            faults.add(error.fault)
    assert PortFault.DAMAGED in faults
    assert faults <= {PortFault.DAMAGED, PortFault.NO_CHATS, PortFault.TOO_LARGE}
    for chat in ConversationStore(database).list():
        assert "\x00" not in chat.title


def test_hostile_alcove_files(database: Database, imports: Imports, tmp_path: Path) -> None:
    time = "2026-01-01T00:00:00+00:00"
    message = {"id": 1, "role": "user", "content": "x", "created_at": time}
    chat = {"title": "t", "created_at": time, "updated_at": time, "messages": [message]}
    unsound = [
        chat | {"messages": [message, message]},
        chat | {"messages": [message | {"parent": 2}]},
        chat | {"messages": [message | {"parent": 1}]},
        chat | {"messages": [message | {"role": "tool"}]},
        chat | {"messages": [message | {"status": "streaming"}]},
        chat | {"messages": [message | {"created_at": "then"}]},
        chat | {"messages": [message | {"id": "1"}]},
        chat | {"active": 7},
        chat | {"settings": {"sampling": 3}},
        chat | {"title_by": "me"},
        chat | {"recaps": [{"upto": 5, "text": "x", "created_at": time}]},
    ]
    strange = chat | {"messages": [message | {"evidence": {"sentences": "x"}}], "title": "odd"}
    path = tmp_path / "chats.json"
    head = {"format": "alcove-chats", "version": 1}
    path.write_text(json.dumps(head | {"conversations": [*unsound, strange, chat]}))
    report = imports(path)
    assert report.skips == {SkipReason.DAMAGED: len(unsound), SkipReason.ALREADY_HERE: 1}
    assert (len(report.conversations), report.left_out) == (1, {LeftOut.UNKNOWN: 1})
    path.write_text(json.dumps({"conversations": [chat | {"created_at": "2025-01-01"}]} | head))
    assert len(imports(path).conversations) == 1  # keys in another order


def test_a_large_file_is_read_a_chat_at_a_time(
    database: Database, imports: Imports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Values are found across the borders of what is read at once, whatever is in them."""
    del database
    chats = json.loads(json.dumps(_chats(3)))
    chats[1]["mapping"]["q1"]["message"]["content"]["parts"][1] = 'A "\\" [ {\n ] } \\\\" é' * 40
    content = json.dumps(chats, ensure_ascii=False, indent=1).encode()
    for size in (1, 2, 3, 7, 64, 1000):
        monkeypatch.setattr(json_values, "_CHUNK_BYTES", size)
        path = tmp_path / f"{size}.json"
        path.write_bytes(content)
        with path.open("rb") as stream:
            found = list(json_values.values(stream, list_key="", limit_bytes=10**6))
        assert [json_values.decoded(raw) for _, raw in found] == chats
        with path.open("rb") as stream, pytest.raises(json_values.TooLongError):
            list(json_values.values(stream, list_key="", limit_bytes=2000))
    assert len(imports(path).conversations) == 3


def test_a_chat_of_millions_of_parts_is_never_unfolded(
    imports: Imports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few megabytes of brackets would become gigabytes of objects."""
    monkeypatch.setattr(json_values, "_MOST_PARTS", 1000)
    path = tmp_path / "conversations.json"
    path.write_bytes(b'[{"mapping":[' + b"[]," * 600 + b"0]}]")
    with pytest.raises(PortError) as caught:
        imports(path)
    assert caught.value.fault is PortFault.TOO_LARGE


def test_a_full_disk_stores_no_half_chat(database: Database, tmp_path: Path) -> None:
    """What fails while a chat is stored leaves nothing of it."""
    path = tmp_path / "conversations.json"
    path.write_text(json.dumps(_chats(2)))
    running = import_chats(database, path, cancel=threading.Event())
    next(running)
    database.write(
        lambda c: c.execute(
            "CREATE TEMP TRIGGER full BEFORE INSERT ON messages WHEN NEW.content LIKE '%deposit%'"
            " BEGIN SELECT raise(ABORT, 'disk full'); END"
        )
    ).result()
    with pytest.raises(Exception, match="disk full"):
        list(running)
    store = ConversationStore(database)
    (chat,) = store.list()
    assert len(store.all_messages(chat.id)) == 6
    assert database.query("SELECT count(*) FROM messages") == [(6,)]
