"""Pictures of what lies around the pages: the palette, the keys, quick ask and its settings."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from assistant.ui.settings.settings_page import SettingsPage

if TYPE_CHECKING:
    from tests.ui.screenshots import Photographer

NARROW = (720, 480)
TITLES = (
    "Lease questions",
    "Trip to Kyoto",
    "How to keep a sourdough starter alive",
    "أسئلة عن عقد الإيجار",
    "Python: reading CSV files",
    "A letter to the landlord about the rent",
)
TEXT = "The period of notice is three months to the end of a quarter, says the lease."


def photograph_around(camera: "Photographer") -> None:
    """Found at once, by letters, by words, nothing found; keys; a quick question; narrow."""
    alcove = camera.alcove
    made = [alcove.conversations.create(title) for title in TITLES]
    alcove.conversations.add_message(made[1], "user", TEXT)
    alcove.window.show_page("chat")
    alcove.chat_page.refresh_list()
    camera.rest(0.5)
    _photograph_palette(camera)
    alcove.around.toggle_sheet()
    camera.take("keys")
    with camera.size(*NARROW):
        camera.take("keys-narrow")
    alcove.around.toggle_sheet()
    alcove.window.show_page("settings")
    page = alcove.window.page("settings")
    assert isinstance(page, SettingsPage)
    page.show_part("quick")
    camera.take("settings-quick")
    _photograph_quick_ask(camera)
    for one in made:
        alcove.conversations.remove(one)


def _photograph_palette(camera: "Photographer") -> None:
    around = camera.alcove.around
    around.toggle_palette()
    palette = around.palette
    camera.wait(lambda: not palette.is_looking)
    camera.take("palette")
    for name, typed in (
        ("palette-letters", "le"),
        ("palette-initials", "sumfol"),
        ("palette-words", "period of notice"),
        ("palette-nothing", "zzyzx"),
    ):
        palette.field.setText(typed)
        camera.wait(lambda: not palette.is_looking)
        camera.take(name)
    palette.field.setText("le")
    with camera.size(*NARROW):
        camera.take("palette-narrow")
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)


def _photograph_quick_ask(camera: "Photographer") -> None:
    presence = camera.alcove.presence
    presence.show_quick()
    quick = presence.quick
    camera.take("quick-empty", quick)
    quick.ask("How do I keep a sourdough starter alive? Answer in three short steps.")
    camera.wait(lambda: quick.live_reply is None or len(quick.live_reply.text) > 60)
    camera.take("quick-streaming", quick)
    camera.wait(lambda: quick.live_reply is None)
    camera.take("quick-done", quick)
    quick.resize(quick.minimumWidth(), quick.height())
    camera.take("quick-narrow", quick)
    quick.ask("What does this contract say about the deposit?")
    camera.wait(lambda: quick.live_reply is None)
    camera.take("quick-document", quick)
    quick.begin_anew()
    quick.close()
