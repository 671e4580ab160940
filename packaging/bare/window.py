"""Alcove's window in a bare system, watched from outside: what it prints, stores and opens."""

import contextlib
import re
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from bare_debian import HOME, X_SOCKETS, BareDebian

APP = HOME / "Alcove"
_DATABASE = HOME / ".local" / "share" / "alcove" / "alcove.db"
_LOGS = HOME / ".local" / "state" / "alcove"
# What a loader, Qt and PyInstaller say when something was not packed.
_MISSING = re.compile(
    r"cannot open shared object|library not found|could not load the qt platform plugin"
    r"|no qt platform plugin|modulenotfounderror|symbol lookup error|undefined symbol"
    r"|version `[^']+' not found|illegal instruction|fontconfig error|failed to load",
    re.IGNORECASE,
)
_INTERNET = ("tcp", "tcp6", "udp", "udp6", "udplite", "udplite6", "raw", "raw6", "icmp", "icmp6")


def no_complaint(*texts: str) -> None:
    """Fail where a text tells of something that was not packed."""
    for text in texts:
        assert not _MISSING.search(text), text


def sockets(log: Path) -> list[str]:
    """Return the lines of strace in which an internet socket was asked for."""
    return [
        line for line in log.read_text().splitlines() if re.search(r"AF_(?!UNIX|NETLINK)", line)
    ]


class Window:
    """A running window in a bare system, every socket of which is written down by strace.

    Attributes:
        process: what was started: strace, whose one child becomes the program.
        log: what the program prints.
    """

    def __init__(
        self,
        debian: BareDebian,
        log: Path,
        *arguments: object,
        program: Path = APP / "alcove",
        display: str | None = None,
        wayland: Path | None = None,
    ) -> None:
        """Start it offscreen, on an X `display`, or on the `wayland` socket of a compositor."""
        self._debian = debian
        self.log = log
        self._sockets = log.with_name(f"{log.name}.sockets")
        qt = {"QT_QPA_PLATFORM": "offscreen"}
        shared = None
        if display:
            qt, shared = {"DISPLAY": display}, X_SOCKETS
        elif wayland:
            shared = wayland.parent
            qt = {"XDG_RUNTIME_DIR": str(shared), "WAYLAND_DISPLAY": wayland.name}
            qt["QT_QPA_PLATFORM"] = "wayland"  # and no falling back to X
        with log.open("w") as file:
            self.process = debian.start(
                *(program, *arguments),
                environment=qt,
                shared=shared,
                traced_to=self._sockets,
                stdout=file,
                stderr=file,
            )

    def rows(self, question: str) -> list[tuple[object, ...]]:
        """Ask the window's database; [] as long as it is not there."""
        try:
            file = self._debian.inside(_DATABASE)
            connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        except sqlite3.OperationalError:
            return []
        try:
            return connection.execute(question).fetchall()
        except sqlite3.OperationalError:
            return []  # its tables are being made
        finally:
            connection.close()

    def wait_until(self, holds: Callable[[], object], what: str, timeout_s: float = 120) -> None:
        """Wait until `holds()` is true, with the window alive."""
        ends = time.monotonic() + timeout_s
        while not holds():
            assert self.process.poll() is None, f"the window ended: {self.log.read_text()}"
            assert time.monotonic() < ends, f"{what}: not after {timeout_s:.0f} s"
            self.assert_no_internet_socket()
            self.assert_no_fault()
            time.sleep(0.1)

    def replies(self, status: str = "complete") -> int:
        """Return how many replies with words in them are whole, or of another `status`."""
        return len(
            self.rows(
                "SELECT 1 FROM messages WHERE role = 'assistant'"
                f" AND status = '{status}' AND trim(content) <> ''"
            )
        )

    def engine(self) -> psutil.Process:
        """Return the process that has llama.cpp with a model loaded."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        found = [one for one in children if ".gguf" in Path(f"/proc/{one.pid}/maps").read_text()]
        assert len(found) == 1, [one.cmdline() for one in children]
        return found[0]

    def kill(self) -> None:
        """End it at once, with all that it started."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        for one in (*children, self.process):
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        self.process.wait(timeout=10)

    def _program(self) -> psutil.Process | None:
        """Return the program's own process; None as long as there is none."""
        return next(iter(psutil.Process(self.process.pid).children()), None)

    def assert_no_internet_socket(self) -> None:
        """Look into the tables of its network namespace: each has a line of headings alone."""
        program = self._program()
        own = Path("/proc/self/ns/net").readlink()
        if program is None or Path(f"/proc/{program.pid}/ns/net").readlink() == own:
            return  # it is only about to enter its own
        for name in _INTERNET:
            table = Path(f"/proc/{program.pid}/net/{name}")
            try:
                lines = table.read_text().splitlines()[1:]
            except OSError:
                continue  # no such kind here, or the process has just ended
            assert lines == [], (name, lines)

    def assert_no_fault(self) -> None:
        """Fail with the report where the program met a fault of its own and went on."""
        for report in self._debian.inside(_LOGS).rglob("crash-*.txt"):
            raise AssertionError(report.read_text())

    def close(self) -> None:
        """End it as a session does at logout, and look at what it said."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        program = self._program()
        assert program is not None
        program.terminate()
        self.process.wait(timeout=30)
        _, alive = psutil.wait_procs(children, timeout=15)
        assert not alive, [one.cmdline() for one in alive]
        no_complaint(self.log.read_text())
        self.assert_no_fault()
        assert sockets(self._sockets) == []
