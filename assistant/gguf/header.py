"""What a GGUF file says about its model, and how that follows from its pairs and tensors."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.gguf.facts import Facts
from assistant.gguf.source import MAX_KEPT_ARRAY
from assistant.gguf.tensors import (
    Tensor,
    Work,
    matrix_bytes,
    most_common_type,
    work_of,
)

# llama.h, enum llama_ftype: what a file says of itself.
FILE_TYPES = {
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


@dataclass(frozen=True, slots=True)
class Part:
    """What one file says; a model may be cut into several.

    Attributes:
        facts: its pairs.
        tensors: its tensors.
        version: of the format.
        header_bytes: where the weights begin.
        file_bytes: its length.
        quantization: its format, where its pairs and tensors do not tell.
    """

    facts: Facts
    tensors: list[Tensor]
    version: int
    header_bytes: int
    file_bytes: int
    quantization: str = ""

    @property
    def split_count(self) -> int:
        """How many files the model is cut into."""
        return self.facts.number("split.count", 1) or 1

    @property
    def split_number(self) -> int:
        """Which of them this is, from 0."""
        return self.facts.number("split.no")

    def header(self, others: Sequence["Part"] = (), *, is_estimated: bool = False) -> GgufHeader:
        """Return what this, the first part, and the others say together."""
        return replace(_header(self, others), is_estimated=is_estimated)


def _header(part: Part, others: Sequence[Part]) -> GgufHeader:
    facts = part.facts
    parts = (part, *others)
    tensors = [tensor for one in parts for tensor in one.tensors]
    layers = min(facts.of_model("block_count"), MAX_KEPT_ARRAY)
    width = facts.of_model("embedding_length")
    heads = facts.per_layer("attention.head_count", layers, 0)
    head_length = width // max(heads, default=1) if any(heads) else 0
    experts, experts_used = facts.of_model("expert_count"), facts.of_model("expert_used_count")
    told_quantization = FILE_TYPES.get(facts.number("general.file_type", -1))
    return GgufHeader(
        path=facts.path,
        paths=tuple(one.facts.path for one in parts),
        file_bytes=sum(one.file_bytes for one in parts),
        version=part.version,
        architecture=facts.architecture,
        name=facts.word("general.name").strip() or facts.path.stem,
        size_label=facts.word("general.size_label"),
        license=facts.word("general.license"),
        quantization=part.quantization or told_quantization or most_common_type(tensors),
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
        head_counts_kv=heads_kv(facts, layers, max(heads, default=0)),
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


def heads_kv(facts: Facts, layers: int, heads: int) -> tuple[int, ...]:
    """Return how many heads of keys and values each layer has; 0 for one without attention."""
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
