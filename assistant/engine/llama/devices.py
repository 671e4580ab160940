"""Which GPUs this build of llama.cpp can use."""

import ctypes

import llama_cpp.llama_cpp as llama
from llama_cpp._ggml import libggml

from assistant.engine.device_messages import Device
from assistant.engine.llama import variants

_GPU, _INTEGRATED_GPU = 1, 2  # ggml-backend.h, enum ggml_backend_dev_type


def gpus() -> tuple[Device, ...]:
    """Return the GPUs that layers can be given to; empty where the build has no use for any.

    Their part of llama.cpp is loaded where it is installed beside the rest.

    The Python package has no binding for ggml's devices: its library is called directly
    (ggml-backend.h).
    """
    variants.load_gpus()
    if not llama.llama_supports_gpu_offload():
        return ()
    _declare()
    devices = [ctypes.c_void_p(libggml.ggml_backend_dev_get(i)) for i in range(_count())]
    return tuple(_describe(device) for device in devices if _is_gpu(device))


def usable_layers(wished: int) -> int:
    """Return how many of the layers wished for a GPU one will get; 0 where there is none."""
    return wished if wished and gpus() else 0


def _declare() -> None:
    libggml.ggml_backend_dev_count.restype = ctypes.c_size_t
    libggml.ggml_backend_dev_get.argtypes = [ctypes.c_size_t]
    libggml.ggml_backend_dev_get.restype = ctypes.c_void_p
    for name in ("name", "description"):
        function = getattr(libggml, f"ggml_backend_dev_{name}")
        function.argtypes = [ctypes.c_void_p]
        function.restype = ctypes.c_char_p
    libggml.ggml_backend_dev_type.argtypes = [ctypes.c_void_p]
    libggml.ggml_backend_dev_type.restype = ctypes.c_int
    size = ctypes.POINTER(ctypes.c_size_t)
    libggml.ggml_backend_dev_memory.argtypes = [ctypes.c_void_p, size, size]
    libggml.ggml_backend_dev_memory.restype = None


def _count() -> int:
    return int(libggml.ggml_backend_dev_count())


def _is_gpu(device: ctypes.c_void_p) -> bool:
    return libggml.ggml_backend_dev_type(device) in {_GPU, _INTEGRATED_GPU}


def _describe(device: ctypes.c_void_p) -> Device:
    free, total = ctypes.c_size_t(0), ctypes.c_size_t(0)
    libggml.ggml_backend_dev_memory(device, ctypes.byref(free), ctypes.byref(total))
    return Device(
        name=(libggml.ggml_backend_dev_name(device) or b"").decode("utf-8", "replace"),
        description=(libggml.ggml_backend_dev_description(device) or b"").decode(
            "utf-8", "replace"
        ),
        total_bytes=int(total.value),
    )
