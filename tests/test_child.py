"""A child process speaks, dies with its cause, and goes when its parent goes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from assistant.child import Channel, Child, ChildEndedError, ChildOptions
from assistant.errors import DeathCause

SCRIPT = """
import sys, time
sys.path.insert(0, {folder!r})
from assistant.child import Child, ChildOptions
from test_child import echo
if __name__ == "__main__":
    child = Child(echo, ChildOptions(name="orphan"))
    child.send(b"hello")
    child.receive()
    print(child.pid, flush=True)
    time.sleep(60)
"""


def echo(channel: Channel) -> None:
    while True:
        message = channel.receive()
        if message == b"crash":
            os.abort()
        if message == b"environment":
            message = os.environ.get("ALCOVE_TEST", "none").encode()
        if message == b"allocate":
            try:
                bytearray(2_000_000_000)
            except MemoryError:
                message = b"refused"
        if message == b"print":
            os.write(1, b"native words\n")
        if message == b"quit":
            return
        if message:
            channel.send(message)


def start(tmp_path: Path, **options: object) -> Child:
    return Child(echo, ChildOptions(name="test", log=tmp_path / "log", **options))


def test_answers_and_goes_when_closed(tmp_path: Path) -> None:
    child = start(tmp_path)
    child.send(b"hello")
    assert child.receive(10) == b"hello"
    assert child.receive(0.01) is None
    child.close()
    assert not child.is_alive
    with pytest.raises(ChildEndedError):
        child.send(b"hello")


def test_sets_environment_and_keeps_native_output(tmp_path: Path) -> None:
    child = start(tmp_path, environment={"ALCOVE_TEST": "set"})
    child.send(b"environment")
    assert child.receive(10) == b"set"
    child.send(b"print")
    assert child.receive(10) == b"print"
    assert child.log_tail() == "native words\n"
    child.close()


@pytest.mark.skipif(sys.platform == "win32", reason="priorities have numbers on POSIX")
def test_gives_way_to_the_window_as_was_asked(tmp_path: Path) -> None:
    child = start(tmp_path, nice=3)
    child.send(b"hello")
    assert child.receive(10) == b"hello"
    assert psutil.Process(child.pid).nice() == min(psutil.Process().nice() + 3, 19)
    child.close()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_an_interrupt_in_a_terminal_is_the_parents_alone(tmp_path: Path) -> None:
    """Ctrl+C reaches all processes there, also one that has only just been started."""
    child = start(tmp_path)
    for _ in range(3):
        os.kill(child.pid, signal.SIGINT)
    child.send(b"hello")
    assert child.receive(10) == b"hello"
    os.kill(child.pid, signal.SIGINT)
    child.send(b"again")
    assert child.receive(10) == b"again"
    child.close()


@pytest.mark.skipif(sys.platform != "linux", reason="address space is bounded on Linux")
def test_memory_is_bounded(tmp_path: Path) -> None:
    child = start(tmp_path, memory_limit_bytes=1_000_000_000)
    child.send(b"allocate")
    assert child.receive(10) == b"refused"
    child.close()


@pytest.mark.parametrize(
    ("end", "cause"),
    [
        (lambda child: os.kill(child.pid, signal.SIGKILL), DeathCause.KILLED),
        (lambda child: child.send(b"crash"), DeathCause.CRASHED),
        (lambda child: child.send(b"quit"), DeathCause.EXITED),
        (lambda child: child.kill(DeathCause.FROZEN), DeathCause.FROZEN),
    ],
)
def test_death_is_seen_at_once_with_its_cause(tmp_path, end, cause) -> None:
    child = start(tmp_path)
    child.send(b"hello")
    assert child.receive(10) == b"hello"
    end(child)
    with pytest.raises(ChildEndedError):
        child.receive(10)
    assert child.cause_of_death() is cause
    child.close()


def test_goes_when_the_parent_is_killed() -> None:
    script = SCRIPT.format(folder=str(Path(__file__).parent))
    path = Path(os.environ["ALCOVE_HOME"]) / "orphan.py"
    path.write_text(script)
    parent = subprocess.Popen([sys.executable, str(path)], stdout=subprocess.PIPE)
    assert parent.stdout
    pid = int(parent.stdout.readline())
    child = psutil.Process(pid)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    begun = time.monotonic()
    while psutil.pid_exists(pid) and child.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() - begun < 2
        time.sleep(0.01)
