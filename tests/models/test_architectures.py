"""The list of architectures against the llama.cpp that is installed."""

import importlib.util
import re
from pathlib import Path

import gguf
import pytest

from assistant.models.finding.architectures import _KNOWN, formats_of, is_runnable


def test_the_list_is_that_of_the_installed_library() -> None:
    spec = importlib.util.find_spec("llama_cpp")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "lib"
    library = next(
        path for path in sorted(folder.iterdir()) if re.match(r"(lib)?llama\.", path.name)
    )
    content = library.read_bytes()
    # The names of `LLM_ARCH_NAMES` stand in a row; linkers drop those that end another string.
    first, last = content.index(b"\0clip\0"), content.index(b"\0(unknown)\0")
    row = {name.decode() for name in content[first:last].split(b"\0") if name}
    assert len(row) > 100
    assert row <= _KNOWN
    ends = _KNOWN - row
    assert all(f"{name}\0".encode() in content for name in ends)
    assert ends <= set(gguf.MODEL_ARCH_NAMES.values())


@pytest.mark.parametrize(
    "name", ["llama", "qwen3", "qwen35", "gemma4", "granitehybrid", "bert", ""]
)
def test_what_runs(name: str) -> None:
    assert is_runnable(name)


@pytest.mark.parametrize("name", ["flux", "opt", "whisper", "clip", "sd3", "LLAMA", "eagle3"])
def test_what_does_not(name: str) -> None:
    assert not is_runnable(name)


def test_formats_are_named_once() -> None:
    assert formats_of(["a.safetensors", "b.BIN", "c.onnx"], ["onnx", "x"]) == ("ONNX", "PyTorch")
    assert formats_of([], []) == ()
