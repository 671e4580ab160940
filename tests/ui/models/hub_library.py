"""A hub of our own with models of every kind, as the real one has them."""

from typing import Any

from tests.models.hub_server import HubServer
from tests.models.tiny_gguf import tiny_gguf

QWEN = "unsloth/Qwen3-4B-Instruct-GGUF"
QWEN_BASE = "Qwen/Qwen3-4B-Instruct"
MYSTERY = "somebody/Mystery-GGUF"
SMOL = "bartowski/SmolLM2-135M-Instruct-GGUF"
GATED = "bartowski/Meta-Llama-3.1-8B-GGUF"
PYTORCH = "facebook/opt-125m"
TEMPLATE = "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{% endfor %}"
CARD = """# Qwen3 4B Instruct

A small model that **follows instructions**.

![the logo](https://pictures.example/logo.png)

See [the paper](https://papers.example/qwen3) for more.

| task | score |
|---|---|
| reading | 71.2 |

<img src="file:///etc/passwd"> <script>alert(1)</script>
""" + "".join(f"\n## Part {n}\n\nMore words about it, at some length.\n" for n in range(150))


def fill(server: HubServer) -> HubServer:
    """Put the models on the hub."""
    _add_qwen(server)
    _add_mystery(server)
    for quantization, size_bytes in (("Q4_K_M", 4_920_739_232), ("Q8_0", 8_540_775_840)):
        server.announce(GATED, f"Meta-Llama-3.1-8B-{quantization}.gguf", size_bytes)
    server.add(GATED, "README.md", b"# Llama 3.1\n\nIn another format." * 9, is_lfs=False)
    _describe(
        server,
        GATED,
        downloads=800_000,
        licence="llama3.1",
        gated="manual",
        base_models=("meta-llama/Llama-3.1-8B",),
        languages=("en", "de", "fr"),
        gguf=_gguf(8_030_261_248, "llama", 131_072),
        discussions=["Fine"],
    )
    server.add(PYTORCH, "pytorch_model.bin", b"weights")
    server.add(PYTORCH, "README.md", b"# OPT\n\nAn older model." * 9, is_lfs=False)
    _describe(
        server,
        PYTORCH,
        library="transformers",
        licence="other",
        config={"model_type": "opt"},
        discussions=["Old"],
    )
    server.add("bartowski/opt-125m-GGUF", "opt-125m-Q8_0.gguf", tiny_gguf(4000))
    _describe(server, "bartowski/opt-125m-GGUF", base_models=(PYTORCH,), licence="other")
    return server


def add_smol(server: HubServer, content: bytes) -> None:
    """Put a model with a header and a length of its own on the hub, the starter's."""
    for quantization, size_bytes in (("Q2_K", 88_000_000), ("Q8_0", 145_000_000)):
        server.announce(SMOL, f"SmolLM2-135M-Instruct-{quantization}.gguf", size_bytes)
    server.add(SMOL, "SmolLM2-135M-Instruct-Q4_K_M.gguf", content)
    server.add(SMOL, "README.md", CARD.replace("Qwen3 4B", "SmolLM2 135M").encode(), is_lfs=False)
    _describe(
        server,
        SMOL,
        downloads=48_000,
        languages=("en",),
        base_models=("HuggingFaceTB/SmolLM2-135M-Instruct",),
        updated="2025-02-06T10:00:00.000Z",
        gguf=_gguf(134_515_008, "llama", 8192),
        discussions=["Small"],
    )


def _add_qwen(server: HubServer) -> None:
    for file, size_gb in (("Q4_K_M", 2.5), ("Q2_K", 1.6), ("Q6_K", 3.3), ("Q8_0", 4.3)):
        server.announce(QWEN, f"Qwen3-4B-Instruct-{file}.gguf", round(size_gb * 1e9))
    server.announce(QWEN, "Qwen3-4B-Instruct-BF16.gguf", 8_000_000_000)
    server.add(QWEN, "README.md", CARD.encode(), is_lfs=False)
    _describe(
        server,
        QWEN,
        downloads=1_200_000,
        likes=900,
        languages=("en", "de", "ar", "zh", "fr", "es", "ja"),
        base_models=(QWEN_BASE,),
        updated="2026-03-01T10:00:00.000Z",
        gguf=_gguf(4_022_468_096, "qwen3", 262_144),
        discussions=["It runs", "Which file?"],
    )
    server.add(QWEN_BASE, "model.safetensors", b"weights")
    server.add(QWEN_BASE, "README.md", b"# The original\n" * 9, is_lfs=False)
    _describe(
        server,
        QWEN_BASE,
        library="transformers",
        config={"model_type": "qwen3", "tokenizer_config": {"chat_template": TEMPLATE}},
        safetensors={"parameters": {"BF16": 4_022_468_096}, "total": 4_022_468_096},
        discussions=["Hello"],
    )


def _add_mystery(server: HubServer) -> None:
    content = tiny_gguf(400_000, name="Mystery")
    server.add(MYSTERY, "Mystery-Q4_0.gguf", content, licence="")
    server.add(MYSTERY, "Mystery-Q8_0.gguf", content + b"more", licence="")
    _describe(
        server,
        MYSTERY,
        downloads=90_000,
        licence="",
        gguf=_gguf(134_515_008, "llama", 4096),
        discussions=[],
    )


def _gguf(parameters: int, architecture: str, context: int) -> dict[str, Any]:
    return {
        "total": parameters,
        "architecture": architecture,
        "context_length": context,
        "chat_template": TEMPLATE,
    }


def _describe(server: HubServer, repo: str, **facts: Any) -> None:
    server.describe(repo, pipeline="text-generation", **facts)
