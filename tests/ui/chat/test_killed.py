"""The window killed while somebody types: all but the last second is there at the next start."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

from assistant.storage.database import Database
from assistant.storage.drafts import DraftStore

TYPIST = textwrap.dedent(
    """
    from PySide6.QtCore import QTimer
    from PySide6.QtTest import QTest

    from assistant import paths
    from assistant.ui.app import Alcove
    from assistant.ui.application import Application

    app = Application([])
    alcove = Alcove(app, paths.folders())
    alcove.start()
    alcove.window.show_page("chat")
    field = alcove.chat_page.composer.field

    def type_on():
        QTest.keyClicks(field, "a b")
        print(len(field.toPlainText()), flush=True)

    typing = QTimer(interval=40)
    typing.timeout.connect(type_on)
    typing.start()
    app.exec()
    """
)


def test_a_kill_loses_at_most_a_second_of_what_is_typed(own_home: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", TYPIST],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as window:
        assert window.stdout is not None
        typed: list[tuple[float, int]] = []
        for line in window.stdout:
            typed.append((time.monotonic(), int(line)))
            if typed[-1][0] - typed[0][0] > 2:
                break
        window.send_signal(signal.SIGKILL)
        typed += [(time.monotonic(), int(line)) for line in window.stdout]

    database = Database(own_home / "data" / "alcove.db")
    draft = DraftStore(database).get(None)
    database.close()
    assert draft == "a b" * (len(draft) // 3)
    last = next(moment for moment, count in typed if count >= len(draft))
    # It is kept within half a second; the rest is for a busy machine.
    assert typed[-1][0] - last < 1.5
