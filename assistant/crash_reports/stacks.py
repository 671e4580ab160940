"""Stacks without values, and without places of the person's: a file of ours, a line, a function."""

import re
import traceback
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

_PACKAGE_PARENT = Path(__file__).resolve().parent.parent.parent
_LONGEST = 200  # frames of a thread; a recursion repeats itself
_MOST_THREADS = 32
# What faulthandler writes.
_FRAME = re.compile(r'^  File "(.*)", line (\d+|\?\?\?) in (.*)$')
_THREAD = re.compile(r"^(Current thread|Thread) 0x[0-9a-fA-F]+(?: \[[^\]]*\])? ")
_FATAL = re.compile(r"^(?:Fatal Python error|Windows fatal exception): ([\w :'-]{1,80})$")
# llama.cpp's assertions say which line of its source failed, and C++'s library what was thrown.
_SOURCE = r"[\w.-]+\.(?:c|cc|cpp|h|hpp|cu|comp)"
_ASSERTION = re.compile(rf"^(?:.*[/\\])?({_SOURCE}):(\d+): (GGML_ASSERT\([^\"]{{1,200}}\)) failed")
_THROWN = re.compile(r"^terminate called after throwing an instance of '([\w:]{1,80})'")
_SAFE = re.compile(r"[\w.<>:$-]{1,120}")


def of_exception(error: BaseException) -> list[str]:
    """Return the lines that tell where an exception and its causes came from.

    Their messages may hold the person's text: only types are told.
    """
    lines: list[str] = []
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen and len(seen) < 10:
        seen.add(id(one))
        lines.append(f"{type_name(one)}, the innermost call last:")
        frames = [
            _frame(frame.f_code.co_filename, line, frame.f_code.co_name)
            for frame, line in traceback.walk_tb(one.__traceback__)
        ]
        lines += _bounded(frames)
        cause = one.__cause__
        one = cause if cause or one.__suppress_context__ else one.__context__
        if one is not None:
            lines.append("after")
    return lines


def of_dump(text: str) -> list[str]:
    """Return what a dump of Python's faulthandler, and native code before it, say of a crash.

    Nothing else of `text` is taken: it is a log of native code, which may say anything.
    """
    lines: list[str] = []
    threads = 0
    for line in text.splitlines():
        if match := _ASSERTION.match(line):
            lines.append(f"{match[1]}:{match[2]} {match[3]}")
        elif match := _THROWN.match(line):
            lines.append(f"thrown: {match[1]}")
        elif match := _FATAL.match(line):
            lines.append(match[1])
        elif match := _THREAD.match(line):
            threads += 1
            lines.append(f"{match[1]}, the innermost call first:")
        elif (match := _FRAME.match(line)) and threads <= _MOST_THREADS:
            lines.append(_frame(match[1], match[2], match[3]))
    return lines[: _LONGEST * 4]


def type_name(error: BaseException) -> str:
    """Return the name of an exception's type, with its module unless it is Python's own."""
    kind = type(error)
    name = kind.__qualname__
    return _safe(name if kind.__module__ == "builtins" else f"{kind.__module__}.{name}")


def shortened(path: str) -> str:
    """Return where a file lies among the parts of Alcove; of any other only its name."""
    plain = path.replace("\\", "/")
    own = f"{_PACKAGE_PARENT.as_posix()}/"
    if plain.startswith(f"{own}assistant/"):
        return plain.removeprefix(own)
    for mark in ("/site-packages/", "/_internal/"):
        if mark in plain:
            return plain.rpartition(mark)[2]
    library = re.search(r"/lib/python3\.\d+/(.*)$", plain)
    if library:
        return library[1]
    if not plain.startswith("/") and not PureWindowsPath(path).is_absolute() and ".." not in plain:
        return plain  # a frozen program's own, as its build named it
    return plain.rpartition("/")[2]


def _frame(path: str, line: object, function: str) -> str:
    return f"  {shortened(path)}:{line} in {_safe(function)}"


def _safe(name: str) -> str:
    match = _SAFE.match(name)
    return match[0] if match else "?"


def _bounded(frames: list[str]) -> Iterator[str]:
    """Yield frames, of very many the first and the last."""
    if len(frames) <= _LONGEST:
        yield from frames
        return
    half = _LONGEST // 2
    yield from frames[:half]
    yield f"  … {len(frames) - 2 * half} more"
    yield from frames[-half:]
