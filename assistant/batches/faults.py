"""Errors as text for the queue: a failure is explained after a restart as it was before."""

import dataclasses
from enum import Enum
from pathlib import Path
from typing import Any

import msgspec

from assistant import errors
from assistant.errors import AssistantError, DocumentError, FileFault
from assistant.paths import as_text, from_text

_KINDS = {
    kind.__name__: kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, AssistantError)
}


def encode(error: AssistantError) -> str:
    """Return `error` as text."""
    facts = {one.name: getattr(error, one.name) for one in dataclasses.fields(error)}
    return msgspec.json.encode([type(error).__name__, facts], enc_hook=_plain).decode()


def decode(text: str, path: Path) -> AssistantError:
    """Return the error that `encode` turned into text.

    Where another version of the app wrote it in a way that is not known here, it is that the
    reader stopped at `path`.
    """
    try:
        name, facts = msgspec.json.decode(text, type=tuple[str, dict[str, Any]])
        error: AssistantError = msgspec.convert(facts, _KINDS[name], dec_hook=_rich)
    except (msgspec.MsgspecError, KeyError, TypeError):
        return DocumentError(path, FileFault.READER_CRASHED)
    return error


def _plain(value: object) -> object:
    if isinstance(value, Path):
        return as_text(value)
    return value.value if isinstance(value, Enum) else str(value)


def _rich(kind: type, value: object) -> object:
    if kind is Path or issubclass(kind, Path):
        return from_text(str(value))
    raise NotImplementedError(kind)
