"""The scheduler, turn by turn: what two threads see of it, and what happens at the seams."""

import itertools
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.engine import scheduler, sharing
from assistant.engine.lane import Lane
from assistant.engine.llama import Rows, Step, start
from assistant.engine.protocol import (
    GREEDY,
    CountTokens,
    Event,
    Failed,
    Finished,
    FinishReason,
    Generate,
    Load,
    LoadSettings,
    ModelInfo,
    Priority,
    TextPart,
    TokenCounts,
    Unload,
    Unloaded,
)
from assistant.engine.requests import Requests
from assistant.engine.runs import Run
from assistant.engine.scheduler import Scheduler
from tests.engine.tiny_models import tiny_llama

CONTEXT = 512


class Desk:
    """A scheduler whose turns are taken by hand."""

    def __init__(self, model: Path) -> None:
        start()
        self.events: list[Event] = []
        self.requests = Requests(self.events.append)
        self.scheduler = Scheduler(self.requests, self.events.append)
        self._ids = iter(range(1, 1000))
        self.model = model
        self.load()
        self.work(1)

    def load(self, states: str = "") -> int:
        settings = LoadSettings(context_tokens=CONTEXT, threads=1, speculates=False)
        return self._submit(Load(next(self._ids), str(self.model), settings, states))

    def ask(
        self,
        prompt: str,
        tokens: int = 8,
        priority: Priority = Priority.SUMMARY,
        owner: str = "",
    ) -> int:
        return self._submit(
            Generate(
                next(self._ids),
                prompt=prompt,
                max_tokens=tokens,
                sampling=GREEDY,
                priority=priority,
                owner=owner,
            )
        )

    def unload(self) -> int:
        return self._submit(Unload(next(self._ids)))

    def count(self, *texts: str, priority: Priority = Priority.CHAT) -> int:
        return self._submit(CountTokens(next(self._ids), texts, priority))

    def _submit(self, work) -> int:
        self.requests.submit(work)
        return work.id

    def work(self, turns: int = 1) -> None:
        for _ in range(turns):
            self.scheduler.work()

    def until_over(self, id_: int, turns: int = 400) -> Event:
        """Take turns until the request has its last event, and return it."""
        for _ in range(turns):
            if (last := self.last(id_)) is not None:
                return last
            self.work()
        pytest.fail(f"no end in {turns} turns")

    def last(self, id_: int) -> Event | None:
        kinds = (Finished, Failed, ModelInfo, TokenCounts, Unloaded)
        return next((e for e in self.events if e.id == id_ and isinstance(e, kinds)), None)

    def text(self, id_: int) -> str:
        return "".join(e.text for e in self.events if isinstance(e, TextPart) and e.id == id_)

    def run(self, id_: int) -> Run:
        return next(run for run in self.requests.everyone() if run.id == id_)

    def lane(self, id_: int) -> Lane | None:
        return next(
            (lane for lane in self.requests.lanes if any(run.id == id_ for run in lane.runs)), None
        )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tiny_llama(tmp_path / "tiny.gguf"))
    yield desk
    if desk.requests.loaded:
        desk.requests.loaded.close()


def test_a_reply_that_goes_on_in_another_lane_is_the_same(desk: Desk) -> None:
    """Its sampler must read the outputs of the context that evaluated its last token."""
    alone = desk.ask("once upon", 60)
    desk.until_over(alone)
    moved = desk.ask("once upon", 60)
    desk.work(10)
    first = desk.lane(moved)
    others = [desk.ask(f"{number} others", 200) for number in range(3)]
    desk.work(3)  # they open a lane of their own
    assert desk.requests.loaded
    assert desk.requests.loaded.passages is not first
    chat = desk.ask("a " * (CONTEXT // 2 - 30), 20, Priority.CHAT)  # it needs all there is
    desk.work(2)
    assert desk.lane(moved) is None
    desk.until_over(chat)
    desk.work(2)
    assert desk.lane(moved) is desk.requests.loaded.passages
    assert desk.until_over(moved)
    assert desk.text(moved) == desk.text(alone)
    for other in others:
        desk.until_over(other, 1000)


def test_what_waits_behind_a_border_does_not_hold_up_what_is_before_it(desk: Desk) -> None:
    summary = desk.ask("once upon", 20)
    desk.work(3)
    unload = desk.unload()
    chat = desk.ask("hello", 4, Priority.CHAT)
    assert isinstance(desk.until_over(summary), Finished)
    assert isinstance(desk.until_over(unload), Unloaded)
    assert isinstance(desk.until_over(chat), Failed)  # nothing is loaded any more


def test_a_paused_request_goes_on_before_a_border(desk: Desk) -> None:
    summary, waiting = desk.ask("once upon", 20), desk.ask("a " * 200, 50)
    desk.work(3)
    for id_ in (summary, waiting):
        desk.requests.hold(id_, is_held=True)
    load = desk.load()
    assert isinstance(desk.until_over(load), ModelInfo)
    assert isinstance(desk.last(summary), Finished)
    assert isinstance(desk.last(waiting), Finished)


def test_a_request_is_there_for_other_threads_while_it_begins(desk: Desk) -> None:
    """What it begins with may be read from disk: a stop comes meanwhile, and heartbeats go on."""
    loaded = desk.requests.loaded
    assert loaded
    begin, seen = loaded.begin, []

    def slow(lane: Lane, run: Run) -> None:
        thread = threading.Thread(
            target=lambda: seen.extend([desk.requests.is_busy, desk.requests.cancel(run.id)])
        )
        thread.start()
        thread.join(2)
        seen.append(thread.is_alive())
        begin(lane, run)

    loaded.begin = slow  # type: ignore[method-assign]
    reply = desk.ask("once upon", 100)
    desk.work(2)
    assert seen == [True, None, False]
    last = desk.last(reply)
    assert isinstance(last, Finished)
    assert last.reason is FinishReason.STOPPED


def test_a_bug_where_one_begins_leaves_the_others_alone(desk: Desk) -> None:
    loaded = desk.requests.loaded
    assert loaded
    begin = loaded.begin
    good = desk.ask("once upon", 20)
    desk.work(2)

    def broken(lane: Lane, run: Run) -> None:
        if run.id == bad:
            raise KeyError(run.id)
        begin(lane, run)

    loaded.begin = broken  # type: ignore[method-assign]
    bad = desk.ask("twice upon", 20)
    last = desk.until_over(bad, 60)
    assert isinstance(last, Failed)
    assert last.kind == "bug"
    assert isinstance(desk.until_over(good), Finished)
    assert not desk.requests.is_busy


def test_one_that_must_leave_is_not_ended_as_well(desk: Desk) -> None:
    """Two in a full context: the one that lost its sequence may not finish in the same step."""
    lane = desk.requests.loaded.replies
    first, second = desk.ask("a " * 120, 0, Priority.CHAT), desk.ask("b " * 100, 1)
    desk.work(1)
    desk.work(40)
    for id_ in (first, second):
        assert isinstance(desk.until_over(id_, 1500), Finished)
    assert lane.runs == []


def test_a_stop_or_a_pause_that_comes_after_the_end_leaves_nothing(desk: Desk) -> None:
    reply = desk.ask("once", 2)
    desk.requests.hold(reply, is_held=True)
    desk.requests.hold(reply, is_held=False)
    desk.until_over(reply)
    desk.requests.hold(reply, is_held=True)
    desk.requests.cancel(reply)
    stopped = desk.ask("once", 2)
    desk.requests.hold(stopped, is_held=True)
    desk.requests.cancel(stopped)
    assert isinstance(desk.last(stopped), Finished)
    assert desk.requests._held == set()
    assert not desk.requests.is_busy


@pytest.mark.parametrize("priority", Priority)
def test_a_chats_count_does_not_wait_for_a_summarys_step(desk: Desk, priority: Priority) -> None:
    """Before each turn of a conversation its messages are counted: it took a second."""
    summary = desk.ask("a " * 200)
    desk.work(1)
    lane, run = desk.lane(summary), desk.run(summary)
    assert lane
    rows = [Rows(run.sequence.number, run.evaluated, run.tokens[run.evaluated :][:8])]
    with desk.requests.step(lane, [run]) as may_step:
        assert may_step
        count = desk.count("a", priority=priority)
        ended = lane.context.evaluate(rows)
    assert ended is (Step.STOPPED if priority is Priority.CHAT else Step.DONE)
    lane.sequences.undo(run.sequence)
    assert desk.until_over(count)
    assert isinstance(desk.until_over(summary), Finished)


@pytest.mark.parametrize("priority", Priority)
def test_counting_ends_when_it_is_stopped(desk: Desk, priority: Priority) -> None:
    texts = ["word " * 20_000] * 50
    count = desk.count(*texts, priority=priority)
    timer = threading.Timer(0.05, desk.requests.cancel, [count])
    timer.start()
    last = desk.until_over(count)
    timer.join()
    assert isinstance(last, TokenCounts)
    assert len(last.counts) < len(texts)


def test_a_document_is_counted_beside_a_chat(desk: Desk) -> None:
    """Counting a book takes ten seconds, in which a reply would stand still."""
    texts = ["word " * 100] * 10_000
    chat = desk.ask("once upon", 100, Priority.CHAT)
    count = desk.count(*texts, priority=Priority.SUMMARY)
    desk.until_over(chat)
    assert desk.last(count) is None
    unload = desk.unload()
    counts = desk.until_over(count, 2_000).counts
    assert (len(counts), len(set(counts))) == (10_000, 1)
    assert desk.last(unload) is None
    assert isinstance(desk.until_over(unload), Unloaded)


def test_nobody_waits_long_for_counting(desk: Desk) -> None:
    """Where nobody chats it goes on quickly, and a chat that comes is heard between two texts."""
    texts = ["word " * 100] * 10_000
    count = desk.count(*texts, priority=Priority.SUMMARY)
    desk.work(1)
    assert desk.last(count) is None
    begun = time.perf_counter()
    chat = desk.ask("once upon", 1, Priority.CHAT)
    desk.until_over(chat)
    assert time.perf_counter() - begun < 0.5
    assert len(desk.until_over(count).counts) == 10_000


def test_a_model_that_fails_after_its_weights_are_read_leaves_memory(tmp_path: Path) -> None:
    """The file vanishes while it is being loaded: its fingerprint cannot be made."""
    model = tiny_llama(tmp_path / "vanishing.gguf")
    desk = Desk(tiny_llama(tmp_path / "other.gguf"))
    settings = LoadSettings(context_tokens=CONTEXT, threads=1)
    report = desk.scheduler._load_reporter

    def reporter(id_: int):
        inner = report(id_)

        def and_vanish(fraction: float) -> bool:
            model.unlink(missing_ok=True)
            return inner(fraction)

        return and_vanish

    desk.scheduler._load_reporter = reporter  # type: ignore[method-assign]
    desk.requests.submit(Load(500, str(model), settings, states=str(tmp_path / "states")))
    assert isinstance(desk.until_over(500), Failed)
    assert "vanishing.gguf" not in Path("/proc/self/maps").read_text()


def test_an_aside_begins_where_chats_are_and_after_them(desk: Desk) -> None:
    others = [desk.ask(f"{number} others", 200) for number in range(3)]
    desk.work(3)
    loaded = desk.requests.loaded
    assert loaded
    assert loaded.passages
    chat = desk.ask("hello", 30, Priority.CHAT)
    desk.work(2)
    aside = desk.ask("hello", 4, Priority.ASIDE)
    desk.work(3)
    assert desk.lane(chat) is loaded.replies
    assert desk.lane(aside) is None
    desk.until_over(chat)
    desk.work(1)
    assert desk.lane(aside) is loaded.replies
    assert isinstance(desk.until_over(aside), Finished)
    for other in others:
        desk.until_over(other, 1000)


def test_an_aside_that_does_not_fit_beside_a_chat_takes_its_room(desk: Desk) -> None:
    chat = desk.ask("a " * (CONTEXT // 3), 4, Priority.CHAT)
    desk.until_over(chat)
    aside = desk.ask("b " * (CONTEXT // 3), 20, Priority.ASIDE)
    end = desk.until_over(aside)
    assert isinstance(end, Finished)
    assert end.generated_tokens


def test_a_chat_is_kept_on_disk_while_summaries_go_on(desk: Desk, tmp_path, monkeypatch) -> None:
    """They may take hours, and the app may be closed meanwhile."""
    monkeypatch.setattr(scheduler, "_KEEP_AFTER_S", 0.05)
    desk.load(str(tmp_path / "states"))
    desk.work(1)
    summaries = [desk.ask(f"{letter} passage", 400) for letter in "ab"]
    desk.work(2)
    chat = desk.ask("c" * 100, 4, Priority.CHAT, owner="conversation-1")
    desk.until_over(chat)
    assert not list(tmp_path.rglob("*.state"))
    time.sleep(0.06)
    desk.work(2)
    assert len(list(tmp_path.rglob("*.state"))) == 1
    assert not any(desk.last(one) for one in summaries)


def test_a_prompt_is_read_in_short_steps_beside_a_chat(desk: Desk, monkeypatch) -> None:
    """Else each would hold up the reply: none may take longer than 150 ms."""
    monkeypatch.setattr(sharing, "_PATIENCE_S", 0.0)
    monkeypatch.setattr(sharing, "_BACKGROUND_SHARE", 100.0)
    chat = desk.ask("once", 200, Priority.CHAT)
    desk.work(2)
    summary = desk.ask("a " * 100, 2)
    run, evaluated = None, [0]
    while not (run and run.generated_tokens):
        for lane in desk.requests.lanes:
            lane._prompt_per_s = 400.0  # as of a model that reads 60 tokens in that time
        desk.work(1)
        run = desk.run(summary)
        evaluated.append(run.evaluated)
    assert desk.last(chat) is None
    steps = [after - before for before, after in itertools.pairwise(evaluated)]
    assert max(steps) <= 60
    assert sum(steps) > 200
