"""Pictures of what Settings say of chats, and of a locked window."""

import json
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from assistant import paths
from assistant.conversations import locking
from assistant.ui.settings.settings_page import SettingsPage
from tests.conversations.porting import exports

if TYPE_CHECKING:
    from tests.ui.screenshots import Photographer


def photograph_kept(camera: "Photographer") -> None:
    """An import with what was left out, the question before a restore, the lock."""
    alcove = camera.alcove
    alcove.window.show_page("settings")
    page = alcove.window.page("settings")
    assert isinstance(page, SettingsPage)
    card = page.chats_card
    assert card is not None
    path = paths.folders().cache / "conversations.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([exports.chatgpt_conversation(), {"mapping": {}}]))
    page.import_chats([path])
    camera.wait(lambda: bool(card.porting.activity.lines))
    path.unlink()
    _show(page, card.porting)
    camera.take("settings-import")
    card.backup.offer(path.with_name("alcove-2026-11-23.backup"))
    _show(page, card.backup)
    camera.take("settings-restore")
    card.backup.keep_button.click()
    card.lock.set_button.click()
    _show(page, card.lock)
    camera.take("settings-lock")
    card.lock.cancel_button.click()
    alcove.settings.change(lock_hash=locking.hashed("password"))
    alcove.app_lock.lock()
    camera.take("locked")
    alcove.app_lock.screen.forgot.click()
    camera.take("locked-forgotten")
    alcove.app_lock.unlock()
    alcove.settings.change(lock_hash="")


def _show(page: SettingsPage, part: QWidget) -> None:
    from tests.ui.screenshots import scroll_to

    scroll_to(part)
