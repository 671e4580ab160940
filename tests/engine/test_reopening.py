"""A conversation that is reopened after a restart goes on at once."""

import shutil
import struct
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.engine import states
from assistant.engine.client import Engine
from assistant.engine.protocol import GREEDY, LoadSettings, Message, Priority, Role
from tests.engine.conftest import Reply
from tests.engine.tiny_models import HEAD, HEADS_KV, LAYERS, tiny_llama

OWNER = "conversation-7"
BYTES_A_TOKEN = 2 * LAYERS * HEADS_KV * HEAD * 2  # keys and values of the tiny model, in 16 bits
SETTINGS = LoadSettings(context_tokens=2048, threads=2)
QUESTIONS = [
    "Here are my notes on the harbour: " + "The tide turns at noon, and boats wait. " * 20,
    "Which colour has the lighthouse? Invent one.",
    "And what does the harbour master eat?",
]


class Talk:
    """A conversation that grows by the replies of whichever engine it is given."""

    def __init__(self, owner: str = OWNER) -> None:
        self.owner = owner
        self.messages: list[Message] = [Message(Role.SYSTEM, "You are a helpful harbour guide.")]

    def turn(self, engine: Engine, number: int) -> Reply:
        self.messages.append(Message(Role.USER, QUESTIONS[number]))
        reply = Reply(
            engine.generate(
                self.messages,
                sampling=GREEDY,
                max_tokens=12,
                owner=self.owner,
                cancel=threading.Event(),
            )
        )
        self.messages.append(Message(Role.ASSISTANT, reply.text))
        return reply


def open_engine(folder: Path, model: Path, settings: LoadSettings = SETTINGS) -> Engine:
    engine = Engine(log=folder / "engine.log", nice=0, states=folder / "states")
    engine.choose(model, settings)
    return engine


def wait_for_state(folder: Path, since_ns: int) -> Path:
    """Wait until a state was saved after `since_ns`."""
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up:
        for file in (folder / "states").glob("*.state"):
            if file.stat().st_mtime_ns >= since_ns:
                return file
        time.sleep(0.02)
    raise AssertionError("no state was saved")


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For what does not hang on the words; it has a token for each byte."""
    path = tmp_path_factory.mktemp("model") / "tiny.gguf"
    return tiny_llama(path, llama__context_length=2048)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> tuple[Talk, Path]:
    """Two turns with an engine that was closed then, and its folder."""
    folder = tmp_path_factory.mktemp("held")
    return talked(folder, tiny_model), folder


def talked(folder: Path, model: Path) -> Talk:
    """Two turns with an engine that was closed then."""
    talk = Talk()
    engine = open_engine(folder, model)
    for number in range(2):
        begun = time.time_ns()
        talk.turn(engine, number)
    wait_for_state(folder, begun)
    engine.close()
    return talk


@pytest.fixture
def saved(held: tuple[Talk, Path], tmp_path: Path) -> Talk:
    """The same, with a copy of the state for the test alone."""
    talk, folder = held
    shutil.copytree(folder / "states", tmp_path / "states")
    copy = Talk(talk.owner)
    copy.messages = list(talk.messages)
    return copy


def third_turn(talk: Talk, folder: Path, model: Path, settings: LoadSettings = SETTINGS) -> Reply:
    engine = open_engine(folder, model, settings)
    reply = talk.turn(engine, 2)
    engine.close()
    return reply


def test_a_reopened_conversation_goes_on_at_once(tmp_path, starter_model) -> None:
    talk = talked(tmp_path, starter_model)
    finished = third_turn(talk, tmp_path, starter_model).finished
    assert finished.restored_tokens > 200
    assert finished.reused_tokens >= finished.restored_tokens
    assert finished.prompt_tokens - finished.reused_tokens <= 64


def test_a_conversation_without_an_owner_leaves_nothing(tmp_path, tiny_model) -> None:
    engine = open_engine(tmp_path, tiny_model)
    Talk(owner="").turn(engine, 0)
    engine.unload()  # what is to be kept is kept before it ends
    engine.close()
    assert list(tmp_path.rglob("*.state")) == list(tmp_path.rglob("*.part")) == []


def test_a_damaged_state_is_evaluated_again(saved, tmp_path, tiny_model) -> None:
    (file,) = (tmp_path / "states").iterdir()
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0xFF
    file.write_bytes(data)
    reply = third_turn(saved, tmp_path, tiny_model)
    assert reply.finished.restored_tokens == 0
    assert reply.finished.reused_tokens == 0


def test_another_context_ignores_it_or_goes_on(saved, tmp_path, tiny_model) -> None:
    """Whatever the settings, the reply is one of a whole conversation."""
    reply = third_turn(saved, tmp_path, tiny_model, LoadSettings(context_tokens=1536, threads=1))
    assert reply.finished.generated_tokens > 0


def test_what_was_forgotten_is_not_restored(saved, tmp_path, tiny_model) -> None:
    engine = open_engine(tmp_path, tiny_model)
    engine.forget(OWNER)  # no process runs: it is deleted from here
    assert list((tmp_path / "states").iterdir()) == []
    reply = saved.turn(engine, 2)
    assert reply.finished.restored_tokens == 0
    engine.close()


def test_forgetting_reaches_a_running_engine(tmp_path, tiny_model) -> None:
    """Neither its memory nor a state that it is about to write has the words afterwards."""
    engine = open_engine(tmp_path, tiny_model)
    for delay in (0, 0.72):
        talk = Talk()
        talk.turn(engine, 0)
        time.sleep(delay)  # it may be about to save, saving, or done
        engine.forget(OWNER)
        assert talk.turn(engine, 1).finished.reused_tokens == 0
        engine.forget(OWNER)
    engine.unload()  # after what it was told before
    assert list(tmp_path.rglob("*.state")) == list(tmp_path.rglob("*.part")) == []
    engine.close()


def test_states_of_documents_read_at_once_are_whole(tmp_path, tiny_model) -> None:
    """A state has keys and values of each of its tokens, whichever context evaluated them."""
    engine = open_engine(tmp_path, tiny_model)

    def read(number: int) -> None:
        text = f"Document {number}: " + f"{number} is followed by {number + 1}, and both are. " * 8
        events = engine.generate(
            prompt=text,
            sampling=GREEDY,
            max_tokens=2,
            # A chat's context is the one that is kept; summaries may use it, too.
            priority=Priority.SUMMARY if number else Priority.CHAT,
            owner=f"document-{number}",
            cancel=threading.Event(),
        )
        Reply(events)

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(read, range(12)))
    engine.unload()  # what is to be kept is kept before it ends
    engine.close()
    files = list(tmp_path.rglob("*.state"))
    assert files
    for file in files:
        with file.open("rb") as state:
            _, _, count = struct.unpack("=4sII", state.read(12))
        assert file.stat().st_size > BYTES_A_TOKEN * count


def test_a_kill_leaves_no_half_of_a_state(saved, tmp_path, tiny_model) -> None:
    before = states.size_bytes(tmp_path / "states")
    engine = open_engine(tmp_path, tiny_model)
    saved.turn(engine, 2)
    engine.close()  # maybe in the middle of saving
    engine = open_engine(tmp_path, tiny_model)
    engine.count_tokens(["load"])
    engine.close()
    assert list(tmp_path.rglob("*.part")) == []
    assert states.size_bytes(tmp_path / "states") >= before
