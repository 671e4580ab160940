"""A flag that ends what llama.cpp computes, between two nodes of its graph."""

import ctypes
import sys
from typing import Any

import llama_cpp.llama_cpp as llama


class StopFlag:
    """Tied to a context, it ends its current step when it is raised, and every later one.

    The callback is the C library's `strlen` on a string of ours: 0 while it is empty, 1 when a
    byte was written. A Python callback would take the interpreter's lock a thousand times for
    every token, and wait for it when another thread holds it.
    """

    def __init__(self) -> None:
        self._text = ctypes.create_string_buffer(2)
        library = ctypes.cdll.msvcrt if sys.platform == "win32" else ctypes.CDLL(None)
        # llama.cpp keeps the bare pointer: this object must outlive the context.
        self._callback = ctypes.cast(library.strlen, llama.ggml_abort_callback)

    def tie(self, context: Any) -> None:
        """Have `context` look at this flag."""
        flag = ctypes.cast(self._text, ctypes.c_void_p)
        llama.llama_set_abort_callback(context, self._callback, flag)

    def raise_it(self) -> None:
        """End the current step; from any thread."""
        self._text[0] = b"\x01"

    def lower(self) -> None:
        """Allow steps again."""
        self._text[0] = b"\x00"
