"""The app's end of a llama.cpp process beside the engine: one request at a time, and its death."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from assistant.child import Channel, Child, ChildEndedError, ChildOptions
from assistant.engine.failures import not_started
from assistant.engine.patience import Patience, Silence
from assistant.engine.process import ENVIRONMENT
from assistant.engine.side_messages import Beat, Failure
from assistant.errors import (
    DeathCause,
    EngineDied,
    ModelError,
    ModelFault,
    ModelTooLarge,
    NoSpace,
)
from assistant.fit import free_memory_bytes, memory_need
from assistant.gguf import GgufHeader

_LOOK_S = 0.02  # how often a waiting request looks whether it was stopped
_PATIENCE = Patience(stop_s=0.25)

E = TypeVar("E")


class SideProcess(Generic[E]):
    """A process that answers requests about model files with events of the type `E`.

    Args:
        target: the process's main function.
        events: the union of the events it sends, for the decoder.
        name: what it is called in lists of processes.
        log: file that takes llama.cpp's messages; None drops them.
        nice: how much lower its priority is than the window's.

    Raises:
        EngineDied: the system starts no more processes.
    """

    def __init__(
        self,
        target: Callable[[Channel], None],
        events: Any,
        *,
        name: str,
        log: Path | None,
        nice: int,
    ) -> None:
        self._decoder = msgspec.msgpack.Decoder(events | Beat | Failure)
        options = ChildOptions(name=name, log=log, nice=nice, environment=ENVIRONMENT)
        try:
            self._child = Child(target, options)
        except OSError as error:
            raise not_started(error) from error
        self._silence = Silence(_PATIENCE, _LOOK_S)

    @property
    def is_alive(self) -> bool:
        """Whether requests can be sent."""
        return self._child.is_alive

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._child.pid

    def ask(
        self, request: msgspec.Struct, header: GgufHeader, last: type, cancel: threading.Event
    ) -> Iterator[E]:
        """Send `request` and yield its events, up to one of the type `last`.

        Returns early when stopped; a process that does not stop soon is ended.

        Args:
            request: what is sent.
            header: of the model file it is about.
            last: the type of its last event.
            cancel: stops it.

        Raises:
            ModelError, ModelTooLarge, NoSpace: the request failed.
            EngineDied: the process ended.
        """
        is_over = False
        try:
            self._child.send(msgspec.msgpack.encode(request))
            for event in self._events(header, cancel):
                is_over = isinstance(event, Failure | last)
                if isinstance(event, Failure):
                    raise _error(event, header)
                yield event
                if is_over:
                    return
        except ChildEndedError:
            is_over = True
            raise self._death(header) from None
        finally:
            if not is_over:  # stopped, or the caller lost interest
                self._stop(last)

    def kill(self) -> None:
        """End the process at once; a request under way raises. From any thread."""
        self._child.kill()

    def end(self) -> None:
        """End the process and wait until it is gone; no request is under way."""
        self._child.kill()
        self._child.close()

    def _events(self, header: GgufHeader, cancel: threading.Event) -> Iterator[Any]:
        step_limit = _PATIENCE.step_of_load_s(header.file_bytes)
        self._silence.end(is_sign=False)
        while not cancel.is_set():
            self._silence.look()
            message = self._child.receive(_LOOK_S)
            if message is None:
                if self._silence.is_too_long():
                    self._child.kill(DeathCause.FROZEN)
                continue
            self._silence.end(is_sign=True)
            event = self._decode(message)
            if not isinstance(event, Beat):
                yield event
            elif event.step_s > step_limit:
                self._child.kill(DeathCause.FROZEN)

    def _decode(self, message: bytes) -> Any:
        try:
            return self._decoder.decode(message)
        except msgspec.MsgspecError:  # it says what none of ours says
            self._child.kill(DeathCause.CRASHED)
            raise ChildEndedError from None

    def _stop(self, last: type) -> None:
        """Have the process stop, or end it if it takes longer than a moment."""
        give_up = time.monotonic() + _PATIENCE.stop_s
        try:
            self._child.send(b"")
            while (left := give_up - time.monotonic()) > 0:
                message = self._child.receive(left)
                if message and isinstance(self._decode(message), Failure | last):
                    return
        except ChildEndedError:
            pass
        self.end()

    def _death(self, header: GgufHeader) -> EngineDied:
        cause = self._child.cause_of_death()
        error = EngineDied(cause, header.path, False, self._child.exit_code, self._child.log_tail())
        self._child.close()
        return error


def refuse_if_too_large(
    header: GgufHeader, context_tokens: int, step_tokens: int, more_bytes: int = 0
) -> None:
    """Raise if the model does not fit into the memory that is free now.

    Args:
        header: the model file's.
        context_tokens: of the context it will get.
        step_tokens: evaluated at once.
        more_bytes: what the request needs besides.

    Raises:
        ModelTooLarge: it does not fit.
    """
    needed = memory_need(header, context_tokens, step_tokens).total_bytes + more_bytes
    free = free_memory_bytes()
    if needed > free:
        raise ModelTooLarge(header.path, needed, free)


def _error(event: Failure, header: GgufHeader) -> Exception:
    """Return the exception that says what `event` does."""
    if event.kind == "too-large":
        free = free_memory_bytes()
        return ModelTooLarge(header.path, memory_need(header, 512).total_bytes, free)
    if event.kind == "no-space":
        return NoSpace(Path(event.detail), *event.numbers)
    if event.kind in set(ModelFault):
        return ModelError(header.path, ModelFault(event.kind), event.detail)
    return RuntimeError(f"{event.kind}: {event.detail}")
