"""Parts and their locks: one worker at a time, freed by any death."""

import signal
import subprocess
import sys
import threading
from hashlib import sha256
from pathlib import Path

import pytest

from assistant.errors import NoSpace
from assistant.models.files.lock import FileLock
from assistant.models.files.part import BusyError, Part


def test_bytes_are_summed_over_several_runs(tmp_path: Path) -> None:
    target = tmp_path / "a.gguf"
    with Part(target) as part:
        part.write(b"GG")
        assert part.head == b"GG"
        part.write(b"UF and")
    with Part(target) as part:
        assert list(part.reread(threading.Event())) == [8]
        assert part.head == b"GGUF"
        part.write(b" more")
        assert part.sha256 == sha256(b"GGUF and more").hexdigest()
        part.finish()
    assert target.read_bytes() == b"GGUF and more"
    assert sorted(tmp_path.iterdir()) == [target, tmp_path / "a.gguf.blocks"]


def test_a_part_without_bytes_leaves_nothing(tmp_path: Path) -> None:
    with Part(tmp_path / "a.gguf") as part:
        part.write(b"GGUF")
        part.restart()
        assert (part.done_bytes, part.head, part.sha256) == (0, b"", sha256().hexdigest())
    assert list(tmp_path.iterdir()) == []


def test_no_room(tmp_path: Path) -> None:
    with Part(tmp_path / "a.gguf") as part:
        part.refuse_if_full(1000, 1000)
        with pytest.raises(NoSpace) as caught:
            part.refuse_if_full(10**18, 0)
    assert caught.value.needed_bytes == 10**18
    assert 0 < caught.value.free_bytes < 10**18


def test_one_worker_at_a_time(tmp_path: Path) -> None:
    with Part(tmp_path / "a.gguf"):
        with pytest.raises(BusyError):
            Part(tmp_path / "a.gguf").__enter__()
        with Part(tmp_path / "b.gguf"):
            pass
    with Part(tmp_path / "a.gguf"):
        pass


def test_a_lock_goes_with_its_process(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path\n"
        "from assistant.models.files.lock import FileLock\n"
        "print(FileLock(Path(sys.argv[1])).acquire(), flush=True); time.sleep(60)\n"
    )
    path = tmp_path / "lock"
    command = [sys.executable, "-c", code, str(path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "True\n"
    lock = FileLock(path)
    assert not lock.acquire()
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert path.exists()
    assert lock.acquire()
    lock.release()
    lock.release()
    assert not path.exists()


def test_a_contended_lock_is_held_by_one(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    inside: list[int] = []
    most: list[int] = []

    def work() -> None:
        for _ in range(200):
            lock = FileLock(path)
            if lock.acquire():
                inside.append(1)
                most.append(len(inside))
                inside.pop()
                lock.release()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1
    assert len(most) > 100
