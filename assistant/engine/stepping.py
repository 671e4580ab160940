"""Lets requests begin, and evaluates their steps: several at once, a chat before summaries.

A chat reply comes first: a person waits for it. What summaries ask for pauses meanwhile, but for
a small share of the time, so that they never starve.
"""

import time
from collections.abc import Callable

from assistant.engine.causes import failed
from assistant.engine.lane import Ended, Lane, NoRoom
from assistant.engine.loaded import Loaded
from assistant.engine.protocol import Event, FinishReason
from assistant.engine.requests import Requests
from assistant.engine.runs import Run
from assistant.engine.sharing import Shares

# How long a step of prompts may take, as far as can be foreseen: beside a chat, or where no step
# can be ended early; and else.
_SHORT_STEP_S, _LONG_STEP_S = 0.1, 1.2


class Stepper:
    """Brings the requests that wait or have a sequence one step further.

    Args:
        requests: all of them.
        send: takes their events.
    """

    def __init__(self, requests: Requests, send: Callable[[Event], None]) -> None:
        self._requests = requests
        self._send = send
        self._shares = Shares()
        self._turn = 0

    def step(self, loaded: Loaded) -> None:
        """Let those begin that there is room for, and evaluate a step of those that come first."""
        self._admit(loaded)
        chats = self._chats(loaded)
        if not chats:
            self._shares.end_chat()
            can_end_early = loaded.model.can_rewind
            self._step_background(_LONG_STEP_S if can_end_early else _SHORT_STEP_S)
            return
        begun = time.perf_counter()
        self._step_lane(loaded.replies, chats, _LONG_STEP_S)
        ended = time.perf_counter()
        self._shares.note_chat(begun, ended)
        is_long = self._shares.is_long
        may_share = is_long or all(run.generated_tokens for run in chats)
        if may_share and self._shares.is_background_due:
            self._step_background(_SHORT_STEP_S, has_prompts=is_long)
            self._shares.note_background(time.perf_counter() - ended)

    def end_cancelled(self) -> None:
        """End the requests that were stopped; what they have evaluated stays."""
        for run in [run for run in self._requests.everyone() if run.is_cancelled]:
            self._finish(run, FinishReason.STOPPED)

    # Admitting

    def _chats(self, loaded: Loaded) -> list[Run]:
        return [run for run in loaded.replies.runs if run.is_chat and not run.is_held]

    def _admit(self, loaded: Loaded) -> None:
        """Let waiting requests begin, as far as there is room."""
        ready = [run for run in self._requests.waiting if not run.is_held]
        chats = [run for run in ready if run.is_chat]
        for run in chats:
            self._try_to_begin(loaded, run)
        if any(run in self._requests.waiting for run in chats):
            return  # what room there will be is theirs
        is_answering = all(run.generated_tokens for run in self._chats(loaded))
        if self._chats(loaded) and not (is_answering and self._shares.is_long):
            return
        for run in ready:
            if not (run.is_chat or (run.is_aside and self._chats(loaded))):
                self._try_to_begin(loaded, run)

    def _try_to_begin(self, loaded: Loaded, run: Run) -> None:
        try:
            lane = self._lane_of_chat(loaded, run) if run.is_chat else self._lane_of(loaded, run)
            if lane:
                self._requests.begin(loaded, lane, run)
        except Exception as error:  # a bug: the others go on
            self._fail(run, error)

    def _lane_of_chat(self, loaded: Loaded, run: Run) -> Lane | None:
        return loaded.replies if self._make_room(loaded.replies, run) else None

    def _lane_of(self, loaded: Loaded, run: Run) -> Lane | None:
        """Return where a summary's request can begin now."""
        lane = loaded.passages
        # An aside begins like the chat it is about, and that is there and not among passages.
        if run.request.is_reproducible or run.is_aside:
            replies = loaded.replies
            is_alone = all(other.is_chat or other.is_held for other in replies.runs)
            return replies if is_alone and self._make_room(replies, run) else None
        if lane and run.needed_tokens <= lane.stream_tokens:
            has_room = not lane.prefix_awaited(run) and self._make_room(lane, run)
            return lane if has_room else None
        if (opened := self._open_passages(loaded, run)) is not None:
            return opened
        replies = loaded.replies
        # One at a time: where all share their cells, each slows the steps of the others.
        if all(other.is_chat or other.is_held for other in replies.runs):
            return replies if self._make_room(replies, run) else None
        if not loaded.model.can_rewind and replies.has_room(run):
            return None if replies.prefix_awaited(run) else replies
        return None

    def _open_passages(self, loaded: Loaded, run: Run) -> Lane | None:
        """Return a lane for several short requests, if `run` is one of several."""
        if loaded.passages and loaded.passages.runs:
            return None
        others = [
            one
            for one in self._requests.everyone()
            if not (one.is_chat or one.is_aside or one.is_held)
        ]
        fresh = [other for other in others if not other.generated_tokens]
        if len(others) < 2 or run not in fresh:
            return None
        opened = loaded.lane_for_passages(max(other.needed_tokens for other in fresh))
        if opened:
            for other in [other for other in loaded.replies.runs if other in fresh]:
                self._requests.suspend(loaded.replies, other)
        return opened

    def _make_room(self, lane: Lane, run: Run) -> bool:
        """Whether `run` can begin now; paused requests leave for it, and summaries for a chat."""
        for other in [*reversed(lane.runs)]:
            if lane.has_room(run):
                break
            if other.is_held or (run.is_chat and not other.is_chat):
                self._requests.suspend(lane, other)
        return lane.has_room(run)

    # Stepping

    def _step_background(self, prompt_limit_s: float, *, has_prompts: bool = True) -> None:
        """Evaluate a step of what summaries asked for, in one lane and the other by turns."""
        due = []
        for lane in self._requests.lanes:
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
        ended = Ended()
        with self._requests.step(lane, runs) as may_step:
            if may_step:
                try:
                    ended = lane.step(runs, prompt_limit_s=prompt_limit_s, has_prompts=has_prompts)
                except Exception as bug:  # nobody knows which of them it belongs to
                    ended = Ended(failed=[(run, bug) for run in runs])
        for run, reason in ended.finished:
            self._finish(run, reason)
        for run, error in ended.failed:
            if isinstance(error, NoRoom):
                self._requests.suspend(lane, run)
            else:
                self._fail(run, error)

    def _finish(self, run: Run, reason: FinishReason) -> None:
        self._requests.end(run)
        if loaded := self._requests.loaded:
            run.extra_memory_bytes = loaded.passages_bytes
        run.finish(reason)

    def _fail(self, run: Run, error: Exception) -> None:
        self._requests.drop(run)
        self._send(failed(run.id, error))
