"""The app's end of one engine process: its model, its requests, its heartbeats, its death."""

import queue
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from assistant.child import Child, ChildEndedError, ChildOptions
from assistant.engine import process
from assistant.engine.choice import Choice, Plan
from assistant.engine.patience import Patience, Silence
from assistant.engine.protocol import (
    Event,
    Failed,
    Forget,
    Heartbeat,
    Load,
    LoadProgress,
    ModelInfo,
    Request,
    Unload,
)
from assistant.errors import DeathCause
from assistant.forecast import ModelShape

_LOOK_S = 0.25
_END_S = 5.0
_SLOWEST_CORE = 1_000_000_000  # weights multiplied a second: a step of a prompt may take as long


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """The engine's process ended.

    Attributes:
        model: what it had loaded or was loading.
        unforgotten: owners whose words it was told to forget, and may not have.
    """

    cause: DeathCause
    model: Path | None
    while_loading: bool
    exit_code: int | None
    log_tail: str
    unforgotten: tuple[str, ...] = ()

    @property
    def is_the_models_fault(self) -> bool:
        """Whether the model may do it again: nobody asked the process to go."""
        asked = {-getattr(signal, name, 0) for name in ("SIGTERM", "SIGINT", "SIGHUP")}
        return self.while_loading and self.exit_code not in asked


Inbox = queue.SimpleQueue[Event | Death]


@dataclass(frozen=True, slots=True)
class _Model:
    """What a process has in memory."""

    choice: Choice
    info: ModelInfo
    shape: ModelShape | None
    step_limit_s: float


class LinkBroken(Exception):  # noqa: N818 - named for what happened
    """A request was not sent: the process had ended before."""


class EngineLink:
    """One engine process, from its start to its end.

    Args:
        options: how the process runs.
        patience: when it counts as frozen.
        on_loaded, on_death: told before the request concerned is; on the link's thread.
        on_quiet: told a few times a second while no request is under way; on the link's thread.
    """

    def __init__(
        self,
        options: ChildOptions,
        patience: Patience,
        on_loaded: Callable[[Path], None],
        on_death: Callable[[Death], None],
        on_quiet: Callable[["EngineLink"], None],
    ) -> None:
        self._patience = patience
        self._on_loaded = on_loaded
        self._on_death = on_death
        self._on_quiet = on_quiet
        self._quiet_since = time.monotonic()
        self._rest_id: int | None = None
        self._load_id: int | None = None  # of the load that was sent last, and nothing after it
        self._lock = threading.Lock()
        self._inboxes: dict[int, Inbox] = {}
        self._loads: dict[int, Plan] = {}
        self._forgets: dict[int, str] = {}
        self._death: Death | None = None
        self._is_ending = False
        self._is_broken = False
        self._step_limit_s = patience.step_s
        self._present: _Model | None = None  # also while a load that replaces it waits its turn
        self.loaded: Choice | None = None
        self.info: ModelInfo | None = None
        self.shape: ModelShape | None = None
        self._encoder = msgspec.msgpack.Encoder()
        self._child = Child(process.main, options)
        self._thread = threading.Thread(target=self._read, name="engine link", daemon=True)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether requests can be sent."""
        return not (self._death or self._is_ending or self._is_broken) and self._child.is_alive

    @property
    def is_loading(self) -> bool:
        """Whether a model is being loaded."""
        return bool(self._loads)

    @property
    def is_working(self) -> bool:
        """Whether a request is under way."""
        return bool(self._inboxes)

    @property
    def quiet_s(self) -> float:
        """For how long no request has been under way, in seconds."""
        return 0.0 if self.is_working else time.monotonic() - self._quiet_since

    @property
    def is_resting(self) -> bool:
        """Whether the process was ended because nobody had needed its model for a while."""
        return self._rest_id is not None

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._child.pid

    def load(self, request: Load, plan: Plan) -> Inbox:
        """Send a load; from now on nothing is loaded until its `ModelInfo` comes.

        What was asked for before it goes on meanwhile; until it begins it may be taken back.

        Raises:
            LinkBroken: the process is not there to read it.
        """
        with self._lock:
            self.loaded = self.info = None
            self._load_id = request.id
            self._loads[request.id] = plan
        try:
            return self.open(request)
        except BaseException:
            self._loads.pop(request.id, None)
            raise

    def unload(self, request: Unload) -> Inbox:
        """Send an unload; from now on nothing is loaded.

        Raises:
            LinkBroken: the process is not there to read it.
        """
        with self._lock:
            self.loaded = self.info = self._load_id = self._present = None
        return self.open(request)

    def rest(self, request: Unload) -> None:
        """Have the model unloaded, and then the process ended, unless a request comes before."""
        with self._lock:
            self.loaded = self.info = self._load_id = self._present = None
            self._rest_id = request.id
        self.send(request)

    def open(self, request: Request) -> Inbox:
        """Send `request` and return where its events arrive; a death is the last of them.

        Raises:
            LinkBroken: the process is not there to read it.
        """
        inbox: Inbox = queue.SimpleQueue()
        with self._lock:
            if self._death or self._is_ending:
                raise LinkBroken
            self._rest_id = None
            self._inboxes[request.id] = inbox
        try:
            is_sent = self.send(request)
        except BaseException:  # what cannot be written down is waited for by nobody
            self.forget(request.id)
            raise
        if not is_sent:
            self.forget(request.id)
            raise LinkBroken
        return inbox

    def ask_to_forget(self, request: Forget) -> None:
        """Have the process forget an owner; until it has, or if it dies, `unforgotten` knows."""
        with self._lock:
            self._forgets[request.id] = request.owner
        self.send(request)

    @property
    def unforgotten(self) -> tuple[str, ...]:
        """Owners that the process was told to forget and has not confirmed."""
        with self._lock:
            return tuple(self._forgets.values())

    def send(self, request: Request) -> bool:
        """Send `request`; False if the process has ended."""
        try:
            self._child.send(self._encoder.encode(request))
        except ChildEndedError:
            self._is_broken = True
            return False
        return True

    def forget(self, id_: int) -> None:
        """Drop the events of request `id_` from now on."""
        with self._lock:
            if self._inboxes.pop(id_, None):
                self._quiet_since = time.monotonic()

    def join(self) -> None:
        """Wait until a process that is ending is gone, and what it was is known."""
        self._thread.join(_END_S)

    def end(self) -> None:
        """End the process and wait until it is gone."""
        self._is_ending = True
        self._child.kill()
        self._thread.join()

    def _read(self) -> None:
        """Hand events on until the process ends."""
        try:
            self._receive()
        except ChildEndedError:
            pass
        except msgspec.MsgspecError:  # it says what no engine says
            self._child.kill(DeathCause.CRASHED)
        finally:  # after a bug as well: nobody waits for ever
            self._bury()

    def _receive(self) -> None:
        decoder = msgspec.msgpack.Decoder(Event)
        silence = Silence(self._patience, _LOOK_S)
        while True:
            silence.look()
            message = self._child.receive(_LOOK_S)
            if message is not None:
                silence.end(is_sign=True)
                self._hand_on(decoder.decode(message))
            elif self.is_working:
                if silence.is_too_long():
                    self._child.kill(DeathCause.FROZEN)
            else:
                silence.end(is_sign=False)
                self._on_quiet(self)

    def _hand_on(self, event: Event) -> None:
        if isinstance(event, Heartbeat):
            if event.step_s > self._step_limit_s:
                self._child.kill(DeathCause.FROZEN)
            return
        with self._lock:
            if event.id == self._rest_id:
                self._is_ending = True
                self._child.kill()
            self._forgets.pop(event.id, None)
            plan = self._loads.get(event.id)
            if plan:
                event = self._note_load(plan, event)
        if plan and isinstance(event, ModelInfo):
            self._on_loaded(plan.choice.path)
        with self._lock:
            inbox = self._inboxes.get(event.id)
        if inbox:
            inbox.put(event)

    def _note_load(self, plan: Plan, event: Event) -> Event:
        """Take in what an event says of a load, and return what is told of it."""
        if isinstance(event, LoadProgress):  # the first says that it begins
            self._present = None
            self._step_limit_s = self._patience.step_of_load_s(plan.choice.identity[0])
        if isinstance(event, ModelInfo):
            event = plan.told_in(event)
            step = plan.settings.ubatch_tokens * event.parameters / _SLOWEST_CORE
            limit = max(self._patience.step_s, step)
            self._present = _Model(plan.choice, event, plan.shape, limit)
        if isinstance(event, ModelInfo | Failed):
            del self._loads[event.id]
            # One that was given up may have been followed by another. One that never began left
            # everything as it was.
            if self._present and event.id == self._load_id:
                self.loaded, self.info = self._present.choice, self._present.info
                self.shape, self._step_limit_s = self._present.shape, self._present.step_limit_s
        return event

    def _bury(self) -> None:
        """Find out why the process ended, and tell everyone who waits for it."""
        cause = self._child.cause_of_death()
        present = self._present  # a load that waits behind its requests has not begun
        loading = None if present else next(iter(self._loads.values()), None)
        about = loading or present
        choice = about.choice if about else None
        death = Death(
            cause=cause,
            model=choice.path if choice else None,
            while_loading=loading is not None,
            exit_code=self._child.exit_code,
            log_tail=self._child.log_tail(),
            unforgotten=self.unforgotten,
        )
        self._child.close()
        try:
            if not self._is_ending:
                self._on_death(death)
        finally:
            with self._lock:
                self._death = death
                self.loaded = self.info = self._present = None
                inboxes = list(self._inboxes.values())
                self._inboxes.clear()
            for inbox in inboxes:
                inbox.put(death)
