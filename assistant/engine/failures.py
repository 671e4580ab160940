"""Turns what the engine's process says of a failure into the error that says it to people."""

import errno

from assistant.engine.choice import Choice
from assistant.engine.fitting import too_large
from assistant.engine.link import Death
from assistant.engine.protocol import Failed
from assistant.errors import (
    DeathCause,
    EngineDied,
    EngineUnusable,
    GrammarError,
    ModelError,
    ModelFault,
    PromptTooLong,
)


def error_of(event: Death | Failed, choice: Choice) -> Exception:
    """Return the exception for `event`, the last of a request with the model of `choice`."""
    if isinstance(event, Death):
        return EngineDied(
            event.cause, event.model, event.while_loading, event.exit_code, event.log_tail
        )
    if event.kind in set(ModelFault):
        return ModelError(choice.path, ModelFault(event.kind), event.detail)
    return _of_kind(event, choice)


def not_started(error: OSError) -> EngineDied:
    """Return the exception for a process that the system would not start."""
    is_memory = error.errno == errno.ENOMEM
    return EngineDied(
        DeathCause.OUT_OF_MEMORY if is_memory else DeathCause.EXITED,
        None,
        False,
        log_tail=error.strerror or "",
    )


def _of_kind(event: Failed, choice: Choice) -> Exception:
    match event.kind:
        case "prompt-too-long":
            return PromptTooLong(*event.numbers)
        case "grammar":
            return GrammarError(event.detail)
        case "too-large":
            return too_large(choice)
        case "unusable":
            return EngineUnusable(event.detail)
        case _:
            return RuntimeError(f"engine: {event.kind}: {event.detail}")
