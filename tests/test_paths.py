"""The portable copy keeps everything beside itself, wherever the program really lies."""

import os
import stat
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from assistant import paths, temporary
from assistant.errors import CannotWrite


@pytest.fixture
def frozen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Makes this process look like a frozen program at some place."""
    monkeypatch.delenv("ALCOVE_HOME")
    for name in ("APPIMAGE", "APPDIR"):
        monkeypatch.delenv(name, raising=False)

    def freeze(place: str) -> Path:
        program = tmp_path / place
        program.parent.mkdir(parents=True, exist_ok=True)
        program.touch()
        monkeypatch.setattr(sys, "frozen", True, raising=False)
        monkeypatch.setattr(sys, "executable", str(program))
        return program

    return freeze


def everything(folders: paths.Folders) -> list[Path]:
    places = [folders.data, folders.cache, folders.logs, folders.models, folders.states]
    return [*places, *([folders.temporary] if folders.temporary else [])]


@pytest.mark.parametrize(
    ("program", "beside"),
    [
        ("stick/Alcove/alcove", "stick/Alcove"),
        ("stick/Alcove.app/Contents/MacOS/alcove", "stick"),
        ("stick/MacOS/alcove", "stick/MacOS"),
    ],
)
def test_a_portable_copy_keeps_everything_beside_the_program(
    frozen, tmp_path: Path, program: str, beside: str
) -> None:
    frozen(program)
    assert paths.folders().portable is None
    assert paths.folders().temporary is None
    mark = tmp_path / beside / "portable"
    mark.touch()
    folders = paths.folders()
    assert folders.portable == tmp_path / beside / "alcove-data"
    assert all(place.is_relative_to(folders.portable) for place in everything(folders))
    assert len(everything(folders)) == 6
    mark.unlink()
    assert not any(place.is_relative_to(tmp_path) for place in everything(paths.folders()))


def test_the_place_of_an_appimage_is_that_of_its_file(
    frozen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen(".mount_Alcove/usr/lib/alcove/alcove")
    image = tmp_path / "stick" / "Alcove.AppImage"
    image.parent.mkdir()
    (image.parent / "portable").touch()
    monkeypatch.setenv("APPIMAGE", str(image))
    monkeypatch.setenv("APPDIR", str(tmp_path / ".mount_Alcove"))
    assert paths.program() == image
    assert paths.folders().portable == image.parent / "alcove-data"
    # Started by a program of another AppImage: its variables are inherited, and not meant.
    monkeypatch.setenv("APPDIR", str(tmp_path / ".mount_Other"))
    assert paths.folders().portable is None


def test_a_checkout_is_no_program() -> None:
    assert paths.program() is None
    assert paths.folders().portable is None


def test_temporary_files_of_all_processes_are_where_they_are_wanted(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys, tempfile\n"
        "from pathlib import Path\n"
        "from assistant import temporary\n"
        f"temporary.keep_in(Path({str(tmp_path / 'own')!r}))\n"
        "print(temporary.make_folder())\n"
        "child = 'import tempfile; print(tempfile.gettempdir())'\n"
        "print(subprocess.run([sys.executable, '-c', child], capture_output=True, text=True)"
        ".stdout)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    made, childs = done.stdout.split()
    assert Path(made).parent == Path(childs) == tmp_path / "own"


def test_a_place_that_cannot_be_written_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    before = tempfile.gettempdir(), os.environ.get("TMPDIR")
    temporary.keep_in(tmp_path / "file" / "temporary")
    assert (tempfile.gettempdir(), os.environ.get("TMPDIR")) == before


@pytest.mark.parametrize(
    "name", ["plain.txt", "caf\udce9.txt", "\udcff\udc80", "café \\udce9 %e9.txt", "日本 👍.txt"]
)
def test_any_path_is_a_text_and_comes_back(name: str) -> None:
    path = Path("/a folder") / name
    text = paths.as_text(path)
    text.encode("utf-8")
    assert paths.from_text(text) == path
    paths.legible(name).encode("utf-8")


def write(path: Path, content: bytes) -> None:
    with paths.whole_file(path) as file:
        file.write(content)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


posix = pytest.mark.skipif(sys.platform == "win32", reason="modes, links and pipes of POSIX")


@posix
def test_a_file_that_is_replaced_stays_who_may_read_it(tmp_path: Path) -> None:
    shared, new = tmp_path / "shared.txt", tmp_path / "new.txt"
    shared.write_bytes(b"old")
    shared.chmod(0o664)
    write(shared, b"result")
    write(new, b"result")
    assert (shared.read_bytes(), mode_of(shared)) == (b"result", 0o664)
    assert (new.read_bytes(), mode_of(new)) == (b"result", 0o600)
    with pytest.raises(ZeroDivisionError), paths.whole_file(shared) as file:
        file.write(bytes(1 // 0))
    assert shared.read_bytes() == b"result"
    assert sorted(one.name for one in tmp_path.glob("*.txt*")) == ["new.txt", "shared.txt"]


@posix
def test_a_link_leads_to_the_file_that_is_written(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    file = tmp_path / "there" / "file.txt"
    file.write_bytes(b"old")
    for name, target in (("link", file), ("dangling", tmp_path / "there" / "new.txt")):
        link = tmp_path / name
        link.symlink_to(target)
        write(link, b"result")
        assert link.is_symlink()
        assert target.read_bytes() == b"result"
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for path in (loop, tmp_path):
        with pytest.raises(CannotWrite):
            write(path, b"result")


@posix
def test_a_pipe_or_a_device_gets_the_bytes(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    write(pipe, b"result")
    reader.join()
    assert got == [b"result"]
    assert pipe.is_fifo()
    write(Path(os.devnull), b"result")
    assert Path(os.devnull).is_char_device()
