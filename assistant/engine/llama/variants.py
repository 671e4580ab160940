"""Loads the part of llama.cpp that computes: the best for this processor, and a GPU's on wish.

A packaged app brings ggml's processor part once for each generation of processors
(packaging/llama.py), and ggml picks the best that runs here. A build from source is one piece for
the machine it was built on: there is nothing to load. A GPU's part lies in a folder of its own and
is loaded only where a GPU is asked for: drivers may crash, and nobody else shall meet them.
"""

import ctypes
import os
import sys
from pathlib import Path

from llama_cpp._ggml import libggml, libggml_base_path

from assistant import __version__
from assistant.engine import gpu_part

# Forces a variant by its name, such as "x64", for tests and for people whose processor lies.
FORCED = "ALCOVE_PROCESSOR"
_LIBRARIES = Path(libggml_base_path)
_GPU = "gpu"
_PREFIX = "ggml-cpu-"


class NoVariant(Exception):  # noqa: N818 - named for what happened
    """No processor part of llama.cpp could be loaded; the text says which were there."""


def names(folder: Path | None = None) -> tuple[str, ...]:
    """Return the variants that are there, by name; none where llama.cpp is one piece."""
    found = (path.stem.partition(_PREFIX)[2] for path in _files(folder or _LIBRARIES, _PREFIX))
    return tuple(sorted(name for name in found if name))


def load_processor() -> None:
    """Load the best variant for this processor, once.

    ggml is told the folder: by itself it would search the working directory, too, and load what
    anyone put there.

    Raises:
        NoVariant: none runs here.
    """
    there = names()
    if not there or libggml.ggml_backend_reg_count():
        return
    wished = os.environ.get(FORCED, "")
    if wished in there:
        libggml.ggml_backend_load.argtypes = [ctypes.c_char_p]
        libggml.ggml_backend_load.restype = ctypes.c_void_p
        (path,) = (one for one in _files(_LIBRARIES, _PREFIX) if one.stem.endswith(f"-{wished}"))
        libggml.ggml_backend_load(_encoded(path))
    elif not wished:
        _load_from(_LIBRARIES)
    if not libggml.ggml_backend_reg_count():
        raise NoVariant(f"{wished or 'none'} of {', '.join(there)}")


def load_gpus() -> None:
    """Load what a GPU needs, where it is installed and of this release; may end the process."""
    folder = _LIBRARIES / _GPU
    if not names() or not folder.is_dir():
        return
    release = gpu_part.release(folder)
    if release == __version__:
        _load_from(folder)
    else:
        told = f"the part for GPUs is of Alcove {release or '?'}, not {__version__}: not loaded"
        print(told, file=sys.stderr, flush=True)


def _load_from(folder: Path) -> None:
    libggml.ggml_backend_load_all_from_path.argtypes = [ctypes.c_char_p]
    libggml.ggml_backend_load_all_from_path.restype = None
    libggml.ggml_backend_load_all_from_path(_encoded(folder))


def _encoded(path: Path) -> bytes:
    """Return `path` as ggml reads it: UTF-8, on Windows too."""
    return str(path).encode() if sys.platform == "win32" else os.fsencode(path)


def _files(folder: Path, start: str) -> list[Path]:
    """Return the libraries of `folder` whose name begins so, with or without "lib" before it."""
    suffix = ".dll" if sys.platform == "win32" else ".so"
    prefix = "" if sys.platform == "win32" else "lib"
    return sorted(folder.glob(f"{prefix}{start}*{suffix}"))
