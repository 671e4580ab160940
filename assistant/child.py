"""A process of our own for native code that meets untrusted bytes.

It is spawned (never forked), speaks bytes over a pipe, writes what native code prints to a log
file, has bounds on memory and priority, and goes when its parent goes: a thread of it blocks on
the pipe and ends the process at end of file. What comes out of it is data to be decoded with a
schema; nothing of it is ever unpickled.
"""

import contextlib
import faulthandler
import multiprocessing
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from pathlib import Path

from assistant import crash_reports
from assistant.errors import AssistantError, DeathCause
from assistant.paths import ensure_folder

_LOG_TAIL_BYTES = 4_096
_LOG_OF_CRASH_BYTES = 200_000  # the stacks of all threads
# The C++ library, ggml, Python and the C library say it in their own words.
_OUT_OF_MEMORY = ("bad_alloc", "failed to allocate", "MemoryError", "annot allocate memory")


class ChildEndedError(Exception):
    """The pipe to the child is closed: it ended, or was closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildOptions:
    """How a child runs.

    Attributes:
        name: what the process is called in lists, for people.
        log: file that takes everything it prints; emptied at each start. None drops it.
        nice: how much lower its priority is (POSIX niceness; below normal on Windows if > 0).
        memory_limit_bytes: bound on its address space, 0 for none (POSIX only).
        environment: variables to set in it; a value of None removes the variable.
    """

    name: str
    log: Path | None = None
    nice: int = 0
    memory_limit_bytes: int = 0
    environment: Mapping[str, str | None] = field(default_factory=dict)


class Channel:
    """The child's end of the pipe.

    `receive` returns requests in their order; a background thread takes them off the pipe, so
    that the end of the parent is seen whatever the child is doing.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._inbox: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._sending = threading.Lock()
        threading.Thread(target=self._fill, name="pipe", daemon=True).start()

    def receive(self, timeout: float | None = None) -> bytes | None:
        """Return the next request, or None when `timeout` seconds brought none."""
        try:
            return self._inbox.get(timeout=timeout)
        except queue.Empty:
            return None

    def send(self, message: bytes) -> None:
        """Send `message` to the parent; ends the process if there is no parent any more."""
        try:
            with self._sending:
                self._connection.send_bytes(message)
        except (OSError, ValueError):
            os._exit(0)

    def _fill(self) -> None:
        try:
            while True:
                self._inbox.put(self._connection.recv_bytes())
        except (EOFError, OSError):
            os._exit(0)


class Child:
    """The parent's end: starts a process that runs `target(channel)` and watches it.

    Args:
        target: a module-level function; its module must not need Qt.
        options: how the process runs.
    """

    def __init__(self, target: Callable[[Channel], None], options: ChildOptions) -> None:
        self._options = options
        self._sending = threading.Lock()
        self._killed_as: DeathCause | None = None
        self._is_reported = False
        if options.log:
            try:
                ensure_folder(options.log.parent)
            except AssistantError:  # a read-only home: work without a log
                options = replace(options, log=None)
        context = multiprocessing.get_context("spawn")
        self._connection, childs_end = context.Pipe()
        self._oom_kills_before = _oom_kills()
        self._process = context.Process(
            target=_run, args=(target, childs_end, options), name=options.name, daemon=True
        )
        with _interrupts_held_back():
            self._process.start()
        childs_end.close()

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid or 0

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.is_alive()

    @property
    def exit_code(self) -> int | None:
        """The exit code once it ended; negative is a signal."""
        return self._process.exitcode

    def send(self, message: bytes) -> None:
        """Send `message`.

        Raises:
            ChildEndedError: nobody is there to read it.
        """
        try:
            with self._sending:
                self._connection.send_bytes(message)
        except (OSError, ValueError) as error:
            raise ChildEndedError from error

    def receive(self, timeout: float | None = None) -> bytes | None:
        """Return the next message, or None when `timeout` seconds brought none.

        Raises:
            ChildEndedError: the child ended and everything it sent was received.
        """
        try:
            if not self._connection.poll(timeout):
                return None
            return self._connection.recv_bytes()
        except (EOFError, OSError, ValueError) as error:
            raise ChildEndedError from error

    def kill(self, cause: DeathCause = DeathCause.KILLED) -> None:
        """End the process at once; `cause` is what `cause_of_death` will say."""
        self._killed_as = self._killed_as or cause
        self._process.kill()

    def close(self, timeout: float = 1.0) -> None:
        """Close the pipe, wait `timeout` seconds for the process to go, then end it."""
        try:
            with self._sending:
                self._connection.close()
        except OSError:
            pass
        self._process.join(timeout)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def cause_of_death(self, timeout: float = 2.0) -> DeathCause:
        """Return what ended the process, waiting up to `timeout` seconds for its exit code."""
        self._process.join(timeout)
        if self._killed_as:
            return self._killed_as
        tail = self.log_tail()
        if any(words in tail for words in _OUT_OF_MEMORY):
            return DeathCause.OUT_OF_MEMORY
        code = self._process.exitcode
        if code is None or code in {0, 1}:
            return DeathCause.EXITED
        if code == -getattr(signal, "SIGKILL", 9):
            out_of_memory = _oom_kills() > self._oom_kills_before
            return DeathCause.OUT_OF_MEMORY if out_of_memory else DeathCause.KILLED
        if code in {-getattr(signal, "SIGTERM", 15), -getattr(signal, "SIGINT", 2)}:
            return DeathCause.KILLED
        self._report(code)
        return DeathCause.CRASHED

    def _report(self, exit_code: int) -> None:
        """Write down, once, that the process crashed: beside its log, if it has one."""
        if self._is_reported or not self._options.log:
            return
        self._is_reported = True
        log = self.log_tail(_LOG_OF_CRASH_BYTES)
        reports = crash_reports.Reports(self._options.log.parent / crash_reports.FOLDER)
        with contextlib.suppress(Exception):  # what tells of faults must not add one
            reports.add(crash_reports.of_child(self._options.name, exit_code, log))

    def log_tail(self, most_bytes: int = _LOG_TAIL_BYTES) -> str:
        """Return the end of what the process printed."""
        if not self._options.log:
            return ""
        try:
            with self._options.log.open("rb") as file:
                file.seek(0, os.SEEK_END)
                file.seek(max(0, file.tell() - most_bytes))
                return file.read().decode("utf-8", "replace")
        except OSError:
            return ""


@contextlib.contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Let what is started here not hear of Ctrl+C: it ignores it, but not from its first moment."""
    if sys.platform == "win32":
        yield
        return
    # The first start would start it, and let interrupts through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _oom_kills() -> int:
    """Return how many processes Linux ended for want of memory since it started, else 0."""
    try:
        for line in Path("/proc/vmstat").read_text().splitlines():
            if line.startswith("oom_kill "):
                return int(line.split()[1])
    except (OSError, ValueError):
        pass
    return 0


def _run(target: Callable[[Channel], None], connection: Connection, options: ChildOptions) -> None:
    """Set the process up and run `target` until it returns or the parent goes."""
    _redirect_output(options.log)
    if options.log:
        faulthandler.enable(2)  # the stacks of a crash go where it prints: into the log
    for name, value in options.environment.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    _set_bounds(options)
    # Ctrl+C in a terminal reaches the whole group; the parent alone decides what it stops.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    target(Channel(connection))


def _redirect_output(log: Path | None) -> None:
    """Send file descriptors 1 and 2 to the log: native code prints where it likes."""
    try:
        if log is None:
            raise OSError
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
    except OSError:
        descriptor = os.open(os.devnull, os.O_WRONLY)
    for standard in (1, 2):
        os.dup2(descriptor, standard)
    os.close(descriptor)
    if sys.stderr is None:  # a windowed build has none
        sys.stdout = sys.stderr = os.fdopen(2, "w")


def _set_bounds(options: ChildOptions) -> None:
    crash_reports.switch_off_core_dumps()
    if sys.platform == "win32":
        import psutil  # noqa: PLC0415 - the only platform that needs it here

        if options.nice:
            psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        return
    import resource  # noqa: PLC0415 - POSIX only

    if options.nice:
        os.nice(options.nice)
    if options.memory_limit_bytes:
        limit = options.memory_limit_bytes
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
