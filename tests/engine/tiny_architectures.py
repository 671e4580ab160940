"""Tiny models of more architectures: each one that llama.cpp evaluates in a way of its own."""

from pathlib import Path

from tests.engine.tiny_models import (
    FEED_FORWARD,
    HEAD,
    HEADS,
    HEADS_KV,
    LAYERS,
    WIDTH,
    Tensors,
    attention,
    common,
    embeddings,
    feed_forward,
    tokenizer,
    write_gguf,
)

EXPERTS, EXPERT_FEED_FORWARD = 4, 16
INNER, STATE, RANK, KERNEL = 64, 8, 4, 4


def tiny_gpt2(path: Path) -> Path:
    """Learned positions, keys and values in one matrix, biases."""
    pairs = common("gpt2", LAYERS) | tokenizer()
    pairs |= {"gpt2.attention.head_count_kv": HEADS, "gpt2.attention.layer_norm_epsilon": 1e-5}
    del pairs["gpt2.attention.layer_norm_rms_epsilon"]
    del pairs["gpt2.rope.dimension_count"]
    tensors = embeddings(pairs)
    tensors |= {"position_embd.weight": (WIDTH, 512), "output_norm.bias": (WIDTH,)}
    for layer in range(LAYERS):
        prefix = f"blk.{layer}"
        tensors |= _with_bias(f"{prefix}.attn_norm", (WIDTH,))
        tensors |= _with_bias(f"{prefix}.ffn_norm", (WIDTH,))
        tensors |= _with_bias(f"{prefix}.attn_qkv", (WIDTH, 3 * WIDTH))
        tensors |= _with_bias(f"{prefix}.attn_output", (WIDTH, WIDTH))
        tensors |= _with_bias(f"{prefix}.ffn_up", (WIDTH, FEED_FORWARD))
        tensors |= _with_bias(f"{prefix}.ffn_down", (FEED_FORWARD, WIDTH))
    return write_gguf(path, pairs, tensors)


def tiny_qwen3(path: Path) -> Path:
    """A transformer that normalizes queries and keys."""
    pairs = common("qwen3", LAYERS) | tokenizer() | {"qwen3.attention.key_length": HEAD}
    pairs["qwen3.attention.value_length"] = HEAD
    tensors = embeddings(pairs)
    for layer in range(LAYERS):
        prefix = f"blk.{layer}"
        tensors |= attention(prefix) | feed_forward(prefix) | _head_norms(prefix)
    return write_gguf(path, pairs, tensors)


def tiny_qwen3moe(path: Path) -> Path:
    """A mixture of experts: two of four compute each token."""
    pairs = common("qwen3moe", LAYERS) | tokenizer()
    pairs |= {
        "qwen3moe.attention.key_length": HEAD,
        "qwen3moe.attention.value_length": HEAD,
        "qwen3moe.expert_count": EXPERTS,
        "qwen3moe.expert_used_count": 2,
        "qwen3moe.expert_feed_forward_length": EXPERT_FEED_FORWARD,
    }
    tensors = embeddings(pairs)
    for layer in range(LAYERS):
        prefix = f"blk.{layer}"
        tensors |= attention(prefix) | _head_norms(prefix)
        tensors |= {
            f"{prefix}.attn_norm.weight": (WIDTH,),
            f"{prefix}.ffn_norm.weight": (WIDTH,),
            f"{prefix}.ffn_gate_inp.weight": (WIDTH, EXPERTS),
            f"{prefix}.ffn_gate_exps.weight": (WIDTH, EXPERT_FEED_FORWARD, EXPERTS),
            f"{prefix}.ffn_up_exps.weight": (WIDTH, EXPERT_FEED_FORWARD, EXPERTS),
            f"{prefix}.ffn_down_exps.weight": (EXPERT_FEED_FORWARD, WIDTH, EXPERTS),
        }
    return write_gguf(path, pairs, tensors)


def tiny_mamba2(path: Path) -> Path:
    """A recurrent model whose state has heads."""
    heads, groups = 4, 1
    pairs = common("mamba2", LAYERS) | tokenizer() | _ssm("mamba2", heads)
    pairs |= {
        "mamba2.attention.head_count": 0,
        "mamba2.attention.head_count_kv": 0,
        "mamba2.feed_forward_length": 0,
        "mamba2.ssm.group_count": groups,
    }
    del pairs["mamba2.rope.dimension_count"]
    tensors = embeddings(pairs)
    mixed = INNER + 2 * groups * STATE
    for layer in range(LAYERS):
        prefix = f"blk.{layer}"
        tensors |= {
            f"{prefix}.attn_norm.weight": (WIDTH,),
            f"{prefix}.ssm_in.weight": (WIDTH, INNER + mixed + heads),
            f"{prefix}.ssm_conv1d.weight": (KERNEL, mixed),
            f"{prefix}.ssm_conv1d.bias": (mixed,),
            f"{prefix}.ssm_dt.bias": (heads,),
            f"{prefix}.ssm_a": (1, heads),
            f"{prefix}.ssm_d": (1, heads),
            f"{prefix}.ssm_norm.weight": (INNER // groups, groups),
            f"{prefix}.ssm_out.weight": (INNER, WIDTH),
        }
    return write_gguf(path, pairs, tensors)


def tiny_jamba(path: Path) -> Path:
    """A hybrid: one recurrent layer, one of attention."""
    pairs = common("jamba", LAYERS) | tokenizer() | _ssm("jamba", RANK)
    pairs["jamba.attention.head_count_kv"] = [0, HEADS_KV]
    del pairs["jamba.rope.dimension_count"]
    tensors = embeddings(pairs) | feed_forward("blk.0") | feed_forward("blk.1") | attention("blk.1")
    tensors |= {
        "blk.0.ssm_in.weight": (WIDTH, 2 * INNER),
        "blk.0.ssm_conv1d.weight": (KERNEL, INNER),
        "blk.0.ssm_conv1d.bias": (INNER,),
        "blk.0.ssm_x.weight": (INNER, RANK + 2 * STATE),
        "blk.0.ssm_dt_norm.weight": (RANK,),
        "blk.0.ssm_dt.weight": (RANK, INNER),
        "blk.0.ssm_dt.bias": (INNER,),
        "blk.0.ssm_b_norm.weight": (STATE,),
        "blk.0.ssm_c_norm.weight": (STATE,),
        "blk.0.ssm_a": (STATE, INNER),
        "blk.0.ssm_d": (INNER,),
        "blk.0.ssm_out.weight": (INNER, WIDTH),
    }
    return write_gguf(path, pairs, tensors)


def _ssm(architecture: str, rank: int) -> dict[str, int]:
    return {
        f"{architecture}.ssm.conv_kernel": KERNEL,
        f"{architecture}.ssm.inner_size": INNER,
        f"{architecture}.ssm.state_size": STATE,
        f"{architecture}.ssm.time_step_rank": rank,
    }


def _head_norms(prefix: str) -> Tensors:
    return {f"{prefix}.attn_q_norm.weight": (HEAD,), f"{prefix}.attn_k_norm.weight": (HEAD,)}


def _with_bias(name: str, shape: tuple[int, ...]) -> Tensors:
    return {f"{name}.weight": shape, f"{name}.bias": shape[-1:]}
