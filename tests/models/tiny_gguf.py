"""Small real GGUF files, written byte by byte: a header that says what a model's says, and data."""

import random
import struct

_U32, _STRING = 4, 8
_I8_TENSOR = 24
_ALIGNMENT = 32
_BLOCK = 16 * 1024 * 1024


def tiny_gguf(
    data_bytes: int = 4096,
    *,
    seed: int = 1,
    name: str = "Tiny",
    architecture: str = "llama",
    context_length: int = 2048,
    chat_template: str = "{{ messages }}",
    licence: str = "",
    part: tuple[int, int] = (0, 1),
) -> bytes:
    """Return a GGUF file with one tensor of `data_bytes` random bytes.

    `part` is its number, from 0, and of how many: those of a model cut into several files.
    """
    pairs = [
        _pair("general.architecture", architecture),
        _pair("general.name", name),
        _pair("general.file_type", 7),
        _pair(f"{architecture}.context_length", context_length),
        _pair(f"{architecture}.block_count", 1),
        _pair(f"{architecture}.embedding_length", 64),
        _pair(f"{architecture}.feed_forward_length", 128),
        _pair(f"{architecture}.attention.head_count", 4),
    ]
    if chat_template:
        pairs.append(_pair("tokenizer.chat_template", chat_template))
    if licence:
        pairs.append(_pair("general.license", licence))
    number, count = part
    if count > 1:
        pairs += [_pair("split.no", number), _pair("split.count", count)]
        pairs.append(_pair("split.tensors.count", count))
    tensor = _text(f"blk.{number}.weights") + struct.pack("<IQIQ", 1, data_bytes, _I8_TENSOR, 0)
    head = b"GGUF" + struct.pack("<IQQ", 3, 1, len(pairs)) + b"".join(pairs) + tensor
    padding = -len(head) % _ALIGNMENT
    chance = random.Random(seed)
    blocks = [chance.randbytes(min(_BLOCK, data_bytes - at)) for at in range(0, data_bytes, _BLOCK)]
    return b"".join([head, b"\0" * padding, *blocks])


def _text(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack("<Q", len(encoded)) + encoded


def _pair(key: str, value: str | int) -> bytes:
    if isinstance(value, str):
        return _text(key) + struct.pack("<I", _STRING) + _text(value)
    return _text(key) + struct.pack("<II", _U32, value)
