"""Settings survive a version that does not know all of them."""

import json
from pathlib import Path

import pytest

from assistant.errors import DamagedData
from assistant.settings import Settings, SettingsFile, Theme


def test_what_a_newer_version_wrote_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    newer = {"theme": "sepia", "threads": 3, "from_the_future": {"a": [1]}, "chats_kept": "ever"}
    path.write_text(json.dumps(newer))
    settings = SettingsFile(path)
    assert settings.value == Settings(threads=3, chats_kept="ever")
    settings.change(idle_minutes=5)
    written = json.loads(path.read_text())
    assert newer.items() <= written.items()
    assert written["idle_minutes"] == 5
    settings.change(theme=Theme.DARK)  # the person's own choice counts
    assert json.loads(path.read_text())["theme"] == "dark"
    assert SettingsFile(path).value == Settings(
        threads=3, chats_kept="ever", idle_minutes=5, theme=Theme.DARK
    )
    settings.forget()
    path.unlink()
    settings.change(threads=1)
    assert "from_the_future" not in json.loads(path.read_text())


def test_what_another_process_chose_meanwhile_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    window, command = SettingsFile(path), SettingsFile(path)
    window.change(threads=2)
    command.change(model="better", threads=3)
    chosen = Settings(model="better", threads=3, theme=Theme.DARK)
    assert window.change(theme=Theme.DARK) == window.value == chosen
    assert SettingsFile(path).value == chosen
    path.write_bytes(b"\x00 not json")
    assert window.change(threads=1) == SettingsFile(path).value
    assert window.value.model == "better"


@pytest.mark.parametrize("rubbish", [b"", b"\x00not json", b"[]", b'"text"', b"\xff\xfe"])
def test_what_is_no_settings_is_moved_aside(tmp_path: Path, rubbish: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(rubbish)
    settings = SettingsFile(path)
    with pytest.raises(DamagedData) as caught:
        settings.value  # noqa: B018
    assert caught.value.kept_as is not None
    assert caught.value.kept_as.read_bytes() == rubbish
    assert settings.value == Settings()
