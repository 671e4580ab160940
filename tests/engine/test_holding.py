"""A request that is held keeps what it has, and goes on where it was."""

import threading
import time

from assistant.engine.protocol import GREEDY, LoadSettings, TextPart


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
    thread.join(20)
    # What follows may be computed in another batch, whose rounding is another.
    assert "".join(said)[:60] == "".join(whole)[:60]
    assert len("".join(said)) > 2 * len("".join(said[:held]))


def test_a_held_request_can_be_stopped(new_engine, starter_model) -> None:
    new_engine.choose(starter_model, LoadSettings(context_tokens=512))
    hold, cancel, said = threading.Event(), threading.Event(), []
    hold.set()
    thread = threading.Thread(target=run, args=(new_engine, hold, cancel, said))
    thread.start()
    time.sleep(1.5)
    assert not said or len(said) < 3
    cancel.set()
    thread.join(2)
    assert not thread.is_alive()
