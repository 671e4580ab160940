"""What all tests share: the starter model, folders of their own, and a check for leaks."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Before Qt is imported by anyone: no display is needed, and none is disturbed.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import psutil
import pytest

from tests.models.hub_server import HubServer

pytest_plugins = ["tests.disks"]

IS_BESIDE_OTHERS = "PYTEST_XDIST_WORKER" in os.environ
if IS_BESIDE_OTHERS:
    # Threads of several engines that wait for each other on the same cores take twice the time.
    os.environ["OMP_THREAD_LIMIT"] = "1"

ROOT = Path(__file__).resolve().parent.parent
STARTER = ROOT / "resources" / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf"


@pytest.fixture(scope="session")
def starter_model() -> Path:
    """The real small model that the app ships with."""
    if not STARTER.exists():
        pytest.fail("the starter model is missing: run `make starter-model`")
    return STARTER


@pytest.fixture(autouse=True)
def turn(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[None]:
    """Keep the other test processes waiting while a test marked `alone` runs, on all cores.

    The gate keeps it from waiting for ever: whoever comes after it waits behind it.
    """
    if not IS_BESIDE_OTHERS:
        yield
        return
    import fcntl

    shared = tmp_path_factory.getbasetemp().parent
    way = fcntl.LOCK_SH
    if "alone" in request.keywords:
        way = fcntl.LOCK_EX
        monkeypatch.delenv("OMP_THREAD_LIMIT")
    with _locked(shared / "gate", fcntl.LOCK_EX) as gate, _locked(shared / "turn", way):
        fcntl.flock(gate, fcntl.LOCK_UN)
        yield


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own, so that none reads or writes the person's."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("ALCOVE_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def no_leaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail when a thread or a child process outlives its test.

    Fixtures of a wider scope may keep an engine or a reader: what was there before is allowed.
    """
    threads = set(threading.enumerate())
    children = {child.pid for child in psutil.Process().children(recursive=True)}
    yield
    if "shared_process" in request.keywords:
        return
    for thread in set(threading.enumerate()) - threads:
        thread.join(timeout=3)
    left = [t.name for t in set(threading.enumerate()) - threads if t.is_alive()]
    assert not left, f"threads outlived the test: {left}"
    processes = [
        child
        for child in psutil.Process().children(recursive=True)
        # multiprocessing keeps one tracker process for the whole run
        if child.pid not in children and "resource_tracker" not in " ".join(_command(child))
    ]
    _, alive = psutil.wait_procs(processes, timeout=3)
    assert not alive, f"processes outlived the test: {[_command(child) for child in alive]}"


@pytest.fixture
def latin_1(tmp_path: Path) -> str:
    """The beginning of a file's name that is no UTF-8, as older systems wrote it."""
    name = os.fsdecode(b"caf\xe9")
    try:
        (tmp_path / name).touch()
    except OSError:
        pytest.skip("this file system takes no such name")
    (tmp_path / name).unlink()
    return name


@pytest.fixture
def hub_server() -> Iterator[HubServer]:
    """A hub of our own on the loopback interface; see tests/models/hub_server.py."""
    with HubServer() as server:
        yield server


@contextmanager
def _locked(path: Path, way: int) -> Iterator[int]:
    import fcntl

    file = os.open(path, os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(file, way)
        yield file
    finally:
        os.close(file)


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []
