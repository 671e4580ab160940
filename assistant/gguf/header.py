"""Reads the header of a GGUF file: bounded, in order, and never the weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from assistant.errors import ModelError, ModelFault
from assistant.gguf.facts import Facts
from assistant.gguf.parts import MAX_PARTS, first_part_name, part_paths
from assistant.gguf.source import MAX_KEPT_ARRAY, MAX_PAIRS, MAX_TENSORS, U32, U64, Source
from assistant.gguf.tensors import (
    Tensor,
    Work,
    matrix_bytes,
    most_common_type,
    read_tensors,
    work_of,
)

# llama.h, enum llama_ftype: what a file says of itself.
_FILE_TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K",
    11: "Q3_K_S", 12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S",
    17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS",
    23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S",
    29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M", 32: "BF16", 36: "TQ1_0", 37: "TQ2_0",
    38: "MXFP4", 39: "NVFP4", 40: "Q1_0", 41: "Q2_0",
}  # fmt: skip


_MAX_LAYERS, _MAX_EXPERTS = 512, 1_024  # llama.cpp ends the process with more


@dataclass(frozen=True, slots=True, kw_only=True)
class GgufHeader:
    """What a GGUF file says about its model. Lengths in tokens or elements, sizes in bytes.

    Attributes:
        path: the file.
        paths: all files of the model: `path`, and the later parts of one that is cut.
        file_bytes: their size.
        version: of the format.
        architecture: "llama", "gemma3", …; what llama.cpp must know to run it.
        name: `general.name`, else the file's name without its suffix.
        size_label: "135M", if the file has one.
        license: its licence's identifier, if the file has one.
        quantization: "Q4_1", "Q4_K_M", …
        parameters: elements of all tensors.
        tensor_bytes: the weights' size in the file.
        matrix_bytes: how many of them are matrices that may be repacked, for each type.
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
        work: which weights a token costs.
        experts, experts_used: how many there are in a layer, and are asked for a token; 0 for a
            model without.
        is_estimated: the list of tensors was not read: sizes and parameters are estimates.
    """

    path: Path
    paths: tuple[Path, ...]
    file_bytes: int
    version: int
    architecture: str
    name: str
    size_label: str
    license: str
    quantization: str
    parameters: int
    tensor_bytes: int
    matrix_bytes: tuple[tuple[str, int], ...]
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
    work: Work
    experts: int = 0
    experts_used: int = 0
    is_estimated: bool = False

    @property
    def active_parameters(self) -> int:
        """How many of the parameters take part in a token: of a mixture of experts, some."""
        return self.work.parameters

    @property
    def has_chat_template(self) -> bool:
        """Whether it can converse; a base model only continues text."""
        return bool(self.chat_template)


def read_header(path: Path) -> GgufHeader:
    """Read the header of the GGUF file `path`; costs up to half a second for large vocabularies.

    Of a model cut into parts, `path` is the first: the headers of all are read, and sizes are of
    all of them.

    Raises:
        ModelError: there is no such file, it is a directory, empty, not GGUF, shorter than its
            header says, damaged, or a part is missing.
    """
    first = _read(path)
    count = first.split_count
    if count == 1:
        return first.header()
    if count > MAX_PARTS:
        raise ModelError(path, ModelFault.DAMAGED, f"{count} parts")
    paths = part_paths(path, count)
    if first.split_number != 0 or paths is None or paths[0] != path:
        raise ModelError(path, ModelFault.LATER_PART, first_part_name(path, count))
    for part in paths[1:]:
        if not part.is_file():
            raise ModelError(path, ModelFault.PART_MISSING, part.name)
    others = [_read(part) for part in paths[1:]]
    for number, other in enumerate(others, start=1):
        if (other.split_number, other.split_count) != (number, count):
            raise ModelError(path, ModelFault.PART_MISSING, other.facts.path.name)
    return first.header(others)


def read_header_from(file: BinaryIO, size_bytes: int, path: Path) -> GgufHeader:
    """Read a header from `file`, which stands at its beginning and will be `size_bytes` long.

    Of a model cut into parts it tells what stands in this one.

    Raises:
        ModelError: see `read_header`; `path` is the name it carries.
    """
    return _read_from(file, size_bytes, path).header()


def _read(path: Path) -> "_Part":
    try:
        if path.is_dir():
            raise ModelError(path, ModelFault.DIRECTORY)
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(0)
            return _read_from(file, size, path)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ModelError(path, ModelFault.MISSING) from error
    except OSError as error:
        raise ModelError(path, ModelFault.NOT_ALLOWED, error.strerror or "") from error


def _read_from(file: BinaryIO, size_bytes: int, path: Path) -> "_Part":
    if size_bytes == 0:
        raise ModelError(path, ModelFault.EMPTY)
    source = Source(file, size_bytes, path)
    if size_bytes < 4 or source.take(4) != b"GGUF":
        raise ModelError(path, ModelFault.NOT_GGUF)
    version = source.number(U32)
    if version not in {2, 3}:
        raise source.damaged(f"version {version}")
    tensor_count, pair_count = source.number(U64), source.number(U64)
    if tensor_count > MAX_TENSORS or pair_count > MAX_PAIRS:
        raise source.damaged("counts")
    pairs: dict[str, Any] = {}
    lengths: dict[str, int] = {}
    for _ in range(pair_count):
        key = source.text()
        pairs[key] = source.value(source.number(U32))
        lengths[key] = source.array_length
    tensors = read_tensors(source, tensor_count)
    header_bytes = _aligned(source.position, _alignment(pairs, source))
    end = header_bytes + max((tensor.offset + tensor.size for tensor in tensors), default=0)
    if end > size_bytes:
        raise ModelError(path, ModelFault.TRUNCATED, f"{size_bytes} of {end} bytes")
    facts = Facts(pairs, lengths, path)
    _check_counts(facts, source)
    return _Part(facts, tensors, version, header_bytes, size_bytes)


@dataclass(frozen=True, slots=True)
class _Part:
    """What one file says; a model may be cut into several."""

    facts: Facts
    tensors: list[Tensor]
    version: int
    header_bytes: int
    file_bytes: int

    @property
    def split_count(self) -> int:
        return self.facts.number("split.count", 1) or 1

    @property
    def split_number(self) -> int:
        return self.facts.number("split.no")

    def header(self, others: Sequence["_Part"] = ()) -> GgufHeader:
        """Return what this, the first part, and the others say together."""
        return _header(self, others)


def _check_counts(facts: Facts, source: Source) -> None:
    """Refuse counts on which llama.cpp ends the process (llama-model.cpp, load_hparams)."""
    experts, used = facts.of_model("expert_count"), facts.of_model("expert_used_count")
    if experts > _MAX_EXPERTS or used > experts or (experts > 0) != (used > 0):
        raise source.damaged("experts")
    if facts.of_model("block_count") > _MAX_LAYERS:
        raise source.damaged("layers")


def _alignment(pairs: dict[str, Any], source: Source) -> int:
    value = pairs.get("general.alignment", 32)
    if not isinstance(value, int) or not 1 <= value <= 1 << 20:
        raise source.damaged("alignment")
    return value


def _aligned(position: int, alignment: int) -> int:
    return -(-position // alignment) * alignment


def _header(part: _Part, others: Sequence[_Part]) -> GgufHeader:
    facts = part.facts
    parts = (part, *others)
    tensors = [tensor for one in parts for tensor in one.tensors]
    layers = min(facts.of_model("block_count"), MAX_KEPT_ARRAY)
    width = facts.of_model("embedding_length")
    heads = facts.per_layer("attention.head_count", layers, 0)
    head_length = width // max(heads, default=1) if any(heads) else 0
    experts, experts_used = facts.of_model("expert_count"), facts.of_model("expert_used_count")
    told_quantization = _FILE_TYPES.get(facts.number("general.file_type", -1))
    return GgufHeader(
        path=facts.path,
        paths=tuple(one.facts.path for one in parts),
        file_bytes=sum(one.file_bytes for one in parts),
        version=part.version,
        architecture=facts.architecture,
        name=facts.word("general.name").strip() or facts.path.stem,
        size_label=facts.word("general.size_label"),
        license=facts.word("general.license"),
        quantization=told_quantization or most_common_type(tensors),
        parameters=sum(tensor.elements for tensor in tensors),
        tensor_bytes=sum(tensor.size for tensor in tensors),
        matrix_bytes=matrix_bytes(tensors),
        header_bytes=part.header_bytes,
        context_length=facts.of_model("context_length"),
        block_count=layers,
        embedding_length=width,
        feed_forward_length=facts.of_model("feed_forward_length"),
        vocabulary=facts.length("tokenizer.ggml.tokens") or facts.of_model("vocab_size"),
        head_counts=heads,
        head_counts_kv=_heads_kv(facts, layers, max(heads, default=0)),
        key_length=facts.of_model("attention.key_length", head_length),
        value_length=facts.of_model("attention.value_length", head_length),
        sliding_window=facts.of_model("attention.sliding_window"),
        shared_kv_layers=facts.of_model("attention.shared_kv_layers"),
        recurrent_bytes=_recurrent_bytes(facts, width),
        chat_template=facts.word("tokenizer.chat_template"),
        split_count=part.split_count,
        tokenizer=facts.word("tokenizer.ggml.model"),
        pooling=facts.of_model("pooling_type", -1),
        work=work_of(tensors, experts_used / experts if experts else 1.0),
        experts=experts,
        experts_used=experts_used,
    )


def _heads_kv(facts: Facts, layers: int, heads: int) -> tuple[int, ...]:
    counts = facts.per_layer("attention.head_count_kv", layers, heads)
    interval = facts.of_model("full_attention_interval")  # qwen3next, qwen35: every nth layer
    if interval > 1:
        return tuple(n if (i + 1) % interval == 0 else 0 for i, n in enumerate(counts))
    return counts


def _recurrent_bytes(facts: Facts, width: int) -> int:
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
