"""What every llama.cpp process beside the engine says to the app."""

import msgspec


class Beat(msgspec.Struct, frozen=True, tag=True):
    """The process lives; `step_s` is how long its current native step has been running."""

    step_s: float


class Failure(msgspec.Struct, frozen=True, tag=True):
    """A request failed; `kind` is a `ModelFault`, "too-large", "no-space", "cancelled" or "bug"."""

    kind: str
    detail: str = ""
    numbers: tuple[int, ...] = ()
