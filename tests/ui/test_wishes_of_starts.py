"""What a start is for: files, a summary from a file manager's menu, the tray; one window serves."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot

from assistant.paths import folders
from assistant.ui import presence, single_instance
from assistant.ui.app import Alcove
from assistant.ui.wish import StartWish, of_arguments, of_line
from tests.ui.conftest import Starts
from tests.ui.test_two_starts import Start, documents, end, runtime, start, wait_for

__all__ = ["runtime", "start"]


def test_files_and_options_are_told_from_commands(tmp_path: Path) -> None:
    one, two = tmp_path / "Lease (2).pdf", tmp_path / "ü b.gguf"
    for path in (one, two):
        path.touch()
    gone = tmp_path / "gone.pdf"
    assert of_arguments([]) == StartWish()
    assert of_arguments([str(one), str(two)]) == StartWish((one, two))
    assert of_arguments([one.as_uri(), two.as_uri()]) == StartWish((one, two))
    assert of_arguments(["-psn_0_774337", str(one)]) == StartWish((one,))
    assert of_arguments(["--summarize", str(one)]) == StartWish((one,), is_summary=True)
    assert of_arguments(["--summarize", str(gone)]) == StartWish((gone,), is_summary=True)
    assert of_arguments(["--summarize", str(tmp_path)]) == StartWish((tmp_path,), is_summary=True)
    assert of_arguments(["--summarize"]) == StartWish()
    assert of_arguments(["--minimized"]) == StartWish(is_minimized=True)
    assert of_arguments(["--minimized", str(one)]) == StartWish((one,))
    for command in (["summarize", str(one)], ["--version"], [str(gone)], ["--summarize", "--x"]):
        assert of_arguments(command) is None


def test_relative_names_are_those_of_where_it_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.pdf").touch()
    monkeypatch.chdir(tmp_path)
    assert of_arguments(["a.pdf"]) == StartWish((tmp_path / "a.pdf",))


@pytest.mark.parametrize(
    "wanted",
    [
        StartWish(),
        StartWish((Path("/a b/c.pdf"), Path("/ü\n")), is_summary=True),
        StartWish(is_minimized=True),
        StartWish(quick=""),
        StartWish(quick="What is\nthis?"),
    ],
)
def test_a_wish_is_said_in_one_line(wanted: StartWish) -> None:
    line = wanted.to_line()
    assert line.count(b"\n") == 1
    assert of_line(line) == wanted


@pytest.mark.parametrize(
    "line", [b"", b"[]", b"{", b'{"files": 1}', b'{"quick": 1}', b'"x"', b"\xff"]
)
def test_what_is_no_wish_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of json, of UTF-8, or of ours
        of_line(line)


def test_a_summary_from_a_file_manager_goes_to_the_window_that_is_there(
    start: Start, own_home: Path, runtime: Path, files: Path
) -> None:
    first = start(Path("--minimized"))
    wait_for(lambda: list(runtime.glob("*.socket")))
    assert start(Path("--minimized")).wait(60) == 0  # nothing to do
    names = (files / "report.md", files / "report.docx")
    assert start(Path("--summarize"), *names).wait(60) == 0
    wait_for(lambda: documents(own_home) == 2)
    assert first.poll() is None
    end(first)


def test_a_model_file_is_added_to_the_models(
    qtbot: QtBot, alcove: Alcove, tmp_path: Path, starter_model: Path
) -> None:
    model = tmp_path / "Mine.gguf"
    model.symlink_to(starter_model)
    added: list[Path] = []
    alcove.models_page.add_file = added.append
    alcove._ways.come_for(StartWish((model,)))
    assert added == [model]
    assert alcove.window.current == "models"


def test_a_summary_takes_every_file_for_a_document(
    qtbot: QtBot, alcove: Alcove, tmp_path: Path
) -> None:
    exported = tmp_path / "conversations.json"
    exported.write_text('{"a": "A short text about nothing."}')
    alcove._ways.come_for(StartWish((exported,), is_summary=True))
    assert alcove.window.current == "documents"
    session = alcove.documents_page.session
    assert session is not None
    assert session.path == exported
    qtbot.waitUntil(lambda: not session.is_working, timeout=60_000)


@pytest.mark.qt_log_ignore("systemTrayWindowChanged")  # offscreen there is no tray
def test_put_away_it_is_in_the_tray_or_among_minimised_windows(
    qtbot: QtBot, starts: Starts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "_TRAY_WAIT_MS", 10)
    for has_tray in (True, False):
        monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda has=has_tray: has)
        alcove = starts.put_away()
        qtbot.waitUntil(lambda alcove=alcove: alcove.current_model.is_known, timeout=20_000)
        if has_tray:
            assert alcove.presence.has_tray
            assert not alcove.window.isVisible()
        else:
            qtbot.waitUntil(alcove.window.isMinimized, timeout=20_000)  # the tray was waited for
        alcove._ways.come_for(StartWish())
        assert alcove.window.isVisible()
        assert not alcove.window.isMinimized()
        starts.close(alcove)


def test_macos_says_by_an_event_which_file_to_open(sample: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from PySide6.QtGui import QFileOpenEvent\n"
        "from assistant.ui.application import Application\n"
        "app = Application([])\n"
        "app.file_opened.connect(print)\n"
        "app.sendEvent(app, QFileOpenEvent(sys.argv[1]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, sample], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == str(sample), done.stderr


@pytest.mark.parametrize("is_portable", [True, False])
def test_a_stick_that_was_pulled_out_does_not_keep_its_place(
    qtbot: QtBot, own_home: Path, monkeypatch: pytest.MonkeyPatch, is_portable: bool
) -> None:
    """A home on a network disk does: the other computer may be using it."""
    monkeypatch.setattr(single_instance, "_PATIENCE_S", 0.2)
    data = folders().data
    data.mkdir(parents=True)
    lock = data / "window.lock"
    lock.write_text("4711\nalcove\nanother-computer\nsome-boot\n")
    instance = single_instance.SingleInstance(data, is_portable=is_portable)
    assert instance.hand_over(StartWish()) is False
    assert instance._lock.isLocked() is is_portable
    assert ("another-computer" in lock.read_text()) is not is_portable
    instance.close()
