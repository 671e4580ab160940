"""What llama.cpp says while it loads, and why it refused."""

import ctypes
import functools
import os
import re
from typing import Any

import llama_cpp.llama_cpp as llama

from assistant.engine.llama import variants
from assistant.errors import ModelFault

_INFO, _ERROR, _CONTINUED = 2, 4, 5
_BUFFER = re.compile(r"(\S+)\s+(model|KV|RS|compute|output) buffer size =\s*([\d.]+) MiB")
_MEBIBYTE = 1024 * 1024
_ALLOCATION = re.compile(r"alloc|out of memory|bad_alloc|mmap failed", re.IGNORECASE)
_VARIANT = re.compile(r"loaded CPU backend from .*ggml-cpu-(\w+)")
_ARCHITECTURE = re.compile(r"unknown model architecture: '([^']*)'")


class LoadRefused(Exception):  # noqa: N818 - named for what happened
    """llama.cpp would not load the file.

    `kind` is a `ModelFault`, "too-large", "cancelled", or "unusable", of llama.cpp itself.
    """

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(kind)
        self.kind = kind
        self.detail = detail


class LlamaLog:
    """Takes llama.cpp's messages: writes them to standard error, keeps errors and sizes.

    Attributes:
        errors: the last ones.
        buffer_bytes: what llama.cpp holds, by kind.
        variant: the processor that the loaded part of llama.cpp was built for; empty where it was
            built in one piece.
    """

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.buffer_bytes: dict[str, int] = {}
        self.variant = ""
        self._is_shown = False
        # llama.cpp keeps the bare pointer: the object lives as long as the process (`_listener`).
        self._callback = llama.llama_log_callback(self._take)
        self.listen()

    def listen(self) -> None:
        """Take the messages from now on, when another listener took them for a while."""
        llama.llama_log_set(self._callback, ctypes.c_void_p(0))

    def clear(self) -> None:
        """Forget what was kept."""
        self.errors.clear()
        self.buffer_bytes.clear()

    def refusal(self) -> LoadRefused:
        """Return what the kept errors say about a file that was not loaded."""
        words = " / ".join(self.errors)
        if found := _ARCHITECTURE.search(words):
            return LoadRefused(ModelFault.UNKNOWN_ARCHITECTURE, found.group(1))
        if _ALLOCATION.search(words):
            return LoadRefused("too-large", words)
        return LoadRefused(ModelFault.REFUSED, words)

    def _take(self, level: int, text: bytes, _: Any) -> None:
        if level != _CONTINUED:
            self._is_shown = level >= _INFO
        if not self._is_shown:
            return
        text = text[:2_000]  # a model's name may be megabytes, and is searched for sizes
        os.write(2, text)
        words = text.decode("utf-8", "replace").strip()
        if level == _ERROR:
            self.errors = [*self.errors[-4:], words]
        elif found := _VARIANT.search(words):
            self.variant = found.group(1)
        elif found := _BUFFER.search(words):
            buffer, kind, size = found.groups()
            key = "mapped" if kind == "model" and buffer.endswith("Mapped") else kind
            count = int(float(size) * _MEBIBYTE)
            self.buffer_bytes[key] = self.buffer_bytes.get(key, 0) + count


@functools.cache
def _listener() -> LlamaLog:
    """Return the one listener: llama.cpp keeps its bare pointer also when it does not start."""
    return LlamaLog()


@functools.cache
def start() -> LlamaLog:
    """Make llama.cpp ready for this process, once; return what takes its messages.

    Raises:
        LoadRefused: no part of it runs on this processor.
    """
    log = _listener()
    try:
        variants.load_processor()
    except variants.NoVariant as error:
        raise LoadRefused("unusable", str(error)) from error
    llama.llama_backend_init()
    return log


def build() -> str:
    """Return which llama.cpp this is: states of one are not read by another."""
    return f"{llama.llama_version().decode()} {llama.llama_print_system_info().decode()}"
