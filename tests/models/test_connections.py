"""The list of connections: complete, shared by processes, and never in the way."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from assistant.models.hub.connections import ConnectionLog


def test_a_connection_is_listed_from_its_beginning(tmp_path: Path) -> None:
    log = ConnectionLog(tmp_path / "new" / "connections.jsonl")
    assert log.all() == log.current() == []
    with log.open("hub.example", "model facts") as handle:
        handle.add(sent_bytes=10)
        handle.add(received_bytes=2000)
        [current] = log.current()
        assert current == log.all()[0]
        assert (current.host, current.reason) == ("hub.example", "model facts")
        assert (current.sent_bytes, current.received_bytes) == (10, 2000)
        assert current.is_open
        assert current.started.utcoffset() is not None
    assert log.current() == []
    [ended] = log.all()
    assert not ended.is_open
    assert ended.received_bytes == 2000
    handle.close()
    assert len(log.all()) == 1


def test_the_list_outlives_the_process(tmp_path: Path) -> None:
    path = tmp_path / "connections.jsonl"
    log = ConnectionLog(path)
    log.open("first.example", "model facts").close()
    log.open("cut-off.example", "model download")  # as if the process ended here
    later = ConnectionLog(path)
    assert [c.host for c in later.all()] == ["first.example", "cut-off.example"]
    assert [c.is_open for c in later.all()] == [False, False]
    assert path.stat().st_mode & 0o777 == 0o600
    later.clear()
    assert later.all() == ConnectionLog(path).all() == []


def test_two_processes_write_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "connections.jsonl"
    code = (
        "import sys; from pathlib import Path\n"
        "from assistant.models.hub.connections import ConnectionLog\n"
        "log = ConnectionLog(Path(sys.argv[1]))\n"
        "for n in range(100): log.open('x' * 50, 'reason').close()\n"
    )
    command = [sys.executable, "-c", code, str(path)]
    processes = [subprocess.Popen(command) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert len(ConnectionLog(path).all()) == 300


def test_foreign_lines_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "connections.jsonl"
    path.write_bytes(b'{"half": \n\xff\xfe\nnull\n')
    log = ConnectionLog(path)
    log.open("hub.example", "model facts").close()
    assert [c.host for c in log.all()] == ["hub.example"]


def test_the_file_is_kept_short(tmp_path: Path) -> None:
    path = tmp_path / "connections.jsonl"
    log = ConnectionLog(path)
    for number in range(2100):
        log.open(f"{number}.{'x' * 100}", "reason").close()
    assert path.stat().st_size < 1_100_000
    kept = [c.host.partition(".")[0] for c in log.all()]
    assert kept == [str(number) for number in range(2100 - len(kept), 2100)]
    assert len(kept) >= 1000


def test_without_a_file_the_list_is_in_memory(
    tmp_path: Path, read_only: Callable[[Path], Path]
) -> None:
    (tmp_path / "home").mkdir()
    for log in (ConnectionLog(None), ConnectionLog(read_only(tmp_path / "home") / "c.jsonl")):
        log.open("hub.example", "model facts").close()
        assert [c.host for c in log.all()] == ["hub.example"]
