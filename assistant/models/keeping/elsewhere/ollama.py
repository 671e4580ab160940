"""Ollama's models: each manifest names its layers, and a blob is one layer's bytes."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec

from assistant.models.keeping.elsewhere.found import FoundElsewhere
from assistant.models.keeping.elsewhere.walking import files_below, model_at, read_note

_WEIGHTS = "application/vnd.ollama.image.model"
_DIGEST = re.compile(r"sha256[:-]([0-9a-f]{64})")
_USUAL = ("registry.ollama.ai", "library")  # left out of names, as Ollama does


class _Layer(msgspec.Struct):
    mediaType: str = ""  # noqa: N815 - the manifest's own name
    digest: str = ""


class _Manifest(msgspec.Struct):
    layers: list[_Layer] = []


def in_ollama(folder: Path, cancel: threading.Event) -> Iterator[FoundElsewhere]:
    """Yield the models of the manifests in `folder` that one GGUF file holds.

    Args:
        folder: with `manifests/<host>/<namespace>/<model>/<tag>` and `blobs/sha256-…`.
        cancel: stops it.
    """
    manifests = folder / "manifests"
    for path in files_below(manifests, cancel):
        blob = _weights(path, folder / "blobs")
        if blob and (found := model_at(blob, _name(path.relative_to(manifests)), "Ollama")):
            yield found


def _weights(manifest: Path, blobs: Path) -> Path | None:
    """Return the file with the weights; None if the manifest is damaged, or names other than one.

    A digest becomes a file's name only if it is one: a manifest may say anything.
    """
    try:
        layers = msgspec.json.decode(read_note(manifest), type=_Manifest).layers
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    digests = [layer.digest for layer in layers if layer.mediaType == _WEIGHTS]
    named = _DIGEST.fullmatch(digests[0]) if len(digests) == 1 else None
    if named is None:
        return None
    try:
        return next(
            (path for mark in "-:" if (path := blobs / f"sha256{mark}{named[1]}").is_file()), None
        )
    except OSError:  # the service's own user may keep others out
        return None


def _name(below: Path) -> str:
    """Return "llama3.2:3b" of registry.ollama.ai/library/llama3.2/3b."""
    host, *others = below.parts
    shown = [host, *others]
    if host == _USUAL[0]:
        shown = others[1:] if others[:1] == [_USUAL[1]] else others
    if len(shown) < 2:
        return below.as_posix()
    return f"{'/'.join(shown[:-1])}:{shown[-1]}"
