"""Requests are answered together, a chat before summaries, and none harms another."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.engine.client import Engine
from assistant.engine.protocol import (
    GREEDY,
    Finished,
    FinishReason,
    LoadSettings,
    Priority,
    TextPart,
)
from assistant.errors import GrammarError, PromptTooLong
from tests.engine.conftest import Reply
from tests.engine.tiny_models import tiny_hybrid, tiny_llama

INSTRUCTION = "Write one short note about the passage. Use only what the passage itself says. " * 3
SETTINGS = LoadSettings(context_tokens=2048)


@pytest.fixture
def starter(engine: Engine, starter_model: Path) -> Engine:
    """The shared engine with the starter model, which has evaluated nothing yet."""
    engine.unload()
    engine.choose(starter_model, SETTINGS)
    engine.count_tokens([""])
    return engine


def passage(number: int) -> str:
    return f"{INSTRUCTION}\nPassage {number}: the house number {number} has a red roof.\nNote:"


def marked(engine: Engine, number: int, **options: object) -> Reply:
    """A reply that can only be the one to request `number`."""
    grammar = f'root ::= "reply {number:04d}"'
    return reply(engine, passage(number), grammar=grammar, **options)


def reply(engine: Engine, prompt: str, **options: object) -> Reply:
    wanted = {"sampling": GREEDY, "cancel": threading.Event(), "max_tokens": 24} | options
    return Reply(engine.generate(prompt=prompt, **wanted))


def test_each_gets_its_own_reply(starter: Engine) -> None:
    with ThreadPoolExecutor(10) as pool:
        replies = list(
            pool.map(lambda n: marked(starter, n, priority=Priority(n % 3 > 0)), range(12))
        )
    assert [each.text for each in replies] == [f"reply {number:04d}" for number in range(12)]


def test_what_they_begin_with_is_evaluated_once(starter: Engine) -> None:
    with ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(lambda n: marked(starter, n, priority=Priority.SUMMARY), range(6)))
    shared = len(INSTRUCTION) // 8
    reused = sorted(each.finished.reused_tokens for each in replies)
    # One that began alone, before the others came, may have shared with nobody.
    assert sum(count >= shared for count in reused) >= 4


def test_together_they_write_what_they_write_alone(tmp_path: Path) -> None:
    engine = Engine(log=tmp_path / "log", nice=0)
    engine.choose(tiny_llama(tmp_path / "tiny.gguf"), LoadSettings(context_tokens=1024, threads=1))
    prompts = [f"{number} tiny words {number}" for number in range(6)]
    try:
        alone = [reply(engine, prompt).text for prompt in prompts]
        with ThreadPoolExecutor(6) as pool:
            together = list(
                pool.map(lambda p: reply(engine, p, priority=Priority.SUMMARY).text, prompts)
            )
    finally:
        engine.close()
    assert together == alone


def test_a_hybrid_model_answers_several(tmp_path: Path) -> None:
    """Its state cannot be cut back: a prefix is shared at its end, and only there."""
    engine = Engine(log=tmp_path / "log", nice=0)
    engine.choose(tiny_hybrid(tmp_path / "tiny.gguf"), LoadSettings(context_tokens=1024, threads=1))
    prompts = [f"The same beginning of all of them, then {number}" for number in range(5)]
    try:
        alone = [reply(engine, prompt).text for prompt in prompts]
        with ThreadPoolExecutor(5) as pool:
            together = list(
                pool.map(lambda p: reply(engine, p, priority=Priority.SUMMARY).text, prompts)
            )
    finally:
        engine.close()
    assert together == alone


def test_a_chat_does_not_wait_for_a_summary(starter: Engine) -> None:
    order: list[str] = []
    is_reading = threading.Event()

    def summary(number: int) -> None:
        prompt = passage(number) + "word " * 40
        event: object = None
        for event in starter.generate(  # noqa: B007
            prompt=prompt,
            sampling=GREEDY,
            max_tokens=30,
            priority=Priority.SUMMARY,
            cancel=threading.Event(),
        ):
            is_reading.set()
        assert isinstance(event, Finished)
        assert event.generated_tokens
        order.append("summary")

    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(summary, number) for number in range(4)]
        assert is_reading.wait(120)
        assert reply(starter, "A chat:", max_tokens=4).finished.generated_tokens
        order.append("chat")
        for job in jobs:
            job.result(240)
    assert order[0] == "chat"
    assert len(order) == 5


def test_summaries_go_on_beside_a_long_chat(starter: Engine) -> None:
    """Nothing starves: while a reply streams, a small share of the time is theirs."""
    cancel = threading.Event()
    is_streaming = threading.Event()

    def chat() -> FinishReason:
        form = "root ::= [a-z ]{9000}"  # it does not end by itself
        for event in starter.generate(prompt="Once", grammar=form, max_tokens=0, cancel=cancel):
            if isinstance(event, TextPart):
                is_streaming.set()
        assert isinstance(event, Finished)
        return event.reason

    with ThreadPoolExecutor(1) as pool:
        chatting = pool.submit(chat)
        assert is_streaming.wait(120)
        summary = reply(starter, "Short note:", max_tokens=2, priority=Priority.SUMMARY)
        is_chatting = not chatting.done()
        cancel.set()
        assert chatting.result(120) is FinishReason.STOPPED
    assert summary.finished.generated_tokens
    assert is_chatting


def test_a_fault_in_one_leaves_the_others_alone(starter: Engine) -> None:
    def ask(number: int) -> object:
        try:
            if number == 2:
                return reply(
                    starter, passage(number), grammar="root ::= (", priority=Priority.SUMMARY
                )
            if number == 3:
                return reply(starter, "word " * 5_000, priority=Priority.SUMMARY)
            return marked(starter, number, priority=Priority.SUMMARY).text
        except (GrammarError, PromptTooLong) as error:
            return type(error)

    with ThreadPoolExecutor(6) as pool:
        said = list(pool.map(ask, range(6)))
    assert said == [
        "reply 0000",
        "reply 0001",
        GrammarError,
        PromptTooLong,
        "reply 0004",
        "reply 0005",
    ]


def test_stopping_one_leaves_the_others_alone(starter: Engine) -> None:
    cancels = [threading.Event() for _ in range(6)]

    def ask(number: int) -> Reply:
        cancel = cancels[number]
        return marked(starter, number, priority=Priority.SUMMARY, cancel=cancel)

    with ThreadPoolExecutor(6) as pool:
        jobs = [pool.submit(ask, number) for number in range(6)]
        time.sleep(0.15)
        for number in (1, 4):
            cancels[number].set()
        replies = [job.result(240) for job in jobs]
    for number in (0, 2, 3, 5):
        assert replies[number].text == f"reply {number:04d}"


def test_more_than_the_context_holds_wait_for_their_turn(new_engine: Engine, starter_model) -> None:
    new_engine.choose(starter_model, LoadSettings(context_tokens=512))
    with ThreadPoolExecutor(5) as pool:
        replies = list(pool.map(lambda n: marked(new_engine, n), range(5)))
    assert [each.text for each in replies] == [f"reply {number:04d}" for number in range(5)]


def test_guesses_tokens_from_the_prompt(starter: Engine, starter_model: Path) -> None:
    """A reply that repeats its prompt takes fewer steps, and is the reply that it would be."""
    line = "The landlord pays for the roof, the tenant pays for the windows and for the doors."
    options = {"grammar": f'root ::= "{line}"', "max_tokens": 48}
    guessed = reply(starter, f"{line}\nAgain: ", **options)
    assert guessed.finished.accepted_tokens >= 5
    assert guessed.text == line
    starter.choose(starter_model, LoadSettings(context_tokens=2048, speculates=False))
    plain = reply(starter, f"{line}\nAgain: ", **options)
    assert plain.finished.drafted_tokens == 0
    assert plain.text == line


def test_a_wrong_guess_changes_nothing(tmp_path: Path) -> None:
    """With random weights the same three tokens are rarely followed by the same fourth."""
    engine = Engine(log=tmp_path / "log", nice=0)
    path = tiny_llama(tmp_path / "tiny.gguf")
    replies = []
    try:
        for speculates in (True, False):
            engine.choose(path, LoadSettings(context_tokens=1024, threads=1, speculates=speculates))
            replies.append([reply(engine, f"{n} words", max_tokens=200) for n in range(3)])
    finally:
        engine.close()
    with_guesses, without = replies
    assert sum(each.finished.drafted_tokens for each in with_guesses) > 0
    assert [each.text for each in with_guesses] == [each.text for each in without]


def test_a_reproducible_reply_owes_nothing_to_what_was_before(starter: Engine) -> None:
    first = reply(starter, passage(7), is_reproducible=True)
    reply(starter, passage(8))
    second = reply(starter, passage(7), is_reproducible=True)
    assert first.text == second.text
    for each in (first, second):
        assert each.finished.reused_tokens == each.finished.drafted_tokens == 0
