"""Tells model files apart without reading all of them."""

import hashlib
import os
from pathlib import Path

from assistant.gguf.parts import files_of

_HEADER_BYTES = 1024 * 1024
_BLOCKS, _BLOCK_BYTES = 512, 4096


def fingerprint(path: Path) -> str:
    """Return what identifies a model's bytes, all parts of a split one, within milliseconds.

    Size, the first megabyte and 512 blocks spread over the rest: every tensor of a model that was
    trained further differs nearly everywhere. Damage in a few weights is for a full sum to find.

    Raises:
        OSError: a file cannot be read.
    """
    digest = hashlib.blake2b(digest_size=32)
    for part in files_of(path):
        if part != path and not part.exists():  # a whole model that bears the name of a part
            continue
        with part.open("rb", buffering=0) as file:
            size = file.seek(0, os.SEEK_END)
            digest.update(size.to_bytes(8, "little"))
            file.seek(0)
            digest.update(file.read(_HEADER_BYTES))
            for block in range(_BLOCKS if size > _HEADER_BYTES else 0):
                place = _HEADER_BYTES + (size - _HEADER_BYTES - _BLOCK_BYTES) * block // _BLOCKS
                file.seek(max(0, place))
                digest.update(file.read(_BLOCK_BYTES))
            file.seek(max(0, size - _BLOCK_BYTES))
            digest.update(file.read(_BLOCK_BYTES))
    return digest.hexdigest()
