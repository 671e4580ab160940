"""One report: the listed fields, and a stack."""

import contextlib
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant import __version__

TITLE = "Alcove crash report"
PROMISE = (
    "This file is on this computer only. It holds what stands here and nothing else:\n"
    "no text of yours, no names of your files or models, no settings."
)
# All that a report may hold, in this order; docs/privacy.md lists the same.
FIELDS = (
    *("When", "Alcove", "Process", "What happened"),
    *("Python", "Qt", "llama-cpp-python", "PDFium", "System", "Display", "Processor", "Memory"),
)
_WIDTH = max(map(len, FIELDS)) + 2


@dataclass(frozen=True, slots=True)
class Report:
    """What is known of a crash.

    Attributes:
        process: of which process: "window", "terminal" or a child's name.
        what: the signal, the exit code or the type of an exception.
        stack: lines of `stacks`.
        version: of the Alcove that it happened to.
        happened: when; aware.
    """

    process: str
    what: str
    stack: Sequence[str]
    version: str
    happened: datetime

    def text(self) -> str:
        """Return the report as it is kept, and shown."""
        from assistant.crash_reports import facts  # noqa: PLC0415 - not before it is needed

        said = {
            "When": self.happened.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC"),
            "Alcove": f"{self.version}, {facts.build()}",
            "Process": self.process,
            "What happened": self.what,
            **facts.versions(),
            "System": facts.system(),
            "Display": facts.display(),
            "Processor": facts.processor(),
            "Memory": facts.memory(),
        }
        lines = [TITLE, "", PROMISE, ""]
        lines += [f"{name:<{_WIDTH}}{said[name]}" for name in FIELDS]
        lines += ["", "Stack", *(self.stack or ["  nothing is known of it"]), ""]
        return "\n".join(lines)


def of_exception(error: BaseException, process: str) -> Report:
    """Return the report of an exception that nobody expected."""
    from assistant.crash_reports import stacks  # noqa: PLC0415 - not before it is needed

    return _report(process, stacks.type_name(error), stacks.of_exception(error))


def of_child(process: str, exit_code: int | None, log: str) -> Report:
    """Return the report of a process of ours that ended by a fault.

    Args:
        process: its name.
        exit_code: negative is a signal.
        log: what it printed at last; only stacks are taken from it.
    """
    from assistant.crash_reports import stacks  # noqa: PLC0415 - not before it is needed

    return _report(process, ending(exit_code), stacks.of_dump(log))


def of_dump(process: str, version: str, happened: datetime, dump: str) -> Report:
    """Return the report of a window or terminal that left a dump behind."""
    from assistant.crash_reports import stacks  # noqa: PLC0415 - not before it is needed

    stack = stacks.of_dump(dump)
    what = stack[0] if stack and not stack[0].startswith((" ", "Current", "Thread")) else "a crash"
    return Report(process, what, stack, version, happened)


def process_in(text: str) -> str:
    """Return which process the text of a report tells of; "?" if it does not say."""
    said = (line for line in text.splitlines() if line.startswith("Process "))
    return next(said, "? ?").partition(" ")[2].strip()


def ending(exit_code: int | None) -> str:
    """Return what an exit code says: a signal's name, or the number."""
    if exit_code is None:
        return "unknown"
    if exit_code < 0:
        with contextlib.suppress(ValueError):
            return f"{signal.Signals(-exit_code).name} (signal {-exit_code})"
    if exit_code > 0xFFFF:  # Windows' own, as 0xC0000005 for a wrong address
        return f"exit code 0x{exit_code:08X}"
    return f"exit code {exit_code}"


def _report(process: str, what: str, stack: Sequence[str]) -> Report:
    return Report(process, what, stack, __version__, datetime.now(UTC))
