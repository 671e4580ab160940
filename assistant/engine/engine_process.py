"""The one process that an engine has: started when it is needed, and anew after its end."""

import itertools
import threading
from collections.abc import Callable
from pathlib import Path

from assistant.child import ChildOptions
from assistant.engine.crashes import CrashRecord
from assistant.engine.failures import not_started
from assistant.engine.link import Death, EngineLink
from assistant.engine.patience import Patience
from assistant.engine.protocol import Forget
from assistant.errors import EngineClosed


class EngineProcess:
    """Keeps the link to the process; what it was told to forget is gone also if it dies first.

    Args:
        options: how it runs.
        patience: when it counts as frozen.
        crashes: hears of models that end it.
        states: folder for what was evaluated for an owner; None if nothing is kept.
        on_quiet: told a few times a second while no request is under way; on the link's thread.
    """

    def __init__(
        self,
        options: ChildOptions,
        patience: Patience,
        crashes: CrashRecord,
        states: Path | None,
        on_quiet: Callable[[EngineLink], None],
    ) -> None:
        self.options = options
        self._patience = patience
        self._crashes = crashes
        self._states = states
        self._on_quiet = on_quiet
        self._lock = threading.Lock()  # guards what follows, for moments only
        self._ids = itertools.count(1)
        self.link: EngineLink | None = None
        self.is_closed = False

    def next_id(self) -> int:
        """Return an id for a request; from any thread."""
        return next(self._ids)

    def running(self) -> EngineLink:
        """Return the link to the process; start one if there is none.

        Raises:
            EngineClosed: it was closed.
            EngineDied: the system starts no more processes.
        """
        with self._lock:
            if self.is_closed:
                raise EngineClosed
            if self.link is not None and not self.link.is_alive:
                self.link.join()  # so that the cause of its end is known
                self._erase(self.link.unforgotten)
                self.link = None
            if self.link is None:
                self.link = self._started()
            return self.link

    def forget(self, owner: str) -> None:
        """Delete an owner's states from disk, and tell the process if it lives; all if empty."""
        self._erase((owner,))
        link = self.link
        if link and link.is_alive:
            link.ask_to_forget(Forget(self.next_id(), owner))

    def close(self) -> None:
        """End the process, for good."""
        with self._lock:
            self.is_closed = True
            link, self.link = self.link, None
        if link:
            link.end()
            self._erase(link.unforgotten)

    def _started(self) -> EngineLink:
        try:
            return EngineLink(
                self.options,
                self._patience,
                self._crashes.forget,
                self._note_death,
                self._on_quiet,
            )
        except OSError as error:
            raise not_started(error) from error

    def _note_death(self, death: Death) -> None:
        if death.model and death.is_the_models_fault:
            self._crashes.add(death.model, death.cause)
        self._erase(death.unforgotten)

    def _erase(self, owners: tuple[str, ...]) -> None:
        if not self._states or not owners:
            return
        from assistant.engine import states  # noqa: PLC0415 - most runs forget nobody

        for owner in owners:
            states.forget(self._states, owner)
