"""What Alcove is made of: read from a build's list, or from what is installed; never trusted."""

import sys
from pathlib import Path

import msgspec
import pytest

from assistant import parts

ROOT = Path(__file__).resolve().parent.parent


def package(folder: Path, name: str, metadata: str, files: dict[str, str] | None = None) -> None:
    """Install a package by hand: its metadata, and `files` beside it."""
    info = folder / f"{name}-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\n{metadata}", encoding="utf-8"
    )
    listed = [f"{info.name}/METADATA,,"]
    for file, content in (files or {}).items():
        listed.append(f"{file},,")
        place = (folder / file).resolve()
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(content)
    (info / "RECORD").write_text("\n".join(listed))


@pytest.fixture
def site(tmp_path, monkeypatch) -> Path:
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def named(found: tuple[parts.Part, ...], name: str) -> parts.Part:
    return next(part for part in found if part.name == name)


def test_every_part_of_a_checkout_has_a_licence_and_its_text() -> None:
    found = parts.installed_parts()
    names = {part.name for part in found}
    assert {"Python", "Qt", "llama.cpp and ggml", "Lucide icons", "numpy", "jeepney"} <= names
    assert "alcove" not in names
    assert not {"pytest", "ruff", "mypy", "pyinstaller"} & names  # tools are not shipped
    for part in found:
        assert part.licence, part
        assert part.texts, part
        assert all(parts.read_text(text).strip() for text in part.texts), part


def test_qt_comes_with_the_text_of_the_lgpl() -> None:
    for name in ("Qt", "PySide6_Essentials", "shiboken6"):
        part = named(parts.installed_parts(), name)
        assert "LGPL-3.0" in part.licence
        assert "GNU LESSER GENERAL PUBLIC LICENSE" in "".join(map(parts.read_text, part.texts))


@pytest.mark.parametrize(
    ("library", "licence"),
    [
        ("lib/python3.11", "lib/python3.11/LICENSE.txt"),
        ("lib/python3.11", "LICENSE.txt"),
        ("Python/Lib", "Python/LICENSE.txt"),  # Windows
    ],
)
def test_pythons_licence_is_found_where_each_system_has_it(
    tmp_path, monkeypatch, library, licence
) -> None:
    (tmp_path / library).mkdir(parents=True)
    (tmp_path / licence).write_text("PSF", encoding="utf-8")
    monkeypatch.setattr(parts.sysconfig, "get_path", lambda _: str(tmp_path / library))
    assert named(tuple(parts._built_in()), "Python").texts == (str(tmp_path / licence),)


def test_nothing_that_is_shipped_is_under_the_gpl_alone() -> None:
    for part in parts.installed_parts():
        if "GPL" in part.licence:
            assert "LGPL" in part.licence, part


def test_needs_of_needs_are_found_and_extras_only_on_wish(site) -> None:
    package(
        site,
        "alpha",
        "Version: 1\nRequires-Dist: be.ta[more] (>=1); python_version > '2'\n"
        "Requires-Dist: delta; extra == 'wish'\nRequires-Dist: absent\n",
    )
    package(site, "be_ta", "Version: 2\nRequires-Dist: gamma; extra == 'more'\n")
    package(site, "gamma", "Version: 3\nRequires-Dist: alpha\n")
    package(site, "delta", "Version: 4\n")
    mine = {"alpha", "be_ta", "gamma", "delta"}
    assert {p.name for p in parts.installed_parts("alpha")} & mine == {"be_ta", "gamma"}
    wished = parts.installed_parts("alpha", extras=["wish"])
    assert {p.name for p in wished} & mine == {"be_ta", "gamma", "delta"}


def test_hostile_metadata_is_made_plain(site) -> None:
    secret = site.parent / "LICENSE-secret"
    package(
        site,
        "root",
        "Version: 1\nRequires-Dist: evil\nRequires-Dist: !!!\nRequires-Dist: torn\n"
        "Requires-Dist: naked\n",
    )
    package(
        site,
        "evil",
        "Version: 1\u202e\x07\nLicense: <b>MIT</b>" + "x" * 9999 + "\n"
        "Home-page: file:///etc/passwd\nProject-URL: nonsense\n",
        {
            "evil-1.dist-info/LICENSE": "mine",
            "../LICENSE-secret": "not mine",
            "evil-1.dist-info/../../LICENSE-secret": "not mine",
            "elsewhere/LICENSE": "not beside the metadata",
        },
    )
    (site / "torn-1.dist-info").mkdir()
    (site / "torn-1.dist-info" / "METADATA").write_bytes(b"\xff\xfe\x00Name")
    package(site, "naked", "")
    assert secret.is_file()
    evil = named(parts.installed_parts("root"), "evil")
    assert evil.version == "1"
    assert evil.licence.startswith("<b>MIT</b>")
    assert len(evil.licence) <= 120
    assert evil.homepage == ""
    assert [Path(text).name for text in evil.texts] == ["LICENSE"]
    assert parts.read_text(evil.texts[0]) == "mine"


def test_a_builds_list_is_read_and_comes_first(tmp_path, monkeypatch) -> None:
    written = parts.Part(name="Thing", version="1", licence="MIT", texts=("thing/LICENSE",))
    folder = tmp_path / "resources" / "licences"
    (folder / "thing").mkdir(parents=True)
    (folder / "thing" / "LICENSE").write_text("Do as you like.")
    (folder / "parts.json").write_bytes(msgspec.json.encode((written,)))
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert parts.parts() == (written,)
    assert parts.read_text("thing/LICENSE") == "Do as you like."
    assert parts.read_text("thing/MISSING") == ""


@pytest.mark.parametrize("content", [b"", b"{", b'{"name": 1}', b"\xff", b'[{"name": 1}]'])
def test_a_broken_list_counts_as_none(tmp_path, monkeypatch, content) -> None:
    folder = tmp_path / "resources" / "licences"
    folder.mkdir(parents=True)
    (folder / "parts.json").write_bytes(content)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert parts.bundled_parts() == ()
    assert parts.parts() == parts.installed_parts()
