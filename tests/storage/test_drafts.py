"""Drafts, presets and recaps: small things that a person made, kept as they were made."""

import subprocess
import sys
from pathlib import Path

import pytest

from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database
from assistant.storage.drafts import DraftStore
from assistant.storage.presets import Preset, PresetStore
from assistant.storage.recaps import RecapStore


def test_each_conversation_has_a_draft_and_so_has_the_next(database: Database) -> None:
    drafts, store = DraftStore(database), ConversationStore(database)
    conversation = store.create()
    assert drafts.get(conversation) == drafts.get(None) == ""
    drafts.put(conversation, "half a thou")
    drafts.put(conversation, "half a thought\x00 🏠\n")
    drafts.put(None, "another")
    drafts.put(99, "of nothing")
    assert drafts.get(conversation) == "half a thought\x00 🏠\n"
    assert (drafts.get(None), drafts.get(99)) == ("another", "")
    drafts.put(None, "")
    assert drafts.get(None) == ""
    store.remove(conversation)
    assert drafts.get(conversation) != ""
    store.purge()
    assert drafts.get(conversation) == ""


def test_a_draft_outlives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "alcove.sqlite"
    program = (
        "import os, sys; from pathlib import Path\n"
        "from assistant.storage.database import Database\n"
        "from assistant.storage.drafts import DraftStore\n"
        "DraftStore(Database(Path(sys.argv[1]))).put(None, 'typed before the end')\n"
        "os.kill(os.getpid(), 9)\n"
    )
    assert subprocess.run([sys.executable, "-c", program, str(path)], check=False).returncode == -9
    database = Database(path)
    assert DraftStore(database).get(None) == "typed before the end"
    database.close()


def test_presets_come_back_in_order(database: Database) -> None:
    store = PresetStore(database)
    mine = Preset(name="Mine", system_prompt="Be brief.", model="Small", sampling={"top_k": 40})
    first, second = store.save(mine), store.save(Preset(name="Other"))
    assert [(p.id, p.name, p.position) for p in store.list()] == [
        (first, "Mine", 0),
        (second, "Other", 1),
    ]
    assert store.list()[0].sampling == {"top_k": 40}
    assert store.save(Preset(id=first, name="Renamed", sampling={"seed": 7}, position=5)) == first
    assert [p.name for p in store.list()] == ["Other", "Renamed"]
    store.remove(first)
    assert [p.name for p in store.list()] == ["Other"]
    assert store.save(Preset(id=first, name="Back")) != 0
    store.remove(99)


def test_recaps_go_with_the_messages_they_tell_of(database: Database) -> None:
    store, recaps = ConversationStore(database), RecapStore(database)
    conversation, other = store.create(), store.create()
    first, second = (store.add_message(conversation, "user", text) for text in "ab")
    assert first is not None
    assert second is not None
    late = recaps.put(conversation, second, "Both.")
    early = recaps.put(conversation, first, "One.")
    assert late is not None
    assert early is not None
    assert recaps.put(other, first, "of another") is None
    assert recaps.put(conversation, 99, "of nothing") is None
    assert [(r.text, r.is_edited, r.is_off) for r in recaps.of(conversation)] == [
        ("One.", False, False),
        ("Both.", False, False),
    ]
    recaps.edit(late, "Both of them.")
    recaps.switch(early, True)
    assert [(r.text, r.is_edited, r.is_off) for r in recaps.of(conversation)] == [
        ("One.", False, True),
        ("Both of them.", True, False),
    ]
    recaps.switch(early, False)
    store.remove_message(second)
    assert [(r.id, r.is_off) for r in recaps.of(conversation)] == [(early, False)]
    recaps.remove(early)
    assert recaps.of(conversation) == []


@pytest.mark.parametrize("text", ["x" * 2_000_000])
def test_a_long_draft(database: Database, text: str) -> None:
    drafts = DraftStore(database)
    drafts.put(None, text)
    assert drafts.get(None) == text
