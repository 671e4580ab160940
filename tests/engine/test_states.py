"""States on disk, written and read by the real llama.cpp; damage of every kind is ignored."""

import errno
import multiprocessing
import os
import random
import shutil
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.engine import states
from assistant.engine.llama import Context, LlamaLog, Model, Rows, Sampler, Step, start
from assistant.engine.protocol import GREEDY, LoadSettings
from assistant.engine.states import StateStore, forget, forget_others, state_key
from tests.engine.tiny_models import tiny_gemma, tiny_hybrid, tiny_llama, tiny_mamba

OWNER = "conversation-7"
KEY = state_key("model", "build", "settings")
LIMIT = 1_000_000_000
SETTINGS = LoadSettings(context_tokens=512, threads=1, sequences=4)
TEXT = "The lighthouse at the end of the pier was painted white and red, and its lamp turned "


@pytest.fixture(scope="module")
def log() -> LlamaLog:
    return start()


@pytest.fixture(scope="module")
def model(starter_model: Path, log: LlamaLog) -> Iterator[Model]:
    model = Model(starter_model, lambda _: True, log)
    yield model
    model.close()


@pytest.fixture
def store(tmp_path: Path) -> StateStore:
    return StateStore(tmp_path / "states", KEY, LIMIT)


class Written:
    """A state that the real llama.cpp wrote once, to be copied as often as needed."""

    def __init__(self, path: Path, tokens: list[int]) -> None:
        self.tokens = tokens
        self.bytes = path.read_bytes()
        self.size = len(self.bytes)

    def __call__(self, path: Path) -> int:
        return path.write_bytes(self.bytes)


@pytest.fixture(scope="module")
def written(model: Model, log: LlamaLog, tmp_path_factory: pytest.TempPathFactory) -> Written:
    path = tmp_path_factory.mktemp("written") / "state"
    tokens = model.tokenize(TEXT, parse_special=False)
    context = Context(model, SETTINGS, log)
    evaluate(context, 1, tokens)
    context.save(1, tokens, path)
    context.close()
    return Written(path, tokens)


def evaluate(context: Context, sequence: int, tokens: list[int], position: int = 0) -> None:
    assert context.evaluate([Rows(sequence, position, tokens, outputs=1)]) is Step.DONE


def keep(store: StateStore, context: Context, sequence: int, tokens: list[int]) -> None:
    told = context.saved_bytes(sequence, tokens)

    def write(part: Path) -> int:
        size = context.save(sequence, tokens, part)
        assert told - 64 < size <= told
        return size

    store.save(OWNER, write, told)


def go_on(context: Context, sequence: int, position: int, token: int, count: int) -> list[int]:
    """Evaluate `token`, then generate greedily."""
    tokens = [token]
    with_sampler = Sampler(context.model, GREEDY)
    for offset in range(count):
        evaluate(context, sequence, tokens[-1:], position + offset)
        tokens.append(context.sample(with_sampler, -1))
    with_sampler.close()
    return tokens[1:]


def the_file(store_folder: Path) -> Path:
    (file,) = store_folder.iterdir()
    return file


@pytest.mark.parametrize("others", [0, 35])
def test_a_restored_sequence_goes_on_as_if_it_had_been_evaluated(others, model, log, store) -> None:
    """The cells of another sequence before it change the rounding: they are there both times."""
    tokens = model.tokenize(TEXT, parse_special=False)
    known = tokens[:-1]
    replies = []
    for is_first in (True, False):
        context = Context(model, SETTINGS, log)
        if others:
            evaluate(context, 0, tokens[3 : 3 + others] * 2)
        if is_first:
            evaluate(context, 1, known)
            keep(store, context, 1, known)
        else:
            assert store.tokens(OWNER) == known
            path = store.path(OWNER)
            assert path is not None
            assert context.restore(3, path) == known
        sequence = 1 if is_first else 3
        replies.append(go_on(context, sequence, len(known), tokens[-1], 24))
        context.close()
    assert replies[0] == replies[1]


def test_tokens_that_were_not_evaluated_are_not_saved(model, log, store) -> None:
    tokens = model.tokenize(TEXT, parse_special=False)
    context = Context(model, SETTINGS, log)
    evaluate(context, 1, tokens)
    for sequence, claimed in ((0, tokens), (1, tokens[:-1]), (1, [*tokens, 5])):
        with pytest.raises(OSError, match="other tokens"):
            context.save(sequence, claimed, Path("unused"))
        keep(store, context, sequence, claimed)
    context.close()
    assert store.tokens(OWNER) == []


@pytest.mark.parametrize("make", [tiny_llama, tiny_gemma, tiny_mamba, tiny_hybrid])
def test_models_of_every_kind_are_restored(make, log, store, tmp_path) -> None:
    model = Model(make(tmp_path / "model.gguf"), lambda _: True, log)
    tokens = model.tokenize("the quick brown fox jumps over the lazy dog", parse_special=False)
    context = Context(model, SETTINGS, log)
    evaluate(context, 2, tokens)
    keep(store, context, 2, tokens)
    expected = go_on(context, 2, len(tokens), tokens[0], 12)
    context.close()
    context = Context(model, SETTINGS, log)
    path = store.path(OWNER)
    assert path is not None
    assert context.restore(0, path) == tokens
    assert go_on(context, 0, len(tokens), tokens[0], 12) == expected
    context.close()
    model.close()


def test_a_state_is_for_this_user_alone(store, written, tmp_path) -> None:
    seen = []

    def write(part: Path) -> int:
        seen.append(stat.S_IMODE(part.stat().st_mode))
        return written(part)

    old = os.umask(0)
    try:
        store.save(OWNER, write, written.size)
    finally:
        os.umask(old)
    folder = tmp_path / "states"
    assert seen == [0o600]
    assert stat.S_IMODE(the_file(folder).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert "conversation" not in the_file(folder).name


def test_a_folder_that_others_could_read_is_closed(written, tmp_path) -> None:
    folder = tmp_path / "states"
    folder.mkdir(mode=0o755)
    StateStore(folder, KEY, LIMIT).save(OWNER, written, written.size)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_saving_again_replaces(store, written, tmp_path) -> None:
    store.save(OWNER, written, written.size)
    store.save(OWNER, written, written.size)
    the_file(tmp_path / "states")
    assert store.tokens(OWNER) == written.tokens


def test_nobody_waits_for_a_slow_disk(store, written, tmp_path, monkeypatch) -> None:
    """A stick takes seconds for what a conversation of 3,000 tokens keeps."""
    monkeypatch.setattr(os, "fsync", lambda _: pytest.fail("the next reply would wait for this"))
    store.save(OWNER, written, written.size)
    assert store.path(OWNER)


def test_without_an_owner_nothing_is_kept(store, written, tmp_path) -> None:
    store.save("", written, written.size)
    assert store.tokens("") == []
    assert store.path("") is None
    assert not (tmp_path / "states").exists()


def test_other_keys_and_owners_see_nothing(store, written, tmp_path) -> None:
    store.save(OWNER, written, written.size)
    folder = tmp_path / "states"
    for key in (
        state_key("model2", "build", "settings"),
        state_key("model", "build2", "settings"),
        state_key("model", "build", "settings2"),
    ):
        other = StateStore(folder, key, LIMIT)
        assert other.tokens(OWNER) == []
        assert other.path(OWNER) is None
    assert store.tokens("conversation-70") == []
    assert store.path(OWNER) is not None


def test_a_state_under_the_name_of_another_is_foreign(store, written, tmp_path) -> None:
    store.save(OWNER, written, written.size)
    mine = the_file(tmp_path / "states")
    store.save("conversation-8", written, written.size)
    (other,) = set((tmp_path / "states").iterdir()) - {mine}
    shutil.copyfile(mine, other)
    assert store.tokens("conversation-8") == []
    assert store.path("conversation-8") is None
    assert not other.exists()


def truncate(file: Path) -> None:
    os.truncate(file, file.stat().st_size * 2 // 3)


def cut_one_byte(file: Path) -> None:
    os.truncate(file, file.stat().st_size - 1)


def grow(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"more")


def flip(place: float):
    def damage(file: Path) -> None:
        data = bytearray(file.read_bytes())
        data[int((len(data) - 1) * place)] ^= 0x40
        file.write_bytes(data)

    damage.__name__ = f"flip_at_{place}"
    return damage


def zero_a_page(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[-20_480:-16_384] = bytes(4096)
    file.write_bytes(data)


def empty(file: Path) -> None:
    file.write_bytes(b"")


def other_text(file: Path) -> None:
    file.write_bytes(b"GGUF" * 1000)


def huge_count(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[8:12] = b"\xff\xff\xff\xff"
    file.write_bytes(data)


def no_trailer(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: data.rindex(b"alcove")])


def folder(file: Path) -> None:
    file.unlink()
    (file / "inside").mkdir(parents=True)


def pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def dangling_link(file: Path) -> None:
    file.unlink()
    file.symlink_to("nowhere")


DAMAGES = [
    truncate,
    cut_one_byte,
    grow,
    *(flip(place) for place in (0, 0.0001, 0.5, 0.99, 1)),
    zero_a_page,
    empty,
    other_text,
    huge_count,
    no_trailer,
    folder,
    pipe,
    dangling_link,
]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_damage_is_ignored_and_removed(damage, store, written, tmp_path) -> None:
    store.save(OWNER, written, written.size)
    file = the_file(tmp_path / "states")
    damage(file)
    assert store.tokens(OWNER) in ([], written.tokens)
    assert store.path(OWNER) is None
    assert not os.path.lexists(file)
    damage_again = file.parent / file.name
    store.save(OWNER, written, written.size)
    damage(damage_again)
    store.save(OWNER, written, written.size)  # over what is damaged
    assert store.tokens(OWNER) == written.tokens
    assert store.path(OWNER) == file


def test_random_damage_is_found(store, written, tmp_path) -> None:
    choose = random.Random(3)
    for _ in range(60):
        store.save(OWNER, written, written.size)
        file = the_file(tmp_path / "states")
        data = bytearray(file.read_bytes())
        for _ in range(choose.choice((1, 2, 50))):
            data[choose.randrange(len(data))] ^= 1 << choose.randrange(8)
        if data == file.read_bytes():
            continue
        file.write_bytes(data)
        tokens = store.tokens(OWNER)
        assert tokens in ([], written.tokens)
        assert store.path(OWNER) is None


def test_a_state_that_llama_cpp_did_not_write_is_not_kept(store, tmp_path) -> None:
    for content in (b"", b"short", bytes(500)):
        store.save(OWNER, lambda part, content=content: part.write_bytes(content), 500)
    assert list((tmp_path / "states").iterdir()) == []


def test_a_state_that_was_written_short_is_not_kept(store, written, tmp_path) -> None:
    """C's file functions may not notice that the last bytes did not reach a full disk."""
    store.save(OWNER, written, written.size)

    def write_short(part: Path) -> int:
        size = written(part)
        os.truncate(part, size - 100)
        return size

    store.save(OWNER, write_short, written.size)
    assert store.path(OWNER) == the_file(tmp_path / "states")


def test_a_failed_save_leaves_the_old_one(store, written, tmp_path) -> None:
    store.save(OWNER, written, written.size)

    def fail(part: Path) -> int:
        part.write_bytes(b"half")
        raise OSError(errno.EIO, "input/output error")

    store.save(OWNER, fail, written.size)
    assert store.path(OWNER) == the_file(tmp_path / "states")


def test_the_least_recently_used_goes_first(written, tmp_path) -> None:
    folder = tmp_path / "states"
    size = len(written.bytes) + 60
    store = StateStore(folder, KEY, int(3.5 * size))
    for number in range(3):
        store.save(f"conversation-{number}", written, written.size)
        os.utime(store.path(f"conversation-{number}"), (number, number + time.time() - 100))
    assert store.path("conversation-0")  # used now
    store.save("conversation-3", written, written.size)
    kept = [number for number in range(4) if store.tokens(f"conversation-{number}")]
    assert kept == [0, 2, 3]
    assert states.size_bytes(folder) <= 3.5 * size


def test_the_folder_never_holds_more_than_its_limit(written, tmp_path) -> None:
    folder = tmp_path / "states"
    limit = int(2.5 * written.size)
    store = StateStore(folder, KEY, limit)
    sizes = []

    def write(part: Path) -> int:
        size = written(part)
        sizes.append(states.size_bytes(folder))
        return size

    for number in (0, 1, 2, 1, 1, 3):  # new ones, and some again
        store.save(f"conversation-{number}", write, written.size)
        sizes.append(states.size_bytes(folder))
    assert max(sizes) <= limit
    assert max(sizes) >= 2 * written.size
    assert [number for number in range(4) if store.tokens(f"conversation-{number}")] == [1, 3]


def test_a_large_state_makes_way_for_its_successor(written, tmp_path) -> None:
    store = StateStore(tmp_path / "states", KEY, int(1.5 * written.size))
    store.save(OWNER, written, written.size)
    store.save(OWNER, lambda part: the_file(part.parent) and written(part), written.size)
    assert store.path(OWNER) == the_file(tmp_path / "states")


def test_room_is_left_for_what_another_process_is_writing(written, tmp_path) -> None:
    folder = tmp_path / "states"
    store, other = (StateStore(folder, KEY, int(2.5 * written.size)) for _ in range(2))
    store.save("conversation-1", written, written.size)
    seen = []

    def write(part: Path) -> int:
        store.save("conversation-2", written, written.size)
        seen.append([store.tokens(f"conversation-{number}") for number in (1, 2)])
        return written(part)

    other.save(OWNER, write, written.size)
    assert seen == [[[], written.tokens]]
    assert store.path(OWNER)
    assert len(list(folder.iterdir())) == 2


def test_where_no_room_can_be_made_what_is_there_stays(written, tmp_path) -> None:
    folder = tmp_path / "states"
    store = StateStore(folder, KEY, int(1.5 * written.size))

    def write(part: Path) -> int:
        written(part)
        store.save("conversation-8", written, written.size)
        return part.stat().st_size

    store.save(OWNER, write, written.size)
    assert store.path(OWNER)
    assert store.tokens("conversation-8") == []


def test_more_than_was_told_is_not_kept(store, written, tmp_path) -> None:
    store.save(OWNER, written, written.size - 1)
    assert list((tmp_path / "states").iterdir()) == []


def test_a_state_over_the_limit_displaces_nothing(written, tmp_path) -> None:
    folder = tmp_path / "states"
    StateStore(folder, KEY, LIMIT).save(OWNER, written, written.size)
    small = StateStore(folder, KEY, 1000)
    small.save("conversation-8", written, written.size)
    assert small.tokens("conversation-8") == []
    assert small.tokens(OWNER) == written.tokens


def test_old_states_and_unfinished_ones_go_at_start(store, written, tmp_path) -> None:
    store.save(OWNER, written, written.size)
    store.save("conversation-8", written, written.size)
    month = time.time() - 31 * 24 * 3600
    os.utime(store.path("conversation-8"), (month, month))
    (tmp_path / "states" / f"{'0' * 32}-x.1.part").write_bytes(written.bytes)
    again = StateStore(tmp_path / "states", KEY, LIMIT)
    assert the_file(tmp_path / "states") == again.path(OWNER)


def test_a_state_that_is_being_written_is_no_left_one(store, written, tmp_path) -> None:
    def write(part: Path) -> int:
        StateStore(tmp_path / "states", KEY, LIMIT)  # another process starts
        return written(part)

    store.save(OWNER, write, written.size)
    assert store.path(OWNER)


def test_forgetting_takes_every_key_and_only_the_owner(store, written, tmp_path) -> None:
    folder = tmp_path / "states"
    other_model = StateStore(folder, state_key("another", "b", "s"), LIMIT)
    for owner in (OWNER, "conversation-70", "document-7"):
        store.save(owner, written, written.size)
        other_model.save(owner, written, written.size)
    place = store.path(OWNER)
    shutil.copyfile(place, place.with_suffix(".1.part"))
    forget(folder, OWNER)
    assert store.tokens(OWNER) == other_model.tokens(OWNER) == []
    assert len(list(folder.iterdir())) == 4
    forget(folder)
    assert list(folder.iterdir()) == []
    forget(tmp_path / "nowhere", OWNER)


def test_an_owner_forgotten_during_a_save_stays_forgotten(store, written, tmp_path) -> None:
    def write(part: Path) -> int:
        size = written(part)
        forget(tmp_path / "states", OWNER)
        return size

    store.save(OWNER, write, written.size)
    assert list((tmp_path / "states").iterdir()) == []

    def forget_and_write(part: Path) -> int:
        forget(tmp_path / "states", OWNER)
        return written(part)  # as a new file

    store.save(OWNER, forget_and_write, written.size)
    assert list((tmp_path / "states").iterdir()) == []


def test_states_without_an_owner_go(store, written, tmp_path) -> None:
    owners = [OWNER, "conversation-70", "document-7"]
    for owner in owners:
        store.save(owner, written, written.size)
    forget_others(tmp_path / "states", {"document-7", "document-9"})
    assert [bool(store.tokens(owner)) for owner in owners] == [False, False, True]


def test_a_full_disk_keeps_what_was_there(small_disk, model, log, written) -> None:
    disk = small_disk(f"{len(written.bytes) * 3 // 2}")
    store = StateStore(disk / "states", KEY, LIMIT)
    store.save(OWNER, written, written.size)
    assert store.path(OWNER)
    context = Context(model, SETTINGS, log)
    evaluate(context, 0, written.tokens)
    # What it takes is told too low: llama.cpp itself meets the full disk.
    store.save("conversation-8", lambda part: context.save(0, written.tokens, part), 1000)
    context.close()
    assert store.tokens("conversation-8") == []
    assert the_file(disk / "states") == store.path(OWNER)


def test_a_disk_that_fills_up_gets_space_back(small_disk, written) -> None:
    size = len(written.bytes)
    disk = small_disk(f"{size * 5}")
    store = StateStore(disk / "states", KEY, LIMIT)
    for number in range(6):
        store.save(f"conversation-{number}", written, written.size)
        time.sleep(0.01)
    kept = [number for number in range(6) if store.tokens(f"conversation-{number}")]
    assert kept[-1] == 5
    assert len(kept) >= 3
    assert shutil.disk_usage(disk).free >= shutil.disk_usage(disk).total // 20


def test_a_read_only_folder_is_read(read_only, store, written, tmp_path) -> None:
    store.save(OWNER, written, written.size)
    place = read_only(tmp_path / "states")
    shown = StateStore(place, KEY, LIMIT)
    assert shown.tokens(OWNER) == written.tokens
    assert shown.path(OWNER)
    shown.save("conversation-8", written, written.size)
    assert shown.tokens("conversation-8") == []
    forget(place)
    assert shown.tokens(OWNER) == written.tokens


def test_a_file_in_place_of_the_folder(written, tmp_path) -> None:
    (tmp_path / "states").write_text("not a folder")
    store = StateStore(tmp_path / "states", KEY, LIMIT)
    store.save(OWNER, written, written.size)
    assert store.tokens(OWNER) == []
    assert store.path(OWNER) is None
    forget(tmp_path / "states")


def save_often(folder: Path, content: bytes, process: int) -> None:
    store = StateStore(folder, KEY, len(content) * 4)
    for turn in range(40):
        owner = f"conversation-{(turn + process) % 6}"
        store.save(owner, lambda part: part.write_bytes(content), len(content))
        path = store.path(f"conversation-{turn % 6}")
        if path is not None:
            tokens = store.tokens(f"conversation-{turn % 6}")
            assert tokens == [] or len(tokens) > 5
        if turn % 10 == 9:
            forget(folder, f"conversation-{turn % 6}")


def test_two_processes_share_a_folder(written, tmp_path) -> None:
    folder = tmp_path / "states"
    spawn = multiprocessing.get_context("spawn")
    workers = [
        spawn.Process(target=save_often, args=(folder, written.bytes, number))
        for number in range(2)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
        worker.close()
    store = StateStore(folder, KEY, LIMIT)
    for file in folder.iterdir():
        assert file.suffix == ".state"
    whole = [number for number in range(6) if store.path(f"conversation-{number}")]
    assert len(whole) == len(list(folder.iterdir()))
    assert states.size_bytes(folder) <= len(written.bytes) * 4
