"""GGUF headers are read whole, fast and within bounds, whatever the file claims."""

import contextlib
import io
import os
import random
import struct
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import ModelError, ModelFault
from assistant.fit import memory_need
from assistant.gguf import (
    MAX_STRING_BYTES,
    header_of,
    read_beginning,
    read_header,
    read_header_from,
)
from assistant.gguf.estimating import format_in
from tests.engine.tiny_models import tiny_gemma, tiny_hybrid, tiny_llama, tiny_mamba, write_gguf
from tests.gguf_damage import damaged_headers


def fault_of(path: Path) -> ModelFault:
    with pytest.raises(ModelError) as caught:
        read_header(path)
    assert caught.value.path == path
    return caught.value.fault


def test_reads_the_starter_model(starter_model: Path) -> None:
    begun = time.perf_counter()
    header = read_header(starter_model)
    assert time.perf_counter() - begun < 1.0
    assert (header.architecture, header.quantization) == ("llama", "Q4_1")
    assert (header.parameters, header.tensor_bytes) == (134_515_008, 96_576_768)
    assert header.header_bytes + header.tensor_bytes == header.file_bytes == 98_362_432
    assert (header.context_length, header.block_count, header.vocabulary) == (8192, 30, 49152)
    assert (header.embedding_length, header.feed_forward_length) == (576, 1536)
    assert set(header.head_counts) == {9}
    assert header.head_counts_kv == (3,) * 30
    assert (header.key_length, header.value_length, header.sliding_window) == (64, 64, 0)
    assert "<|im_start|>" in header.chat_template
    assert header.has_chat_template
    assert (header.license, header.size_label) == ("apache-2.0", "135M")


def test_reads_what_other_architectures_say(tmp_path: Path) -> None:
    gemma = read_header(tiny_gemma(tmp_path / "gemma.gguf"))
    assert (gemma.sliding_window, gemma.recurrent_bytes) == (16, 0)
    mamba = read_header(tiny_mamba(tmp_path / "mamba.gguf"))
    assert mamba.head_counts_kv == (0, 0)
    assert mamba.recurrent_bytes == 4 * (3 * 64 + 64 * 8)
    hybrid = read_header(tiny_hybrid(tmp_path / "hybrid.gguf"))
    assert hybrid.head_counts_kv == (0, 2)
    assert hybrid.recurrent_bytes == 4 * 2 * 32


def test_reads_a_file_anew_when_it_was_changed(tmp_path: Path) -> None:
    path = tiny_llama(tmp_path / "model.gguf")
    known = read_header(path)
    assert read_header(path) == known
    content = path.read_bytes()
    path.write_bytes(content.replace(b"general.architecture", b"general.architectur3", 1))
    assert path.stat().st_size == len(content)
    assert read_header(path).architecture != known.architecture


def test_tells_a_base_model_by_its_missing_template(tmp_path: Path) -> None:
    assert not read_header(tiny_llama(tmp_path / "base.gguf", chat_template="")).has_chat_template


def test_names_a_file_without_a_name(tmp_path: Path) -> None:
    assert read_header(tiny_llama(tmp_path / "my model.gguf", general__name="")).name == "my model"


def test_finds_the_quantization_in_the_tensors(tmp_path: Path) -> None:
    path = tiny_llama(tmp_path / "model.gguf", general__file_type=None)
    assert read_header(path).quantization == "F32"


def test_reads_from_a_beginning_that_is_all_there_is_yet(starter_model: Path) -> None:
    """As a download does, before the weights have come."""
    with starter_model.open("rb") as file:
        beginning = io.BytesIO(file.read(2_000_000))
    header = read_header_from(beginning, 98_362_432, starter_model)
    assert header.architecture == "llama"


def test_refuses_what_is_no_model(tmp_path: Path) -> None:
    assert fault_of(tmp_path / "none.gguf") is ModelFault.MISSING
    assert fault_of(tmp_path) is ModelFault.DIRECTORY
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.gguf")
        assert fault_of(tmp_path / "pipe.gguf") is ModelFault.NOT_GGUF
    path = tmp_path / "file.gguf"
    assert fault_of(path / "below a file") is ModelFault.MISSING
    path.write_bytes(b"")
    assert fault_of(path) is ModelFault.EMPTY
    assert fault_of(path / "below a file") is ModelFault.MISSING
    for content in (b"GG", b"PK\x03\x04rest", random.Random(1).randbytes(5000)):
        path.write_bytes(content)
        assert fault_of(path) is ModelFault.NOT_GGUF


@pytest.mark.parametrize("share", [0.0001, 0.01, 0.3, 0.9, 0.9999])
def test_refuses_a_file_that_was_cut(tmp_path: Path, starter_model: Path, share: float) -> None:
    path = tmp_path / "cut.gguf"
    with starter_model.open("rb") as file:
        path.write_bytes(file.read(int(starter_model.stat().st_size * share)))
    assert fault_of(path) is ModelFault.TRUNCATED


def _header(*parts: bytes, tensors: int = 0, pairs: int = 0) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", 3, tensors, pairs) + b"".join(parts)


HUGE = 1 << 60


@pytest.mark.parametrize(
    "content",
    [
        b"GGUF" + struct.pack(">IQQ", 3, 0, 0),  # big-endian
        b"GGUF" + struct.pack("<IQQ", 1, 0, 0),
        _header(tensors=HUGE),
        _header(pairs=HUGE),
        _header(struct.pack("<Q", HUGE), pairs=1),
        _header(struct.pack("<Q", MAX_STRING_BYTES + 1), pairs=1),
        _header(struct.pack("<Q", 1), b"a", struct.pack("<I", 99), pairs=1),
        _header(struct.pack("<Q", 1), b"a", struct.pack("<IIQ", 9, 8, HUGE), pairs=1),
        _header(struct.pack("<Q", 1), b"a", struct.pack("<IIQ", 9, 9, 1) * 9, pairs=1),
        _header(struct.pack("<Q", 1), b"a", struct.pack("<I", 9_000), tensors=1),
        # Each within its bound, together beyond any model's.
        _header(
            *(struct.pack("<Q", 1) + b"a" + struct.pack("<IIQ", 9, 8, 1 << 20) + bytes(1 << 23),)
            * 3,
            pairs=3,
        ),
        _header(
            struct.pack("<Q", 1),
            b"a",
            struct.pack("<IIQ", 9, 9, 4096),
            *(struct.pack("<IQ", 0, 4096) + bytes(4096),) * 100,
            pairs=1,
        ),
        _header(*(struct.pack("<QcIQ", 1, b"a", 8, 1 << 20) + b"x" * (1 << 20),) * 12, pairs=12),
        _header(struct.pack("<Q", 1), b"a", struct.pack("<IQQIQ", 2, HUGE, HUGE, 0, 0), tensors=1),
    ],
)
def test_believes_no_count_or_length(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.gguf"
    path.write_bytes(content + b"\0" * 64)
    assert fault_of(path) is ModelFault.DAMAGED


def test_random_damage_is_an_error_or_a_header(tmp_path: Path) -> None:
    whole = tiny_llama(tmp_path / "whole.gguf").read_bytes()
    path, chance = tmp_path / "damaged.gguf", random.Random(5)
    for _ in range(500):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            damaged[chance.randrange(8500)] = chance.randrange(256)
        path.write_bytes(damaged)
        with contextlib.suppress(ModelError):
            assert read_header(path).path == path


def test_a_wrong_type_counts_as_not_told(tmp_path: Path) -> None:
    pairs = {
        "general.architecture": "llama",
        "llama.context_length": "long",
        "llama.block_count": True,
        "llama.attention.head_count": [4, 4],
    }
    header = read_header(write_gguf(tmp_path / "odd.gguf", pairs, {"t": (4, 4)}))
    assert (header.context_length, header.block_count, header.head_counts) == (0, 0, ())
    assert header.parameters == 16


def test_knows_what_a_token_costs(starter_model: Path, tmp_path: Path) -> None:
    header = read_header(starter_model)
    # It multiplies with its embeddings, but a prompt's odds are computed for its last token only.
    assert dict(header.work.prompt) == {"Q4_1": 134_515_008 - 49_152 * 576 - 61 * 576}
    assert sum(size for _, size in header.work.reply) == header.tensor_bytes
    assert header.active_parameters == header.parameters
    experts = {"ffn_up_exps": (8, 16, 4), "attn_q": (8, 8), "ffn_norm": (8,)}
    tensors = {f"blk.0.{name}.weight": shape for name, shape in experts.items()}
    tensors |= {"token_embd.weight": (8, 100), "output.weight": (8, 100)}
    pairs = {"general.architecture": "moe", "moe.expert_count": 4, "moe.expert_used_count": 1}
    mixture = read_header(write_gguf(tmp_path / "moe.gguf", pairs, tensors))
    assert mixture.active_parameters == 8 * 16 + 8 * 8 + 8 + 8 * 100
    assert dict(mixture.work.prompt) == {"F32": 8 * 16 + 8 * 8}
    assert dict(mixture.work.reply) == {"F32": 4 * mixture.active_parameters}
    assert (mixture.experts, mixture.experts_used) == (4, 1)


def test_estimates_what_stands_behind_the_vocabulary(starter_model: Path) -> None:
    real = read_header(starter_model)
    with starter_model.open("rb") as file:
        beginning = file.read(300_000)
    seen = read_beginning(beginning, real.file_bytes, starter_model)
    assert seen is not None
    assert seen.is_estimated
    assert seen.tensor_bytes == pytest.approx(real.tensor_bytes, rel=0.01)
    assert seen.parameters == pytest.approx(real.parameters, rel=0.01)
    need, estimate = memory_need(real, 8192), memory_need(seen, 8192)
    assert estimate.total_bytes == pytest.approx(need.total_bytes, rel=0.02)
    assert read_beginning(beginning[:300], real.file_bytes, starter_model) is None


def test_estimates_a_model_whose_layers_are_not_known(tmp_path: Path) -> None:
    """A recurrent one: the file's length and the bits of a weight tell the parameters."""
    path = tiny_mamba(tmp_path / "model.gguf")
    seen = read_beginning(path.read_bytes()[:3000], 700_000_000, path)
    assert seen is not None
    assert (seen.architecture, seen.quantization) == ("mamba", "F32")
    assert seen.parameters == pytest.approx(700_000_000 / 4, rel=0.01)


@pytest.mark.parametrize(
    ("size", "active", "architecture", "low", "high"),
    [
        (0.6, 0, "qwen3", 0.9, 1.7),
        (8.2, 0, "qwen3", 5.5, 7.5),
        (30.5, 3.3, "qwen3moe", 18, 22),
        (5.1, 2.3, "gemma4", 3, 5),
    ],
)
def test_sizes_alone_tell_the_memory_roughly(
    size: float, active: float, architecture: str, low: float, high: float
) -> None:
    header = header_of(
        name="model-Q4_K_M.gguf",
        architecture=architecture,
        parameters=round(size * 1e9),
        active_parameters=round(active * 1e9),
    )
    assert low < memory_need(header, 8192).total_bytes / 1e9 < high
    if active:
        assert header.active_parameters == pytest.approx(active * 1e9, rel=0.25)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Qwen3-4B-Instruct-Q4_K_M.gguf", "Q4_K_M"),
        ("SmolLM2-135M-Instruct.Q4_1.gguf", "Q4_1"),
        ("gemma-4-E2B_q4_0-it.gguf", "Q4_0"),
        ("model-UD-IQ2_XXS-00001-of-00003.gguf", "IQ2_XXS"),
        ("model.BF16.gguf", "BF16"),
        ("model.gguf", ""),
    ],
)
def test_finds_the_format_in_a_name(name: str, told: str) -> None:
    assert format_in(name) == told


def test_structured_damage_is_an_error_or_a_header(tmp_path: Path, starter_model: Path) -> None:
    whole = [tiny_llama(tmp_path / "whole.gguf").read_bytes()]
    with starter_model.open("rb") as file:
        whole.append(file.read(2_500_000))
    path = tmp_path / "damaged.gguf"
    for kind, data in damaged_headers(whole, 120, seed=7):
        path.write_bytes(data)
        begun = time.perf_counter()
        with contextlib.suppress(ModelError):
            assert read_header(path).file_bytes == len(data)
        with contextlib.suppress(ModelError):
            seen = read_beginning(data[: 1 << 20], max(len(data), 1), path)
            assert seen is None or seen.tensor_bytes <= len(data)
        assert time.perf_counter() - begun < 2.0, kind


_VALUES = st.one_of(
    st.integers(0, 2**32 - 1),
    st.booleans(),
    st.floats(allow_nan=False, width=32),
    st.text(max_size=30),
    st.lists(st.integers(0, 2**31 - 1), min_size=1, max_size=8),
    st.lists(st.text(max_size=5), min_size=1, max_size=8),
)
_SHAPES = st.lists(st.integers(1, 12), min_size=1, max_size=3).map(tuple)


@settings(max_examples=150, deadline=None)
@given(
    pairs=st.dictionaries(st.text(min_size=1, max_size=20), _VALUES, max_size=8),
    shapes=st.lists(_SHAPES, max_size=5),
    context=st.integers(0, 2**32 - 1),
    flips=st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 255)), max_size=6),
)
def test_any_header_is_read_and_any_damage_is_survived(
    tmp_path_factory: pytest.TempPathFactory, pairs, shapes, context, flips
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.gguf"
    told = {**pairs, "general.architecture": "x", "x.context_length": context}
    write_gguf(path, told, {f"t{n}": shape for n, shape in enumerate(shapes)})
    header = read_header(path)
    assert (header.architecture, header.context_length) == ("x", context)
    assert header.parameters * 4 == header.tensor_bytes
    damaged = bytearray(path.read_bytes())
    for at, change in flips:
        damaged[at % len(damaged)] ^= change
    path.write_bytes(damaged)
    with contextlib.suppress(ModelError):
        assert read_header(path).tensor_bytes <= len(damaged)
