"""Estimates a header whose list of tensors is not there, from the widths and the file's length.

The list stands behind the vocabulary, megabytes into the file, and a small request does not reach
it. `header_of` even does without the widths: for an offer of which only the sizes are known.
"""

import math
import re
from pathlib import Path
from typing import Any

from assistant.gguf.facts import Facts
from assistant.gguf.header import FILE_TYPES, GgufHeader, Part
from assistant.gguf.sketch import Sketch

# A vocabulary entry in the file: its text, score and type; a "gpt2" one has merges besides.
_ENTRY_BYTES = {"gpt2": 36}
_OTHER_ENTRY_BYTES = 25
_LAYER_BYTES = 800  # the records of a layer's tensors
_USUAL_FORMAT = "Q4_K_M"
_NAMED = re.compile(
    r"(?<![A-Za-z0-9])(?:I?Q[1-8]_(?:K_(?:S|M|L|XL)|K|0|1|NL|XXS|XS|S|M)|BF16|F16|F32|MXFP4)"
    r"(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_EXPERTS, _EXPERTS_USED = 128, 8
# These look their further parameters up, a row for each token; others ask some of their experts.
_LOOKS_UP = ("gemma3n", "gemma4")


def format_in(name: str) -> str:
    """Return the format that a file's name tells, "Q4_K_M"; "" if it tells none."""
    found = _NAMED.findall(name)
    return str(found[-1]).upper() if found else ""


def estimated_part(facts: Facts, version: int, whole_bytes: int) -> Part | None:
    """Return what a model of `whole_bytes` says, whose tensors were not read; None if too little.

    Args:
        facts: the pairs that are there.
        version: of the format.
        whole_bytes: of all its files.
    """
    layers, width = facts.of_model("block_count"), facts.of_model("embedding_length")
    vocabulary = facts.length("tokenizer.ggml.tokens") or facts.of_model("vocab_size")
    if not (facts.architecture and layers and width and vocabulary):
        return None
    told = FILE_TYPES.get(facts.number("general.file_type", -1))
    quantization = told or format_in(facts.path.name) or _USUAL_FORMAT
    entry = _ENTRY_BYTES.get(facts.word("tokenizer.ggml.model"), _OTHER_ENTRY_BYTES)
    header_bytes = min(vocabulary * entry + layers * _LAYER_BYTES, whole_bytes // 2)
    tensors = Sketch(facts, quantization, vocabulary).tensors(whole_bytes - header_bytes)
    return Part(facts, tensors, version, header_bytes, whole_bytes, quantization)


def header_of(
    *,
    name: str,
    architecture: str,
    parameters: int,
    active_parameters: int = 0,
    size_bytes: int = 0,
    quantization: str = "",
    context_length: int = 0,
) -> GgufHeader:
    """Return the header that a model probably has of which only its sizes are known.

    Widths are those of usual models of so many parameters: 28 layers for a billion, four more
    for each doubling, key heads of 128 elements.

    Args:
        name: its file.
        architecture: "qwen3" …
        parameters: of all its tensors.
        active_parameters: those that take part in a token; 0 for all.
        size_bytes: of its files; 0 if that is not known.
        quantization: its format; taken from the name if empty.
        context_length: what it was trained with, in tokens; 0 if not known.
    """
    parameters = min(max(parameters, 1_000_000), 1 << 44)
    quantization = quantization or format_in(name) or _USUAL_FORMAT
    active = active_parameters if 0 < active_parameters < parameters else parameters
    looks_up = architecture.startswith(_LOOKS_UP)
    facts = _usual_facts(architecture, active if looks_up else parameters, context_length, name)
    others = parameters - active
    if others and not looks_up:
        facts = facts.of_experts(_EXPERTS, _EXPERTS_USED)
        others = round(others / (1 - _EXPERTS_USED / _EXPERTS))
    sketch = Sketch(facts, quantization, facts.of_model("vocab_size"))
    room = size_bytes or round(parameters * sketch.bits / 8)
    if looks_up:
        tensors = sketch.lump(room, parameters, looked_up=others)
    else:
        tensors = sketch.lump(room, parameters, experts=others)
    return Part(facts, tensors, 3, 0, room, quantization).header(is_estimated=True)


def _usual_facts(architecture: str, parameters: int, context_length: int, name: str) -> Facts:
    """Return the widths of a usual model with so many parameters."""
    layers = min(max(round(28 + 4 * math.log2(parameters / 1e9)), 12), 96)
    width = max(256, round(math.sqrt(parameters / (12 * layers)) / 64) * 64)
    head = 128 if width >= 1024 else 64
    pairs: dict[str, Any] = {
        "block_count": layers,
        "embedding_length": width,
        "feed_forward_length": 3 * width,
        "context_length": context_length,
        "vocab_size": 150_000 if parameters > 300_000_000 else 50_000,
        "attention.head_count": max(4, width // head),
        "attention.head_count_kv": min(8, max(2, width // 256)),
        "attention.key_length": head,
        "attention.value_length": head,
    }
    named = {f"{architecture}.{key}": value for key, value in pairs.items()}
    return Facts({"general.architecture": architecture, **named}, {}, Path(name))
