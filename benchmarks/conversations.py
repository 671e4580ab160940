"""Measures the list, the search and the opening of many conversations.

    python -m benchmarks.conversations [--conversations 2000] [--messages 200] [--rounds 20]
                                       [--keep FILE]

Writes a database as years of chatting would leave it: words as frequent as in real texts, one
conversation of ten in Japanese or Arabic, some of them branched; in one of five the model thinks
before it replies, and in each two recaps stand for older messages. Each question is asked in a
process that has just begun as well as again and again; nothing is warmed up beforehand but what
the system keeps of a file that was just written.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path

from assistant.storage import times
from assistant.storage.chat_search import search, search_titles
from assistant.storage.conversations import ConversationStore
from assistant.storage.database import Connection, Database

TARGET_MS = 50.0
MEBIBYTE = 1024 * 1024
DAY_US = 24 * 3600 * 1_000_000

_COMMON = (
    "the of and to a in is that for it as was with be by on not he his but at are this have from"
    " or had an they which one you were all her she there would their we him been has when who"
    " will no more if out so up said what its about than into them can only other time new some"
    " could these two may first then do any like my now over such our man me even most made after"
    " notice period lease rent contract summer kitchen"
)
JAPANESE = "東京都家賃高安契約書期間月日本語文章会議議事録要約説明翻訳料理旅行電車駅図書館猫犬"
KANA = "のはがをにでとものですますしたいるかられてなこと"
_ARABIC = (
    "عقد الإيجار ينتهي في من على هذا البيت الكتاب السفر إلى مدينة كبيرة جديدة وقت العمل الترجمة"
    " الاجتماع ملخص نص سؤال جواب شكرا يوم شهر سنة المال الطعام القطار المطار الطريق"
)

QUESTIONS = {
    "one common word": "the",
    "two common words": "the notice",
    "three common words": "the contract period",
    "a phrase of common words": '"of the"',
    "a phrase that is rare": '"kitchen lease rent"',
    "words that never meet": "the الإيجار",
    "common words of which one is rare": "the zolvepra",
    "a word that is nowhere": "xylophonist",
    "a word of thoughts alone": "thulmiro",
    "a word of recaps alone": "vasketo",
    "the beginning of a word: 1 letter": "t",
    "the beginning of a word: 2 letters": "co",
    "the beginning of a word: 3 letters": "con",
    "the beginning of a word: 4 letters": "cont",
    "the beginning of many words: 4 letters": "tola",
    "a common word and a beginning": "the co",
    "two common words and a beginning": "the of s",
    "Japanese, two characters": "家賃",
    "Japanese, one character": "猫",
    "Japanese, a common one": "の",
    "Japanese, four characters": "契約書期",
    "Arabic, a common word": "الايجار",
    "Arabic, two words": "عقد الإيجار",
}


class Writer:
    """Makes up conversations, the same ones in every run."""

    def __init__(self) -> None:
        self.chance = random.Random(6)
        syllables = [
            c + v for c in "bcdfghklmnprstvz" for v in ("a", "e", "i", "o", "u", "ol", "an")
        ]
        made = {
            "".join(self.chance.choices(syllables, k=self.chance.randint(2, 4)))
            for _ in range(60_000)
        }
        self.words = [
            *_COMMON.split(),
            *sorted(made - {"zolvepra", "thulmiro", "vasketo"}, key=lambda _: self.chance.random()),
        ]
        self.weights = list(accumulate(1 / rank**1.05 for rank in range(1, len(self.words) + 1)))

    def text(self, words: int, number: int) -> str:
        """Return a message of about so many words."""
        if number % 20 == 7:
            letters = JAPANESE + KANA * 3
            return "".join(self.chance.choices(letters, k=words * 3)) + "。"
        if number % 20 == 14:
            return " ".join(self.chance.choices(_ARABIC.split(), k=words)) + "."
        drawn = self.chance.choices(self.words, cum_weights=self.weights, k=words)
        return " ".join(drawn).capitalize() + "."

    def messages(self, number: int, count: int) -> Iterator[tuple[str, str, str]]:
        """Return role, text and thoughts of a conversation's messages."""
        for turn in range(count):
            if turn % 2:
                thoughts = self.text(200, number) if number % 5 == 0 else ""
                yield "assistant", self.text(self.chance.choice((30, 80, 160)), number), thoughts
            else:
                yield "user", self.text(self.chance.choice((5, 15, 40)), number), ""


def fill(database: Database, conversations: int, messages: int) -> None:
    """Write the conversations, one transaction each."""
    writer = Writer()
    first = times.now() - conversations * DAY_US
    for number in range(conversations):
        rows = list(writer.messages(number, messages))
        recaps = [writer.text(250, number) for _ in range(2)]
        if number in (3, 400):
            rows.append(("assistant", "zolvepra", "thulmiro"))
            recaps.append("vasketo")
        database.write(
            lambda c, n=number, m=rows, r=recaps: put(c, n, m, r, first + n * DAY_US)
        ).result()


def put(
    connection: Connection,
    number: int,
    rows: list[tuple[str, str, str]],
    recaps: list[str],
    at: int,
) -> None:
    """Write one conversation; every tenth reply has a variant that is not on the branch."""
    title = f"{rows[0][1][:40]} {number}"
    conversation = connection.execute(
        "INSERT INTO conversations (title, created_at, updated_at, is_pinned)"
        " VALUES (?, ?, ?, ?) RETURNING id",
        (title, at, at, int(number % 200 == 0)),
    ).fetchone()[0]
    parent = None
    ids = []
    for place, (role, text, thinking) in enumerate(rows):
        message = connection.execute(
            "INSERT INTO messages (conversation_id, parent_id, role, status, created_at,"
            " model_name, error, stats, content, thinking, evidence)"
            " VALUES (?, ?, ?, 'complete', ?, 'Small', '', '{\"tokens\": 120}', ?, ?, x'')"
            " RETURNING id",
            (conversation, parent, role, at + place, text, thinking),
        ).fetchone()[0]
        ids.append(message)
        parent = parent if place % 20 == 9 else message
    connection.execute("UPDATE conversations SET leaf_id = ? WHERE id = ?", (parent, conversation))
    for place, text in zip((len(ids) // 3, len(ids) * 2 // 3, -1), recaps, strict=False):
        connection.execute(
            "INSERT INTO recaps (conversation_id, upto_message_id, text, created_at)"
            " VALUES (?, ?, ?, ?)",
            (conversation, ids[place], text, at + len(rows)),
        )


def measure(name: str, rounds: int, action: Callable[[], object]) -> float:
    """Print how long an action takes; return the worst, in milliseconds."""
    taken: list[float] = []
    found: object = None
    for _ in range(rounds):
        began = time.perf_counter()
        found = action()
        taken.append((time.perf_counter() - began) * 1000)
    count = len(found) if isinstance(found, list | dict) else 1
    worst = max(taken)
    verdict = "" if worst <= TARGET_MS else f"  over {TARGET_MS:.0f} ms"
    print(
        f"{name:45} {count:6} {taken[0]:8.1f} {statistics.median(taken):8.1f} {worst:8.1f}{verdict}"
    )
    return worst


def measure_all(database: Database, rounds: int) -> float:
    """Ask every question and return the worst time in milliseconds."""
    store = ConversationStore(database)
    print(f"{'':45} {'found':>6} {'first':>8} {'median':>8} {'worst':>8}  (ms)")
    records = store.list()
    chance = random.Random(1)
    worst = [
        measure("list", rounds, store.list),
        measure("open", rounds, lambda: store.messages(chance.choice(records).id)),
        measure("variants", rounds, lambda: store.siblings(chance.choice(records).id)),
        measure("titles", rounds, lambda: search_titles(database, "the no")),
    ]
    for name, words in QUESTIONS.items():
        worst.append(measure(name, rounds, lambda w=words: search(database, w)))
    hits = search(database, "the", limit=1000)
    older = hits[-1].message_id
    worst.append(measure("the next page", rounds, lambda: search(database, "the", before=older)))
    conversation = records[0].id
    worst.append(
        measure("add a message", rounds, lambda: store.add_message(conversation, "user", "the end"))
    )
    return max(worst)


def main() -> None:
    """Write the conversations, or use those kept, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=2000)
    parser.add_argument("--messages", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--keep", type=Path, help="a file to write to, or to use again")
    parser.add_argument("--purge", action="store_true", help="delete one conversation, too")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.keep or Path(folder) / "alcove.sqlite"
        is_there = path.exists()
        database = Database(path)
        try:
            if not is_there:
                began = time.perf_counter()
                fill(database, given.conversations, given.messages)
                print(f"written in {time.perf_counter() - began:.0f} s")
            worst = measure_all(database, given.rounds)
            if given.purge:
                store = ConversationStore(database)
                measure("delete for good", 1, lambda: store.delete_for_good([store.list()[9].id]))
        finally:
            database.close()
        size = path.stat().st_size
        print(f"the file: {size / MEBIBYTE:.0f} MiB; worst of all: {worst:.1f} ms")


if __name__ == "__main__":
    main()
