"""The window killed in the middle of a reply: what was said is there at the next start."""

import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

from assistant.storage.conversations import ConversationStore, MessageStatus
from assistant.storage.database import Database

WRITER = textwrap.dedent(
    """
    import sys, time
    from pathlib import Path
    from assistant.conversations.recording import record
    from assistant.engine.protocol import TextPart
    from assistant.storage.conversations import ConversationStore
    from assistant.storage.database import Database

    def words():
        for number in range(10_000):
            time.sleep(0.01)
            yield TextPart(1, f"word{number} ")

    store = ConversationStore(Database(Path(sys.argv[1])))
    conversation = store.create("Cut short")
    store.add_message(conversation, "user", "Tell me")
    for event in record(words(), store, conversation, describe=str):
        print(getattr(event, "text", ""), flush=True)
    """
)


def test_a_kill_loses_at_most_a_second(tmp_path: Path) -> None:
    path = tmp_path / "alcove.db"
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    told: list[tuple[float, str]] = []
    for line in writer.stdout:
        told.append((time.monotonic(), line.strip()))
        if len(told) >= 250:
            break
    writer.send_signal(signal.SIGKILL)
    told += [(time.monotonic(), line.strip()) for line in writer.stdout]
    writer.wait()
    writer.stdout.close()

    database = Database(path)
    store = ConversationStore(database)
    assert store.settle() == 1
    question, reply = store.messages(store.list()[0].id)
    database.close()
    assert question.content == "Tell me"
    assert reply.status is MessageStatus.STOPPED
    kept = reply.content.split()
    last = next(moment for moment, word in told if word == kept[-1])
    # A second between two saves, and what a busy machine adds.
    assert told[-1][0] - last < 2.5
    assert kept == [word for _, word in told if word][: len(kept)]
