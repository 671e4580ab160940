"""The part of llama.cpp for this processor. That of a packaged app: packaging/test_cpu.py."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from assistant import __version__
from assistant.engine import gpu_part
from assistant.engine.choice import Choice
from assistant.engine.failures import error_of
from assistant.engine.llama import log, variants
from assistant.engine.llama.log import LoadRefused, build, start
from assistant.engine.protocol import Failed, LoadSettings
from assistant.errors import EngineUnusable
from assistant.wording import explain

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="libraries are named otherwise")


def test_a_build_from_source_is_one_piece_and_needs_nothing() -> None:
    assert variants.names() == ()
    variants.load_processor()
    variants.load_gpus()
    assert start().variant == ""
    assert "CPU" in build()


def test_names_what_a_packaged_build_brings(tmp_path) -> None:
    for name in ("libggml-cpu-x64.so", "libggml-cpu-haswell.so", "libggml-base.so", "libllama.so"):
        (tmp_path / name).touch()
    assert variants.names(tmp_path) == ("haswell", "x64")
    assert variants.names(tmp_path / "missing") == ()


def test_the_part_for_gpus_is_loaded_only_if_it_is_of_this_release(
    tmp_path, monkeypatch, capfd
) -> None:
    (tmp_path / "libggml-cpu-x64.so").touch()
    part = tmp_path / "gpu"
    part.mkdir()
    loaded: list[bytes] = []
    counting = SimpleNamespace(ggml_backend_load_all_from_path=_taking(loaded))
    monkeypatch.setattr(variants, "libggml", counting)
    monkeypatch.setattr(variants, "_LIBRARIES", tmp_path)
    monkeypatch.setattr(gpu_part, "folder", lambda: part)
    for said, told in (("", "of Alcove ?,"), ("0.0.9\n", "of Alcove 0.0.9,")):
        if said:
            (part / gpu_part.MARK).write_text(said)
        variants.load_gpus()
        assert told in capfd.readouterr().err
        assert gpu_part.other_release() == said.strip()
        assert not gpu_part.has_gpu_part()
    assert loaded == []
    (part / gpu_part.MARK).write_text(f"{__version__}\n")
    variants.load_gpus()
    assert loaded == [bytes(part)]
    assert gpu_part.other_release() is None
    assert gpu_part.has_gpu_part()
    monkeypatch.setattr(gpu_part, "folder", lambda: None)
    assert gpu_part.other_release() is None
    assert not gpu_part.has_gpu_part()


def test_refuses_in_words_where_none_runs(tmp_path, monkeypatch) -> None:
    (tmp_path / "libggml-cpu-x64.so").write_bytes(b"damaged")
    loaded: list[bytes] = []
    empty = SimpleNamespace(
        ggml_backend_reg_count=lambda: 0,
        ggml_backend_load_all_from_path=_taking(loaded),
        ggml_backend_load=_taking(loaded),
    )
    monkeypatch.setattr(variants, "libggml", empty)
    monkeypatch.setattr(variants, "_LIBRARIES", tmp_path)
    with pytest.raises(LoadRefused) as refused:
        start.__wrapped__()
    assert loaded == [bytes(tmp_path)]  # the folder is told: the working directory is not searched
    error = error_of(
        Failed(1, refused.value.kind, refused.value.detail),
        Choice(Path("model.gguf"), LoadSettings(), (0, 0)),
    )
    assert isinstance(error, EngineUnusable)
    assert "for this processor (none of x64)" in str(explain(error))
    monkeypatch.setenv(variants.FORCED, "x64")
    with pytest.raises(variants.NoVariant, match="x64 of x64"):
        variants.load_processor()
    assert loaded[1:] == [bytes(tmp_path / "libggml-cpu-x64.so")]
    monkeypatch.setenv(variants.FORCED, "../evil")  # not one of those that are there
    with pytest.raises(variants.NoVariant):
        variants.load_processor()
    assert len(loaded) == 2


def _taking(loaded: list[bytes]) -> object:
    return type("Function", (), {"__call__": lambda _, path: loaded.append(path)})()


def test_knows_the_variant_from_what_ggml_says(monkeypatch) -> None:
    monkeypatch.setattr(log.os, "write", lambda *_: 0)
    heard = start()
    heard._take(2, b"load_backend: loaded CPU backend from /app/lib/libggml-cpu-zen4.so\n", None)
    assert heard.variant == "zen4"
    heard.variant = ""
