"""What a report says of versions and hardware: nothing that tells one person from another."""

import importlib.metadata
import os
import platform
import re
import sys
from contextlib import suppress
from pathlib import Path

from assistant import parts, paths

# Those that decide which build of llama.cpp runs.
_INSTRUCTIONS = (
    *("sse4_2", "avx", "f16c", "fma", "bmi2", "avx2", "avx_vnni", "avx512f", "avx512_vnni"),
    *("avx512_bf16", "amx_int8", "asimd", "asimddp", "i8mm", "sve"),
)


def versions() -> dict[str, str]:
    """Return the versions of what the program stands on."""
    return {
        "Python": platform.python_version(),
        "Qt": _version("PySide6-Essentials"),
        "llama-cpp-python": _version("llama-cpp-python"),
        "PDFium": f"pypdfium2 {_version('pypdfium2')}",
    }


def build() -> str:
    """Return how this Alcove came here."""
    if paths.program() is None:
        return "run by Python"
    return "portable copy" if paths.folders().portable else "program"


def system() -> str:
    """Return the operating system's name and version, and the kind of processor."""
    told = f"{platform.system()} {platform.release()} {platform.machine()}"
    with suppress(OSError):
        told += f", {platform.freedesktop_os_release().get('PRETTY_NAME', '')}"
    if sys.platform == "darwin":
        told += f", macOS {platform.mac_ver()[0]}"
    if sys.platform == "win32":
        told += f", {platform.win32_ver()[1]}"
    return _plain(told)


def display() -> str:
    """Return which way windows reach the screen; no name of a computer or a person."""
    said = os.environ.get("QT_QPA_PLATFORM") or os.environ.get("XDG_SESSION_TYPE") or ""
    match = re.match(r"[a-z]{1,20}", said)
    return match[0] if match else "-"


def processor() -> str:
    """Return the processor's name, its threads and its instruction sets."""
    name, flags = platform.machine(), set[str]()
    with suppress(OSError):
        text = Path("/proc/cpuinfo").read_text("utf-8", "replace")
        if match := re.search(r"^model name\s*: (.*)$", text, re.MULTILINE):
            name = match[1]
        if match := re.search(r"^(?:flags|Features)\s*: (.*)$", text, re.MULTILINE):
            flags = set(match[1].split())
    known = " ".join(one for one in _INSTRUCTIONS if one in flags)
    return _plain(f"{name}, {os.cpu_count()} threads{', ' if known else ''}{known}")


def memory() -> str:
    """Return how much memory there is, and how much is free."""
    import psutil  # noqa: PLC0415 - not before something went wrong

    seen = psutil.virtual_memory()
    return f"{seen.total / 1e9:.1f} GB, {seen.available / 1e9:.1f} GB free"


def _version(name: str) -> str:
    """Return a package's version: as it says itself, else as the list of a frozen program does."""
    with suppress(importlib.metadata.PackageNotFoundError):
        return importlib.metadata.version(name)
    wanted = name.casefold().replace("_", "-")
    listed = {one.name.casefold().replace("_", "-"): one.version for one in parts.bundled_parts()}
    return _plain(listed.get(wanted, "?"))


def _plain(text: str) -> str:
    return "".join(c for c in " ".join(text.split()) if c.isprintable())[:200]
