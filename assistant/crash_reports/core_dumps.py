"""No copy of a process's memory reaches the disk: it would hold documents and chats."""

import contextlib
import ctypes
import sys
from pathlib import Path

_PATTERN = Path("/proc/sys/kernel/core_pattern")
# SetErrorMode, winbase.h.
_FAIL_CRITICAL_ERRORS, _NO_FAULT_ERROR_BOX = 0x0001, 0x0002


def switch_off_core_dumps() -> None:
    """Have no core dump made of this process, nor of those it starts.

    Where Linux hands dumps to a program (systemd-coredump, apport) a limit of 0 means "as a file:
    none" and the program gets the memory all the same; a limit of 1 ends that, too (core(5), and
    do_coredump in the kernel's fs/coredump.c).

    `PR_SET_DUMPABLE` would do it as well, but then /proc/<pid> belongs to root: a sandboxed
    desktop's file dialogs, which look there, would refuse Alcove.

    On Windows it is Error Reporting that makes dumps, and may offer to send them: it hears nothing.
    """
    if sys.platform == "win32":
        ctypes.windll.kernel32.SetErrorMode(_FAIL_CRITICAL_ERRORS | _NO_FAULT_ERROR_BOX)
        return
    import resource  # noqa: PLC0415 - POSIX only

    wanted = 1 if are_handed_on(_PATTERN) else 0
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    if most != resource.RLIM_INFINITY and most < wanted:
        wanted = most
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (wanted, wanted))


def are_handed_on(pattern: Path) -> bool:
    """Whether Linux gives dumps to a program; `pattern` is the kernel's file that says so."""
    try:
        return pattern.read_bytes().startswith(b"|")
    except OSError:  # another system, or one that does not tell
        return False
