"""`alcove chat`: one turn, a conversation, what is kept, and what goes wrong."""

import json
import re
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.cli.reply_output import harmless
from assistant.cli.talking import Talk
from assistant.cli.workplace import Workplace
from assistant.conversations.stores import Stores
from assistant.engine import fitting, loading
from assistant.engine.client import Engine
from assistant.engine.crashes import CrashRecord
from assistant.engine.fitting import need_of
from assistant.engine.protocol import KvType, LoadSettings
from assistant.errors import DeathCause
from assistant.gguf import read_header
from assistant.settings import SettingsFile
from assistant.storage.conversations import ConversationStore, MessageStatus
from assistant.storage.database import Database
from assistant.storage.recaps import RecapStore
from tests.engine.tiny_models import tiny_llama


def test_one_turn_streams_a_reply(alcove) -> None:
    done = alcove("chat", "-p", "What is the capital of France? Answer with one word.")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    assert "makes things up" in done.stderr
    assert "tokens" not in done.stderr


def test_verbose_tells_what_the_reply_took(alcove) -> None:
    done = alcove("chat", "--verbose", "--max-tokens", "8", "-p", "What is the capital of France?")
    assert done.returncode == 0, done.stderr
    assert re.search(r"\(\d+ tokens read · .* · [\d.]+ tokens/s · ", done.stderr)
    assert "tokens read" not in done.stdout


def test_prompt_from_standard_input(alcove, tiny: Path) -> None:
    for arguments in (["-"], ["-p", "-"]):
        done = alcove(
            "chat", "--model", tiny, "--max-tokens", "8", "--json", *arguments, input="What is it?"
        )
        assert done.returncode == 0
        assert json.loads(done.stdout)["figures"]["prompt_tokens"] > 4


def test_a_model_whose_name_is_no_text(chat, tmp_path: Path, latin_1: str) -> None:
    model = tiny_llama(tmp_path / f"{latin_1}.gguf")
    code, printed, _ = chat("--model", model, "--max-tokens", "2", "--save", "-p", "Hello")
    assert code == 0
    assert printed.strip()


def test_bytes_that_are_no_text_are_asked_as_signs(alcove, chat, tiny: Path) -> None:
    assert chat("--save", "--system", "Be \udcff kind", "-p", "Hi \udcff")[0] == 0
    done = alcove(
        *("chat", "--model", tiny, "--max-tokens", "2", "--save", "-"), input=b"hi \377", text=False
    )
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
    found = chat("--conversations", "\udcff")
    assert found == chat("--conversations", "\ufffd")
    assert "Hi \ufffd" in found[1]


def test_empty_prompt_is_a_usage_error(alcove) -> None:
    done = alcove("chat", "-p", " ")
    assert (done.returncode, done.stdout) == (2, "")


def test_unknown_model_names_those_there_are(alcove) -> None:
    done = alcove("chat", "-p", "Hello", "--model", "nothing")
    assert done.returncode == 1
    assert "SmolLM2-135M-Instruct.Q4_1" in done.stderr


def test_says_in_one_line_what_the_model_was_loaded_without(
    own_home: Path, starter_model: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    compact = LoadSettings(kv_type=KvType.Q8_0, flash_attention=True)
    free = need_of(read_header(starter_model), compact, 4096).total_bytes
    monkeypatch.setattr(fitting, "free_memory_bytes", lambda: free)
    monkeypatch.setattr(loading, "private_bytes", lambda pid: 0)
    (own_home / "data").mkdir()
    SettingsFile(own_home / "data" / "settings.json").change(context_tokens=4096)
    assert main(["chat", "-p", "What is the capital of France? One word."]) == 0
    printed = capsys.readouterr()
    [line] = [line for line in printed.err.splitlines() if "Memory is tight" in line]
    assert "8 bits instead of 16" in line
    assert "Close other programs" in line
    assert printed.out.strip()


def kept(home: Path) -> dict[int, list[str]]:
    database = Database(home / "data" / "alcove.db")
    store = ConversationStore(database)
    told = {r.id: [m.content for m in store.messages(r.id)] for r in store.list()}
    database.close()
    return told


def test_nothing_is_kept_unless_it_is_wished(chat, own_home: Path) -> None:
    assert chat("-p", "A secret word")[0] == 0
    assert chat("--temporary", "-p", "A secret word")[0] == 0
    assert chat("--preset", "write", "-p", "A secret word")[0] == 0
    assert not (own_home / "data" / "alcove.db").exists()
    files = [path for path in own_home.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if b"secret" in path.read_bytes()]
    assert not list(own_home.rglob("*.state"))


def test_a_kept_conversation_goes_on_and_is_found(chat, own_home: Path) -> None:
    question = "Where is the harbour of Limassol? " * 4
    assert chat("--save", "-p", question)[0] == 0
    code, printed, _ = chat("--continue", "--json", "-p", "And why?")
    told = json.loads(printed)
    assert (code, told["conversation"], told["reason"]) == (0, 1, "length")
    assert told["figures"]["restored_tokens"] > 64
    assert kept(own_home)[1][0::2] == [question, "And why?"]
    assert kept(own_home)[1][3] == told["reply"]
    code, printed, _ = chat("--conversations")
    assert "Where is the harbour of Limassol" in printed
    assert "[Limassol]" in chat("--conversations", "limassol")[1]
    code, printed, said = chat("--continue", "7", "-p", "x")
    assert (code, printed) == (1, "")
    assert "no conversation 7" in said


def test_how_it_replies_is_said_and_kept(chat, own_home: Path, tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text('{"const": {"a": 1}}')
    wishes = ("--preset", "code", "--system", "Be brief.", "--top-k", 5, "--no-think")
    code, printed, _ = chat(
        "--save", *wishes, "--schema", schema, "-p", "A number?", is_greedy=False
    )
    assert (code, json.loads(printed)) == (0, {"a": 1})
    database = Database(own_home / "data" / "alcove.db")
    settings = ConversationStore(database).settings(1)
    database.close()
    assert (settings.preset, settings.system_prompt, settings.thinking) == (
        "Code",
        "Be brief.",
        False,
    )
    assert settings.sampling["top_k"] == 5
    assert settings.sampling["temperature"] == 0.2
    code, printed, _ = chat("--table", "--max-tokens", 300, "-p", "Fruits?")
    assert printed.startswith("| ")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--preset", "nothing"), "Meeting notes"),
        (("--schema", "/nowhere.json"), "/nowhere.json"),
        (("--continue",), "--save"),
        (("--save", "--attach", "/nowhere.pdf"), "/nowhere.pdf"),
        (("--save", "--preset", "nothing"), "Meeting notes"),
    ],
)
def test_what_is_not_there_is_named(
    chat, own_home: Path, arguments: tuple[str, ...], word: str
) -> None:
    code, printed, said = chat(*arguments, "-p", "Hello")
    assert (code, printed) == (1, "")
    assert word in said
    assert kept(own_home) == {}


def test_a_conversation_in_which_nothing_was_said_is_not_kept(
    chat, own_home: Path, type_in
) -> None:
    type_in("\n")
    assert chat("--save")[0] == 0
    assert kept(own_home) == {}


def test_a_failed_reply_takes_its_question_along_and_no_other_reply(tmp_path: Path) -> None:
    database = Database.in_memory()
    store = ConversationStore(database)
    talk_id = store.create()
    talk = Talk(
        Engine(log=tmp_path / "engine.log"),
        Stores(store, RecapStore(database)),
        talk_id,
        asking=None,
        model="",
        writes=False,
        is_json=False,
        is_verbose=False,
    )
    question = store.add_message(talk_id, "user", "Hello")
    good = store.add_message(talk_id, "assistant", "Good day")
    store.add_message(talk_id, "assistant", "", parent_id=question, status=MessageStatus.FAILED)
    talk.take_back()
    assert [one.id for one in store.all_messages(talk_id)] == [question, good]
    store.add_message(talk_id, "user", "And now?")
    store.add_message(talk_id, "assistant", "", status=MessageStatus.FAILED)
    talk.take_back()
    assert [one.id for one in store.messages(talk_id)] == [question, good]
    database.close()


@pytest.mark.parametrize(
    "arguments", [("--temperature", "9"), ("--top-k", "0.5"), ("--save", "--temporary")]
)
def test_what_cannot_be_meant_is_a_usage_error(chat, arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        chat(*arguments, "-p", "Hello")
    assert ended.value.code == 2


def test_a_question_about_a_document_that_is_not_attached(chat) -> None:
    code, printed, said = chat("-p", "What does this contract say about the rent?")
    assert (code, printed) == (1, "")
    assert "--attach" in said
    assert "--insist" in said
    code, printed, _ = chat("--insist", "-p", "What does this contract say about the rent?")
    assert code == 0
    assert printed.strip()


def test_a_model_that_crashed_is_tried_where_it_is_named(
    chat, own_home: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    record = own_home / "data" / "crashes.json"
    CrashRecord(record).add(tiny, DeathCause.CRASHED)
    monkeypatch.setattr(Workplace, "model", lambda work, *_: work.models.find(str(tiny)))
    assert main(["chat", "--max-tokens", "2", "-p", "Hello"]) == 1
    assert "--model names it" in capsys.readouterr().err
    assert chat("-p", "Hello")[0] == 0
    assert CrashRecord(record).check(tiny) is None


def test_an_attached_document_is_kept_with_the_conversation(
    chat, own_home: Path, letter: Path
) -> None:
    code, printed, _ = chat("--save", "--attach", letter, "--json", "-p", "How high is the rent?")
    told = json.loads(printed)
    assert code == 0
    assert any("950" in one["text"] for one in told["passages"])
    code, printed, _ = chat("--continue", "--json", "-p", "And the deposit?")
    assert json.loads(printed)["passages"]
    assert list(kept(own_home)) == [1]


def test_a_conversation_by_hand(chat, own_home: Path, type_in) -> None:
    type_in("/again\n\nHello\n/again\n/continue\nAnd now?\n")
    code, _, said = chat("--save")
    assert code == 0
    assert "there is no reply yet" in said
    assert "/help" in said
    database = Database(own_home / "data" / "alcove.db")
    store = ConversationStore(database)
    messages = store.all_messages(1)
    database.close()
    assert [one.role for one in messages] == ["user", "assistant", "assistant", "user", "assistant"]
    assert messages[2].stats["generated_tokens"] == 16


def test_a_reply_steers_no_terminal() -> None:
    assert harmless("a\x1b[31mb\u202ec\x07\td\n") == "a[31mbc\td\n"


def test_a_question_about_the_whole_goes_to_the_summary_job(
    chat, letter: Path, own_home: Path, type_in
) -> None:
    code, printed, _ = chat("--attach", letter, "--json", "-p", "Summarise this document.")
    told = json.loads(printed)
    assert (code, told["found"], told["reason"]) == (0, True, "end")
    assert all(sentence["citations"] for sentence in told["answer"])
    assert told["answer"][0]["text"] in told["reply"]
    # So it does once more, beside the first one or in its place.
    type_in("Summarise this document.\n/again\n/continue\n")
    assert chat("--save", "--attach", letter)[0] == 0
    database = Database(own_home / "data" / "alcove.db")
    _, first, second = ConversationStore(database).all_messages(1)
    database.close()
    assert first.content == second.content == told["reply"]
