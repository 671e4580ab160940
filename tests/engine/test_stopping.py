"""Stop works at once, and a waiting chat goes before waiting summaries."""

import random
import threading
import time

from assistant.engine.client import Engine
from assistant.engine.protocol import (
    GREEDY,
    Finished,
    FinishReason,
    Priority,
    PromptProgress,
    TextPart,
)

LONG = "The tenant pays the rent on the first day of every month. " * 100


def test_stops_at_once_wherever_it_is(engine: Engine) -> None:
    """A quick look; `benchmarks/engine` measures fifty on an idle computer."""
    moments = random.Random(3)
    waits = []
    for number in range(4):
        cancel = threading.Event()
        pressed = []

        def press(cancel=cancel, pressed=pressed) -> None:
            pressed.append(time.perf_counter())
            cancel.set()

        timer = threading.Timer(moments.uniform(0.02, 0.4), press)
        timer.start()
        # Another beginning each time: nothing is reused, so the prompt takes seconds.
        *_, last = engine.generate(
            prompt=f"{number} {LONG}", sampling=GREEDY, max_tokens=0, cancel=cancel
        )
        waits.append(time.perf_counter() - pressed[0])
        timer.join()
        assert isinstance(last, Finished)
        assert last.reason is FinishReason.STOPPED
    # Other processes may be busy: each wait is short, and one alone may have met with them.
    assert sorted(waits)[-2] < 1.0
    assert max(waits) < 3.0


def test_stopped_before_it_began(engine: Engine) -> None:
    cancel = threading.Event()
    cancel.set()
    (only,) = engine.generate(prompt="Once", cancel=cancel)
    assert only.reason is FinishReason.STOPPED


def test_says_what_was_done_until_the_stop(engine: Engine) -> None:
    cancel = threading.Event()
    parts = 0
    for event in engine.generate(prompt="Once", sampling=GREEDY, max_tokens=0, cancel=cancel):
        parts += isinstance(event, TextPart)
        if parts == 3:
            cancel.set()
    assert event.reason is FinishReason.STOPPED
    assert event.prompt_tokens == 1
    assert event.generated_tokens >= 3


def test_a_stop_after_the_end_does_not_call_a_cut_reply_complete(engine: Engine, ask) -> None:
    """Text that had arrived but was not read is dropped by the stop: so it was stopped."""
    cancel = threading.Event()
    events = engine.generate(prompt="Once", sampling=GREEDY, max_tokens=12, cancel=cancel)
    parts = 0
    for event in events:
        parts += isinstance(event, TextPart)
        if parts == 1 and not cancel.is_set():
            ask(prompt="Twice", max_tokens=48)  # step by step beside it: the shorter is complete
            cancel.set()
    assert parts == 1
    assert isinstance(event, Finished)
    assert event.reason is FinishReason.STOPPED


def test_a_caller_that_lost_interest_frees_the_engine(engine: Engine, ask) -> None:
    never = threading.Event()
    running = engine.generate(prompt=LONG, sampling=GREEDY, max_tokens=0, cancel=never)
    while not isinstance(next(running), PromptProgress):
        pass
    running.close()
    begun = time.monotonic()
    ask(prompt="Once", max_tokens=1)
    assert time.monotonic() - begun < 30  # the prompt alone would go on for ever


def test_a_waiting_chat_goes_before_waiting_summaries(engine: Engine) -> None:
    never = threading.Event()
    order: list[str] = []

    def run(name: str, priority: Priority) -> None:
        events = engine.generate(
            prompt=f"{name} has", sampling=GREEDY, max_tokens=8, priority=priority, cancel=never
        )
        order.extend(name for event in events if isinstance(event, Finished))

    running = engine.generate(prompt=LONG[:3000], sampling=GREEDY, max_tokens=2, cancel=never)
    next(running)
    threads = []
    for name, priority in [
        ("summary 1", Priority.SUMMARY),
        ("summary 2", Priority.SUMMARY),
        ("chat", Priority.CHAT),
    ]:
        thread = threading.Thread(target=run, args=(name, priority))
        thread.start()
        threads.append(thread)
        time.sleep(0.1)
    for _ in running:
        pass
    for thread in threads:
        thread.join()
    assert order[0] == "chat"
    assert set(order[1:]) == {"summary 1", "summary 2"}  # together, in either order


def test_a_stopped_request_leaves_the_queue(engine: Engine, ask) -> None:
    never, cancel = threading.Event(), threading.Event()
    running = engine.generate(prompt=LONG, sampling=GREEDY, max_tokens=1, cancel=never)
    next(running)
    threading.Timer(0.1, cancel.set).start()
    begun = time.monotonic()
    *_, last = engine.generate(prompt="Once", cancel=cancel)
    assert last.reason is FinishReason.STOPPED
    assert time.monotonic() - begun < 3.0
    running.close()
