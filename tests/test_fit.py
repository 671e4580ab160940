"""What a model needs, and the longest context that fits, agree with llama.cpp's own figures."""

from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from assistant import fit
from assistant.fit import (
    DEFAULT_CONTEXT,
    Q8_0_BYTES,
    free_memory_bytes,
    largest_context,
    memory_need,
    total_memory_bytes,
)
from assistant.gguf import GgufHeader, read_header
from tests.engine.tiny_models import tiny_hybrid, tiny_mamba

MEBIBYTE = 1024 * 1024


@pytest.fixture
def header(starter_model: Path) -> GgufHeader:
    return read_header(starter_model)


def test_counts_keys_and_values_as_llama_cpp_does(header: GgufHeader) -> None:
    assert memory_need(header, 8192).kv_bytes == 180 * MEBIBYTE  # llama.cpp's own words
    assert memory_need(header, 8192).weights_bytes == header.tensor_bytes


def test_counts_what_a_step_needs(header: GgufHeader) -> None:
    # Nine heads and a mask in 32 bits, nine heads in 16: llama.cpp says 41.6 MB and 18 MB.
    assert memory_need(header, 8192).scores_bytes == 128 * 8192 * (9 * 6 + 4)
    flash = memory_need(header, 8192, kv_value_bytes=Q8_0_BYTES, has_flash_attention=True)
    assert flash.scores_bytes == 128 * 8192 * 2
    assert flash.kv_bytes == 100_270_080  # llama.cpp says 95.62 MiB
    half = memory_need(header, 8192).peak_at(0.5)
    assert memory_need(header, 4096).peak_bytes < half < memory_need(header, 8192).peak_bytes


def test_counts_copies_that_the_system_can_do_without(
    header: GgufHeader, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = (("Q4_K", 1_000_000), ("Q5_0", 3_000_000))
    monkeypatch.setattr(fit, "features", lambda: frozenset({"avx2"}))
    need = memory_need(replace(header, matrix_bytes=sizes), 512)
    assert need.repacked_bytes == 1_000_000
    assert need.peak_bytes - need.total_bytes == 1_000_000
    monkeypatch.setattr(fit, "features", frozenset)
    assert memory_need(replace(header, matrix_bytes=sizes), 512).repacked_bytes == 0


def test_a_recurrent_state_does_not_grow(tmp_path: Path) -> None:
    mamba = read_header(tiny_mamba(tmp_path / "mamba.gguf"))
    assert memory_need(mamba, 256).kv_bytes == memory_need(mamba, 512).kv_bytes > 0
    one = memory_need(mamba, 256, sequences=1).kv_bytes
    assert memory_need(mamba, 256, sequences=4).kv_bytes == 4 * one
    assert one == 2 * mamba.recurrent_bytes
    hybrid = read_header(tiny_hybrid(tmp_path / "hybrid.gguf"))
    grown = memory_need(hybrid, 512).kv_bytes - memory_need(hybrid, 256).kv_bytes
    assert grown == 256 * 2 * 16 * 2  # one layer of two: heads, lengths, 16 bits


def test_makes_the_longest_context_that_fits(header: GgufHeader) -> None:
    for free in range(250_000_000, 700_000_000, 7_000_000):
        context = largest_context(header, free)
        assert context <= DEFAULT_CONTEXT
        if context:
            assert memory_need(header, context).total_bytes <= free
        if context < DEFAULT_CONTEXT:
            assert memory_need(header, max(context, 256) + 256).total_bytes > free


def test_gives_what_was_wished_but_never_more_than_was_trained(header: GgufHeader) -> None:
    plenty = 1 << 40
    assert largest_context(header, plenty, 4096) == 4096
    assert largest_context(header, plenty, 1000) == 1000
    assert largest_context(header, plenty, 1 << 20) == header.context_length == 8192
    assert largest_context(header, 100_000_000) == 0
    assert largest_context(header, 0, 4096) == 0


def test_memory_is_the_computers_or_the_containers(tmp_path: Path, monkeypatch) -> None:
    assert 0 < free_memory_bytes() < total_memory_bytes() <= psutil.virtual_memory().total
    monkeypatch.setattr(fit, "_cgroup_limits", lambda: [(2_000_000_000, 500_000_000)])
    assert total_memory_bytes() == 2_000_000_000
    assert free_memory_bytes() == 1_500_000_000 - 256 * MEBIBYTE


def test_reads_the_limits_of_every_group_above(tmp_path: Path, monkeypatch) -> None:
    inner = tmp_path / "app"
    inner.mkdir()
    for folder, limit, used in [(tmp_path, "max", 9), (inner, "1000000", 400)]:
        (folder / "memory.max").write_text(f"{limit}\n")
        (folder / "memory.current").write_text(f"{used}\n")
        (folder / "memory.stat").write_text("anon 1\ninactive_file 100\n")
    files = [(folder, "memory.max", "memory.current") for folder in (inner, tmp_path)]
    monkeypatch.setattr(fit, "_cgroup_files", lambda root: files)
    assert fit._cgroup_limits(tmp_path) == [(1_000_000, 300)]
