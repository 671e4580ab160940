"""The recipe of the frozen app, quickly: what it is made of, and that archives are reproducible."""

import ast
import hashlib
import importlib.util
import json
import platform
import sys
import tarfile
import zipfile
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import pytest

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"


@pytest.fixture
def packaging(monkeypatch):
    """Returns a module of packaging/, which is no package: it would hide PyPI's."""
    monkeypatch.syspath_prepend(PACKAGING)

    def load(name: str) -> ModuleType:
        for one in ("archive", "build", "launch", "llama", "slimming", "sums"):
            monkeypatch.delitem(sys.modules, one, raising=False)
        return importlib.import_module(name)

    yield load
    for one in ("archive", "build", "launch", "llama", "slimming", "sums"):
        sys.modules.pop(one, None)


def test_the_recipe_finds_what_it_imports_and_ships_no_engine_of_one_processor(
    packaging,
) -> None:
    text = (PACKAGING / "alcove.spec").read_text()
    imports = [one for one in ast.walk(ast.parse(text)) if isinstance(one, ast.ImportFrom)]
    has_tool = importlib.util.find_spec("PyInstaller") is not None
    found = [one for one in imports if has_tool or not one.module.startswith("PyInstaller")]
    for one in found:
        module = packaging(one.module)
        for name in one.names:
            assert hasattr(module, name.name), (one.module, name.name)
    assert {"licences", "llama", "macos.info"} <= {one.module for one in found}
    assert "upx=False" in text
    assert "strip=False" in text
    assert "from llama import" in text
    assert not (PACKAGING / "__init__.py").exists()


def test_llama_is_built_for_every_processor(packaging) -> None:
    llama = packaging("llama")
    assert version("llama-cpp-python") in llama.SOURCE_SHA256
    chosen = llama.options()
    assert chosen["GGML_NATIVE"] == "OFF"
    if sys.platform == "linux":
        assert chosen["GGML_CPU_ALL_VARIANTS"] == chosen["GGML_BACKEND_DL"] == "ON"
        assert chosen["CMAKE_INSTALL_RPATH"] == "$ORIGIN"
    vulkan = llama.options(vulkan=True)
    assert vulkan == {**chosen, "GGML_VULKAN": "ON"}
    # Another release or option never finds what was built for this one.
    names = {llama.key("0.3.36", chosen), llama.key("0.3.37", chosen), llama.key("0.3.36", vulkan)}
    assert len(names) == 3
    assert llama.key("0.3.36", dict(reversed(chosen.items()))) in names


def test_macos_finds_each_library_by_one_name_and_runs_on_the_version_it_promises(
    packaging, monkeypatch
) -> None:
    llama = packaging("llama")
    monkeypatch.syspath_prepend(PACKAGING / "macos")
    info = importlib.import_module("info")
    here = llama.options()
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(sys, "platform", "darwin")
        chosen = llama.options()
    assert chosen["CMAKE_PLATFORM_NO_VERSIONED_SONAME"] == "ON"
    assert here["CMAKE_PLATFORM_NO_VERSIONED_SONAME"] == "ON"
    assert chosen["CMAKE_OSX_DEPLOYMENT_TARGET"] == info.INFO["LSMinimumSystemVersion"]


def test_a_build_without_the_library_that_is_loaded_has_failed(packaging, tmp_path) -> None:
    llama = packaging("llama")
    work = tmp_path / "work" / "bin"
    work.mkdir(parents=True)
    name = f"{'' if sys.platform == 'win32' else 'lib'}llama{llama.SUFFIX}"
    (work / f"libggml{llama.SUFFIX}").write_bytes(b"other")
    (work / f"{name}.0").write_bytes(b"versioned")
    (work / name).symlink_to(f"{name}.0")  # as CMake does where a library has versions
    with pytest.raises(llama.BuildFailed, match=f"left no {name}"):
        llama._collect(tmp_path, "llama")
    (work / name).unlink()
    (work / name).write_bytes(b"library")
    llama._collect(tmp_path, "llama")
    assert (tmp_path / "lib" / name).read_bytes() == b"library"
    assert not (tmp_path / "work").exists()


def test_sources_of_an_unknown_sum_are_refused(packaging, tmp_path, monkeypatch) -> None:
    llama = packaging("llama")
    monkeypatch.setattr(llama, "CACHE", tmp_path)
    monkeypatch.setattr(llama.subprocess, "run", _fetching(b"somebody else's"))
    with pytest.raises(llama.BuildFailed, match="which is unknown"):
        llama._source("0.3.36")
    assert not list(tmp_path.rglob("done"))


def _fetching(content: bytes) -> object:
    def run(command: list[str], **_: object) -> object:
        target = Path(command[command.index("--dest") + 1]) / "llama_cpp_python-0.3.36.tar.gz"
        target.write_bytes(content)
        return type("Done", (), {"returncode": 0})

    return run


@pytest.mark.parametrize(
    ("line", "is_missing"),
    [
        ("WARNING: Library not found: could not resolve 'libxcb-cursor.so.0', dependency of", True),
        ("WARNING: Library not found: could not resolve 'libgtk-3.so.0', dependency of", False),
        ("WARNING: Library user32 required via ctypes not found", False),
        ("WARNING: Hidden import 'x' not found!", False),
    ],
)
def test_a_library_that_the_app_will_miss_fails_the_build(packaging, line, is_missing) -> None:
    assert packaging("build").is_missing_library(line) is is_missing


@pytest.fixture
def app(tmp_path) -> Path:
    folder = tmp_path / "app"
    (folder / "lib").mkdir(parents=True)
    (folder / "alcove").write_bytes(b"\x7fELF" + bytes(5000))
    (folder / "alcove").chmod(0o750)
    (folder / "lib" / "b.so").write_bytes(bytes(range(256)) * 100)
    (folder / "lib" / "a.so").write_text("a")
    return folder


def test_the_same_app_makes_the_same_archive(packaging, app, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    archive = packaging("archive")
    entries = list(archive._entries(app))
    first = archive.write_tar(tmp_path / "first.tar.xz", entries)
    (app / "lib" / "a.so").touch()
    (app / "lib" / "a.so").chmod(0o600)
    second = archive.write_tar(tmp_path / "second.tar.xz", entries[::-1])
    assert first.read_bytes() == second.read_bytes()
    assert not list(tmp_path.glob("*.part"))
    with tarfile.open(first) as unpacked:
        members = unpacked.getmembers()
        assert [one.name for one in members] == [
            "Alcove/alcove",
            "Alcove/lib/a.so",
            "Alcove/lib/b.so",
        ]
        assert [oct(one.mode) for one in members] == ["0o755", "0o644", "0o644"]
        assert {(one.uid, one.uname, one.mtime) for one in members} == {(0, "", 1700000000)}
        assert unpacked.extractfile(members[2]).read() == bytes(range(256)) * 100


def test_the_same_app_makes_the_same_zip(packaging, app, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    archive = packaging("archive")
    entries = list(archive._entries(app))
    first = archive.write_zip(tmp_path / "first.zip", entries)
    second = archive.write_zip(tmp_path / "second.zip", entries[::-1])
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as unpacked:
        assert unpacked.namelist() == ["Alcove/alcove", "Alcove/lib/a.so", "Alcove/lib/b.so"]
        assert unpacked.testzip() is None


def test_archives_are_named_after_version_and_system(packaging) -> None:
    import assistant

    archive = packaging("archive")
    assert archive.archive_name().startswith(f"Alcove-{assistant.__version__}-")
    assert archive.archive_name(suffix="-nomodel").endswith("-nomodel")


@pytest.mark.skipif(sys.platform == "win32", reason="a zip there")
def test_the_part_for_gpus_brings_its_release_its_licence_and_where_to_put_it(
    packaging, tmp_path, monkeypatch
) -> None:
    import assistant
    from assistant.engine import gpu_part

    archive = packaging("archive")
    monkeypatch.setattr(archive, "DIST", tmp_path / "dist")
    (tmp_path / "built").mkdir()
    (tmp_path / "built" / "libggml-vulkan.so").write_bytes(b"\x7fELF")
    with tarfile.open(archive.pack_gpu_part(tmp_path / "built")) as packed:
        packed.extractall(tmp_path, filter="data")
    part = tmp_path / "Alcove" / "lib" / "llama_cpp" / "lib" / "gpu"
    assert (part / "libggml-vulkan.so").read_bytes() == b"\x7fELF"
    assert gpu_part.release(part) == assistant.__version__
    assert "MIT License" in (part / "LICENSE.txt").read_text()
    told = (tmp_path / "Alcove" / "GPU.txt").read_text()
    assert "/opt/alcove" in told
    assert "AppImage" in told


def test_windows_programs_are_tried_with_what_they_do_not_start_without(
    packaging, tmp_path, monkeypatch
) -> None:
    frozen_app = packaging("frozen_app")
    assert frozen_app.bare_environment(tmp_path, MORE="1")["MORE"] == "1"
    for name, value in (("SYSTEMROOT", r"C:\Windows"), ("USERNAME", "person"), ("PYTHONPATH", "x")):
        monkeypatch.setenv(name, value)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(sys, "platform", "win32")
        bare = frozen_app.bare_environment(tmp_path)
    assert bare["SYSTEMROOT"] == r"C:\Windows"
    assert bare["PATH"] == r"C:\Windows\System32"
    assert bare["USERNAME"] == "person"
    homes = ("ALCOVE_HOME", "LOCALAPPDATA", "TEMP", "USERPROFILE")
    assert {bare[name] for name in homes} == {str(tmp_path)}
    assert "PYTHONPATH" not in bare


def test_says_what_is_missing_where_nothing_was_built(packaging, tmp_path, monkeypatch) -> None:
    archive = packaging("archive")
    monkeypatch.setattr(archive, "APP", tmp_path / "alcove")
    with pytest.raises(archive.NotBuilt, match="not there: run"):
        archive.pack_app()


def test_sums_are_those_of_this_versions_downloads(packaging, tmp_path) -> None:
    expected = {"Alcove-1.2.0-linux-x86_64.tar.xz": b"a", "alcove_1.2.0_amd64.deb": b"b"}
    others = ("Alcove-1.2.0-x.part", "Alcove-1.1.9-linux-x86_64.tar.xz", "alcove_1.2.0.1_amd64.deb")
    for name, content in {**expected, **dict.fromkeys(others, b"c")}.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "alcove").mkdir()
    packaging("sums").write_sums(tmp_path, "1.2.0")
    packaging("sums").write_sums(tmp_path, "1.2.0")  # its own name is not among them
    told = (tmp_path / "SHA256SUMS").read_text()
    assert told == "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in expected.items()
    )


def test_a_release_with_a_download_missing_is_none(
    packaging, tmp_path, monkeypatch, capsys
) -> None:
    sums = packaging("sums")
    monkeypatch.setattr(sums, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["sums.py", "--release"])
    (tmp_path / "dist").mkdir()
    for name in sums.release_names():
        (tmp_path / "dist" / name).touch()
    assert sums.main() == 0
    assert len(capsys.readouterr().out.splitlines()) == len(sums.release_names())
    if platform.machine() == "x86_64":
        assert f"{packaging('archive').archive_name()}.cdx.json" in sums.release_names()
    next((tmp_path / "dist").glob("*.AppImage")).unlink()
    assert sums.main() == 1
    assert ".AppImage" in capsys.readouterr().err


def test_the_starter_models_record_is_whole() -> None:
    record = json.loads((PACKAGING.parent / "resources" / "models" / "starter.json").read_text())
    assert {"file", "sha256", "size_bytes", "wheel", "member"} <= record.keys()


def test_a_processor_that_is_too_old_is_told_apart(packaging, tmp_path) -> None:
    launch = packaging("launch")
    told = tmp_path / "cpuinfo"
    told.write_text("processor\t: 0\nflags\t\t: fpu sse4_2 popcnt avx\n")
    assert launch.missing_features(told) == []
    told.write_text("processor\t: 0\nflags\t\t: fpu ssse3\n")
    assert launch.missing_features(told) == ["popcnt", "sse4_2"]
    told.write_text("Processor\t: AArch64\nFeatures\t: fp asimd\n")
    assert launch.missing_features(told) == []
    assert launch.missing_features(tmp_path / "missing") == []


@pytest.mark.skipif(sys.platform == "win32", reason="a script stands for the desktop's program")
def test_a_double_click_on_an_old_processor_shows_a_sentence(
    packaging, tmp_path, monkeypatch
) -> None:
    launch = packaging("launch")
    shown = tmp_path / "shown"
    for name, status in (("zenity", 1), ("xmessage", 0)):  # one that cannot, and the next
        program = tmp_path / name
        program.write_text(
            f'#!/bin/sh\nprintf "{name} $LD_LIBRARY_PATH: " >>{shown}\n'
            f'for last; do :; done\nprintf "%s\\n" "$last" >>{shown}\nexit {status}\n'
        )
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/ours")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/theirs")
    monkeypatch.setattr(launch, "missing_features", lambda: ["popcnt", "sse4_2"])
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    assert launch.main() == 1
    assert not shown.exists()  # nobody to show it to
    monkeypatch.setenv("DISPLAY", ":9")
    assert launch.main() == 1
    lines = shown.read_text().splitlines()
    assert [line.partition(":")[0] for line in lines] == ["zenity /theirs", "xmessage /theirs"]
    assert "lacks popcnt and sse4_2. Processors made since about 2009" in lines[1]


@pytest.mark.skipif(sys.platform != "linux", reason="ICU comes with Qt on Linux only")
def test_icus_data_loses_what_qt_never_asks_for_and_nothing_else(packaging) -> None:
    import PySide6

    slimming = packaging("slimming")
    (path,) = (Path(PySide6.__file__).parent / "Qt" / "lib").glob("libicudata.so.*")
    library = path.read_bytes()
    package = slimming._Package(library)
    assert package.symbol.encode() + b"\0" in library
    whole = package.without(lambda _: False)
    assert whole in library  # written again letter by letter: the format is understood
    slim = package.without(slimming._is_unasked)
    assert len(slim) < 0.55 * len(whole)
    kept = dict(slimming._Package(_as_library(slim)).items)
    names = {name for name, _ in package.items}
    assert {name for name in names if "/coll/" in name or name.count("/") == 1} <= kept.keys()
    assert all(kept[name] == content for name, content in package.items if name in kept)
    assert "icudt73l/lang/de.res" not in kept


def test_what_this_machine_cannot_try_fails_unless_it_may_be_skipped(
    packaging, monkeypatch
) -> None:
    not_tried = packaging("not_tried").not_tried
    monkeypatch.delenv("ALCOVE_MAY_SKIP", raising=False)
    with pytest.raises(pytest.fail.Exception, match=r"no Wine.*ALCOVE_MAY_SKIP=1"):
        not_tried("no Wine")
    monkeypatch.setenv("ALCOVE_MAY_SKIP", "1")
    with pytest.raises(pytest.skip.Exception, match="no Wine"):
        not_tried("no Wine")


def _as_library(data: bytes) -> bytes:
    """Return `data` with an ELF header and one section that holds it."""
    place = 0x80
    table = place + len(data)
    head = bytearray(place)
    head[0x28:0x30] = table.to_bytes(8, "little")
    head[0x3A:0x3E] = (0x40).to_bytes(2, "little") + (1).to_bytes(2, "little")
    section = bytearray(0x40)
    section[0x18:0x28] = place.to_bytes(8, "little") + len(data).to_bytes(8, "little")
    return bytes(head) + data + bytes(section)
