"""The line at the window's foot says what the engine did without being asked."""

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from assistant.engine import fitting, loading
from assistant.engine.fitting import need_of
from assistant.engine.protocol import KvType, LoadSettings
from assistant.gguf import read_header
from assistant.ui.app import Alcove

COMPACT = LoadSettings(kv_type=KvType.Q8_0, flash_attention=True)


@pytest.fixture
def never() -> threading.Event:
    return threading.Event()


@pytest.fixture
def quick(alcove: Alcove) -> Iterator[Alcove]:
    """The app, whose model rests as soon as nobody needs it."""
    alcove.engine.idle_s = 0.3
    yield alcove
    alcove.engine.idle_s = 0


def test_says_what_a_model_was_loaded_without(
    alcove: Alcove, starter_model, never, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = need_of(read_header(starter_model), COMPACT, 4096).total_bytes
    monkeypatch.setattr(fitting, "free_memory_bytes", lambda: free)
    monkeypatch.setattr(loading, "private_bytes", lambda pid: 0)
    bar = alcove.window.status_bar
    for wished, short, sentence in (
        (4096, "8-bit memory", "8 bits instead of 16"),
        (8192, "context of", "tokens instead of 8192"),
    ):
        alcove.engine.choose(starter_model, LoadSettings(context_tokens=wished))
        list(alcove.engine.load(cancel=never))
        bar.refresh()
        assert short in bar.facts.text()
        assert sentence in bar.facts.toolTip()
        assert bar.facts.accessibleDescription() == bar.facts.toolTip()
    monkeypatch.undo()
    alcove.engine.choose(starter_model, LoadSettings(context_tokens=1024))
    list(alcove.engine.load(cancel=never))
    bar.refresh()
    assert bar.facts.toolTip() == ""


def test_says_that_a_model_rests(qtbot: QtBot, quick: Alcove, never) -> None:
    list(quick.engine.load(cancel=never))
    bar = quick.window.status_bar
    qtbot.waitUntil(lambda: "comes back by itself" in bar.facts.text(), timeout=10_000)
    assert "GB" not in bar.facts.text()
