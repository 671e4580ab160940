"""Which architectures the bundled llama.cpp can run, and what else a repository may hold.

The names are those of `LLM_ARCH_NAMES` in llama.cpp's `llama-arch.cpp`; a test compares them with
the library that is installed. A model of another one is refused by the engine after its download,
so a person is told before.
"""

from collections.abc import Iterable
from enum import StrEnum

_KNOWN = frozenset(
    """
    afmoe apertus arcee arctic arwkv7 baichuan bailingmoe bailingmoe2 bailingmoe3 bert bitnet
    bloom chameleon chatglm clip codeshell cogvlm cohere2 cohere2moe command-r dbrx deci deepseek
    deepseek2 deepseek2-ocr deepseek32 deepseek4 dflash dots1 dots3note dream eagle3 ernie4_5
    ernie4_5-moe eurobert exaone exaone-moe exaone4 falcon falcon-h1 gemma gemma-embedding gemma2
    gemma3 gemma3n gemma4 gemma4-assistant glm-dsa glm4 glm4moe glm5-next gpt-oss gpt2 gptj
    gptneox granite granite_swa granitehybrid granitemoe graniteswitch grok grovemoe hrm_text
    hunyuan-dense hunyuan-moe hunyuan_vl hy_v3 hy_v4 internlm2 jais jais2 jamba jina-bert-v2
    jina-bert-v3 kimi-k3 kimi-linear laguna lfm2 lfm2moe llada llada-moe llama llama-embed llama4
    maincoder mamba mamba2 maple mellum mimo2 minicpm minicpm3 minimax-01 minimax-m2 minimax-m3
    mistral3 mistral4 modern-bert mpt muse-glimmer nanbeige nemotron nemotron_h nemotron_h_moe
    neo-bert nomic-bert nomic-bert-moe olmo olmo2 olmoe openelm orion paddleocr pangu-embedded
    phi2 phi3 phimoe plamo plamo2 plamo3 plm pockettts qwen qwen2 qwen2moe qwen2vl qwen3 qwen35
    qwen35moe qwen3moe qwen3next qwen3tts qwen3vl qwen3vlmoe qwen4exp refact rnd1 rwkv6 rwkv6qwen2
    rwkv7 seed_oss smallthinker smollm3 spark2_5 stablelm starcoder starcoder2 step35 t5 t5encoder
    talkie wavtokenizer-dec xverse
    """.split()  # noqa: SIM905 - 150 names are read more easily as text
)
# Known by name, but of no use alone: for pictures and sound, and drafts for another model.
_OTHER_USES = frozenset(
    {"clip", "wavtokenizer-dec", "qwen3tts", "pockettts", "eagle3", "dflash", "gemma4-assistant"}
)

_SUFFIXES = {
    ".safetensors": "PyTorch",
    ".bin": "PyTorch",
    ".pt": "PyTorch",
    ".pth": "PyTorch",
    ".ckpt": "PyTorch",
    ".onnx": "ONNX",
    ".h5": "Keras",
    ".keras": "Keras",
    ".pb": "TensorFlow",
    ".tflite": "TensorFlow Lite",
    ".msgpack": "Flax",
    ".mlmodel": "Core ML",
    ".mlpackage": "Core ML",
    ".nemo": "NeMo",
    ".engine": "TensorRT",
    ".xml": "OpenVINO",
    ".llamafile": "llamafile",
    ".litertlm": "LiteRT",
    ".task": "MediaPipe",
}
_TAGS = {
    "mlx": "MLX",
    "onnx": "ONNX",
    "keras": "Keras",
    "keras-hub": "Keras",
    "openvino": "OpenVINO",
    "coreml": "Core ML",
    "tf": "TensorFlow",
    "jax": "Flax",
    "gptq": "GPTQ",
    "awq": "AWQ",
    "exl2": "EXL2",
    "exl3": "EXL3",
    "peft": "adapter (LoRA)",
    "diffusers": "Diffusers",
}


class Runnable(StrEnum):
    """Whether llama.cpp can run what a repository holds."""

    YES = "yes"
    NO_GGUF = "no-gguf"
    UNSUPPORTED_ARCHITECTURE = "unsupported-architecture"


def is_runnable(architecture: str) -> bool:
    """Return whether the bundled llama.cpp runs GGUF files of an architecture; "" counts as yes."""
    return not architecture or (architecture in _KNOWN and architecture not in _OTHER_USES)


def formats_of(names: Iterable[str], tags: Iterable[str]) -> tuple[str, ...]:
    """Return in which formats a repository without GGUF files holds its model, for people.

    Args:
        names: of its files.
        tags: the hub's own, the library's name among them.
    """
    found = [_TAGS[tag] for tag in tags if tag in _TAGS]
    lower = [name.lower() for name in names]
    found += [form for suffix, form in _SUFFIXES.items() if any(n.endswith(suffix) for n in lower)]
    return tuple(dict.fromkeys(found))
