"""Loads a model: as it was wished, or with what can be had where that fails."""

import threading
from collections.abc import Callable, Generator
from pathlib import Path

from assistant.engine.choice import Choice, Plan
from assistant.engine.devices import gpus
from assistant.engine.fitting import plans, private_bytes
from assistant.engine.following import Unanswered, follow
from assistant.engine.gpu_part import has_gpu_part
from assistant.engine.link import Death, EngineLink, LinkBroken
from assistant.engine.memory_record import MemoryRecord
from assistant.engine.protocol import Failed, Load, LoadProgress, ModelInfo
from assistant.errors import DeathCause, EngineDied, ModelFault
from assistant.paths import as_text

_ATTEMPTS = 3
_GPU_DEATHS = {DeathCause.CRASHED, DeathCause.EXITED, DeathCause.FROZEN}
# A GPU's driver may refuse in its own words.
_GPU_FAILURES = {ModelFault.REFUSED, "bug"}


class Loader:
    """Tries the plans for a model until one is loaded.

    Args:
        running_link: returns the engine's process, started if there is none.
        next_id: returns an id for a request.
        memory: what models took earlier.
        stop_s: how long a stopped load waits for its last event, in seconds.
        states: folder for what is evaluated; None keeps nothing.
        states_limit_bytes: how much it may hold.
    """

    def __init__(
        self,
        *,
        running_link: Callable[[], EngineLink],
        next_id: Callable[[], int],
        memory: MemoryRecord,
        stop_s: float,
        states: Path | None,
        states_limit_bytes: int,
    ) -> None:
        self._running_link = running_link
        self._next_id = next_id
        self._memory = memory
        self._stop_s = stop_s
        self._states = as_text(states) if states else ""
        self._states_limit_bytes = states_limit_bytes
        self._failed: dict[Choice, int] = {}  # how many plans for a GPU failed in this run

    def load(
        self, choice: Choice, cancel: threading.Event
    ) -> Generator[LoadProgress | ModelInfo, None, EngineLink]:
        """Load `choice`; return the process that has it, unless stopped.

        Raises:
            ModelError, ModelTooLarge, EngineDied: it cannot be loaded in any way.
        """
        link = self._running_link()
        own_bytes = private_bytes(link.pid)
        ways = plans(choice, own_bytes, self._memory.correction(choice.path))
        failed = 0
        last: Unanswered | None = None
        for plan in ways:
            if failed < self._failed.get(choice, 0):
                failed += 1
                continue
            try:
                return (yield from self._try(plan, cancel))
            except Unanswered as end:
                if not _may_fit_otherwise(end.event, plan):
                    raise
                last = end
                if plan.settings.gpu_layers:
                    failed += 1
                    self._failed[choice] = failed
        assert last
        raise last

    def _try(
        self, plan: Plan, cancel: threading.Event
    ) -> Generator[LoadProgress | ModelInfo, None, EngineLink]:
        request = Load(
            self._next_id(),
            as_text(plan.choice.path),
            plan.settings,
            self._states,
            self._states_limit_bytes,
        )
        for _ in range(_ATTEMPTS):
            link = self._running_link()
            try:
                inbox = link.load(request, plan)
                for event in follow(link, inbox, request.id, stop_s=self._stop_s, cancel=cancel):
                    if isinstance(event, LoadProgress | ModelInfo):
                        yield event
            except LinkBroken:  # it ended while it was idle
                continue
            except Unanswered as end:
                if isinstance(end.event, Death) and not end.event.while_loading:
                    continue  # another model ended it, before this load began
                raise
            return link
        raise EngineDied(DeathCause.EXITED, None, False)


def _may_fit_otherwise(event: Death | Failed, plan: Plan) -> bool:
    """Whether less memory, or no GPU, may help against a failed load."""
    if isinstance(event, Death):
        if event.cause is DeathCause.OUT_OF_MEMORY:
            return True
        is_gpus_fault = event.while_loading and event.cause in _GPU_DEATHS
    elif event.kind == "too-large":
        return True
    else:
        is_gpus_fault = event.kind in _GPU_FAILURES
    if not is_gpus_fault or not plan.settings.gpu_layers:
        return False
    return has_gpu_part() or bool(gpus())
