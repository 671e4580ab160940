"""What the engine is doing at a moment, for those who show it."""

from dataclasses import dataclass
from enum import StrEnum

import psutil

from assistant.engine.link import EngineLink
from assistant.engine.protocol import ModelInfo


class EngineState(StrEnum):
    """What the engine is doing."""

    OFF = "off"
    LOADING = "loading"
    READY = "ready"
    WORKING = "working"
    RESTING = "resting"  # its model was unloaded, for nobody had needed it for a while


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


def status_of(link: EngineLink | None, tokens_per_s: float) -> EngineStatus:
    """Return what the engine behind `link` is doing; cheap enough for every second."""
    if link is None or not link.is_alive:
        is_resting = link is not None and link.is_resting
        state = EngineState.RESTING if is_resting else EngineState.OFF
        return EngineStatus(state, None, 0, tokens_per_s)
    if link.is_loading:
        state = EngineState.LOADING
    elif link.is_working:
        state = EngineState.WORKING
    else:
        state = EngineState.READY if link.info else EngineState.OFF
    return EngineStatus(state, link.info, resident_bytes(link.pid), tokens_per_s)


def resident_bytes(pid: int) -> int:
    """Return the memory that a process takes; 0 if it has ended."""
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0
