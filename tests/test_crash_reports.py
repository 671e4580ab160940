"""A crash leaves a report of listed fields on this computer, and nothing of the person's."""

import ctypes
import os
import resource
import subprocess
import sys
import textwrap
import threading
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from assistant import crash_reports
from assistant.child import Channel, Child, ChildOptions
from assistant.crash_reports import Reports, Watch, collect, report, stacks
from assistant.crash_reports.core_dumps import are_handed_on
from assistant.errors import DeathCause

ROOT = Path(__file__).resolve().parent.parent
SECRET = "the rent of Erika Mustermann"


def fields(text: str) -> list[str]:
    """The names that stand before the stack."""
    head = text.partition("\nStack\n")[0].splitlines()
    start = head.index("no text of yours, no names of your files or models, no settings.") + 2
    return [line[: report._WIDTH].strip() for line in head[start:] if line]


def raised() -> Exception:
    words = SECRET
    try:
        try:
            int(words)
        except ValueError as error:
            raise KeyError(f"/home/erika/{words}.pdf") from error
    except KeyError as error:
        return error


def test_an_exception_is_told_by_its_places_alone(tmp_path: Path) -> None:
    text = report.of_exception(raised(), "window").text()
    assert SECRET not in text
    assert "erika" not in text
    assert str(ROOT) not in text
    assert "test_crash_reports.py:" in text
    assert "in raised" in text
    assert "KeyError" in text
    assert "ValueError" in text
    assert tuple(fields(text)) == report.FIELDS


def test_an_endless_recursion_makes_a_short_report() -> None:
    def again() -> None:
        again()

    with pytest.raises(RecursionError) as caught:
        again()
    assert len(stacks.of_exception(caught.value)) < 300


def test_of_a_log_only_stacks_are_taken() -> None:
    log = f"""load: the model /home/erika/{SECRET}.gguf
/build/erika/ggml/src/ggml.c:1234: GGML_ASSERT(ne00 == ne10) failed
/build/ggml.c:9: GGML_ABORT: {SECRET}
terminate called after throwing an instance of 'std::out_of_range'
  what():  {SECRET}
Fatal Python error: Aborted

Thread 0x00007f00 [{SECRET}] (most recent call first):
  File "/home/erika/alcove/assistant/secret/x.py", line 7 in run
Current thread 0x00007f99ef54e6c0 (most recent call first):
  File "/home/erika/{SECRET}/job.py", line 3 in <{SECRET}>
  File "C:\\Users\\erika\\thing.py", line 4 in run
  File "assistant/engine/process.py", line 5 in main
  File "/usr/lib/python3.11/threading.py", line 6 in run
  File "/home/erika/.venv/lib/python3.11/site-packages/llama_cpp/llama.py", line ??? in f
Extension modules: numpy, {SECRET}
"""
    assert stacks.of_dump(log) == [
        "ggml.c:1234 GGML_ASSERT(ne00 == ne10)",
        "thrown: std::out_of_range",
        "Aborted",
        "Thread, the innermost call first:",
        "  x.py:7 in run",
        "Current thread, the innermost call first:",
        "  job.py:3 in <the",
        "  thing.py:4 in run",
        "  assistant/engine/process.py:5 in main",
        "  threading.py:6 in run",
        "  llama_cpp/llama.py:??? in f",
    ]


def _read_nowhere(channel: Channel) -> None:
    words = SECRET
    print(words, flush=True)
    ctypes.string_at(0)


def _abort(channel: Channel) -> None:
    os.abort()


def _wait(channel: Channel) -> None:
    channel.receive()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
@pytest.mark.parametrize(
    ("target", "said", "where"),
    [(_read_nowhere, "SIGSEGV (signal 11)", "_read_nowhere"), (_abort, "SIGABRT", "_abort")],
)
def test_a_child_that_crashes_leaves_one_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target, said: str, where: str
) -> None:
    monkeypatch.chdir(tmp_path)
    child = Child(target, ChildOptions(name="alcove engine", log=tmp_path / "logs" / "engine.log"))
    try:
        assert child.cause_of_death(20) is DeathCause.CRASHED
        assert child.cause_of_death(20) is DeathCause.CRASHED
    finally:
        child.close()
    reports = Reports(tmp_path / "logs" / crash_reports.FOLDER)
    (path,) = reports.list()
    text = reports.read(path)
    assert tuple(fields(text)) == report.FIELDS
    assert said in text
    assert "Process           alcove engine" in text
    assert f"in {where}" in text
    assert SECRET not in text
    assert path.stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.rglob("core*"))


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_a_child_that_is_ended_leaves_none(tmp_path: Path) -> None:
    child = Child(_wait, ChildOptions(name="alcove engine", log=tmp_path / "engine.log"))
    child.kill(DeathCause.FROZEN)
    assert child.cause_of_death(20) is DeathCause.FROZEN
    child.close()
    assert not Reports(tmp_path / crash_reports.FOLDER).list()


def watched(tmp_path: Path, ending: str) -> subprocess.CompletedProcess[str]:
    """Run a process that is watched and ends in some way."""
    code = f"""
        import ctypes, os, sys, threading
        from pathlib import Path
        from assistant.crash_reports import Reports, Watch, switch_off_core_dumps
        switch_off_core_dumps()
        watch = Watch(Reports(Path({str(tmp_path / "reports")!r})), "window", print)
        watch.start()
        def end():
            words = {SECRET!r}
            {ending}
        end()
        watch.stop()
    """
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def test_windows_error_reporting_hears_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    modes: list[int] = []
    kernel = SimpleNamespace(SetErrorMode=modes.append)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
        elsewhere.setattr(sys, "platform", "win32")
        crash_reports.switch_off_core_dumps()
    assert modes == [0x0001 | 0x0002]


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_a_window_that_crashed_is_reported_at_the_next_start(tmp_path: Path) -> None:
    reports = Reports(tmp_path / "reports")
    assert watched(tmp_path, "ctypes.string_at(0)").returncode == -11
    assert not reports.list()
    (path,) = collect(reports)
    text = reports.read(path)
    assert tuple(fields(text)) == report.FIELDS
    assert "What happened     Segmentation fault" in text
    assert "in end" in text
    assert SECRET not in text
    assert collect(reports) == []
    assert sorted(reports.folder.iterdir()) == [path]
    assert not list(tmp_path.glob("core*"))


def test_a_process_that_ends_as_it_should_leaves_nothing(tmp_path: Path) -> None:
    assert watched(tmp_path, "pass").returncode == 0
    assert list((tmp_path / "reports").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_a_process_that_was_killed_leaves_no_report(tmp_path: Path) -> None:
    assert watched(tmp_path, "os.kill(os.getpid(), 9)").returncode == -9
    reports = Reports(tmp_path / "reports")
    assert len(list(reports.folder.iterdir())) == 1
    assert collect(reports) == []
    assert list(reports.folder.iterdir()) == []


def test_what_nobody_caught_is_reported_and_still_said(tmp_path: Path) -> None:
    # One after the other: two at once write into each other's lines on stderr.
    other = "other = threading.Thread(target=lambda: int(words)); other.start(); other.join(); "
    done = watched(tmp_path, other + "int(words)")
    assert done.stderr.count("ValueError: invalid literal") == 2
    reports = Reports(tmp_path / "reports")
    assert len(reports.list()) == 2
    assert all(done.stdout.count(str(path)) == 1 for path in reports.list())
    assert all(SECRET not in reports.read(path) for path in reports.list())


def test_the_file_of_a_running_process_is_left_to_it(tmp_path: Path) -> None:
    reports = Reports(tmp_path)
    watch = Watch(reports, "window")
    watch.start()
    try:
        assert collect(reports) == []
        assert len(list(tmp_path.iterdir())) == 1
        watch.pause()
        assert list(tmp_path.iterdir()) == []
        watch.go_on()
        assert len(list(tmp_path.iterdir())) == 1
    finally:
        watch.stop()
    assert list(tmp_path.iterdir()) == []
    assert sys.excepthook is not watch._take
    assert threading.excepthook is not watch._take_of_thread


def test_what_others_put_there_is_not_believed(tmp_path: Path) -> None:
    reports = Reports(tmp_path)
    (tmp_path / "watch-999999999.txt").write_text(f"{SECRET}\t1\t2\n{SECRET}")
    (tmp_path / "watch-x.txt").write_bytes(b"\xff\xfe")
    (tmp_path / "notes.txt").write_text("mine")
    assert collect(reports) == []
    assert reports.list() == []
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_the_same_fault_is_reported_once_and_few_are_kept(tmp_path: Path) -> None:
    reports = Reports(tmp_path)
    watch = Watch(reports, "window")
    error = raised()
    assert watch.note(error) is not None
    assert watch.note(error) is None
    for number in range(30):
        made = report.Report("window", "x", [], "1", datetime.now(UTC))
        (tmp_path / f"crash-20200101-0000{number:02}.txt").write_text(made.text())
    newest = reports.add(report.of_exception(error, "window"))
    assert len(reports.list()) == 10
    assert newest in reports.list()


def test_where_nothing_can_be_written_nothing_breaks(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    reports = Reports(tmp_path / "file" / "reports")
    watch = Watch(reports, "window")
    watch.start()
    try:
        assert watch.note(raised()) is None
        assert collect(reports) == []
    finally:
        watch.stop()


@pytest.mark.skipif(sys.platform == "win32", reason="limits are POSIX")
def test_no_process_of_ours_makes_a_core_dump(tmp_path: Path) -> None:
    """Neither the program, nor what it starts, even where the system allows it."""
    code = (
        "import resource, subprocess, sys\n"
        "from assistant.__main__ import _prepare\n"
        "_prepare()\n"
        "print(*resource.getrlimit(resource.RLIMIT_CORE))\n"
        "sys.stdout.flush()\n"
        "subprocess.run(['sh', '-c', 'ulimit -c -S; kill -SEGV $$'])\n"
        "import os; os.abort()\n"
    )

    def allow() -> None:
        _, most = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (most, most))

    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
        preexec_fn=allow,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    own, *_ = done.stdout.splitlines()
    assert all(int(limit) in {0, 1} for limit in own.split())
    assert list(tmp_path.iterdir()) == []


def test_a_program_that_takes_dumps_is_known(tmp_path: Path) -> None:
    pattern = tmp_path / "core_pattern"
    assert not are_handed_on(pattern)
    for said, is_handed_on in (("core\n", False), ("|/lib/systemd/systemd-coredump %P\n", True)):
        pattern.write_text(said)
        assert are_handed_on(pattern) is is_handed_on


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's own rule")
def test_a_limit_of_one_byte_leaves_no_file_either(tmp_path: Path) -> None:
    code = "import os, resource; resource.setrlimit(resource.RLIMIT_CORE, (1, 1)); os.abort()"
    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path).returncode == -6
    assert list(tmp_path.iterdir()) == []


def test_privacy_tells_every_field() -> None:
    told = (ROOT / "docs" / "privacy.md").read_text("utf-8")
    section = told.partition("### Crash reports")[2].partition("\n## ")[0].casefold()
    for name in report.FIELDS:
        assert name.casefold() in section, name


def test_a_command_that_goes_well_makes_no_folder(own_home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "--version"],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    assert list(own_home.iterdir()) == []


def test_the_terminal_says_where_a_report_is(own_home: Path) -> None:
    code = (
        "import sys\n"
        "from assistant import cli\n"
        f"def fail(*_, **__): raise LookupError({SECRET!r})\n"
        "cli.main = fail\n"
        "from assistant.__main__ import main\n"
        "main(['doctor'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    (path,) = Reports(own_home / "logs" / crash_reports.FOLDER).list()
    assert done.returncode == 1
    assert str(path) in done.stderr
    assert done.stderr.count("Traceback") == 1
    assert SECRET not in path.read_text()
