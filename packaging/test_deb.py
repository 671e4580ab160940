"""The Debian package from its installation to its removal, in a bare Debian. After `make package`.

Debian's own tools fetch what the package declares and nothing else, so that what it forgot to
declare is missing. Then the person uses it without a network, updates it, and removes it.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent / "bare"))
sys.path.insert(0, str(Path(__file__).resolve().parent / "linux"))

import build_deb
import usr_tree
from bare_debian import HOME, BareDebian, NotPossible, make_system
from not_tried import not_tried
from window import Window, no_complaint

pytestmark = [pytest.mark.frozen, pytest.mark.timeout(900)]

DIST = Path(os.environ.get("ALCOVE_DIST", usr_tree.ROOT / "dist"))
ALCOVE = Path("/usr/bin/alcove")
SAMPLE = Path("/opt/alcove/lib/resources/samples/sample.pdf")
DATA = HOME / ".local" / "share" / "alcove"
GONE = Path("/opt/alcove/lib/of-an-earlier-version")


@pytest.fixture(scope="module")
def package() -> Path:
    """The package that was built."""
    found = sorted(DIST.glob(f"alcove_{usr_tree.VERSION}_*.deb"))
    assert found, "there is no package: run `make package`"
    return found[0]


@pytest.fixture(scope="module")
def debian(package: Path, tmp_path_factory: pytest.TempPathFactory) -> BareDebian:
    """A bare system in which an earlier version of the package is installed."""
    try:
        system = make_system()
    except NotPossible as error:
        not_tried(error)
    debian = BareDebian(tmp_path_factory.mktemp("deb") / "root", system)
    # Only where to ask for packages is this machine's.
    shutil.copyfile("/etc/resolv.conf", debian.inside("/etc/resolv.conf"))
    shutil.rmtree(debian.inside("/etc/apt/apt.conf.d"))
    if (settings := Path("/etc/apt/apt.conf.d")).is_dir():
        shutil.copytree(settings, debian.inside("/etc/apt/apt.conf.d"))
    earlier = debian.inside("/root/earlier.deb")
    _as_earlier_version(package, earlier)
    _apt(debian, "update")
    _apt(debian, "install", "/root/earlier.deb")
    return debian


def _as_earlier_version(package: Path, target: Path) -> None:
    """Write `package` as version 0.0.1, with a file that it has no more."""
    tree = target.parent / "tree"
    subprocess.run(["dpkg-deb", "-R", package, tree], check=True)
    control = tree / "DEBIAN" / "control"
    control.write_text(re.sub("(?m)^Version: .*", "Version: 0.0.1", control.read_text()))
    (tree / str(GONE).lstrip("/")).write_text("")
    subprocess.run(["dpkg-deb", "-Znone", "--build", tree, target], check=True, stdout=2)
    shutil.rmtree(tree)


def _apt(debian: BareDebian, *words: str) -> str:
    proxies = {name: value for name, value in os.environ.items() if name.endswith("_proxy")}
    done = debian.run(
        *("apt-get", "-o", "APT::Sandbox::User=root", "-y", "--no-install-recommends", *words),
        environment={"DEBIAN_FRONTEND": "noninteractive", **proxies},
        as_root=True,
        with_network=True,
        timeout_s=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.json*")}


def _chats(debian: BareDebian) -> str:
    """Return what the person's chats are; where a model is inside, there is one."""
    done = debian.run(ALCOVE, "chats", "list")
    assert done.returncode == 0, done.stderr
    if any(debian.inside("/opt/alcove").rglob("*.gguf")):
        assert "lighthouse" in done.stdout
    return done.stdout


def test_runs_with_what_it_declares(debian) -> None:
    done = debian.run(ALCOVE, "summarize", SAMPLE)
    assert done.returncode == 0, done.stderr
    assert "Senate" in done.stdout
    no_complaint(done.stdout, done.stderr)
    script = 'cd /opt/alcove; for one in $(find . -name "*.so*" -type f); do ldd $one; done'
    told = debian.run("sh", "-c", script, environment={"LD_LIBRARY_PATH": "/opt/alcove/lib"})
    assert [line for line in told.stdout.splitlines() if "not found" in line] == []


def test_opens_its_window(debian, tmp_path) -> None:
    window = Window(debian, tmp_path / "log", SAMPLE, program=ALCOVE)
    window.wait_until(lambda: window.rows("SELECT 1 FROM summaries"), "key points")
    window.close()


def test_opens_its_window_on_wayland(debian, tmp_path) -> None:
    if not shutil.which("weston"):
        not_tried("weston is missing: apt-get install weston")
    runtime = Path(tempfile.mkdtemp(prefix="wl-"))  # a socket's path must be short
    command = ["weston", "--backend=headless-backend.so", "--socket=one"]
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(runtime)}
    with (tmp_path / "weston").open("w") as log:
        compositor = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        socket = runtime / "one"
        _wait_until(socket.exists)
        runtime.chmod(0o777)
        socket.chmod(0o777)
        shutil.rmtree(debian.inside(DATA), ignore_errors=True)
        window = Window(debian, tmp_path / "log", SAMPLE, program=ALCOVE, wayland=socket)
        window.wait_until(lambda: window.rows("SELECT 1 FROM summaries"), "key points")
        window.close()
    finally:
        compositor.terminate()
        compositor.wait(timeout=10)
        shutil.rmtree(runtime)


def _wait_until(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.1)


def test_desktop_finds_program_icons_and_types(debian) -> None:
    share = debian.inside("/usr/share")
    entry = (share / "applications" / "alcove.desktop").read_text()
    assert re.search(r"^Exec=alcove\b", entry, re.MULTILINE)
    assert "application/pdf" in entry
    assert (share / "icons/hicolor/256x256/apps/alcove.png").stat().st_size > 0
    assert "gguf" in (share / "mime/packages/alcove.xml").read_text()
    assert (share / "metainfo/org.alcove.Alcove.metainfo.xml").exists()
    done = debian.run("sh", "-c", "command -v alcove")
    assert done.stdout.strip() == str(ALCOVE)


def test_update_keeps_what_is_the_persons_and_removal_leaves_it(debian, package) -> None:
    folder = debian.inside(DATA)
    if any(debian.inside("/opt/alcove").rglob("*.gguf")):
        done = debian.run(ALCOVE, "chat", "--save", "-p", "Where is the lighthouse?")
        assert done.returncode == 0, done.stderr
    chats = _chats(debian)
    (folder / "settings.json").write_text('{"theme": "dark"}')
    debian.give(folder)
    before = _contents(folder)
    assert debian.inside(GONE).exists()

    shutil.copyfile(package, debian.inside("/root/alcove.deb"))
    _apt(debian, "install", "/root/alcove.deb")
    assert not debian.inside(GONE).exists()
    assert _contents(folder) == before
    done = debian.run(ALCOVE, "--version")
    assert usr_tree.VERSION in done.stdout
    assert _chats(debian) == chats
    kept = (folder / "alcove.db").read_bytes()

    said = _apt(debian, "purge", "alcove")
    assert "~/.local/share/alcove" in said
    assert not debian.inside("/opt/alcove").exists()
    assert not debian.inside(ALCOVE).is_symlink()
    assert _contents(folder) == before
    assert (folder / "alcove.db").read_bytes() == kept


def test_same_app_makes_the_same_package(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    app = tmp_path / "app"
    app.mkdir()
    shutil.copyfile("/bin/true", app / "alcove")
    made = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (app / "alcove").touch()  # another moment
        made.append(build_deb.build(app, tmp_path / name, level=1).read_bytes())
    assert made[0] == made[1]
