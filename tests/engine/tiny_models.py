"""Writes small GGUF files with random weights: real architectures, and damage of choice."""

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

Tensors = dict[str, tuple[int, ...]]  # name to shape, in ggml's order: the row's length first

WIDTH, HEADS, HEADS_KV, HEAD, FEED_FORWARD, LAYERS = 32, 4, 2, 8, 64, 2
CONTROL = ("<|im_start|>", "<|im_end|>", "<think>", "</think>")
CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' }}"
    "{{ message['content'] + '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
_TYPES: dict[type, int] = {bool: 7, int: 4, float: 6, str: 8}


def write_gguf(
    path: Path,
    pairs: Mapping[str, Any],
    tensors: Tensors,
    *,
    seed: int = 1,
    version: int = 3,
) -> Path:
    """Write a GGUF file of 32-bit tensors with random weights."""
    random = np.random.default_rng(seed)
    header = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(pairs))
    for key, value in pairs.items():
        header += _text(key) + _value(value)
    offset, data = 0, b""
    for name, shape in tensors.items():
        header += _text(name) + struct.pack("<I", len(shape))
        header += b"".join(struct.pack("<Q", size) for size in shape)
        header += struct.pack("<IQ", 0, offset)
        values = np.ones(shape) if "norm" in name else random.normal(0, 0.3, shape)
        if name.endswith("ssm_a"):
            values = -np.abs(values)  # what decays
        blob = values.astype("<f4").tobytes()
        blob += b"\0" * (-len(blob) % 32)
        data += blob
        offset += len(blob)
    header += b"\0" * (-len(header) % 32)
    path.write_bytes(header + data)
    return path


def _text(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack("<Q", len(encoded)) + encoded


def _value(value: Any) -> bytes:
    if isinstance(value, list):
        kind = _TYPES[type(value[0])] if value else 4
        kind = 5 if kind == 4 else kind  # llama.cpp wants signed numbers in arrays
        items = b"".join(_value(item)[4:] for item in value)
        return struct.pack("<IIQ", 9, kind, len(value)) + items
    kind = _TYPES[type(value)]
    if isinstance(value, str):
        return struct.pack("<I", kind) + _text(value)
    code = {bool: "<?", int: "<I", float: "<f"}[type(value)]
    return struct.pack("<I", kind) + struct.pack(code, value)


def tokenizer(chat_template: str = CHATML) -> dict[str, Any]:
    """A vocabulary of bytes and a few control tokens (type 3; bytes are 6, unknown is 2)."""
    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), *CONTROL]
    tokens += ["▁", *"abcdefghijklmnopqrstuvwxyz"]
    kinds = [2, 3, 3, *[6] * 256, *[3] * len(CONTROL)]
    kinds += [1] * (len(tokens) - len(kinds))
    pairs: dict[str, Any] = {
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.scores": [0.0] * len(tokens),
        "tokenizer.ggml.token_type": kinds,
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": tokens.index("<|im_end|>"),
        "tokenizer.ggml.add_space_prefix": False,
    }
    if chat_template:
        pairs["tokenizer.chat_template"] = chat_template
    return pairs


def common(architecture: str, layers: int) -> dict[str, Any]:
    return {
        "general.architecture": architecture,
        "general.name": f"Tiny {architecture}",
        "general.file_type": 0,
        f"{architecture}.context_length": 512,
        f"{architecture}.embedding_length": WIDTH,
        f"{architecture}.feed_forward_length": FEED_FORWARD,
        f"{architecture}.block_count": layers,
        f"{architecture}.attention.head_count": HEADS,
        f"{architecture}.attention.head_count_kv": HEADS_KV,
        f"{architecture}.attention.layer_norm_rms_epsilon": 1e-5,
        f"{architecture}.rope.dimension_count": HEAD,
    }


def embeddings(pairs: Mapping[str, Any]) -> Tensors:
    vocabulary = len(pairs["tokenizer.ggml.tokens"])
    return {"token_embd.weight": (WIDTH, vocabulary), "output_norm.weight": (WIDTH,)}


def attention(prefix: str) -> Tensors:
    return {
        f"{prefix}.attn_q.weight": (WIDTH, HEADS * HEAD),
        f"{prefix}.attn_k.weight": (WIDTH, HEADS_KV * HEAD),
        f"{prefix}.attn_v.weight": (WIDTH, HEADS_KV * HEAD),
        f"{prefix}.attn_output.weight": (HEADS * HEAD, WIDTH),
    }


def feed_forward(prefix: str) -> Tensors:
    return {
        f"{prefix}.attn_norm.weight": (WIDTH,),
        f"{prefix}.ffn_norm.weight": (WIDTH,),
        f"{prefix}.ffn_gate.weight": (WIDTH, FEED_FORWARD),
        f"{prefix}.ffn_up.weight": (WIDTH, FEED_FORWARD),
        f"{prefix}.ffn_down.weight": (FEED_FORWARD, WIDTH),
    }


def tiny_llama(path: Path, *, chat_template: str = CHATML, **changes: Any) -> Path:
    """A transformer. `changes` replaces pairs, written `llama__block_count=3`; None removes one."""
    pairs = common("llama", LAYERS) | tokenizer(chat_template)
    tensors = embeddings(pairs)
    for layer in range(LAYERS):
        tensors |= attention(f"blk.{layer}") | feed_forward(f"blk.{layer}")
    for name, value in changes.items():
        pairs[name.replace("__", ".")] = value
    pairs = {key: value for key, value in pairs.items() if value is not None}
    return write_gguf(path, pairs, tensors)


def tiny_gemma(path: Path) -> Path:
    """A transformer whose layers look at the last 16 tokens, but for every sixth."""
    pairs = common("gemma3", 6) | tokenizer()
    pairs |= {
        "gemma3.attention.sliding_window": 16,
        "gemma3.attention.key_length": HEAD,
        "gemma3.attention.value_length": HEAD,
    }
    tensors = embeddings(pairs)
    for layer in range(6):
        prefix = f"blk.{layer}"
        tensors |= attention(prefix) | feed_forward(prefix)
        tensors |= {
            f"{prefix}.attn_q_norm.weight": (HEAD,),
            f"{prefix}.attn_k_norm.weight": (HEAD,),
            f"{prefix}.post_attention_norm.weight": (WIDTH,),
            f"{prefix}.post_ffw_norm.weight": (WIDTH,),
        }
    return write_gguf(path, pairs, tensors)


def tiny_mamba(path: Path) -> Path:
    """A recurrent model: its state cannot be cut back."""
    inner, state, rank, kernel = 64, 8, 4, 4
    pairs = common("mamba", LAYERS) | tokenizer()
    pairs |= {
        "mamba.attention.head_count": 0,
        "mamba.attention.head_count_kv": 0,
        "mamba.feed_forward_length": 0,
        "mamba.ssm.conv_kernel": kernel,
        "mamba.ssm.inner_size": inner,
        "mamba.ssm.state_size": state,
        "mamba.ssm.time_step_rank": rank,
    }
    del pairs["mamba.rope.dimension_count"]
    tensors = embeddings(pairs)
    for layer in range(LAYERS):
        prefix = f"blk.{layer}"
        tensors |= {
            f"{prefix}.attn_norm.weight": (WIDTH,),
            f"{prefix}.ssm_in.weight": (WIDTH, 2 * inner),
            f"{prefix}.ssm_conv1d.weight": (kernel, inner),
            f"{prefix}.ssm_conv1d.bias": (inner,),
            f"{prefix}.ssm_x.weight": (inner, rank + 2 * state),
            f"{prefix}.ssm_dt.weight": (rank, inner),
            f"{prefix}.ssm_dt.bias": (inner,),
            f"{prefix}.ssm_a": (state, inner),
            f"{prefix}.ssm_d": (inner,),
            f"{prefix}.ssm_out.weight": (inner, WIDTH),
        }
    return write_gguf(path, pairs, tensors)


def tiny_hybrid(path: Path, context_tokens: int = 512) -> Path:
    """A hybrid (LFM2): one layer of short convolutions, one of attention."""
    pairs = common("lfm2", LAYERS) | tokenizer()
    pairs["lfm2.context_length"] = context_tokens
    pairs |= {"lfm2.attention.head_count_kv": [0, HEADS_KV], "lfm2.shortconv.l_cache": 3}
    tensors = embeddings(pairs)
    del tensors["output_norm.weight"]
    tensors |= {"token_embd_norm.weight": (WIDTH,)}
    tensors |= feed_forward("blk.0") | feed_forward("blk.1") | attention("blk.1")
    tensors |= {
        "blk.0.shortconv.conv.weight": (3, WIDTH),
        "blk.0.shortconv.in_proj.weight": (WIDTH, 3 * WIDTH),
        "blk.0.shortconv.out_proj.weight": (WIDTH, WIDTH),
        "blk.1.attn_q_norm.weight": (HEAD,),
        "blk.1.attn_k_norm.weight": (HEAD,),
    }
    return write_gguf(path, pairs, tensors)
