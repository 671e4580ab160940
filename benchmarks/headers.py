"""1,000 damaged GGUF headers, read from a file and from a hub: in time, within memory.

Each is refused with a `ModelError`, or read; what is read must be possible, and a forecast can be
made of it. Every file is also put on a hub on the loopback interface and looked at by the real
client. Memory is the peak of this process (VmHWM, Linux) above what it had before each file.

    python -m benchmarks.headers [--files 1000]
"""

import argparse
import contextlib
import re
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

from assistant.errors import ModelError
from assistant.forecast import Machine, SpeedRecords, forecast
from assistant.gguf import GgufHeader, read_header
from assistant.models.finding.remote_header import remote_header
from assistant.models.hub.client import Hub, RemoteFile
from assistant.models.hub.connections import ConnectionLog
from assistant.models.hub.errand import Timeouts
from assistant.paths import resource
from tests.engine.tiny_models import tiny_gemma, tiny_hybrid, tiny_llama, tiny_mamba
from tests.gguf_damage import damaged_headers
from tests.models.hub_server import HubServer

LIMIT_S = 1.0
LIMIT_BYTES = 128 * 1024 * 1024  # twice the longest header that is read
REPO = "someone/damaged"
NEVER = threading.Event()
MACHINE = Machine(total_bytes=8 << 30, free_bytes=4 << 30, cores=4, memory_bytes_per_s=20e9)


class Tally:
    """How the files of each kind ended, and how long they took."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.endings: dict[str, Counter[str]] = defaultdict(Counter)
        self.slowest: dict[str, float] = defaultdict(float)
        self.faults: list[str] = []
        self.most_bytes = 0

    def take(self, kind: str, size: int, read: Callable[[], GgufHeader]) -> None:
        """Read one file of `size` bytes and note what came of it."""
        had = _begin_peak()
        begun = time.perf_counter()
        try:
            header = read()
            ending = "estimated" if header.is_estimated else "read"
            if not _is_possible(header, size):
                self.faults.append(f"{kind}: {header}")
        except ModelError as error:
            ending = str(error.fault)
        except Exception as error:
            ending = "bug"
            self.faults.append(f"{kind}: {type(error).__name__}: {error}")
        seconds = time.perf_counter() - begun
        self.most_bytes = max(self.most_bytes, _memory("VmHWM") - had)
        self.endings[kind][ending] += 1
        self.slowest[kind] = max(self.slowest[kind], seconds)
        if seconds > LIMIT_S:
            self.faults.append(f"{kind}: {seconds:.1f} s")

    def tell(self) -> None:
        """Print the table."""
        print(f"\n{self.name}\n{'damage':16}{'files':>6}{'slowest':>9}  endings")
        for kind, endings in self.endings.items():
            told = ", ".join(f"{count} {ending}" for ending, count in endings.most_common())
            print(f"{kind:16}{endings.total():6}{self.slowest[kind]:8.2f}s  {told}")
        print(f"{self.most_bytes / 1e6:.0f} MB at most")
        if self.most_bytes > LIMIT_BYTES:
            self.faults.append(f"{self.name}: {self.most_bytes / 1e6:.0f} MB")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=1000)
    options = parser.parse_args()
    local, remote = Tally("From a file"), Tally("From a hub")
    with tempfile.TemporaryDirectory() as name, HubServer() as server:
        folder = Path(name)
        whole = _whole(folder)
        path = folder / "damaged.gguf"
        hub = Hub(server.endpoint, ConnectionLog(None), timeouts=Timeouts(5.0, 5.0))
        _warm_up(server, hub, whole[0])
        for number, (kind, data) in enumerate(damaged_headers(whole, options.files)):
            path.write_bytes(data)
            local.take(kind, len(data), lambda: read_header(path))
            if not data:
                continue
            file = _put(server, hub, f"{number}.gguf", data)
            remote.take(kind, len(data), lambda file=file: remote_header(hub, file, cancel=NEVER))
            server.remove(REPO)
    for tally in (local, remote):
        tally.tell()
    faults = [*local.faults, *remote.faults]
    print(f"\n{options.files} files each way", end=": ")
    print("PASS" if not faults else "FAIL\n  " + "\n  ".join(faults[:20]))
    return bool(faults)


def _whole(folder: Path) -> list[bytes]:
    """Return sound files: small ones whole, and the beginning of a real one."""
    makers = (tiny_llama, tiny_gemma, tiny_mamba, tiny_hybrid)
    tiny = [make(folder / f"{make.__name__}.gguf").read_bytes() for make in makers]
    with next(resource("models").glob("*.gguf")).open("rb") as file:
        return [*tiny, file.read(3 * 1024 * 1024)]


def _put(server: HubServer, hub: Hub, name: str, data: bytes) -> RemoteFile:
    commit = server.add(REPO, name, data)
    return RemoteFile(
        repo=REPO,
        file=name,
        revision=commit,
        size_bytes=len(data),
        sha256="",
        etag="",
        licence="",
        endpoint=hub.endpoint,
    )


def _warm_up(server: HubServer, hub: Hub, data: bytes) -> None:
    """Import what a first request imports."""
    remote_header(hub, _put(server, hub, "sound.gguf", data), cancel=NEVER)


def _is_possible(header: GgufHeader, size: int) -> bool:
    """Whether what was read can be of a file of `size` bytes, and can be reckoned with."""
    seen = forecast(header, MACHINE, SpeedRecords(None))
    counts = (header.parameters, header.tensor_bytes, header.block_count, header.vocabulary)
    return (
        min(counts) >= 0
        and header.file_bytes == size
        and header.tensor_bytes <= size
        and seen.need.total_bytes >= 0
        and seen.quick_s > 0
    )


def _begin_peak() -> int:
    """Let the process's peak of memory begin anew, and return what it has now."""
    with contextlib.suppress(OSError):  # another system than Linux: the peak is that of the run
        Path("/proc/self/clear_refs").write_text("5")
    return _memory("VmRSS")


def _memory(name: str) -> int:
    with contextlib.suppress(OSError):
        status = Path("/proc/self/status").read_text()
        return int(re.findall(rf"{name}:\s+(\d+) kB", status)[0]) * 1024
    return 0


if __name__ == "__main__":
    sys.exit(main())
