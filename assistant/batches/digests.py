"""Digests as bytes for the store."""

from dataclasses import replace
from pathlib import Path

import msgspec

from assistant.batches import faults
from assistant.paths import as_text, from_text
from assistant.summaries.digest import Digest, FailedFile


class _Failure(msgspec.Struct, frozen=True):
    path: str
    error: str


class _Stored(msgspec.Struct, frozen=True):
    digest: Digest
    failures: tuple[_Failure, ...]


def encode_digest(made: Digest) -> bytes:
    """Return a digest as bytes."""
    failures = tuple(
        _Failure(as_text(failure.path), faults.encode(failure.error)) for failure in made.failures
    )
    return msgspec.msgpack.encode(_Stored(replace(made, failures=()), failures), enc_hook=_as_text)


def decode_digest(content: bytes) -> Digest | None:
    """Return the digest that `encode_digest` turned into bytes; None if another version did."""
    try:
        stored = msgspec.msgpack.decode(content, type=_Stored, dec_hook=_path)
    except msgspec.MsgspecError:
        return None
    failures = tuple(
        FailedFile(from_text(one.path), faults.decode(one.error, from_text(one.path)))
        for one in stored.failures
    )
    return replace(stored.digest, failures=failures)


def _as_text(value: object) -> str:
    assert isinstance(value, Path)
    return as_text(value)


def _path(kind: type, value: object) -> Path:
    assert kind is Path
    return from_text(str(value))
