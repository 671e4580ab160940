"""GGUF headers are read whole, fast and within bounds, whatever the file claims."""

import contextlib
import io
import random
import struct
import time
from pathlib import Path

import pytest

from assistant.errors import ModelError, ModelFault
from assistant.gguf import MAX_STRING_BYTES, read_header, read_header_from
from tests.engine.tiny_models import tiny_gemma, tiny_hybrid, tiny_llama, tiny_mamba, write_gguf


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
