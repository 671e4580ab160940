"""Which formats count as slow, on which processors."""

from pathlib import Path

import pytest

from assistant import quantizations
from assistant.quantizations import faster_format, features, is_slow

AVX2, ARM, OLD = frozenset({"avx2"}), frozenset({"dotprod", "i8mm"}), frozenset[str]()


@pytest.mark.parametrize("known", [AVX2, ARM])
def test_what_is_not_repacked_is_slow(known) -> None:
    assert [name for name in ("Q4_1", "Q5_1") if faster_format(name, known) != "Q4_K_M"] == []
    fast = ("Q4_0", "Q4_K_M", "Q8_0", "IQ4_NL", "IQ4_XS", "Q6_K", "", "unknown")
    assert not any(is_slow(name, known) for name in fast)


def test_without_fast_kernels_nothing_is_gained_but_by_fewer_bytes() -> None:
    assert not is_slow("Q4_1", OLD)
    assert faster_format("F16", OLD) == faster_format("BF16", AVX2) == "Q8_0"


def test_features_of_linux_processors(tmp_path: Path) -> None:
    file = tmp_path / "cpuinfo"
    names = {"avx2": "avx2", "avx512f": "avx512", "asimddp": "dotprod"}
    file.write_text("processor\t: 0\nflags\t\t: fpu sse2 avx2 avx512f\n\nflags\t\t: none\n")
    assert quantizations._named(names, file) == {"avx2", "avx512"}
    file.write_text("processor\t: 0\nFeatures\t: fp asimd asimddp\n")
    assert quantizations._named(names, file) == {"dotprod"}
    assert quantizations._named(names, tmp_path / "none") == frozenset()


def test_this_processor_is_known() -> None:
    assert features() <= {"avx2", "avx512", "dotprod", "i8mm"}
