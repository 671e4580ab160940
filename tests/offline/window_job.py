"""The whole job in the real window: a document, its Quick summary, a chat. Prints "done".

Run by tests/test_offline.py in a process of its own, with a document's path as its argument.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from assistant import paths
from assistant.documents.document import Document
from assistant.engine.protocol import Role
from assistant.storage.conversations import MessageRecord
from assistant.summaries.summary import Mode
from assistant.ui.app import Alcove


def wait(app: QApplication, ready: Callable[[], bool], what: str, timeout_s: float = 250) -> None:
    """Run the event loop until `ready()`; a TimeoutError names `what`.

    Between events it sleeps: a loop that only asked would take a core from the model.
    """
    begun = time.monotonic()
    waking = QTimer(interval=50)
    waking.start()
    while not ready():
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if time.monotonic() - begun > timeout_s:
            raise TimeoutError(what)


def summarize(app: QApplication, alcove: Alcove, path: Path) -> Document:
    """Open the document, wait for its key points, then for the model's first sentence."""
    alcove.open_files([path])
    page = alcove.documents_page
    wait(app, lambda: bool(page.session and not page.session.is_working), "key points")
    assert page.session
    assert page.session.summary
    assert page.session.summary.key_points
    page.view.options.mode_actions[Mode.QUICK].trigger()
    session = page.session
    wait(
        app,
        lambda: bool(
            session.error
            or (session.summary and session.summary.mode is Mode.QUICK and not session.is_working)
        ),
        "the summary",
    )
    assert session.error is None, session.error
    assert session.document
    return session.document


def chat(app: QApplication, alcove: Alcove) -> MessageRecord:
    """Ask something and wait for the stored reply."""
    alcove.window.show_page("chat")
    alcove.chat_page.send("Name the capital of France.")

    def replies() -> list[MessageRecord]:
        chats = alcove.conversations.list()
        messages = alcove.conversations.messages(chats[0].id) if chats else []
        return [one for one in messages if one.role == Role.ASSISTANT]

    wait(app, lambda: any(one.status == "complete" for one in replies()), "the reply")
    return replies()[-1]


def main() -> None:
    app = QApplication(sys.argv[:1])
    alcove = Alcove(app, paths.folders())
    alcove.start()
    wait(app, lambda: alcove.current_model.is_known, "the model")
    try:
        document = summarize(app, alcove, Path(sys.argv[1]))
        reply = chat(app, alcove)
    finally:
        alcove.window.close()
        alcove.close()
    assert reply.content
    print(f"done: {len(document.pages)} pages")


if __name__ == "__main__":
    main()
