"""Works off the engine's requests in a thread of the child process, several at once.

A chat reply comes first: a person waits for it. What summaries ask for pauses meanwhile, but for
a small share of the time, so that they never starve. A `Load` or `Unload` is a border: what was
asked for before it is answered before it, with the model that was there.
"""

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from assistant.engine.causes import failed
from assistant.engine.grammars import grammar_of_schema
from assistant.engine.lane import Ended, Lane, NoRoom
from assistant.engine.llama import LlamaLog, start
from assistant.engine.loaded import Loaded
from assistant.engine.protocol import (
    CountTokens,
    Event,
    Failed,
    Finished,
    FinishReason,
    Forget,
    Forgotten,
    Generate,
    Load,
    LoadProgress,
    Priority,
    TokenCounts,
    Unload,
    Unloaded,
)
from assistant.engine.runs import PromptTooLongForContext, Run
from assistant.engine.templates import TemplateStuck
from assistant.errors import ModelFault

Work = Load | Generate | CountTokens | Forget | Unload
_PROGRESS_S = 0.05
_KEEP_AFTER_S = 0.7  # without work: then what was evaluated is written to disk
_PASSAGES_REST_S = 20.0  # unused for so long, their memory is freed
# Beside a chat reply, summaries get this share of its time, and none before its first token.
_BACKGROUND_SHARE = 0.1
# A chat that takes longer than this lets prompts of summaries go on, too, in short steps.
_PATIENCE_S = 5.0
_SHORT_STEP_S, _LONG_STEP_S = 0.1, 1.2


@dataclass(frozen=True, slots=True)
class _Arrived:
    work: Work
    at: float


class Scheduler:
    """Answers requests and sends their events.

    Args:
        send: takes events; called from the scheduler's thread and the caller's.
        template_deadline_s: how long a chat template may take.
    """

    def __init__(self, send: Callable[[Event], None], template_deadline_s: float = 5.0) -> None:
        self._send = send
        self._template_deadline_s = template_deadline_s
        self._changed = threading.Condition()
        self._inbox: deque[_Arrived] = deque()
        self._waiting: list[Run] = []
        self._held: set[int] = set()
        self._working: Work | None = None
        self._is_load_cancelled = False
        self._step_begun = 0.0
        self._stepping: Lane | None = None
        self._stepping_runs: list[Run] = []
        self._loaded: Loaded | None = None
        self._log: LlamaLog | None = None
        self._chat_begun = 0.0
        self._chat_s = 0.0
        self._background_s = 0.0
        self._background_step_s = 0.05
        self._turn = 0

    # From other threads

    @property
    def is_busy(self) -> bool:
        """Whether a request is under way or waits."""
        return bool(self._working or self._inbox or self._waiting or any(self._runs()))

    @property
    def step_s(self) -> float:
        """How long the current native step has been running, in seconds."""
        begun = self._step_begun
        return time.monotonic() - begun if begun else 0.0

    def submit(self, work: Work) -> None:
        """Take a request."""
        with self._changed:
            self._inbox.append(_Arrived(work, time.perf_counter()))
            lane = self._stepping
            if isinstance(work, Generate) and work.priority == Priority.CHAT and lane:
                is_background = all(not run.is_chat for run in self._stepping_runs)
                if is_background and lane.context.model.can_rewind:
                    lane.context.stop()
            self._changed.notify()

    def cancel(self, id_: int) -> None:
        """Stop request `id_` wherever it is; nothing if it has ended."""
        with self._changed:
            self._held.discard(id_)
            for arrived in self._inbox:
                if arrived.work.id == id_:
                    self._inbox.remove(arrived)
                    self._send(_ended_early(arrived.work))
                    break
            else:
                if self._working and self._working.id == id_:
                    self._is_load_cancelled = True
                for run in self._everyone():
                    if run.id == id_:
                        run.is_cancelled = True
                        self._interrupt(run)
            self._changed.notify()

    def hold(self, id_: int, *, is_held: bool) -> None:
        """Pause request `id_`, or let it go on."""
        with self._changed:
            (self._held.add if is_held else self._held.discard)(id_)
            for run in self._everyone():
                if run.id == id_:
                    run.is_held = is_held
                    if is_held:
                        self._interrupt(run)
            self._changed.notify()

    def _interrupt(self, run: Run) -> None:
        """End the step that `run` is in, where nobody who goes on loses more than that step."""
        lane = self._stepping
        if lane and run in self._stepping_runs:
            is_last = run.is_cancelled and len(self._stepping_runs) == 1
            if is_last or lane.context.model.can_rewind:
                lane.context.stop()

    # The scheduler's own thread

    def run(self) -> None:
        """Work until the process ends."""
        self._log = start()
        while True:
            self._wait()
            self._take_in()
            self._end_cancelled()
            if self._loaded:
                try:
                    self._admit(self._loaded)
                    self._step(self._loaded)
                except Exception as error:  # a bug: the requests concerned fail, the rest goes on
                    self._fail_all(error)

    def _wait(self) -> None:
        """Return when there is something to do; use the time without work."""
        while True:
            with self._changed:
                if self._has_work():
                    return
                if not self._changed.wait(self._spare_time()) and not self._inbox:
                    loaded = self._loaded
                else:
                    continue
            if loaded:
                self._use_spare_time(loaded)

    def _has_work(self) -> bool:
        if any(run.is_cancelled or not run.is_held for run in self._everyone()):
            return True
        return bool(self._inbox)

    def _spare_time(self) -> float | None:
        """Return when there will be something to do even if nobody asks for anything."""
        if self._loaded and self._loaded.has_unkept:
            return _KEEP_AFTER_S
        return _PASSAGES_REST_S if self._loaded and self._loaded.passages else None

    def _use_spare_time(self, loaded: Loaded) -> None:
        if loaded.has_unkept:
            loaded.keep_all()
        elif loaded.passages and not loaded.passages.runs:
            loaded.close_passages()

    def _runs(self) -> Iterator[Run]:
        for lane in self._lanes():
            yield from list(lane.runs)

    def _lanes(self) -> list[Lane]:
        loaded = self._loaded
        lanes = (loaded.replies, loaded.passages) if loaded else ()
        return [lane for lane in lanes if lane]

    def _everyone(self) -> Iterator[Run]:
        yield from list(self._waiting)
        yield from self._runs()

    def _take_in(self) -> None:
        """Do what was asked for that takes a moment, and queue the rest."""
        while True:
            with self._changed:
                if not self._inbox:
                    return
                work = self._inbox[0].work
                if isinstance(work, Load | Unload) and any(self._everyone()):
                    return  # a border
                arrived = self._inbox.popleft()
                self._working = work
                self._is_load_cancelled = False
            try:
                event = self._do(arrived)
            except TemplateStuck:
                self._send(Failed(work.id, ModelFault.TEMPLATE_FAILED, "took too long"))
                os._exit(3)
            except Exception as error:
                event = failed(work.id, error)
            with self._changed:
                self._working = None
                if isinstance(work, Generate) and event is None and self._is_load_cancelled:
                    self._waiting[-1].is_cancelled = True
            if event:
                self._send(event)

    def _do(self, arrived: _Arrived) -> Event | None:
        """Do what was asked for; return its last event, if it is done."""
        match arrived.work:
            case Load() as work:
                self._unload()
                return self._load(work)
            case Generate() as work:
                self._queue(work, arrived.at)
                return None
            case CountTokens() as work:
                model = self._ready(work).model
                texts = work.texts
                counts = tuple(len(model.tokenize(text, parse_special=False)) for text in texts)
                return TokenCounts(work.id, counts)
            case Forget() as work:
                for run in self._waiting:
                    if work.owner in {"", run.owner}:
                        run.owner = ""
                if self._loaded:
                    self._loaded.forget(work.owner)
                return Forgotten(work.id)
            case Unload() as work:
                self._unload()
                return Unloaded(work.id)

    def _unload(self) -> None:
        with self._changed:
            loaded, self._loaded = self._loaded, None
        if loaded:
            loaded.close()

    def _load(self, work: Load) -> Event:
        assert self._log
        loaded = Loaded(
            work,
            self._log,
            self._load_reporter(work.id),
            lambda is_begin: self._note_step(is_begin=is_begin),
            self._template_deadline_s,
        )
        with self._changed:
            self._loaded = loaded
        return loaded.info(work.id)

    def _load_reporter(self, id_: int) -> Callable[[float], bool]:
        """Return a function that sends the progress now and then; it says whether to go on."""
        sent = 0.0

        def report(fraction: float) -> bool:
            nonlocal sent
            now = time.monotonic()
            self._step_begun = now
            if now - sent > _PROGRESS_S:
                sent = now
                self._send(LoadProgress(id_, fraction))
            return not self._is_load_cancelled

        return report

    def _queue(self, work: Generate, arrived: float) -> None:
        loaded = self._ready(work)
        prompt = loaded.prompt(work)
        limit = loaded.replies.context.context_tokens
        if len(prompt.tokens) >= limit:
            raise PromptTooLongForContext(len(prompt.tokens), limit)
        reasoning = loaded.writer.reasoning if loaded.writer and work.messages else None
        run = Run(work, prompt, reasoning, self._send, arrived)
        run.grammar = grammar_of_schema(work.json_schema) if work.json_schema else work.grammar
        with self._changed:
            run.is_held = work.id in self._held
            self._waiting.append(run)

    def _ready(self, work: Work) -> Loaded:
        if self._loaded is None:
            raise RuntimeError(f"{type(work).__name__} without a model")
        return self._loaded

    def _note_step(self, *, is_begin: bool) -> None:
        self._step_begun = time.monotonic() if is_begin else 0.0

    # Admitting

    def _admit(self, loaded: Loaded) -> None:
        """Let waiting requests begin, as far as there is room."""
        ready = [run for run in self._waiting if not run.is_held]
        chats = [run for run in ready if run.is_chat]
        for run in chats:
            if self._make_room(loaded, run):
                self._begin(loaded, loaded.replies, run)
        if chats or self._chats(loaded):
            return
        for run in ready:
            if not run.is_chat and (lane := self._lane_of(loaded, run)):
                self._begin(loaded, lane, run)

    def _begin(self, loaded: Loaded, lane: Lane, run: Run) -> None:
        with self._changed:
            self._waiting.remove(run)
            loaded.begin(lane, run)

    def _make_room(self, loaded: Loaded, run: Run) -> bool:
        """Whether a chat can begin now; summaries and paused requests leave for it."""
        lane = loaded.replies
        for other in [*reversed(lane.runs)]:
            if lane.has_room(run):
                break
            if not other.is_chat or other.is_held:
                self._suspend(lane, other)
        return lane.has_room(run)

    def _suspend(self, lane: Lane, run: Run) -> None:
        with self._changed:
            lane.suspend(run)
            self._waiting.insert(0, run)

    def _lane_of(self, loaded: Loaded, run: Run) -> Lane | None:
        """Return where a summary's request can begin now."""
        lane = loaded.passages
        if lane and run.needed_tokens <= lane.stream_tokens:
            has_room = lane.has_room(run) and not lane.prefix_awaited(run)
            return lane if has_room else None
        others = [other for other in self._everyone() if not (other.is_chat or other.is_held)]
        if len(others) > 1 and not (lane and lane.runs):
            fresh = [other for other in others if not other.generated_tokens]
            needed = max((other.needed_tokens for other in fresh), default=0)
            if run in fresh and (opened := loaded.lane_for_passages(needed)):
                for other in [other for other in loaded.replies.runs if other in fresh]:
                    self._suspend(loaded.replies, other)
                return opened
        if all(other.is_held for other in loaded.replies.runs):
            return loaded.replies if self._make_room(loaded, run) else None
        if not loaded.model.can_rewind and loaded.replies.has_room(run):
            return None if loaded.replies.prefix_awaited(run) else loaded.replies
        return None

    # Stepping

    def _chats(self, loaded: Loaded) -> list[Run]:
        return [run for run in loaded.replies.runs if run.is_chat and not run.is_held]

    def _step(self, loaded: Loaded) -> None:
        """Evaluate one step of those that come first."""
        chats = self._chats(loaded)
        if not chats:
            self._chat_begun = 0.0
            is_short = not loaded.model.can_rewind
            self._step_background(_SHORT_STEP_S if is_short else _LONG_STEP_S)
            return
        begun = time.perf_counter()
        if not self._chat_begun:
            self._chat_begun, self._chat_s, self._background_s = begun, 0.0, 0.0
        self._step_lane(loaded.replies, chats, _LONG_STEP_S)
        ended = time.perf_counter()
        self._chat_s += ended - begun
        is_long = ended - self._chat_begun > _PATIENCE_S
        if not is_long and not all(run.generated_tokens for run in chats):
            return
        if self._background_s + self._background_step_s < _BACKGROUND_SHARE * self._chat_s:
            self._step_background(_SHORT_STEP_S, has_prompts=is_long)
            self._background_step_s = time.perf_counter() - ended
            self._background_s += self._background_step_s

    def _step_background(self, prompt_limit_s: float, *, has_prompts: bool = True) -> None:
        """Evaluate a step of what summaries asked for, in one lane and the other by turns."""
        due = []
        for lane in self._lanes():
            runs = [run for run in lane.runs if not run.is_chat and not run.is_held]
            if runs:
                due.append((lane, runs))
        if due:
            self._turn += 1
            lane, runs = due[self._turn % len(due)]
            self._step_lane(lane, runs, prompt_limit_s, has_prompts=has_prompts)

    def _step_lane(
        self, lane: Lane, runs: list[Run], prompt_limit_s: float, *, has_prompts: bool = True
    ) -> None:
        with self._changed:
            if any(run.is_cancelled or run.is_held for run in runs):
                return
            is_background = not any(run.is_chat for run in runs)
            if is_background and any(isinstance(one.work, Generate) for one in self._inbox):
                return  # it may be a chat
            lane.context.resume()
            self._stepping, self._stepping_runs = lane, runs
        try:
            ended = lane.step(runs, prompt_limit_s=prompt_limit_s, has_prompts=has_prompts)
        finally:
            with self._changed:
                self._stepping, self._stepping_runs = None, []
        self._settle(lane, ended)

    def _settle(self, lane: Lane, ended: Ended) -> None:
        for run, reason in ended.finished:
            self._finish(lane, run, reason)
        for run, error in ended.failed:
            if isinstance(error, NoRoom):
                self._suspend(lane, run)
            else:
                self._fail(lane, run, error)

    def _finish(self, lane: Lane, run: Run, reason: FinishReason) -> None:
        with self._changed:
            lane.end(run)
            self._held.discard(run.id)
        if self._loaded:
            run.extra_memory_bytes = self._loaded.passages_bytes
        run.finish(reason)

    def _fail(self, lane: Lane, run: Run, error: Exception) -> None:
        with self._changed:
            if run in lane.runs:
                lane.suspend(run)
            run.close()
            self._held.discard(run.id)
        self._send(failed(run.id, error))

    def _fail_all(self, error: Exception) -> None:
        """Fail every request under way: nobody knows which of them a bug belongs to."""
        for lane in self._lanes():
            for run in list(lane.runs):
                self._fail(lane, run, error)

    def _end_cancelled(self) -> None:
        """End the requests that were stopped; what they have evaluated stays."""
        for run in [run for run in self._waiting if run.is_cancelled]:
            with self._changed:
                self._waiting.remove(run)
            run.close()
            run.finish(FinishReason.STOPPED)
        for lane in self._lanes():
            for run in [run for run in lane.runs if run.is_cancelled]:
                self._finish(lane, run, FinishReason.STOPPED)


def _ended_early(work: Work) -> Event:
    """Return the last event of a request that was stopped before it began."""
    match work:
        case Load():
            return Failed(work.id, "cancelled")
        case Generate():
            return Finished(work.id, FinishReason.STOPPED, 0, 0, 0, 0.0, 0.0)
        case CountTokens():
            return TokenCounts(work.id, ())
        case Forget():
            return Forgotten(work.id)
        case Unload():
            return Unloaded(work.id)
