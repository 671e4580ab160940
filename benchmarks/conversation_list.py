"""Measures how long the window does not answer while its list of many conversations is used.

    python -m benchmarks.conversation_list [--conversations 2000] [--messages 200] [--rounds 10]
                                           [--of FILE]

The real list on a real database, offscreen unless there is a display. Of each action, what it
takes until the window is drawn again is told: the median, and the worst. A search is written
letter by letter; its answer comes from a thread, and its whole way is told beside. To write all of
it takes two minutes; `benchmarks.conversations --keep FILE` writes the same for `--of FILE`.
"""

import argparse
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.conversations import fill

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from assistant.engine.client import Engine
from assistant.settings import Theme
from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Database
from assistant.storage.folders import FolderStore
from assistant.ui.chat.conversation_list import ConversationList
from assistant.ui.chat.list_work import ListWork
from assistant.ui.job import Job
from assistant.ui.theme import Appearance

TARGET_MS = 50.0
PATIENCE_S = 30.0


def measure(name: str, rounds: int, action: Callable[[], object]) -> float:
    """Print what an action takes until all is drawn; return the worst, in ms."""
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        action()
        QApplication.processEvents()
        times.append((time.perf_counter() - begun) * 1e3)
    print(f"{name:<44}{statistics.median(times):8.1f} ms   worst {max(times):8.1f} ms", flush=True)
    return max(times)


def search(sidebar: ConversationList, words: str) -> tuple[float, float]:
    """Write words, and return the longest stall and the time to the answer, in ms."""
    shown: list[float] = []
    sidebar.results.shown.connect(lambda: shown.append(time.perf_counter()))
    QTest.keyClicks(sidebar.search, words)
    begun = before = time.perf_counter()
    stall = 0.0
    while not shown and before - begun < PATIENCE_S:
        QApplication.processEvents()
        now = time.perf_counter()
        stall, before = max(stall, now - before), now
        time.sleep(0.001)
    sidebar.search.clear()
    return stall * 1e3, ((shown[0] if shown else float("inf")) - begun) * 1e3


def measure_all(
    sidebar: ConversationList, work: ListWork, store: ConversationStore, rounds: int
) -> float:
    """Use the list as a person does, and return the worst stall in ms."""
    chance = random.Random(6)
    ids = [record.id for record in store.list()]
    bar = sidebar.view.verticalScrollBar()
    worst = [
        measure("read all conversations and show them", rounds, work.refresh),
        measure("show one that changed", rounds, lambda: work.update(chance.choice(ids))),
        measure("mark the one that is open", rounds, lambda: sidebar.select(chance.choice(ids))),
        measure("scroll", rounds, lambda: bar.setValue(chance.randrange(bar.maximum() + 1))),
        measure("one row down", rounds, lambda: QTest.keyClick(sidebar.view, Qt.Key.Key_Down)),
        measure("pin", rounds, lambda: sidebar.commands.pinned.emit([chance.choice(ids)], True)),
        measure("delete", rounds, lambda: sidebar.commands.delete_wanted.emit([ids.pop()])),
        measure("undo all of it", 1, sidebar.undo_bar.undo),
    ]
    for words in ("notice", "the", "zz"):
        stall, answer = search(sidebar, words)
        print(f"search {words!r:<37}{stall:8.1f} ms   answer {answer:7.1f} ms")
        worst.append(stall)
    return max(worst)


def main() -> None:
    """Write conversations, show them, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--conversations", type=int, default=2000)
    parser.add_argument("--messages", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--of", type=Path, help="a file that benchmarks.conversations kept")
    options = parser.parse_args()
    app = QApplication([])
    appearance = Appearance(app, Theme.LIGHT)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "alcove.db"
        if options.of:
            shutil.copyfile(options.of, path)
        database = Database(path)
        if not options.of:
            fill(database, options.conversations, options.messages)
        store, folders = ConversationStore(database), FolderStore(database)
        for number, record in enumerate(store.list()[::9]):
            if number % 40 == 0:
                place = folders.create(f"Folder {number // 40}")
            store.move(record.id, place)
        engine = Engine(log=Path(folder) / "engine.log")
        sidebar = ConversationList()
        work = ListWork(sidebar, store, database, engine, sidebar)
        sidebar.resize(264, 680)
        sidebar.show()
        worst = measure_all(sidebar, work, store, options.rounds)
        sidebar.undo_bar.undo()
        work.close()
        Job.stop_all()
        engine.close()
        database.close()
    del appearance
    print(f"worst: {worst:.1f} ms; target: {TARGET_MS:.0f} ms")


if __name__ == "__main__":
    main()
