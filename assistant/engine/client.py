"""The engine as everyone else uses it: llama.cpp in a child process, behind one class."""

import queue
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psutil

from assistant.child import ChildOptions
from assistant.engine import process
from assistant.engine.crashes import CrashRecord, file_identity
from assistant.engine.fitting import private_bytes, settings_that_fit, too_large
from assistant.engine.link import Choice, Death, EngineLink, Inbox, LinkBroken, Patience
from assistant.engine.protocol import (
    Cancel,
    CountTokens,
    Event,
    Failed,
    Finished,
    FinishReason,
    Generate,
    Load,
    LoadProgress,
    LoadSettings,
    Message,
    ModelInfo,
    Priority,
    PromptProgress,
    Sampling,
    TextPart,
    TokenCounts,
    Unload,
)
from assistant.errors import (
    DeathCause,
    EngineClosed,
    EngineDied,
    ModelError,
    ModelFault,
    ModelNotFound,
    PromptTooLong,
)

_LOOK_S = 0.01  # how often a waiting request looks whether it was stopped
_ATTEMPTS = 3
_PATIENCE = Patience()
_SETTINGS = LoadSettings()
_SAMPLING = Sampling()


class EngineState(StrEnum):
    """What the engine is doing."""

    OFF = "off"
    LOADING = "loading"
    READY = "ready"
    WORKING = "working"


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """The engine at a moment.

    Attributes:
        state: what it is doing.
        model: what is loaded.
        memory_bytes: what its process takes, weights included.
        tokens_per_s: how fast it generated last; 0 if it has not.
    """

    state: EngineState
    model: ModelInfo | None
    memory_bytes: int
    tokens_per_s: float


class Engine:
    """Runs one model at a time; requests from several threads wait their turn.

    Nothing is started before the first request needs it. When the process dies, the request that
    was with it fails with the cause, and the next one starts it again.

    Args:
        log: file that takes llama.cpp's messages; None drops them.
        crash_record: file that remembers models that crashed while loading.
        nice: how much lower the process's priority is than the window's.
        patience: when the process counts as frozen.
    """

    def __init__(
        self,
        *,
        log: Path | None,
        crash_record: Path | None = None,
        nice: int = 5,
        patience: Patience = _PATIENCE,
    ) -> None:
        self._options = ChildOptions(
            name="alcove engine", log=log, nice=nice, environment=process.ENVIRONMENT
        )
        self._crashes = CrashRecord(crash_record)
        self._patience = patience
        self._lock = threading.Lock()  # guards what follows, for moments only
        self._link: EngineLink | None = None
        self._last_id = 0
        self._is_closed = False
        self._chosen: tuple[Path, LoadSettings] | None = None
        self._tokens_per_s = 0.0
        self._turn = threading.Lock()  # one request at a time loads what it needs and is sent

    @property
    def info(self) -> ModelInfo | None:
        """The loaded model, or None."""
        link = self._link
        return link.info if link else None

    def status(self) -> EngineStatus:
        """Return what the engine is doing; cheap enough for every second."""
        link = self._link
        if link is None or not link.is_alive:
            return EngineStatus(EngineState.OFF, None, 0, self._tokens_per_s)
        if link.is_loading:
            state = EngineState.LOADING
        elif link.is_working:
            state = EngineState.WORKING
        else:
            state = EngineState.READY if link.info else EngineState.OFF
        return EngineStatus(state, link.info, _resident_bytes(link.pid), self._tokens_per_s)

    def choose(self, path: Path, settings: LoadSettings = _SETTINGS) -> None:
        """Say which model the next request uses; that request loads it."""
        self._chosen = (path, settings)

    def load(
        self, *, cancel: threading.Event, force: bool = False
    ) -> Iterator[LoadProgress | ModelInfo]:
        """Load the chosen model now; the last value is its `ModelInfo`, unless it was stopped.

        Args:
            cancel: ends the load.
            force: load it even if it crashed the engine last time.

        Raises:
            ModelError: the file cannot be used.
            ModelTooLarge: it does not fit into memory.
            CrashedLastTime: it ended the engine when it was last loaded.
            EngineDied: it ended the engine now.
            EngineClosed: the engine was closed.
        """
        choice = self._choice()
        info: ModelInfo | None = None
        with _Turn(self._turn, cancel) as is_mine:
            if is_mine:
                for event in self._ready(choice, cancel, force=force):
                    info = event if isinstance(event, ModelInfo) else None
                    yield event
                if info is None and not cancel.is_set() and self.info:
                    yield self.info

    def generate(
        self,
        messages: Sequence[Message] = (),
        *,
        prompt: str = "",
        sampling: Sampling = _SAMPLING,
        max_tokens: int = 512,
        stop: Sequence[str] = (),
        thinking: bool | None = None,
        priority: Priority = Priority.CHAT,
        reply_start: str = "",
        cancel: threading.Event,
    ) -> Iterator[LoadProgress | ModelInfo | PromptProgress | TextPart | Finished]:
        """Reply to a conversation, or continue the bare text `prompt`.

        Loads the chosen model first if it is not loaded. The last value is `Finished`; after
        `cancel` it comes at once, with the reason `STOPPED`.

        Args:
            messages: the conversation, the user's message last.
            prompt: a text to continue, if there are no messages.
            sampling: how tokens are chosen.
            max_tokens: at most so many are generated; 0 for as many as the context holds.
            stop: strings that end the reply and are not part of it.
            thinking: whether to reason first, where the model lets one choose.
            priority: a chat goes before waiting summaries.
            reply_start: how the reply begins; what follows it is generated.
            cancel: stops it, wherever it is.

        Raises:
            ModelError: with `NO_CHAT_TEMPLATE`, a base model was given `messages`; with
                `TEMPLATE_FAILED`, its template is broken; or the file cannot be used.
            PromptTooLong: the prompt has more tokens than the context.
            ModelTooLarge, CrashedLastTime, EngineDied, EngineClosed: see `load`.
        """
        request = Generate(
            id=self._next_id(),
            messages=tuple(Message(m.role, _encodable(m.content)) for m in messages),
            prompt=_encodable(prompt),
            sampling=sampling,
            max_tokens=max_tokens,
            stop=tuple(_encodable(text) for text in stop),
            thinking=thinking,
            priority=priority,
            reply_start=_encodable(reply_start),
        )
        usage = _Usage(request.id)
        for event in self._submit(request, cancel):
            usage.note(event)
            if isinstance(event, LoadProgress | ModelInfo | PromptProgress | TextPart):
                yield event
            elif isinstance(event, Finished):
                if event.generation_s > 0 and event.generated_tokens > 1:
                    self._tokens_per_s = event.generated_tokens / event.generation_s
                yield event
                return
        yield usage.stopped()

    def count_tokens(
        self, texts: Sequence[str], *, cancel: threading.Event | None = None
    ) -> tuple[int, ...]:
        """Return the tokens of each text on the chosen model's tokenizer; () when stopped.

        Raises:
            ModelError, ModelTooLarge, CrashedLastTime, EngineDied, EngineClosed: see `load`.
        """
        request = CountTokens(self._next_id(), tuple(_encodable(text) for text in texts))
        for event in self._submit(request, cancel or threading.Event()):
            if isinstance(event, TokenCounts) and len(event.counts) == len(texts):
                return event.counts
        return ()

    def unload(self) -> None:
        """Free the model and its file, after the requests that are under way.

        The next request loads the chosen model again.
        """
        with self._turn:  # so that nobody is between loading a model and using it
            link = self._link
            if link is None or not link.is_alive:
                return
            request = Unload(self._next_id())
            try:
                inbox = link.unload(request)
            except LinkBroken:
                return
        inbox.get()  # `Unloaded`, or a death: the model is freed either way
        link.forget(request.id)

    def close(self) -> None:
        """End the process; requests under way raise `EngineClosed`. For good."""
        with self._lock:
            self._is_closed = True
            link, self._link = self._link, None
        if link:
            link.end()

    def _choice(self) -> Choice:
        if self._chosen is None:
            raise ModelNotFound("")
        path, settings = self._chosen
        return Choice(path, settings, file_identity(path))

    def _next_id(self) -> int:
        with self._lock:
            self._last_id += 1
            return self._last_id

    def _submit(self, request: Generate | CountTokens, cancel: threading.Event) -> Iterator[Event]:
        """Load what `request` needs, send it and yield all events; ends early when stopped."""
        choice = self._choice()
        with _Turn(self._turn, cancel) as is_mine:
            if not is_mine:
                return
            for attempt in range(_ATTEMPTS):
                try:
                    link = yield from self._ready(choice, cancel)
                    if cancel.is_set():
                        return
                    inbox = link.open(request)
                    break
                except LinkBroken:  # it ended while it was idle: nothing was lost
                    if attempt == _ATTEMPTS - 1:
                        raise EngineDied(DeathCause.EXITED, None, False) from None
        yield from self._follow(link, inbox, request.id, choice, cancel)

    def _ready(
        self, choice: Choice, cancel: threading.Event, *, force: bool = False
    ) -> Generator[LoadProgress | ModelInfo, None, EngineLink]:
        """Load `choice` unless it is loaded; return the process that has it, unless stopped."""
        link = self._running_link()
        if link.loaded == choice:
            return link
        if not force:
            self._crashes.check(choice.path)
        settings = settings_that_fit(choice, private_bytes(link.pid))
        request = Load(self._next_id(), str(choice.path), settings)
        try:
            inbox = link.load(request, choice)
        except LinkBroken:
            link = self._running_link()
            inbox = link.load(request, choice)
        for event in self._follow(link, inbox, request.id, choice, cancel):
            if isinstance(event, LoadProgress | ModelInfo):
                yield event
        return link

    def _running_link(self) -> EngineLink:
        """Return the link to the engine's process; start one if there is none."""
        with self._lock:
            if self._is_closed:
                raise EngineClosed
            if self._link is None or not self._link.is_alive:
                self._link = EngineLink(
                    self._options, self._patience, self._crashes.forget, self._note_death
                )
            return self._link

    def _note_death(self, death: Death) -> None:
        if death.model and death.is_the_models_fault:
            self._crashes.add(death.model, death.cause)

    def _follow(
        self, link: EngineLink, inbox: Inbox, id_: int, choice: Choice, cancel: threading.Event
    ) -> Iterator[Event]:
        """Yield a request's events; when stopped, only its last, if that comes soon enough."""
        give_up = 0.0
        is_over = False
        try:
            while not give_up or time.monotonic() < give_up:
                if not give_up and cancel.is_set():
                    link.send(Cancel(id_))
                    give_up = time.monotonic() + self._patience.stop_s
                try:
                    event = inbox.get(timeout=_LOOK_S)
                except queue.Empty:
                    continue
                is_over = isinstance(event, Death | Failed | Finished | ModelInfo | TokenCounts)
                if isinstance(event, Death | Failed):
                    if give_up:
                        return
                    raise self._error(event, choice)
                if is_over or not give_up:
                    yield event
                if is_over:
                    return
        finally:
            link.forget(id_)
            if not is_over and not give_up:  # the caller lost interest
                link.send(Cancel(id_))

    def _error(self, event: Death | Failed, choice: Choice) -> Exception:
        """Return the exception that says what `event` does."""
        if isinstance(event, Death):
            if self._is_closed:
                return EngineClosed()
            return EngineDied(
                event.cause, event.model, event.while_loading, event.exit_code, event.log_tail
            )
        if event.kind == "prompt-too-long":
            return PromptTooLong(*event.numbers)
        if event.kind == "too-large":
            return too_large(choice)
        if event.kind in set(ModelFault):
            return ModelError(choice.path, ModelFault(event.kind), event.detail)
        return RuntimeError(f"engine: {event.kind}: {event.detail}")


class _Turn:
    """Takes a lock unless stopped meanwhile; `with` tells whether it has it."""

    def __init__(self, lock: threading.Lock, cancel: threading.Event) -> None:
        self._lock = lock
        self._cancel = cancel
        self._has = False

    def __enter__(self) -> bool:
        while not self._has and not self._cancel.is_set():
            self._has = self._lock.acquire(timeout=_LOOK_S)
        return self._has

    def __exit__(self, *_: object) -> None:
        if self._has:
            self._lock.release()


class _Usage:
    """What is known of a request that the engine has not finished in time after a stop."""

    def __init__(self, id_: int) -> None:
        self._id = id_
        self._progress: PromptProgress | None = None
        self._begun = self._replied = 0.0
        self._parts = 0

    def note(self, event: Event) -> None:
        if isinstance(event, PromptProgress):
            self._progress = event
            self._begun = self._begun or time.perf_counter()
        elif isinstance(event, TextPart):
            self._replied = self._replied or time.perf_counter()
            self._parts += 1

    def stopped(self) -> Finished:
        now = time.perf_counter()
        replied = self._replied or now
        return Finished(
            id=self._id,
            reason=FinishReason.STOPPED,
            prompt_tokens=self._progress.total_tokens if self._progress else 0,
            reused_tokens=self._progress.reused_tokens if self._progress else 0,
            generated_tokens=self._parts,
            prompt_s=replied - (self._begun or replied),
            generation_s=now - replied,
        )


def _encodable(text: str) -> str:
    """Return `text` with a question mark for each half of a surrogate pair: UTF-8 has none."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _resident_bytes(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0
