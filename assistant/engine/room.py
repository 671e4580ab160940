"""Room in memory for a model, where several engines share one computer."""

from collections.abc import Sequence
from pathlib import Path

from assistant.engine.client import Engine
from assistant.engine.fitting import need_of
from assistant.engine.protocol import LoadSettings
from assistant.errors import ModelError
from assistant.fit import DEFAULT_CONTEXT, free_memory_bytes
from assistant.gguf import read_header


def make_room(
    path: Path, settings: LoadSettings, own: Engine, others: Sequence[Engine]
) -> tuple[Engine, ...]:
    """Free models that nobody needs now, if `path` would not fit beside them.

    A model that stays loaded answers at once, so as few are freed as will do.

    Args:
        path: the model that is about to be loaded.
        settings: how.
        own: the engine that will load it; what it holds now is given back by the load.
        others: those that may rest, in the order in which they do.

    Returns:
        The engines whose models were freed.
    """
    try:
        header = read_header(path)
    except ModelError:  # the load says what is wrong
        return ()
    wished = settings.context_tokens or DEFAULT_CONTEXT
    context = min(n for n in (wished, header.context_length or wished) if n)
    need = need_of(header, settings, context).total_bytes
    freed: list[Engine] = []
    for other in others:
        if need <= free_memory_bytes() + own.status().memory_bytes:
            break
        if other.info is not None and other.rest():
            freed.append(other)
    return tuple(freed)
