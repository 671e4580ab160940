"""Download speed against `curl | sha256sum` of the same file, in turns, from a hub on loopback.

    python benchmarks/download.py [--megabytes 400] [--rounds 3]

Ours also writes the file, syncs it to the disk and reads its header; `curl | tee | sha256sum` is
the same work with common tools, without the sync.
"""

import argparse
import multiprocessing
import multiprocessing.connection
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # for tests/models, which is not installed

from assistant.models.connections import ConnectionLog  # noqa: E402
from assistant.models.download import download  # noqa: E402
from assistant.models.hub import Hub  # noqa: E402
from tests.models.hub_server import HubServer  # noqa: E402
from tests.models.tiny_gguf import tiny_gguf  # noqa: E402


def serve(megabytes: int, pipe: multiprocessing.connection.Connection) -> None:
    """Serve one model until the pipe is closed. In a process of its own, as a hub is."""
    with HubServer() as server:
        commit = server.add("bench/mark", "model.gguf", tiny_gguf(megabytes * 1_000_000))
        pipe.send((server.endpoint, commit))
        pipe.recv()


def ours(endpoint: str, folder: Path) -> float:
    began = time.perf_counter()
    hub = Hub(endpoint, ConnectionLog(None))
    for _ in download(hub, "bench/mark", "model.gguf", folder, cancel=threading.Event()):
        pass
    return time.perf_counter() - began


def curl(address: str, command: str) -> float:
    began = time.perf_counter()
    subprocess.run(command.format(address), shell=True, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if not shutil.which("curl"):
        print("curl is not here: nothing to compare with")
        return
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(
        target=serve, args=(options.megabytes, there)
    )
    server.start()
    there.close()
    endpoint, commit = here.recv()
    address = f"{endpoint}/bench/mark/resolve/{commit}/model.gguf"
    times: dict[str, list[float]] = {"alcove": [], "curl | sha256sum": [], "curl | tee": []}
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory(dir=ROOT) as scratch:
            times["curl | sha256sum"].append(curl(address, "curl -s {} | sha256sum"))
            copy = f"curl -s {{}} | tee {scratch}/copy | sha256sum"
            times["curl | tee"].append(curl(address, copy))
            times["alcove"].append(ours(endpoint, Path(scratch)))
    here.send(None)
    server.join()
    best = {name: min(seconds) for name, seconds in times.items()}
    for name, seconds in best.items():
        print(f"{name:18} {options.megabytes / seconds:7.0f} MB/s")
    print(f"ratio to curl | sha256sum       {best['curl | sha256sum'] / best['alcove']:.2f}")
    print(f"ratio to curl | tee | sha256sum {best['curl | tee'] / best['alcove']:.2f}")


if __name__ == "__main__":
    main()
