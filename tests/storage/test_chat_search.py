"""Words in all conversations: what counts as found, in any script, and where it stands."""

import random
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.storage import times
from assistant.storage.chat_search import Part, search, search_titles
from assistant.storage.conversations import ConversationStore, MessageStatus
from assistant.storage.database import Connection, Database
from assistant.storage.recaps import RecapStore
from assistant.storage.search_words import Pieces, Wanted, excerpt, marked, searchable

SECOND = timedelta(seconds=1)


def _shown(pieces: Pieces) -> str:
    return "".join(f"[{text}]" if is_match else text for text, is_match in pieces)


TEXTS = {
    "The lease ends. Notice period: 3 months; don't worry.": {
        "notice": "The lease ends. [Notice] period: 3 months; don't worry.",
        "NOTI": "The lease ends. [Noti]ce period: 3 months; don't worry.",
        "period lease": "The [lease] ends. Notice [period]: 3 months; don't worry.",
        '"notice period"': "The lease ends. [Notice period]: 3 months; don't worry.",
        "\u201cnotice per": "The lease ends. [Notice per]iod: 3 months; don't worry.",
        "don't": "The lease ends. Notice period: 3 months; [don't] worry.",
        "don": "The lease ends. Notice period: 3 months; [don]'t worry.",
        '"period notice"': "",
        "noti ": "",
        "otice": "",
        "lease rent": "",
    },
    "Die Straße in Ko\u0308ln, GRÜẞE": {
        "strasse": "Die [Straße] in Ko\u0308ln, GRÜẞE",
        "koln grüs": "Die Straße in [Ko\u0308ln], [GRÜẞ]E",
        "KÖLN": "Die Straße in [Ko\u0308ln], GRÜẞE",
    },
    "東京都の家賃。iPhone手机壳好。黒猫": {
        "東京": "[東京]都の家賃。iPhone手机壳好。黒猫",
        "京都": "東[京都]の家賃。iPhone手机壳好。黒猫",
        "東都": "",
        "猫": "東京都の家賃。iPhone手机壳好。黒[猫]",
        "iphone 手机": "東京都の家賃。[iPhone][手机]壳好。黒猫",
        "の家賃": "東京都[の家賃]。iPhone手机壳好。黒猫",
    },
    "عقد الإيجار ينتهي في مُحَرَّم ٢٠٢٦": {
        "الايجار": "عقد [الإيجار] ينتهي في مُحَرَّم ٢٠٢٦",
        "محرم 2026": "عقد الإيجار ينتهي في [مُحَرَّم] [٢٠٢٦]",
    },
    "भारत की राजधानी दिल्ली है": {"दिल्ली": "भारत की राजधानी [दिल्ली] है", "दल्ली": ""},
    "ยินดีต้อนรับสวัสดีครับ": {"สวัสดี": "ยินดีต้อนรับ[สวัสดี]ครับ"},
    "Добрый вечер, Ёлка": {"елка вечер": "Добрый [вечер], [Ёлка]"},
    "f(foo_bar) C++ \x00 nul": {"foo_bar": "f([foo_bar]) C++ nul", "nul": "f(foo_bar) C++ [nul]"},
    "a \u202eright\u202c \u200bturn\nand a line": {"right turn": "a [right] [turn] and a line"},
    "İstanbul'da ﬁnal \uff46\uff55": {"istanbul final fu": "[İstanbul]'da [ﬁnal] [\uff46\uff55]"},
}  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_found_and_how_it_is_shown(database: Database, text: str) -> None:
    store = ConversationStore(database)
    store.add_message(store.create(), "user", text)
    store.add_message(store.create(), "user", "Something else 別 شيء")
    for words, shown in TEXTS[text].items():
        assert [_shown(hit.pieces) for hit in search(database, words)] == [shown] * bool(shown)


@pytest.mark.parametrize("words", ["", " ", '"', "''", "*", "-", "…", "\x00", "(", '" "', "\u202e"])
def test_nothing_to_look_for_finds_nothing(database: Database, words: str) -> None:
    store = ConversationStore(database)
    store.add_message(store.create("* - ("), "user", "* - ( ) …")
    assert search(database, words) == []
    assert search_titles(database, words) == []


def test_the_language_of_the_index_is_nobodys_to_speak(database: Database) -> None:
    store = ConversationStore(database)
    conversation = store.create("NEAR")
    store.add_message(conversation, "user", "one AND two OR three NOT four NEAR five ^six words:x")
    for words in (
        "AND",
        "two OR",
        "NOT four",
        "NEAR(five",
        "^six",
        "words : x",
        "words:x",
        'a"',
        "{",
    ):
        assert len(search(database, words)) == (words not in ('a"', "{"))


@settings(deadline=None)
@given(text=st.text(max_size=80), words=st.text(max_size=30))
def test_any_text_can_be_looked_for_and_shown(text: str, words: str) -> None:
    wanted = Wanted.of(words)
    if wanted:
        for pieces in (marked(text, wanted), excerpt(text, wanted)):
            assert all(piece for piece, _ in pieces)
    if text.isascii() and text.split():
        word = text.split(maxsplit=1)[0]
        assert not Wanted.of(word) or Wanted.of(word).is_in(text)
    searchable(text)


@settings(deadline=None)
@given(st.text(alphabet="ab京都猫 é。-ع٢", max_size=40), st.data())
def test_a_part_of_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    """Whatever stands between two spaces is found, and marked, in every text that has it."""
    parts = [part for part in text.split() if Wanted.of(part)]
    if parts:
        words = data.draw(st.sampled_from(parts))
        assert Wanted.of(words).is_in(text)
        assert any(is_match for _, is_match in excerpt(text, Wanted.of(words)))


def test_the_index_and_the_marks_agree(database: Database) -> None:
    """What SQLite finds is what Python marks, on texts of random words and scripts."""
    store = ConversationStore(database)
    conversation = store.create()
    chance = random.Random(5)
    bits = [
        "lease",
        "leases",
        "le",
        "Röhre",
        "rohr",
        "東京",
        "京",
        "京都",
        "猫",
        "عقد",
        "-",
        ",",
        "2026",
    ]
    texts = ["".join(chance.choices([*bits, " ", " "], k=12)) for _ in range(120)]
    ids = {store.add_message(conversation, "user", text): text for text in texts}
    for _ in range(60):
        words = "".join(chance.choices([*bits, " ", " "], k=chance.randint(1, 5)))
        wanted = Wanted.of(words)
        found = [hit.message_id for hit in search(database, words, limit=500)]
        has_all = [message for message, text in ids.items() if wanted and wanted.is_in(text)]
        assert found == has_all[::-1], words


def test_the_newest_first_in_pages(database: Database) -> None:
    store = ConversationStore(database)
    first, second = store.create("first"), store.create("second")
    ids = [
        store.add_message(chat, "user", f"the word {turn}")
        for turn in range(20)
        for chat in (first, second)
    ]
    hits = search(database, "word", limit=15)
    assert [hit.message_id for hit in hits] == ids[:-16:-1]
    assert [hit.title for hit in hits[:2]] == ["second", "first"]
    older = search(database, "word", limit=50, before=hits[-1].message_id)
    assert [hit.message_id for hit in hits + older] == ids[::-1]


def test_what_comes_later_than_it_was_written_stands_at_its_time(database: Database) -> None:
    store = ConversationStore(database)
    new = store.create("of yesterday")
    hour = datetime.now(UTC) - timedelta(hours=1)
    texts = [
        store.add_message(new, "user", f"the word {turn}", created_at=hour + turn * 9 * SECOND)
        for turn in range(3)
    ]
    assert texts[0] is not None
    branch = store.branch(texts[0], "branched")
    old = store.create("imported")
    at = datetime(2021, 5, 4, tzinfo=UTC)
    imported = [
        store.add_message(old, "user", f"an old word {turn}", created_at=at + turn * SECOND // 2)
        for turn in range(6)
    ]
    assert branch is not None
    [copy] = store.messages(branch)
    found = [hit.message_id for hit in search(database, "word")]
    assert found == [texts[2], texts[1], copy.id, texts[0], *imported[::-1]]
    for before in range(1, len(found)):
        older = search(database, "word", before=found[before - 1])
        assert [hit.message_id for hit in older] == found[before:]


def test_many_messages_of_one_moment_are_each_kept_as_fast(database: Database) -> None:
    """Some exports tell no times: thousands of messages may have one."""
    at = datetime(2021, 5, 4, tzinfo=UTC)
    store = ConversationStore(database)
    chats = [store.create() for _ in range(2)]

    steps = []

    def put(connection: Connection) -> None:
        connection.set_progress_handler(lambda: steps.append(100), 100)
        connection.executemany(
            "INSERT INTO messages (conversation_id, role, status, created_at, model_name, error,"
            " stats, content, thinking, evidence)"
            " VALUES (?, 'user', 'complete', ?, '', '', '{}', 'same', '', x'')",
            [(chats[n // 500], times.to_stored(at)) for n in range(1000)],
        )
        connection.set_progress_handler(None, 0)

    database.write(put).result()
    assert sum(steps) < 1000 * 1000
    found = [hit.message_id for hit in search(database, "same", limit=1000)]
    assert found == sorted(found, reverse=True)
    assert len(found) == 1000


def test_a_reply_is_found_when_it_has_ended_and_as_it_is_now(database: Database) -> None:
    store = ConversationStore(database)
    conversation = store.create()
    reply = store.add_message(conversation, "assistant", "", status=MessageStatus.STREAMING)
    assert reply is not None
    store.update_message(reply, content="A yellow sub")
    assert search(database, "yellow") == []
    store.update_message(reply, content="A yellow submarine", status=MessageStatus.COMPLETE)
    [hit] = search(database, "submarine")
    assert (hit.message_id, hit.role, hit.conversation_id) == (reply, "assistant", conversation)
    store.update_message(reply, content="A green one", status=MessageStatus.STREAMING)
    assert search(database, "yellow") == search(database, "green") == []
    assert store.settle() == 1
    assert len(search(database, "green")) == 1
    store.update_message(reply, content="A red one")
    assert [search(database, words) for words in ("green", "yellow")] == [[], []]
    assert len(search(database, "red")) == 1
    store.remove_message(reply)
    assert search(database, "red") == []


def test_what_was_thought_is_found_and_told_apart(database: Database) -> None:
    store = ConversationStore(database)
    conversation = store.create()
    said = store.add_message(conversation, "assistant", "A walrus sings", thinking="hum the tune")
    both = store.add_message(conversation, "assistant", "The tune it is", thinking="a tune: hum")
    reply = store.add_message(
        conversation, "assistant", "", thinking="Tune in", status=MessageStatus.STREAMING
    )
    assert reply is not None
    assert said is not None
    hits = search(database, "tune")
    assert [(hit.message_id, hit.part) for hit in hits] == [
        (both, Part.TEXT),
        (said, Part.THINKING),
    ]
    assert [_shown(hit.pieces) for hit in hits] == ["The [tune] it is", "hum the [tune]"]
    older = search(database, "tune", before=both)
    assert [hit.message_id for hit in older] == [said]
    assert search(database, "walrus tune") == []  # each part by itself, as it is read
    store.update_message(reply, status=MessageStatus.COMPLETE)
    assert [hit.message_id for hit in search(database, "tune", limit=2)] == [reply, both]
    store.update_message(reply, thinking="Off key")
    assert [hit.part for hit in search(database, "key")] == [Part.THINKING]
    store.remove_message(said)
    assert [hit.message_id for hit in search(database, "hum")] == [both]


def test_recaps_stand_between_the_messages_of_their_time(database: Database) -> None:
    store, recaps = ConversationStore(database), RecapStore(database)
    conversation = store.create("Sea")
    ids = [store.add_message(conversation, "user", f"a seal {turn}") for turn in range(3)]
    assert None not in ids
    recap = recaps.put(conversation, ids[1] or 0, "They spoke of two seals and a walrus.")
    ids += [store.add_message(conversation, "user", f"a seal {turn}") for turn in range(3, 6)]
    assert recap is not None
    hits = search(database, "seal")
    assert [(hit.message_id, hit.part is Part.RECAP) for hit in hits] == [
        (ids[5], False),
        (ids[4], False),
        (ids[3], False),
        (ids[1], True),
        (ids[2], False),
        (ids[1], False),
        (ids[0], False),
    ]
    [hit] = search(database, "walrus")
    assert (hit.title, _shown(hit.pieces)) == ("Sea", "They spoke of two seals and a [walrus].")
    for limit in range(1, 7):  # in pages it comes once, and in its place
        paged = search(database, "seal", limit=limit)
        while more := search(database, "seal", limit=limit, before=paged[-1].message_id):
            paged += more
        assert paged == hits
    recaps.edit(recap, "They spoke of a whale.")
    assert search(database, "walrus") == []
    assert [hit.part for hit in search(database, "whale")] == [Part.RECAP]
    store.archive(conversation, True)
    assert search(database, "whale", archived=False) == []
    recaps.remove(recap)
    assert search(database, "whale") == []


def test_removed_and_archived_conversations(database: Database) -> None:
    store = ConversationStore(database)
    conversation = store.create("The ocean")
    store.add_message(conversation, "user", "Deep waters")
    store.archive(conversation, True)
    assert search(database, "deep", archived=False) == []
    assert search_titles(database, "ocean", archived=False) == []
    [hit] = search(database, "deep")
    assert (hit.is_archived, hit.title) == (True, "The ocean")
    [title] = search_titles(database, "oce")
    assert (title.conversation.id, _shown(title.pieces)) == (conversation, "The [oce]an")
    store.remove(conversation)
    assert search(database, "deep") == []
    assert search_titles(database, "ocean") == []


def test_an_excerpt_shows_where_most_of_the_words_are() -> None:
    text = (
        "rent " + "x" * 300 + " and then " + "ж" * 400 + " the rent of the lovely flat is high " * 9
    )
    shown = _shown(excerpt(text, Wanted.of("rent flat")))
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert "the [rent] of the lovely [flat] is" in shown
    assert len(shown) < 200
    far = "Größe " * 20_000 + "the rent of a flat"
    assert _shown(excerpt(far, Wanted.of("flat rent"))).endswith("the [rent] of a [flat]")
    assert _shown(excerpt("no such word " * 50, Wanted.of("rent"))).startswith("no such word no")
    assert _shown(excerpt("short rent", Wanted.of("rent"))) == "short [rent]"


def test_a_hostile_text_takes_no_time() -> None:
    began = time.process_time()
    for text in ("a" * 300_000, "ab " * 100_000, "é" * 200_000, "猫" * 200_000, "\u0301" * 200_000):
        excerpt(text, Wanted.of("a b ab 猫猫 é"))
        searchable(text)
    assert time.process_time() - began < 30
