"""GPUs are looked for in a process of their own."""

import os
import signal
import threading
import time

from assistant.engine import devices
from assistant.engine.device_messages import Device, Devices
from assistant.engine.llama import devices as door
from tests.processes import newest_child


def test_what_is_found_is_told_whole_by_its_process() -> None:
    devices.gpus.cache_clear()
    found = devices.gpus()
    assert all(isinstance(one, Device) and one.name for one in found)
    begun = time.perf_counter()
    assert devices.gpus() is found  # asked for once
    assert time.perf_counter() - begun < 0.01
    assert Devices(found).gpus == found


def test_a_process_that_dies_found_none() -> None:
    devices.gpus.cache_clear()
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(devices.gpus()))
    thread.start()
    time.sleep(0.05)
    os.kill(newest_child().pid, signal.SIGKILL)
    thread.join(5)
    assert found == [()]
    devices.gpus.cache_clear()


def test_reads_every_device_of_ggml_by_its_kind(monkeypatch) -> None:
    """The processor is a device as well: taken for a GPU, its facts come through ggml's calls."""
    monkeypatch.setattr(door.llama, "llama_supports_gpu_offload", lambda: True)
    monkeypatch.setattr(door, "_is_gpu", lambda device: True)
    names = {one.name: one for one in door.gpus()}
    assert names["CPU"].description
    assert names["CPU"].total_bytes > 100_000_000
    assert (door.usable_layers(-1), door.usable_layers(7), door.usable_layers(0)) == (-1, 7, 0)
    monkeypatch.undo()
    monkeypatch.setattr(door, "gpus", tuple)
    assert (door.usable_layers(-1), door.usable_layers(7)) == (0, 0)
    monkeypatch.undo()
    assert "CPU" not in {one.name for one in door.gpus()}
