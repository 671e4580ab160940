"""Turns what went wrong in the engine's process into the event that tells the app."""

import traceback

from assistant.engine.grammars import GrammarRefused
from assistant.engine.llama import LoadRefused, StepFailed
from assistant.engine.protocol import Failed
from assistant.engine.runs import PromptTooLongForContext
from assistant.engine.templates import TemplateFailed
from assistant.errors import ModelError, ModelFault


def failed(id_: int, error: Exception) -> Failed:
    """Return the event that tells the app of `error`."""
    kind, detail = "bug", ""
    numbers: tuple[int, ...] = ()
    match error:
        case LoadRefused():
            kind, detail = error.kind, error.detail
        case ModelError():
            kind, detail = error.fault, error.detail
        case PromptTooLongForContext():
            kind, numbers = "prompt-too-long", (error.prompt_tokens, error.context_tokens)
        case GrammarRefused():
            kind, detail = "grammar", str(error)
        case TemplateFailed():
            kind, detail = ModelFault.TEMPLATE_FAILED, str(error)
        case StepFailed():
            kind, detail = ModelFault.REFUSED, f"llama_decode: {error}"
        case MemoryError():
            kind = "too-large"
        case _:  # The places only: a message may hold the user's text.
            places = "".join(traceback.format_tb(error.__traceback__))
            detail = f"{type(error).__name__}\n{places}"
    return Failed(id_, kind, detail, numbers)
