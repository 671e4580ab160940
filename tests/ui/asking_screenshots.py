"""Pictures of documents in a chat, of the places behind answers, and of the library."""

import shutil
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QApplication

from assistant import paths
from assistant.ui.asking.wanted_view import WantedView
from assistant.ui.chat.chat_page import ChatPage
from assistant.ui.markdown.prose import ProseView

if TYPE_CHECKING:
    from tests.ui.screenshots import Photographer

NARROW = (720, 480)


def photograph_asking(camera: "Photographer") -> None:
    """Attaching, an answer with a page beside it, silence, the whole, a missing document."""
    camera.alcove.window.show_page("chat")
    page = camera.alcove.chat_page
    page.new_chat()
    _photograph_strip(camera, page)
    _ask(camera, page, "Who is eligible to the Office of President, and at which age?")
    camera.take("asking-answer")
    reply = page.transcript.replies()[-1]
    part = next(part for part in reply.content.parts if isinstance(part, ProseView))
    part.anchorClicked.emit(QUrl("place:0:0"))
    camera.rest(1.5)
    camera.take("asking-page")
    reply.evidence.passages_button.click()
    page.transcript.list.go_to_end()
    camera.take("asking-passages")
    with camera.size(*NARROW):
        camera.take("asking-narrow-page")
        page.asking._beside.close_pages()
        camera.take("asking-narrow")
    _ask(camera, page, "What is the boiling point of mercury?")
    camera.take("asking-silence")
    _ask(camera, page, "Summarise it")
    page.transcript.list.go_to_end()
    camera.take("asking-whole")
    page.new_chat()
    page.asking.attachments.clear()
    page.send("When does this contract end?")
    camera.wait(lambda: page.findChildren(WantedView))
    camera.take("asking-wanted")
    with camera.size(*NARROW):
        camera.take("asking-wanted-narrow")


def _photograph_strip(camera: "Photographer", page: ChatPage) -> None:
    from tests.ui.screenshots import FILES

    sample = paths.resource("samples/sample.pdf")
    folder = camera.out / "Contracts of 2026"
    folder.mkdir(exist_ok=True)
    damaged = folder / "Lease 2026.pdf"
    damaged.write_bytes(b"%PDF-1.7\n" + b"\x00rubbish" * 99)
    page.attach([sample])
    camera.take("asking-reading")
    camera.wait(lambda: not page.asking.is_reading)
    page.composer.set_text("Who is eligible to the Office of President?")
    camera.take("asking-attached")
    page.composer.set_text("")
    page.attach([FILES / "password.pdf", damaged])
    camera.wait(lambda: not page.asking.is_reading)
    camera.take("asking-password")
    files = page.asking.attachments.files
    page.asking.attachments.remove(files[1])
    camera.take("asking-damaged")
    page.asking.attachments.remove(files[2])
    for number in range(9):
        shutil.copy(FILES / "report.md", folder / f"Report number {number}.md")
    damaged.unlink()
    page.attach([folder])
    camera.wait(lambda: not page.asking.is_reading and len(page.asking.attachments.files) > 5)
    camera.take("asking-many")
    page.asking.strip.more_button.click()
    camera.take("asking-all")
    with camera.size(*NARROW):
        camera.take("asking-all-narrow")
    page.asking.strip.more_button.click()
    for file in page.asking.attachments.files[1:]:
        page.asking.attachments.remove(file)
    page.asking.choose_stored()
    camera.take("asking-choose")
    chooser = page.asking._chooser
    chooser.close_panel()
    shutil.rmtree(folder)


def photograph_library(camera: "Photographer") -> None:
    """Words found in the texts, a document with chats, a removal."""
    camera.alcove.window.show_page("documents")
    page = camera.alcove.documents_page
    page.open_sample()
    camera.done()
    camera.take("library-chats")
    page.list.search.setText("visitors")
    camera.wait(lambda: any(row.pieces for row in page.list.model._rows) or _is_over(camera))
    camera.take("library-search")
    with camera.size(*NARROW):
        camera.take("library-narrow")
        camera.alcove.window.workspace.toggle_list()
        camera.take("library-narrow-list")
        camera.alcove.window.workspace.close_list()
    page.list.search.clear()
    page._remove_shown()
    camera.take("library-removed")
    page.undo_bar.undo()


def _is_over(camera: "Photographer") -> bool:
    camera.rest(2)
    return True


def _ask(camera: "Photographer", page: ChatPage, question: str) -> None:
    count = len(page.transcript.replies())
    page.send(question)
    QApplication.processEvents()
    camera.wait(lambda: page.live_reply is None and len(page.transcript.replies()) > count)
    camera.rest(0.5)
