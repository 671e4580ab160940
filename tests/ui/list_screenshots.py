"""Pictures of the list of conversations: folders, search, a drag, deletions, the archive."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from assistant.storage.folders import FolderStore
from assistant.storage.recaps import RecapStore
from assistant.ui.chat.chat_page import ChatPage

if TYPE_CHECKING:
    from tests.ui.screenshots import Photographer

NARROW = (720, 480)
LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
QUESTION = "May the tenant terminate the lease before its end?"
ANSWER = (
    "Yes: with **three months' notice** in writing. The rent is due until the lease ends, and the"
    " deposit of three rents is returned within 30 days."
)
THOUGHTS = "The statutory notice is meant, or what the contract says? I give the contract's."
RECAP = "The user asked what the statutory notice of a flat is; three months was the answer."
MODEL = "SmolLM2 135M Instruct"
TITLES = (
    "Lease questions",
    "Trip to Kyoto in the second week of November",
    "عقد الإيجار الجديد",
    "Read a CSV file with Python",
    "A poem for a birthday",
    "Sourdough starter",
    "Tax return 2025",
    "What is a monad?",
    "京都の旅行",
)


def photograph_list(camera: "Photographer") -> None:
    """All of it, in the usual and in the smallest window."""
    camera.alcove.window.show_page("chat")
    page = camera.alcove.chat_page
    ids, folder = _fill(camera)
    page.refresh_list()
    sidebar, view = page.sidebar, page.sidebar.view
    sidebar.open_folder(folder)
    page.open_conversation(ids[0])
    view.setFocus()
    camera.take("list")
    _drag(camera, page, ids[4], folder)
    sidebar.commands.delete_wanted.emit([ids[1]])
    camera.take("list-undo")
    sidebar.undo_bar.undo()
    _photograph_search(camera, page)
    sidebar.archive_button.click()
    camera.take("list-archive")
    sidebar.show_archive(False)
    page.open_temporary()
    camera.take("list-temporary")
    page.close_temporary()
    with camera.size(*NARROW):
        camera.alcove.window.workspace.toggle_list()
        camera.take("list-narrow")
        sidebar.commands.erase_asked.emit([ids[5]])
        camera.take("list-narrow-question")
        sidebar.question.keep()
        camera.alcove.window.workspace.close_list()


def _fill(camera: "Photographer") -> tuple[list[int], int]:
    """Write conversations, and return them with the folder that is to be open."""
    store, folders = camera.alcove.conversations, FolderStore(camera.alcove.database)
    for left in folders.list():  # by the variant before
        folders.remove(left.id)
    ids = []
    for age, title in enumerate(TITLES):
        ids.append(store.create(title))
        store.add_message(ids[-1], "user", QUESTION)
        thoughts = THOUGHTS if age == 0 else ""
        reply = store.add_message(ids[-1], "assistant", ANSWER, thinking=thoughts, model_name=MODEL)
        if age == 1 and reply is not None:
            RecapStore(camera.alcove.database).put(ids[-1], reply, RECAP)
        changed = int((datetime.now(UTC) - timedelta(days=age**2)).timestamp() * 1_000_000)
        camera.alcove.database.write(
            lambda c, values=(changed, ids[-1]): c.execute(
                "UPDATE conversations SET updated_at = ? WHERE id = ?", values
            )
        ).result()
    flat, work = folders.create("Flat"), folders.create("Work")
    for place, folder in ((0, flat), (2, flat), (3, work)):
        store.move(ids[place], folder)
    store.pin(ids[5], True)
    store.archive(ids[7], True)
    return ids, flat


def _drag(camera: "Photographer", page: ChatPage, conversation: int, folder: int) -> None:
    view, model = page.sidebar.view, page.sidebar.model
    start = view.visualRect(model.index_of(conversation)).center()
    end = view.visualRect(model.index_of_key(("folder", folder))).center()
    QTest.mousePress(view.viewport(), LEFT, PLAIN, start)
    QTest.mouseMove(view.viewport(), start - QPoint(0, 20))
    QTest.mouseMove(view.viewport(), end)
    camera.take("list-drag")
    QTest.mouseRelease(view.viewport(), LEFT, PLAIN, end)


def _photograph_search(camera: "Photographer", page: ChatPage) -> None:
    search = page.sidebar.search
    page.sidebar.focus_search()
    for words, name in (
        ("rent lea", "list-found"),
        ("statut", "list-found-thoughts"),
        ("zebra", "list-nothing"),
    ):
        shown: list[bool] = []
        page.sidebar.results.shown.connect(lambda told=shown: told.append(True))
        search.setText(words)
        camera.wait(lambda told=shown: bool(told))
        camera.take(name)
    search.clear()
