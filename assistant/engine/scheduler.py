"""Works off the engine's requests in a thread of the child process.

What takes a moment (counting tokens, writing a prompt) is done in the order in which it came;
replies are then evaluated several at once, step by step (`stepping.py`).
"""

import math
import os
import threading
import time
import traceback
from collections.abc import Callable

from assistant.engine.causes import failed
from assistant.engine.counting import Counting, slice_s
from assistant.engine.grammars import Grammar, grammar_of_schema, parse
from assistant.engine.llama import LlamaLog, start
from assistant.engine.loaded import Loaded
from assistant.engine.patience import HEARTBEAT_S, StepClock
from assistant.engine.peak import forget_peak
from assistant.engine.protocol import (
    CountTokens,
    Event,
    Failed,
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
from assistant.engine.requests import Arrived, Requests, Work
from assistant.engine.runs import PromptTooLongForContext, Run
from assistant.engine.stepping import Stepper
from assistant.engine.templates import TemplateStuck
from assistant.errors import ModelFault

_PROGRESS_S = 0.05
_KEEP_AFTER_S = 0.7  # without work: then what was evaluated is written to disk
_PASSAGES_REST_S = 20.0  # unused for so long, their memory is freed
_STUCK, _BUG = 3, 4  # exit codes


class Scheduler:
    """Answers requests and sends their events.

    Args:
        requests: what is asked.
        send: takes events; called from the scheduler's thread.
        template_deadline_s: how long a chat template may take.

    Attributes:
        clock: knows how long the current native step has been running.
    """

    def __init__(
        self, requests: Requests, send: Callable[[Event], None], template_deadline_s: float = 5.0
    ) -> None:
        self.clock = StepClock(HEARTBEAT_S)
        self._requests = requests
        self._send = send
        self._template_deadline_s = template_deadline_s
        self._stepper = Stepper(requests, send)
        self._log: LlamaLog | None = None
        self._chatted = 0.0  # when a chat was last under way, as long as it is not on disk

    def start(self, stack_bytes: int) -> None:
        """Work in a thread of its own, with so large a stack, until the process ends."""
        threading.stack_size(stack_bytes)
        threading.Thread(target=self._run, name="scheduler", daemon=True).start()
        threading.stack_size(0)

    def _run(self) -> None:
        try:
            while True:
                while not self._requests.wait(self._spare_s()):
                    self._use_spare_time()
                self.work()
        except BaseException:  # a bug: requests that hear of it are better than ones that wait
            traceback.print_exc()
            os._exit(_BUG)

    def work(self) -> None:
        """Do what can be done now: take in what was asked, and evaluate one step."""
        while arrived := self._requests.take():
            self._do(arrived)
        self._stepper.end_cancelled()
        if loaded := self._requests.loaded:
            begun = time.perf_counter()
            self._stepper.step(loaded)
            self._count(loaded, time.perf_counter() - begun)
            self._keep_chats(loaded)

    def _count(self, loaded: Loaded, step_s: float) -> None:
        """Count some of what summaries want counted, after a step that took `step_s` seconds."""
        counting = next(iter(self._requests.counting), None)
        if counting is None:
            return
        is_chat = any(run.is_chat and not run.is_held for run in self._requests.everyone())
        seconds = slice_s(step_s, is_chat=is_chat)
        counting.go_on(loaded.model, seconds, lambda: self._requests.has_new)
        if counting.is_over:
            self._requests.end_counting(counting)
            self._send(counting.result)

    def _keep_chats(self, loaded: Loaded) -> None:
        """Write what chats have evaluated also beside summaries, which may go on for hours."""
        now = time.monotonic()
        if any(run.is_chat for run in self._requests.everyone()):
            self._chatted = now
        elif self._chatted and now - self._chatted >= _KEEP_AFTER_S:
            self._keep(loaded)
            self._chatted = now if loaded.has_unkept else 0.0

    # Without work

    def _spare_s(self) -> float | None:
        """Return when there will be something to do even if nobody asks for anything."""
        loaded = self._requests.loaded
        if loaded and loaded.has_unkept:
            return _KEEP_AFTER_S
        return _PASSAGES_REST_S if loaded and loaded.passages else None

    def _use_spare_time(self) -> None:
        loaded = self._requests.loaded
        if loaded and loaded.has_unkept:
            self._keep(loaded)
        elif loaded and loaded.passages and not loaded.passages.runs:
            loaded.close_passages()

    def _keep(self, loaded: Loaded) -> None:
        """Write what was evaluated to disk, until something is asked for."""
        while loaded.has_unkept and not self._requests.has_new:
            loaded.keep_one()

    # What takes a moment

    def _do(self, arrived: Arrived) -> None:
        """Do what was asked for, or let it wait for its steps."""
        work = arrived.work
        result: Event | Run | Counting
        try:
            result = self._result(arrived)
        except TemplateStuck:
            self._send(Failed(work.id, ModelFault.TEMPLATE_FAILED, "took too long"))
            os._exit(_STUCK)
        except Exception as error:
            result = failed(work.id, error)
        if isinstance(result, Run | Counting):
            self._requests.put_back(result)
        else:
            self._requests.put_back(None)
            self._send(result)

    def _result(self, arrived: Arrived) -> Event | Run | Counting:
        match arrived.work:
            case Load() as work:
                self._unload()
                return self._load(work)
            case Generate() as work:
                return self._begun(work, arrived.at)
            case CountTokens() as work:
                return self._counts(work)
            case Forget() as work:
                self._forget(work.owner)
                return Forgotten(work.id)
            case Unload() as work:
                self._unload()
                return Unloaded(work.id)

    def _unload(self) -> None:
        loaded = self._requests.loaded
        self._requests.use(None)
        if loaded:
            loaded.close()

    def _load(self, work: Load) -> Event:
        self._send(LoadProgress(work.id, 0.0))  # what goes wrong from here on is its fault
        self._log = self._log or start()
        forget_peak()  # another model's is not this one's
        loaded = Loaded(
            work,
            self._log,
            self._load_reporter(work.id),
            lambda is_begin: self._note_step(is_begin=is_begin),
            self._template_deadline_s,
        )
        self._requests.use(loaded)
        return loaded.info(work.id)

    def _load_reporter(self, id_: int) -> Callable[[float], bool]:
        """Return a function that sends the progress now and then; it says whether to go on."""
        sent = 0.0

        def report(fraction: float) -> bool:
            nonlocal sent
            now = time.monotonic()
            self.clock.begin()
            if now - sent > _PROGRESS_S:
                sent = now
                self._send(LoadProgress(id_, fraction))
            return not self._requests.is_stopped

        return report

    def _note_step(self, *, is_begin: bool) -> None:
        if is_begin:
            self.clock.begin()
        else:
            self.clock.end()

    def _begun(self, work: Generate, arrived: float) -> Run:
        """Return what is known of a request for a reply before its first step.

        Raises:
            GrammarRefused: the form of its reply cannot be followed.
            ModelError, TemplateFailed: see `Loaded.prompt`.
            PromptTooLongForContext: it leaves no room for a reply.
        """
        loaded = self._ready(work)
        form = _form(work)
        prompt = loaded.prompt(work)
        limit = loaded.replies.context.context_tokens
        if len(prompt.tokens) >= limit:
            raise PromptTooLongForContext(len(prompt.tokens), limit)
        may_think = bool(work.messages) and not work.must_reply
        reasoning = loaded.writer.reasoning if loaded.writer and may_think else None
        return Run(
            work, prompt, grammar=form, reasoning=reasoning, send=self._send, arrived=arrived
        )

    def _counts(self, work: CountTokens) -> TokenCounts | Counting:
        """Count for a person at once, until it is stopped: texts may be long; else bit by bit."""
        model = self._ready(work).model
        counting = Counting(work)
        if work.priority is not Priority.CHAT:
            return counting
        counting.go_on(model, math.inf, lambda: self._requests.is_stopped)
        return counting.result

    def _forget(self, owner: str) -> None:
        for run in self._requests.waiting:
            if owner in {"", run.owner}:
                run.owner = ""
        if loaded := self._requests.loaded:
            loaded.forget(owner)

    def _ready(self, work: Work) -> Loaded:
        loaded = self._requests.loaded
        if loaded is None:
            raise RuntimeError(f"{type(work).__name__} without a model")
        return loaded


def _form(work: Generate) -> Grammar | None:
    """Return what the reply follows; None for no form.

    Raises:
        GrammarRefused: it cannot be followed.
    """
    text = grammar_of_schema(work.json_schema) if work.json_schema else work.grammar
    return parse(text) if text else None
