"""Reads the header of a GGUF file: bounded, in order, and never the weights.

The format is https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. A header has key-value
pairs, then one record for each tensor; every count and length in it is checked before it is
believed, and the tensors must lie within the file.
"""

import struct
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from assistant.errors import ModelError, ModelFault

MAX_HEADER_BYTES = 64 * 1024 * 1024
MAX_STRING_BYTES = 16 * 1024 * 1024
MAX_PAIRS = 65_536
MAX_TENSORS = 65_536
MAX_ARRAY = 16_777_216
MAX_KEPT_ARRAY = 4_096  # longer arrays (the vocabulary) are walked over, not kept
MAX_NESTING = 2
_CHUNK_BYTES = 1024 * 1024
_MAX_EXTENT = 1 << 62

_SCALARS = {
    0: struct.Struct("<B"),
    1: struct.Struct("<b"),
    2: struct.Struct("<H"),
    3: struct.Struct("<h"),
    4: struct.Struct("<I"),
    5: struct.Struct("<i"),
    6: struct.Struct("<f"),
    7: struct.Struct("<?"),
    10: struct.Struct("<Q"),
    11: struct.Struct("<q"),
    12: struct.Struct("<d"),
}
_STRING, _ARRAY = 8, 9
_U32, _U64 = _SCALARS[4], _SCALARS[10]

# ggml type: its name, weights in a block, bytes of a block (ggml.c, type_traits).
_TENSOR_TYPES = {
    0: ("F32", 1, 4),
    1: ("F16", 1, 2),
    2: ("Q4_0", 32, 18),
    3: ("Q4_1", 32, 20),
    6: ("Q5_0", 32, 22),
    7: ("Q5_1", 32, 24),
    8: ("Q8_0", 32, 34),
    9: ("Q8_1", 32, 36),
    10: ("Q2_K", 256, 84),
    11: ("Q3_K", 256, 110),
    12: ("Q4_K", 256, 144),
    13: ("Q5_K", 256, 176),
    14: ("Q6_K", 256, 210),
    15: ("Q8_K", 256, 292),
    16: ("IQ2_XXS", 256, 66),
    17: ("IQ2_XS", 256, 74),
    18: ("IQ3_XXS", 256, 98),
    19: ("IQ1_S", 256, 50),
    20: ("IQ4_NL", 32, 18),
    21: ("IQ3_S", 256, 110),
    22: ("IQ2_S", 256, 82),
    23: ("IQ4_XS", 256, 136),
    24: ("I8", 1, 1),
    25: ("I16", 1, 2),
    26: ("I32", 1, 4),
    27: ("I64", 1, 8),
    28: ("F64", 1, 8),
    29: ("IQ1_M", 256, 56),
    30: ("BF16", 1, 2),
    34: ("TQ1_0", 256, 54),
    35: ("TQ2_0", 256, 66),
    39: ("MXFP4", 32, 17),
    40: ("NVFP4", 64, 36),
}

# llama.h, enum llama_ftype: what a file says of itself.
_FILE_TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K",
    11: "Q3_K_S", 12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S",
    17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS",
    23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S",
    29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M", 32: "BF16", 36: "TQ1_0", 37: "TQ2_0",
    38: "MXFP4", 39: "NVFP4", 40: "Q1_0", 41: "Q2_0",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class GgufHeader:
    """What a GGUF file says about its model. Lengths in tokens or elements, sizes in bytes.

    Attributes:
        path: the file.
        file_bytes: its size.
        version: of the format.
        architecture: "llama", "gemma3", …; what llama.cpp must know to run it.
        name: `general.name`, else the file's name without its suffix.
        size_label: "135M", if the file has one.
        license: its licence's identifier, if the file has one.
        quantization: "Q4_1", "Q4_K_M", …
        parameters: elements of all tensors.
        tensor_bytes: the weights' size in the file.
        header_bytes: where the weights begin.
        context_length: what the model was trained with; 0 if not told.
        block_count: its layers.
        embedding_length, feed_forward_length, vocabulary: widths.
        head_counts, head_counts_kv: attention heads of each layer; 0 for a layer without.
        key_length, value_length: of one head.
        sliding_window: of its local layers; 0 if there are none.
        shared_kv_layers: layers that keep no keys and values of their own.
        recurrent_bytes: state of one recurrent layer; 0 for a pure transformer.
        chat_template: Jinja source; empty for a base model.
        split_count: files the model is cut into; 1 for a whole one.
        tokenizer: "gpt2", "llama", …; empty if there is none.
        pooling: llama.cpp's number for how an embedding model's vectors of tokens become one;
            -1 for a model that is none, or does not say.
    """

    path: Path
    file_bytes: int
    version: int
    architecture: str
    name: str
    size_label: str
    license: str
    quantization: str
    parameters: int
    tensor_bytes: int
    header_bytes: int
    context_length: int
    block_count: int
    embedding_length: int
    feed_forward_length: int
    vocabulary: int
    head_counts: tuple[int, ...]
    head_counts_kv: tuple[int, ...]
    key_length: int
    value_length: int
    sliding_window: int
    shared_kv_layers: int
    recurrent_bytes: int
    chat_template: str
    split_count: int
    tokenizer: str
    pooling: int

    @property
    def has_chat_template(self) -> bool:
        """Whether it can converse; a base model only continues text."""
        return bool(self.chat_template)


def read_header(path: Path) -> GgufHeader:
    """Read the header of the GGUF file `path`; costs up to half a second for large vocabularies.

    Raises:
        ModelError: there is no such file, it is a directory, empty, not GGUF, shorter than its
            header says, or damaged.
    """
    try:
        if path.is_dir():
            raise ModelError(path, ModelFault.DIRECTORY)
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(0)
            return read_header_from(file, size, path)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ModelError(path, ModelFault.MISSING) from error
    except OSError as error:
        raise ModelError(path, ModelFault.NOT_ALLOWED, error.strerror or "") from error


def read_header_from(file: BinaryIO, size_bytes: int, path: Path) -> GgufHeader:
    """Read a header from `file`, which stands at its beginning and will be `size_bytes` long.

    Raises:
        ModelError: see `read_header`; `path` is the name it carries.
    """
    if size_bytes == 0:
        raise ModelError(path, ModelFault.EMPTY)
    source = _Source(file, size_bytes, path)
    if size_bytes < 4 or source.take(4) != b"GGUF":
        raise ModelError(path, ModelFault.NOT_GGUF)
    version = source.number(_U32)
    if version not in {2, 3}:
        raise source.damaged(f"version {version}")
    tensor_count, pair_count = source.number(_U64), source.number(_U64)
    if tensor_count > MAX_TENSORS or pair_count > MAX_PAIRS:
        raise source.damaged("counts")
    pairs: dict[str, Any] = {}
    lengths: dict[str, int] = {}
    for _ in range(pair_count):
        key = source.text()
        pairs[key] = source.value(source.number(_U32))
        lengths[key] = source.array_length
    tensors = _read_tensors(source, tensor_count)
    header_bytes = _aligned(source.position, _alignment(pairs, source))
    end = header_bytes + max((tensor.offset + tensor.size for tensor in tensors), default=0)
    if end > size_bytes:
        raise ModelError(path, ModelFault.TRUNCATED, f"{size_bytes} of {end} bytes")
    facts = _Facts(pairs, lengths, path)
    return _header(facts, tensors, version, header_bytes, size_bytes)


@dataclass(frozen=True, slots=True)
class _Tensor:
    name: str
    type: int
    elements: int
    offset: int
    size: int


class _Source:
    """Takes values off a file in order; every length is checked before it is read."""

    def __init__(self, file: BinaryIO, size_bytes: int, path: Path) -> None:
        self._file = file
        self._limit = min(size_bytes, MAX_HEADER_BYTES)
        self._is_capped = size_bytes > MAX_HEADER_BYTES
        self._path = path
        self._buffer = b""
        self._at = 0
        self._before = 0
        self.array_length = 0

    @property
    def position(self) -> int:
        return self._before + self._at

    def damaged(self, detail: str) -> ModelError:
        return ModelError(self._path, ModelFault.DAMAGED, detail)

    def take(self, count: int) -> bytes:
        self._fill(count)
        self._at += count
        return self._buffer[self._at - count : self._at]

    def skip(self, count: int) -> None:
        while count > _CHUNK_BYTES:
            self.take(_CHUNK_BYTES)
            count -= _CHUNK_BYTES
        self.take(count)

    def number(self, kind: struct.Struct) -> Any:
        self._fill(kind.size)
        self._at += kind.size
        return kind.unpack_from(self._buffer, self._at - kind.size)[0]

    def text(self) -> str:
        length = self.number(_U64)
        if length > MAX_STRING_BYTES:
            raise self.damaged("string length")
        return self.take(length).decode("utf-8", "replace")

    def value(self, kind: int, nesting: int = 0) -> Any:
        """Return a value of type `kind`; None for an array too long to keep."""
        self.array_length = 0
        if kind == _STRING:
            return self.text()
        if kind in _SCALARS:
            return self.number(_SCALARS[kind])
        if kind != _ARRAY or nesting == MAX_NESTING:
            raise self.damaged(f"type {kind}")
        element, count = self.number(_U32), self.number(_U64)
        if count > MAX_ARRAY:
            raise self.damaged("array length")
        values: list[Any] | None = None
        if element == _STRING and count > MAX_KEPT_ARRAY:
            self._skip_texts(count)
        elif element in _SCALARS and count > MAX_KEPT_ARRAY:
            self.skip(_SCALARS[element].size * count)
        else:
            values = [self.value(element, nesting + 1) for _ in range(count)]
        self.array_length = count
        return values

    def _skip_texts(self, count: int) -> None:
        """Walk over `count` strings; a vocabulary has hundreds of thousands."""
        unpack = _U64.unpack_from
        for _ in range(count):
            if self._at + 8 > len(self._buffer):
                self._fill(8)
            length = unpack(self._buffer, self._at)[0]
            self._at += 8
            if self._at + length > len(self._buffer):
                if length > MAX_STRING_BYTES:
                    raise self.damaged("string length")
                self._fill(length)
            self._at += length

    def _fill(self, count: int) -> None:
        """Have `count` more bytes in the buffer."""
        if self._at + count <= len(self._buffer):
            return
        if self.position + count > self._limit:
            if self._is_capped:
                raise self.damaged("header too long")
            raise ModelError(self._path, ModelFault.TRUNCATED, "in the header")
        rest = self._buffer[self._at :]
        self._before += self._at
        self._at = 0
        self._buffer = rest + self._file.read(max(count - len(rest), _CHUNK_BYTES))
        if len(self._buffer) < count:
            raise ModelError(self._path, ModelFault.TRUNCATED, "in the header")


class _Facts:
    """Key-value pairs, asked for by type: a key of another type counts as not there."""

    def __init__(self, pairs: dict[str, Any], lengths: dict[str, int], path: Path) -> None:
        self._pairs = pairs
        self._lengths = lengths
        self.path = path
        self.architecture = self.word("general.architecture")

    def word(self, key: str) -> str:
        value = self._pairs.get(key)
        return value if isinstance(value, str) else ""

    def number(self, key: str, default: int = 0) -> int:
        """Return a count; of an array its largest element, as for layers that differ."""
        value = self._pairs.get(key)
        if isinstance(value, list):
            value = max((item for item in value if isinstance(item, int)), default=default)
        if not isinstance(value, int) or isinstance(value, bool):
            return default
        return value if 0 <= value < _MAX_EXTENT else default

    def of_model(self, key: str, default: int = 0) -> int:
        return self.number(f"{self.architecture}.{key}", default)

    def per_layer(self, key: str, layers: int, default: int) -> tuple[int, ...]:
        value = self._pairs.get(f"{self.architecture}.{key}")
        if isinstance(value, list) and len(value) >= layers:
            return tuple(
                item if isinstance(item, int) and 0 <= item < MAX_PAIRS else default
                for item in value[:layers]
            )
        return (self.of_model(key, default),) * layers

    def length(self, key: str) -> int:
        return self._lengths.get(key, 0)


def _read_tensors(source: _Source, count: int) -> list[_Tensor]:
    tensors = []
    for _ in range(count):
        name = source.text()
        dimensions = source.number(_U32)
        if dimensions > 4:
            raise source.damaged("tensor dimensions")
        elements = 1
        for _ in range(dimensions):
            elements *= source.number(_U64)
        kind, offset = source.number(_U32), source.number(_U64)
        if elements >= _MAX_EXTENT or offset >= _MAX_EXTENT:
            raise source.damaged("tensor size")
        _, block, block_bytes = _TENSOR_TYPES.get(kind, ("", 1, 0))
        size = -(-elements // block) * block_bytes
        tensors.append(_Tensor(name, kind, elements, offset, size))
    return tensors


def _alignment(pairs: dict[str, Any], source: _Source) -> int:
    value = pairs.get("general.alignment", 32)
    if not isinstance(value, int) or not 1 <= value <= 1 << 20:
        raise source.damaged("alignment")
    return value


def _aligned(position: int, alignment: int) -> int:
    return -(-position // alignment) * alignment


def _quantization(facts: _Facts, tensors: list[_Tensor]) -> str:
    told = _FILE_TYPES.get(facts.number("general.file_type", -1))
    if told:
        return told
    sizes: Counter[int] = Counter()
    for tensor in tensors:
        sizes[tensor.type] += tensor.size
    if not sizes:
        return ""
    return _TENSOR_TYPES.get(sizes.most_common(1)[0][0], ("", 1, 0))[0]


def _header(
    facts: _Facts, tensors: list[_Tensor], version: int, header_bytes: int, file_bytes: int
) -> GgufHeader:
    layers = min(facts.of_model("block_count"), MAX_KEPT_ARRAY)
    width = facts.of_model("embedding_length")
    heads = facts.per_layer("attention.head_count", layers, 0)
    head_length = width // max(heads, default=1) if any(heads) else 0
    vocabulary = facts.length("tokenizer.ggml.tokens") or facts.of_model("vocab_size")
    return GgufHeader(
        path=facts.path,
        file_bytes=file_bytes,
        version=version,
        architecture=facts.architecture,
        name=facts.word("general.name").strip() or facts.path.stem,
        size_label=facts.word("general.size_label"),
        license=facts.word("general.license"),
        quantization=_quantization(facts, tensors),
        parameters=sum(tensor.elements for tensor in tensors),
        tensor_bytes=sum(tensor.size for tensor in tensors),
        header_bytes=header_bytes,
        context_length=facts.of_model("context_length"),
        block_count=layers,
        embedding_length=width,
        feed_forward_length=facts.of_model("feed_forward_length"),
        vocabulary=vocabulary,
        head_counts=heads,
        head_counts_kv=_heads_kv(facts, layers, max(heads, default=0)),
        key_length=facts.of_model("attention.key_length", head_length),
        value_length=facts.of_model("attention.value_length", head_length),
        sliding_window=facts.of_model("attention.sliding_window"),
        shared_kv_layers=facts.of_model("attention.shared_kv_layers"),
        recurrent_bytes=_recurrent_bytes(facts, width),
        chat_template=facts.word("tokenizer.chat_template"),
        split_count=facts.number("split.count", 1) or 1,
        tokenizer=facts.word("tokenizer.ggml.model"),
        pooling=facts.of_model("pooling_type", -1),
    )


def _heads_kv(facts: _Facts, layers: int, heads: int) -> tuple[int, ...]:
    counts = facts.per_layer("attention.head_count_kv", layers, heads)
    interval = facts.of_model("full_attention_interval")  # qwen3next, qwen35: every nth layer
    if interval > 1:
        return tuple(n if (i + 1) % interval == 0 else 0 for i, n in enumerate(counts))
    return counts


def _recurrent_bytes(facts: _Facts, width: int) -> int:
    """Return the bytes of one layer's recurrent state (llama-hparams.cpp, n_embd_r, n_embd_s)."""
    inner, state = facts.of_model("ssm.inner_size"), facts.of_model("ssm.state_size")
    if inner and state:
        groups = facts.of_model("ssm.group_count")
        convolution = max(facts.of_model("ssm.conv_kernel") - 1, 0)
        return 4 * (convolution * (inner + 2 * groups * state) + inner * state)
    head = facts.of_model("wkv.head_size")
    if head:
        return 4 * (facts.of_model("token_shift_count", 2) * width + width * head)
    cache = facts.of_model("shortconv.l_cache")
    return 4 * max(cache - 1, 0) * width if cache else 0
