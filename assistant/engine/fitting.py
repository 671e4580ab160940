"""Decides from a file's header, before anything is loaded, how much context a model gets."""

import msgspec
import psutil

from assistant.engine.link import Choice
from assistant.engine.protocol import LoadSettings
from assistant.errors import ModelTooLarge
from assistant.fit import MIN_CONTEXT, free_memory_bytes, largest_context, memory_need
from assistant.gguf import GgufHeader, read_header


def settings_that_fit(choice: Choice, own_bytes: int) -> LoadSettings:
    """Return the settings with a context that fits, decided from the file's header alone.

    Args:
        choice: what was wished.
        own_bytes: memory of the engine's process that is free before the model is loaded.

    Raises:
        ModelError: the file cannot be used.
        ModelTooLarge: the wished context does not fit, or no context does.
    """
    header = read_header(choice.path)
    wished = choice.settings.context_tokens
    free = free_memory_bytes() + own_bytes
    context = largest_context(header, free, wished)
    limit = min(wished, header.context_length or wished)
    if context == 0 or context < limit:
        raise _model_too_large(header, wished or MIN_CONTEXT, free, context)
    return msgspec.structs.replace(choice.settings, context_tokens=context)


def _model_too_large(
    header: GgufHeader, context: int, free_bytes: int, largest: int
) -> ModelTooLarge:
    needed = memory_need(header, context).total_bytes
    return ModelTooLarge(header.path, needed, free_bytes, largest)


def too_large(choice: Choice) -> ModelTooLarge:
    """Return the error for a model that fitted by the figures, but not into llama.cpp's hands."""
    header = read_header(choice.path)
    free = free_memory_bytes()
    wished = choice.settings.context_tokens or MIN_CONTEXT
    return _model_too_large(header, wished, free, largest_context(header, free // 2, wished))


def private_bytes(pid: int) -> int:
    """Return what the process has for itself; a new model takes its place."""
    try:
        memory = psutil.Process(pid).memory_info()
        return int(memory.rss - getattr(memory, "shared", memory.rss))
    except psutil.Error:
        return 0
