"""The packed app in a bare Debian without a network. Run by `make package-test`.

The archive is unpacked where nothing is but the smallest variant of Debian and the six libraries
that an offscreen Alcove is documented to need. An ordinary person uses it, in a network namespace
without interfaces. The X server is this machine's: the bare system has no part of X.

Pictures of the window are kept in build/bare/pictures.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent / "bare"))

from archive import archive_name
from bare_debian import CACHE, DOCUMENTED, HOME, BareDebian, NotPossible, make_system
from not_tried import not_tried
from screen import Screen
from window import APP, Window, no_complaint, sockets

pytestmark = [pytest.mark.frozen, pytest.mark.timeout(900)]

DIST = Path(os.environ.get("ALCOVE_DIST", Path(__file__).resolve().parent.parent / "dist"))
PICTURES = CACHE / "pictures"
MANY_COLOURS = 50  # text and icons have edges of many; an empty window has a handful
SAMPLE = APP / "lib" / "resources" / "samples" / "sample.pdf"


@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> BareDebian:
    """A bare system with the archive unpacked in the person's home."""
    archives = [DIST / f"{archive_name(suffix=suffix)}.tar.xz" for suffix in ("", "-nomodel")]
    archive = next((path for path in archives if path.exists()), None)
    assert archive, f"there is no {archives[0].name}: run `make package`"
    try:
        system = make_system(DOCUMENTED)
    except NotPossible as error:
        not_tried(error)
    debian = BareDebian(tmp_path_factory.mktemp("bare") / "root", system)
    subprocess.run(["tar", "-C", debian.home, "-xf", archive], check=True)
    debian.give(debian.home)
    return debian


@pytest.fixture(autouse=True)
def fresh_home(debian: BareDebian) -> None:
    """Each test is a person's first start."""
    for name in (".local", ".cache", ".config"):
        shutil.rmtree(debian.home / name, ignore_errors=True)


@pytest.fixture
def model(debian: BareDebian) -> None:
    """Skip what needs the starter model in a build that has none."""
    if not any(debian.inside(APP).rglob("*.gguf")):
        pytest.skip("this build has no model inside")


@pytest.mark.usefixtures("model")
def test_doctor_finds_a_working_engine(debian) -> None:
    done = debian.run(APP / "alcove", "doctor")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"self-test\s+passed", done.stdout), done.stdout
    assert "Connections made: none" in done.stdout
    no_complaint(done.stdout, done.stderr)


@pytest.mark.usefixtures("model")
def test_summarises_and_chats_and_asks_for_no_internet_socket(debian, tmp_path) -> None:
    commands = {
        "summarize": ["summarize", SAMPLE, "--mode", "quick", "--format", "json"],
        "chat": ["chat", "-p", "Name the capital of France."],
        "ask": ["ask", SAMPLE, "How long is a senator elected for?"],
    }
    for name, command in commands.items():
        log = tmp_path / name
        done = debian.run(APP / "alcove", *command, traced_to=log, timeout_s=600)
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stdout.strip()
        if name == "summarize":
            result = json.loads(done.stdout)
            assert result["key_points"]
            assert result["summary"]
        assert not sockets(log)
        no_complaint(done.stdout, done.stderr)


def test_an_internet_socket_would_have_been_seen(debian, tmp_path) -> None:
    log = tmp_path / "log"
    debian.run("bash", "-c", ": < /dev/tcp/127.0.0.1/9", traced_to=log)
    assert sockets(log)


def test_reads_without_any_model(debian) -> None:
    done = debian.run(APP / "alcove", "summarize", SAMPLE)
    assert done.returncode == 0, done.stderr
    assert "Senate" in done.stdout
    no_complaint(done.stdout, done.stderr)


def test_every_library_finds_what_it_needs(debian) -> None:
    # A desktop's own: without Wayland's Qt goes on to X, without CUPS's there are no printers.
    desktops = ("libwayland-", "libcups.")
    script = f'cd {APP}; for one in $(find . -name "*.so*" -type f); do ldd $one; done'
    done = debian.run("sh", "-c", script, environment={"LD_LIBRARY_PATH": f"{APP}/lib"})
    missing = {line.split()[0] for line in done.stdout.splitlines() if "not found" in line}
    assert {name for name in missing if not name.startswith(desktops)} == set()


@pytest.fixture
def open_window(debian: BareDebian, tmp_path: Path) -> Iterator[Callable[..., Window]]:
    """Return what opens a window; all are gone after the test."""
    opened: list[Window] = []

    def begin(*words: object, display: str | None = None) -> Window:
        opened.append(Window(debian, tmp_path / f"log{len(opened)}", *words, display=display))
        return opened[-1]

    yield begin
    for window in opened:
        if window.process.poll() is None:
            window.kill()


def test_opens_offscreen_and_shows_key_points(open_window) -> None:
    window = open_window(SAMPLE)
    window.wait_until(lambda: window.rows("SELECT 1 FROM summaries"), "key points")
    window.close()


@pytest.mark.usefixtures("model")
def test_chats_on_a_screen_and_goes_on_when_its_engine_is_killed(open_window) -> None:
    with Screen() as screen:
        window = open_window(SAMPLE, display=screen.display)
        screen.wait_for_window("Alcove")
        window.wait_until(lambda: window.rows("SELECT 1 FROM summaries"), "key points")
        time.sleep(2)  # the page is drawn after its row is written
        assert screen.picture(PICTURES / "frozen-documents.png") > MANY_COLOURS
        screen.press("ctrl+1")
        time.sleep(1)
        screen.write("Name the capital of France.")
        screen.press("Return")
        window.wait_until(lambda: window.replies() == 1, "the first reply")
        time.sleep(1)
        assert screen.picture(PICTURES / "frozen-chat.png") > MANY_COLOURS
        killed = window.engine()
        killed.kill()
        killed.wait(timeout=10)
        time.sleep(1)
        screen.write("And the capital of Italy?")
        screen.press("Return")
        window.wait_until(lambda: window.replies() == 2, "a reply of a new engine")
        assert window.engine().pid != killed.pid
        time.sleep(1)
        screen.picture(PICTURES / "frozen-chat-after-kill.png")
        screen.write("Tell me a long story about a lighthouse.")
        screen.press("Return")
        window.wait_until(lambda: window.replies("streaming") == 1, "the begin of a reply")
        window.engine().kill()
        window.wait_until(lambda: window.replies("failed") == 1, "what there was of it")
        screen.write("And the capital of Spain?")
        screen.press("Return")
        window.wait_until(lambda: window.replies() == 3, "a reply after a broken one")
        window.close()


def test_second_start_hands_over_to_the_first(open_window) -> None:
    first = open_window()
    first.wait_until(lambda: first.rows("SELECT 1 FROM sqlite_master"), "the database")
    second = open_window(SAMPLE)
    assert second.process.wait(timeout=60) == 0
    first.wait_until(lambda: first.rows("SELECT 1 FROM summaries"), "key points")
    first.close()


@pytest.mark.usefixtures("model")
def test_put_away_start_takes_a_model_and_shows_its_licences(debian, open_window) -> None:
    (starter,) = debian.inside(APP).rglob("*.gguf")
    model = debian.home / "Downloads" / "found.gguf"
    model.parent.mkdir(exist_ok=True)
    shutil.copyfile(starter, model)
    debian.give(model.parent)
    with Screen() as screen:
        window = open_window("--minimized", display=screen.display)
        window.wait_until(lambda: window.rows("SELECT 1 FROM sqlite_master"), "the database")
        assert screen.windows("Alcove") == []
        second = open_window(HOME / "Downloads" / "found.gguf", display=screen.display)
        assert second.process.wait(timeout=60) == 0
        screen.wait_for_window("Alcove")
        models = debian.home / ".local" / "share" / "alcove" / "models"
        window.wait_until(lambda: list(models.rglob("found.gguf")), "the model among the others")
        time.sleep(1)
        assert screen.picture(PICTURES / "frozen-models.png") > MANY_COLOURS
        window.assert_no_fault()
        screen.press("ctrl+k")
        time.sleep(1)
        screen.write("About Alcove")
        time.sleep(1)
        screen.press("Return")
        time.sleep(1)
        assert screen.picture(PICTURES / "frozen-about.png") > MANY_COLOURS
        window.assert_no_fault()
        for _ in range(6):  # the button is one of the first that the keyboard comes to
            screen.press("space")
            time.sleep(0.5)
            if screen.windows("Parts and licences"):
                break
            screen.press("Tab")
        screen.wait_for_window("Parts and licences", timeout_s=10)
        time.sleep(1)
        assert screen.picture(PICTURES / "frozen-licences.png") > MANY_COLOURS
        window.close()
