"""A request that is held keeps what it has, and goes on where it was."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from assistant.engine.protocol import GREEDY, LoadSettings, ModelInfo, Priority, TextPart
from tests.engine.chaos import engine_process
from tests.engine.tiny_models import tiny_llama


def run(engine, hold, cancel, said):
    for event in engine.generate(
        prompt="One, two, three,", sampling=GREEDY, max_tokens=60, cancel=cancel, hold=hold
    ):
        if isinstance(event, TextPart):
            said.append(event.text)


def test_holds_and_goes_on_where_it_was(new_engine, starter_model, never) -> None:
    new_engine.choose(starter_model, LoadSettings(context_tokens=512))
    whole: list[str] = []
    run(new_engine, None, never, whole)
    hold, said = threading.Event(), []
    thread = threading.Thread(target=run, args=(new_engine, hold, never, said))
    thread.start()
    while len(said) < 3:
        time.sleep(0.005)
    hold.set()
    time.sleep(0.5)
    held = len(said)
    new_engine.idle_s = 0.2  # a held request is need
    time.sleep(0.8)
    assert len(said) == held < len(whole)
    hold.clear()
    thread.join(60)
    # What follows may be computed in another batch, whose rounding is another.
    assert "".join(said)[:60] == "".join(whole)[:60]
    assert len("".join(said)) > 2 * len("".join(said[:held]))


def test_a_held_request_can_be_stopped(new_engine, starter_model) -> None:
    new_engine.choose(starter_model, LoadSettings(context_tokens=512))
    hold, cancel, said = threading.Event(), threading.Event(), []
    hold.set()
    thread = threading.Thread(target=run, args=(new_engine, hold, cancel, said))
    thread.start()
    time.sleep(0.7)
    assert not said or len(said) < 3
    cancel.set()
    thread.join(10)
    assert not thread.is_alive()


def summary(engine, number, hold=None, tokens=3_000, *, begun=None):
    """Ask for a reply of so many tokens, say when it has begun, and return its last event."""
    for last in engine.generate(
        prompt=f"{number} words",
        grammar=f"root ::= [a-z]{{{tokens}}}",
        sampling=GREEDY,
        max_tokens=tokens,
        priority=Priority.SUMMARY,
        cancel=threading.Event(),
        hold=hold,
    ):
        if begun is not None and isinstance(last, TextPart):
            begun.set()
    return last


def test_another_model_does_not_wait_for_a_paused_reply(new_engine, tmp_path, never) -> None:
    """A paused summary would keep the old model for ever: it goes on to its end."""
    settings = LoadSettings(context_tokens=4096, threads=1)
    new_engine.choose(tiny_llama(tmp_path / "one.gguf", llama__context_length=4096), settings)
    new_engine.count_tokens(["a"])
    hold, begun = threading.Event(), threading.Event()
    with ThreadPoolExecutor(1) as pool:
        paused = pool.submit(summary, new_engine, 1, hold, begun=begun)
        assert begun.wait(60)
        hold.set()
        time.sleep(0.1)
        assert not paused.done()
        new_engine.choose(tiny_llama(tmp_path / "other.gguf"), settings)
        *_, info = new_engine.load(cancel=never)
        assert isinstance(info, ModelInfo)
        assert info.path.endswith("other.gguf")
        assert paused.result(60).generated_tokens == 3_000


def test_a_paused_summary_does_not_keep_others_from_their_turn(new_engine, tmp_path) -> None:
    """Its passages may have all the sequences; the next document's get them."""
    path = tiny_llama(tmp_path / "tiny.gguf", llama__context_length=2048)
    new_engine.choose(path, LoadSettings(context_tokens=2048, threads=1))
    new_engine.count_tokens(["a"])
    hold, begun = threading.Event(), threading.Event()
    with ThreadPoolExecutor(12) as pool:
        paused = [
            pool.submit(summary, new_engine, number, hold, 400, begun=begun) for number in range(10)
        ]
        try:
            assert begun.wait(60)
            hold.set()
            time.sleep(0.1)
            assert not any(each.done() for each in paused)
            others = [pool.submit(summary, new_engine, 100 + n, None, 20) for n in range(2)]
            assert all(other.result(60).generated_tokens for other in others)
            cpu = engine_process().cpu_times().user
            time.sleep(0.5)
            assert engine_process().cpu_times().user - cpu < 0.2  # nobody waits busily
        finally:
            hold.clear()
        assert all(each.result(60).generated_tokens == 400 for each in paused)
