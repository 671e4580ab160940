"""Turns what the engine's process says of a failure into the error that says it to people."""

from assistant.engine.choice import Choice
from assistant.engine.fitting import too_large
from assistant.engine.link import Death
from assistant.engine.protocol import Failed
from assistant.errors import (
    EngineDied,
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
    if event.kind == "prompt-too-long":
        return PromptTooLong(*event.numbers)
    if event.kind == "grammar":
        return GrammarError(event.detail)
    if event.kind == "too-large":
        return too_large(choice)
    if event.kind in set(ModelFault):
        return ModelError(choice.path, ModelFault(event.kind), event.detail)
    return RuntimeError(f"engine: {event.kind}: {event.detail}")
