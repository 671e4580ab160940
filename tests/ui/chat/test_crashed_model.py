"""A model that crashed last time, in the chat."""

import pytest

from assistant.engine.client import Engine
from assistant.engine.crashes import CrashRecord
from assistant.errors import CrashedLastTime, DeathCause
from assistant.ui.errors_view import ErrorView
from tests.ui.chat.conftest import Desk
from tests.ui.chat.test_chat_page import last_reply, press

pytestmark = pytest.mark.shared_process


def test_it_is_tried_once_more_on_purpose(
    desk: Desk, engine: Engine, monkeypatch, starter_model
) -> None:
    record = CrashRecord(None)
    record.add(starter_model, DeathCause.CRASHED)
    monkeypatch.setattr(engine, "_crashes", record)
    desk.page.send("Hello")
    desk.wait_for_reply()
    (error,) = last_reply(desk).findChildren(ErrorView)
    assert isinstance(error.error, CrashedLastTime)
    assert "once more" in error.accessibleName()
    press(last_reply(desk), "Try it once more")
    desk.wait_for_words(1)
    desk.page.stop()
    desk.wait_for_reply()
    assert not last_reply(desk).has_failed
