"""Downloads measured: speed, what interruptions cost, and whether wrong content gets in.

    python benchmarks/download.py speed [--megabytes 1000] [--rounds 5]
    python benchmarks/download.py interruptions [--count 100]
    python benchmarks/download.py contents [--count 1000]
    python benchmarks/download.py                          all three

Speed is against `curl | sha256sum` of the same file, in turns, from a hub on loopback in a process
of its own. That writes no file, so ours is written to memory there (`--folder`, else /dev/shm or
TMPDIR); ours also sums up every block and reads the header. On the disk ours is compared with
`curl | tee | sha256sum` and a sync, which is the same work with common tools.
"""

import argparse
import multiprocessing
import multiprocessing.connection
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # for tests/models, which is not installed

from assistant.models.downloading.download import (  # noqa: E402
    DownloadProgress,
    Patience,
    download,
    unfinished,
)
from assistant.models.hub.client import Hub  # noqa: E402
from assistant.models.hub.connections import ConnectionLog  # noqa: E402
from assistant.models.keeping.installed import InstalledModel  # noqa: E402
from tests.models.hub_server import Cut, HubServer  # noqa: E402
from tests.models.tiny_gguf import tiny_gguf  # noqa: E402
from tests.models.wrong_contents import WrongContents  # noqa: E402

REPO, FILE = "bench/mark", "model.gguf"
MIB = 1024 * 1024
SUMMED, MEMORY = "curl | sha256sum", "alcove, in memory"
COPIED, DISK = "curl | tee | sha256sum; sync", "alcove, on the disk"


# Speed


def serve(megabytes: int, pipe: multiprocessing.connection.Connection) -> None:
    """Serve one model until the pipe is closed. In a process of its own, as a hub is."""
    with HubServer() as server:
        commit = server.add(REPO, FILE, tiny_gguf(megabytes * 1_000_000))
        pipe.send((server.endpoint, commit))
        pipe.recv()


def ours(endpoint: str, folder: Path) -> float:
    hub = Hub(endpoint, ConnectionLog(None))
    began = time.perf_counter()
    for _ in download(hub, REPO, FILE, folder, cancel=threading.Event()):
        pass
    return time.perf_counter() - began


def curl(address: str, command: str) -> float:
    began = time.perf_counter()
    subprocess.run(command.format(address), shell=True, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def in_memory(megabytes: int) -> Path:
    """Return a folder in memory, if there is one with room; else the temporary one."""
    memory = Path("/dev/shm")
    has_room = memory.is_dir() and shutil.disk_usage(memory).free > (megabytes + 300) * 1_000_000
    return memory if has_room else Path(tempfile.gettempdir())


def measure_speed(megabytes: int, rounds: int, folder: Path) -> None:
    if not shutil.which("curl"):
        print("curl is not here: nothing to compare with")
        return
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(megabytes, there))
    server.start()
    there.close()
    endpoint, commit = here.recv()
    address = f"{endpoint}/{REPO}/resolve/{commit}/{FILE}"
    Hub(endpoint).prepare()
    times: dict[str, list[float]] = {name: [] for name in (SUMMED, MEMORY, COPIED, DISK)}
    for _ in range(rounds):
        times[SUMMED].append(curl(address, "curl -s {} | sha256sum"))
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            times[MEMORY].append(ours(endpoint, Path(scratch)))
        with tempfile.TemporaryDirectory(dir=ROOT) as scratch:
            copy = f"curl -s {{}} | tee {scratch}/copy | sha256sum; sync {scratch}/copy"
            times[COPIED].append(curl(address, copy))
        with tempfile.TemporaryDirectory(dir=ROOT) as scratch:
            times[DISK].append(ours(endpoint, Path(scratch)))
    here.send(None)
    server.join()
    for name, seconds in times.items():
        speeds = sorted(megabytes / one for one in seconds)
        middle = speeds[len(speeds) // 2]
        print(f"{name:30} {middle:6.0f} MB/s  ({speeds[0]:.0f} to {speeds[-1]:.0f})")
    for one, other in ((MEMORY, SUMMED), (DISK, COPIED)):
        ratios = sorted(b / a for a, b in zip(times[one], times[other], strict=True))
        middle = ratios[len(ratios) // 2]
        print(f"ratio to {other:28} {middle:.2f}  ({ratios[0]:.2f} to {ratios[-1]:.2f})")


# Interruptions

_CHILD = """
import sys, threading
from pathlib import Path
from assistant.models.hub.connections import ConnectionLog
from assistant.models.downloading.download import DownloadProgress, DownloadStage, download
from assistant.models.hub.client import Hub
cancel = threading.Event()
threading.Thread(target=lambda: (sys.stdin.readline(), cancel.set()), daemon=True).start()
hub = Hub(sys.argv[1], ConnectionLog(None))
for event in download(hub, "bench/mark", "model.gguf", Path(sys.argv[2]), cancel=cancel,
                      reserve_bytes=0):
    if isinstance(event, DownloadProgress) and event.stage is DownloadStage.FETCHING:
        print(event.done_bytes - event.resumed_bytes, flush=True)
"""


class Interrupted:
    """One download, interrupted again and again; each part of it is a process of its own."""

    def __init__(self, server: HubServer, folder: Path, chance: random.Random) -> None:
        self._server, self._folder, self._chance = server, folder, chance
        self.lost: dict[str, list[int]] = {"cut": [], "kill": [], "restart": []}

    @property
    def here_bytes(self) -> int:
        """How much of it is here."""
        found = unfinished(self._folder)
        return found[0].done_bytes if found else 0

    def interrupt(self, kind: str) -> None:
        """Fetch some, be interrupted, and note what the next request asks for again."""
        if kind == "cut":
            self._server.fail(Cut(self._chance.randrange(1, 900_000)), *[Cut(0)] * 9)
            patience = Patience(tries=2, first_wait_s=0.001)
            try:
                list(self._download(patience))
            except Exception as error:  # the cut: what it left is what counts
                del error
            self._server._faults.clear()
        else:
            self._in_a_process(kind)
        self.lost[kind].append(self._asked_again(self.here_bytes))

    def _asked_again(self, here: int) -> int:
        """Begin once more, and return how much of what is here is asked for again."""
        before = len(self._server.content_requests)
        self._server.fail(Cut(0), Cut(0))
        try:
            list(self._download(Patience(tries=1)))
        except Exception as error:
            del error
        self._server._faults.clear()
        requests = self._server.content_requests[before:]
        again = 0
        for one in requests:
            start, _, end = (
                one.headers.get("range", "bytes=0-").removeprefix("bytes=").partition("-")
            )
            again += max(0, (min(int(end) + 1, here) if end else here) - int(start))
        return again

    def _in_a_process(self, kind: str) -> None:
        command = [sys.executable, "-c", _CHILD, self._server.endpoint, str(self._folder)]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        assert process.stdin is not None
        assert process.stdout is not None
        wanted = self._chance.randrange(100_000, 900_000)
        while int(process.stdout.readline()) < wanted:
            pass
        if kind == "kill":
            process.kill()
        else:
            process.stdin.write("\n")
            process.stdin.flush()
        process.communicate()

    def _download(self, patience: Patience) -> list[object]:
        return list(
            download(
                Hub(self._server.endpoint, ConnectionLog(None)),
                REPO,
                FILE,
                self._folder,
                cancel=threading.Event(),
                patience=patience,
                reserve_bytes=0,
            )
        )

    def finish(self) -> tuple[bool, DownloadProgress]:
        """Fetch the rest; return whether it is right, and how that went."""
        *events, last = self._download(Patience())
        assert isinstance(last, InstalledModel)
        progress = [one for one in events if isinstance(one, DownloadProgress)]
        return last.is_verified, progress[-1]


def measure_interruptions(count: int) -> None:
    chance = random.Random(5)
    kinds = [("cut", "kill", "restart")[number % 3] for number in range(count)]
    chance.shuffle(kinds)
    content = tiny_gguf(count * 1_200_000 + 5_000_000)
    with HubServer() as server, tempfile.TemporaryDirectory(dir=ROOT) as scratch:
        server.add(REPO, FILE, content)
        server.bytes_per_s = 20_000_000  # so that little is on its way when a process dies
        run = Interrupted(server, Path(scratch), chance)
        for kind in kinds:
            run.interrupt(kind)
        server.bytes_per_s = 0
        is_right, progress = run.finish()
        is_same = (Path(scratch) / FILE).read_bytes() == content
        sent = server.content_bytes
    print(f"{count} interruptions of one download of {len(content) / 1e6:.0f} MB")
    for kind, lost in run.lost.items():
        if lost:
            print(
                f"{kind:8} {len(lost):3}  fetched again: at most {max(lost)} B, "
                f"in the mean {sum(lost) / len(lost):.0f} B"
            )
    worst = max(max(lost, default=0) for lost in run.lost.values())
    print(f"at most a block (1 MiB) each: {'yes' if worst <= MIB else 'NO'}")
    print(f"sent by the server beyond the file: {(sent - len(content)) / count:.0f} B for each")
    print(f"right in the end: {'yes' if is_right and is_same else 'NO'}")
    print(f"begun again: {progress.restarts}")


# Contents


def measure_contents(count: int) -> None:
    with HubServer() as server, tempfile.TemporaryDirectory() as scratch:
        hub = Hub(server.endpoint, ConnectionLog(None))
        tally = WrongContents(server, hub, Path(scratch) / "models", seed=1).run(count)
    print(f"{tally.tries} downloads with wrong, short, long or changed content")
    print(f"accepted wrongly                {tally.accepted}")
    print(f"refused                         {tally.refused}")
    print(f"right in the same run           {tally.mended}")
    print(f"not right at the next good try  {tally.lost}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="?", choices=["speed", "interruptions", "contents"])
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where ours is written, without a disk")
    parser.add_argument("--count", type=int, default=0)
    options = parser.parse_args()
    if options.what in {None, "speed"}:
        folder = options.folder or in_memory(options.megabytes)
        measure_speed(options.megabytes, options.rounds, folder)
    if options.what in {None, "interruptions"}:
        measure_interruptions(options.count or 100)
    if options.what in {None, "contents"}:
        measure_contents(options.count or 1000)


if __name__ == "__main__":
    main()
