"""Writes a model once more in another format (llama.cpp's quantizer)."""

import ctypes
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import llama_cpp.llama_cpp as llama

from assistant.engine.llama.log import LlamaLog, LoadRefused
from assistant.errors import ModelFault

# The formats one may ask for: those with good kernels somewhere, and no need for an importance
# matrix, which would take hours here.
FILE_TYPES = {
    "Q4_0": llama.LLAMA_FTYPE_MOSTLY_Q4_0,
    "Q4_1": llama.LLAMA_FTYPE_MOSTLY_Q4_1,
    "Q5_0": llama.LLAMA_FTYPE_MOSTLY_Q5_0,
    "Q5_1": llama.LLAMA_FTYPE_MOSTLY_Q5_1,
    "Q3_K_M": llama.LLAMA_FTYPE_MOSTLY_Q3_K_M,
    "Q4_K_S": llama.LLAMA_FTYPE_MOSTLY_Q4_K_S,
    "Q4_K_M": llama.LLAMA_FTYPE_MOSTLY_Q4_K_M,
    "Q5_K_M": llama.LLAMA_FTYPE_MOSTLY_Q5_K_M,
    "Q6_K": llama.LLAMA_FTYPE_MOSTLY_Q6_K,
    "Q8_0": llama.LLAMA_FTYPE_MOSTLY_Q8_0,
    "IQ3_S": llama.LLAMA_FTYPE_MOSTLY_IQ3_S,
    "IQ4_NL": llama.LLAMA_FTYPE_MOSTLY_IQ4_NL,
    "IQ4_XS": llama.LLAMA_FTYPE_MOSTLY_IQ4_XS,
    "F16": llama.LLAMA_FTYPE_MOSTLY_F16,
}
_MEBIBYTE = 1024 * 1024
_BUFFER_BYTES = 256 * _MEBIBYTE  # rows of a tensor in memory at once; llama.cpp's own is 8 GiB
_TENSOR = re.compile(r"\[\s*(\d+)\s*/\s*(\d+)\s*\]")
_SIZE = re.compile(r"quant size\s*=\s*([\d.]+) MiB")
_INFO, _ERROR = 2, 4


class _Listener:
    """Reads llama.cpp's messages while it quantizes; the log takes them again afterwards."""

    def __init__(self, log: LlamaLog, on_tensor: Callable[[int, int], None]) -> None:
        self._log = log
        self._on_tensor = on_tensor
        self.error = ""
        self.size_mebibytes = 0.0
        self._callback = llama.llama_log_callback(self._take)

    def __enter__(self) -> Self:
        llama.llama_log_set(self._callback, ctypes.c_void_p(0))
        return self

    def __exit__(self, *_: object) -> None:
        self._log.listen()

    def _take(self, level: int, text: bytes, _: Any) -> None:
        words = text.decode("utf-8", "replace")
        if level >= _INFO:
            os.write(2, text[:2_000])
        if level == _ERROR:
            self.error = words.strip()
        elif found := _TENSOR.match(words):
            self._on_tensor(int(found.group(1)), int(found.group(2)))
        elif found := _SIZE.search(words):
            self.size_mebibytes = float(found.group(1))


def planned_bytes(source: Path, quantization: str, log: LlamaLog) -> int:
    """Return how long the weights of `source` would be as `quantization`; nothing is written.

    Raises:
        LoadRefused: llama.cpp cannot requantize this model.
    """
    with _Listener(log, lambda _done, _total: None) as listener:
        _run(source, source, quantization, listener, threads=1, is_trial=True)
    return int(listener.size_mebibytes * _MEBIBYTE)


def quantize(
    source: Path,
    target: Path,
    quantization: str,
    *,
    threads: int,
    log: LlamaLog,
    on_tensor: Callable[[int, int], None],
) -> None:
    """Write the model `source` as `quantization` to `target`, replacing what is there.

    Args:
        source: a model file in any format.
        target: the new file.
        quantization: one of `FILE_TYPES`.
        threads: that compute.
        log: takes llama.cpp's messages before and after.
        on_tensor: called with the number of each tensor, and how many there are.

    Raises:
        LoadRefused: llama.cpp cannot requantize this model, or cannot write.
    """
    with _Listener(log, on_tensor) as listener:
        _run(source, target, quantization, listener, threads=threads, is_trial=False)


def _run(
    source: Path,
    target: Path,
    quantization: str,
    listener: _Listener,
    *,
    threads: int,
    is_trial: bool,
) -> None:
    parameters = llama.llama_model_quantize_default_params()
    parameters.ftype = FILE_TYPES[quantization]
    parameters.nthread = threads
    parameters.allow_requantize = True
    parameters.max_buf_size = _BUFFER_BYTES
    parameters.dry_run = is_trial
    result = llama.llama_model_quantize(_name(source), _name(target), ctypes.byref(parameters))
    if result != 0:
        raise LoadRefused(ModelFault.REFUSED, listener.error or f"quantizer: {result}")


def _name(path: Path) -> bytes:
    return str(path).encode("utf-8", "surrogateescape")
