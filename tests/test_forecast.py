"""Forecasts: how a model's cost becomes its speed, and how what was measured corrects it."""

import itertools
import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.engine.client import Engine
from assistant.engine.protocol import GREEDY, Finished, Priority
from assistant.engine.speed_record import SpeedWatch
from assistant.forecast import Forecast, Machine, SpeedRecords, Verdict, forecast, shape_of
from assistant.forecast.machine import memory_speed
from assistant.gguf import GgufHeader, header_of, read_header

GB = 10**9
NEVER = threading.Event()


@pytest.fixture
def header(starter_model: Path) -> GgufHeader:
    return read_header(starter_model)


@pytest.fixture
def machine() -> Machine:
    return Machine(
        total_bytes=16 * GB,
        free_bytes=12 * GB,
        cores=4,
        memory_bytes_per_s=20e9,
        features=frozenset({"avx2"}),
    )


def of_size(billions: float, active: float = 0.0, **more) -> GgufHeader:
    return header_of(
        name="model-Q4_K_M.gguf",
        architecture=more.pop("architecture", "qwen3"),
        parameters=round(billions * 1e9),
        active_parameters=round(active * 1e9),
        context_length=32_768,
        **more,
    )


def seen(header: GgufHeader, machine: Machine, **measured: list[tuple[int, float]]) -> Forecast:
    """Forecast `header` with figures of itself."""
    records = SpeedRecords(None)
    if measured:
        records.keep(header.name, shape_of(header), **{"prompts": [], "replies": [], **measured})
    return forecast(header, machine, records)


def test_a_small_model_runs_well_and_a_huge_one_not_at_all(machine: Machine) -> None:
    assert forecast(of_size(1), machine, SpeedRecords(None)).verdict is Verdict.WELL
    assert forecast(of_size(70), machine, SpeedRecords(None)).verdict is Verdict.TOO_LARGE
    slow = forecast(of_size(20), machine, SpeedRecords(None))
    assert (slow.verdict, slow.tokens_per_s < 4) == (Verdict.SLOW, True)
    full = forecast(of_size(1), replace(machine, free_bytes=GB // 4), SpeedRecords(None))
    assert (full.verdict, full.context_tokens) == (Verdict.TIGHT, 0)
    # Few of its experts are asked for a token: it is as fast as a small one, and as large as it is.
    mixture = forecast(of_size(20, active=2), machine, SpeedRecords(None))
    assert mixture.verdict is not Verdict.TOO_LARGE
    assert mixture.tokens_per_s > 5 * slow.tokens_per_s
    assert mixture.need.weights_bytes == slow.need.weights_bytes


def test_a_larger_model_is_never_foretold_to_be_faster(machine: Machine) -> None:
    sizes = (0.3, 0.6, 1, 2, 4, 8, 14, 32)
    all_seen = [forecast(of_size(size), machine, SpeedRecords(None)) for size in sizes]
    for one, next_one in itertools.pairwise(all_seen):
        assert one.tokens_per_s > next_one.tokens_per_s
        assert one.prompt_tokens_per_s > next_one.prompt_tokens_per_s
        assert one.quick_s < next_one.quick_s < next_one.pages50_s
        assert one.need.total_bytes < next_one.need.total_bytes


def test_what_was_measured_holds(header: GgufHeader, machine: Machine) -> None:
    told = seen(header, machine, prompts=[(512, 100.0), (2048, 80.0)], replies=[(512, 40.0)])
    assert told.prompt_tokens_per_s == pytest.approx(100)
    assert told.tokens_per_s == pytest.approx(40)
    assert told.is_measured
    assert not told.is_corrected
    # 1,960 prompt tokens at about 80 a second, 150 of a reply at a little less than 40.
    assert 1960 / 81 + 150 / 40 < told.quick_s < 1960 / 79 + 150 / 30 + 1


def test_a_length_that_was_not_measured_follows_the_formula(
    header: GgufHeader, machine: Machine
) -> None:
    short = seen(header, machine, prompts=[(128, 100.0)], replies=[(128, 40.0)])
    assert 50 < short.prompt_tokens_per_s < 100  # attention grows with what stands before
    assert 20 < short.tokens_per_s < 40


def test_other_models_are_foretold_by_those_that_were_measured(machine: Machine) -> None:
    """A machine that is twice as slow as the formula with one model is so with the next."""
    small, large = of_size(1), of_size(4)
    plain, plain_large = (forecast(h, machine, SpeedRecords(None)) for h in (small, large))
    half = [(512, plain.prompt_tokens_per_s / 2)]
    records = SpeedRecords(None)
    records.keep("small", shape_of(small), prompts=half, replies=[(512, plain.tokens_per_s / 2)])
    told = forecast(large, machine, records)
    assert told.prompt_tokens_per_s == pytest.approx(plain_large.prompt_tokens_per_s / 2)
    assert told.tokens_per_s == pytest.approx(plain_large.tokens_per_s / 2)
    assert not told.is_measured
    on_gpu = forecast(large, replace(machine, uses_gpu=True), records)
    assert on_gpu.tokens_per_s > told.tokens_per_s


def test_an_estimated_header_finds_what_was_measured(header: GgufHeader, machine: Machine) -> None:
    """As of the same file on the hub, whose list of tensors was not read."""
    records = SpeedRecords(None)
    records.keep("it", shape_of(header), prompts=[(512, 77.0)], replies=[(512, 33.0)])
    estimated = replace(
        header, parameters=round(header.parameters * 1.01), is_estimated=True, name="other"
    )
    told = forecast(estimated, machine, records)
    assert (told.is_measured, told.is_estimated) == (True, True)
    assert told.prompt_tokens_per_s == pytest.approx(77)


def note(records: SpeedRecords, header: GgufHeader, **figures) -> None:
    usual = {
        "prompt_tokens": 600,
        "reused_tokens": 0,
        "prompt_s": 6.0,
        "generated_tokens": 100,
        "generation_s": 4.0,
    }
    records.note(header.name, shape_of(header), **{**usual, **figures})


def test_replies_correct_a_checkup(header: GgufHeader, machine: Machine, tmp_path: Path) -> None:
    path = tmp_path / "speeds.json"
    records = SpeedRecords(path)
    records.keep("it", shape_of(header), prompts=[(512, 200.0)], replies=[(512, 50.0)])
    for _ in range(4):
        note(records, header)
    told = forecast(header, machine, SpeedRecords(path))
    assert told.is_corrected
    assert told.prompt_tokens_per_s == pytest.approx(100, rel=0.05)
    assert told.tokens_per_s == pytest.approx(25, rel=0.05)
    note(records, header, prompt_s=60.0, generation_s=40.0)  # beside a busy program
    again = forecast(header, machine, SpeedRecords(path))
    assert again.tokens_per_s == pytest.approx(told.tokens_per_s, rel=0.01)


def test_a_reply_that_tells_nothing_is_not_taken(header: GgufHeader) -> None:
    records = SpeedRecords(None)
    note(records, header, prompt_tokens=20, generated_tokens=3)
    note(records, header, prompt_s=0.0, generation_s=0.0)
    assert records.all() == ()
    # Nearly all of it was known: the rest attended to all of that, and is slower than a prompt.
    note(records, header, reused_tokens=500)
    [only] = records.all()
    assert (only.prompts, len(only.replies)) == ((), 1)


def test_summaries_teach_their_length(header: GgufHeader, machine: Machine) -> None:
    records = SpeedRecords(None)
    note(records, header, prompt_tokens=1900, prompt_s=19.0)
    before = forecast(header, machine, records)
    for _ in range(3):
        note(
            records, header, prompt_tokens=1900, prompt_s=19.0, is_summary=True,
            generated_tokens=300, generation_s=6.0,
        )  # fmt: skip
    after = forecast(header, machine, records)
    [one] = records.all()
    assert one.summary_tokens == (300, 300, 300)
    assert after.quick_s == pytest.approx(1960 / 100 + 300 / 50, rel=0.1)
    assert after.tokens_per_s == before.tokens_per_s  # a chat cannot be guessed from its prompt


def test_memory_that_was_taken_corrects_the_estimate(
    header: GgufHeader, machine: Machine, tmp_path: Path
) -> None:
    records = SpeedRecords(tmp_path / "speeds.json")
    before = forecast(header, machine, records)
    note(records, header, memory_factor=1.5)
    after = forecast(header, machine, SpeedRecords(tmp_path / "speeds.json"))
    assert after.need.peak_bytes == pytest.approx(1.5 * before.need.peak_bytes, rel=0.001)
    tight = replace(machine, free_bytes=round(1.2 * before.need.total_bytes))
    assert forecast(header, tight, SpeedRecords(None)).context_tokens == 8192
    assert forecast(header, tight, records).context_tokens < 8192


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b"[1]", b"\xff", b'[{"name": "x"}]', b"[" * 100_000],
    ids=["empty", "none", "object", "number", "bytes", "half", "deep"],
)
def test_a_lost_or_foreign_record_is_begun_anew(
    header: GgufHeader, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "speeds.json"
    path.write_bytes(content)
    records = SpeedRecords(path)
    assert records.all() == ()
    note(records, header)
    assert len(SpeedRecords(path).all()) == 1


def test_a_gpu_that_was_used_last_is_used_next(header: GgufHeader, machine: Machine) -> None:
    records = SpeedRecords(None)
    note(records, header)
    slow = forecast(header, machine, records)
    note(records, header, prompt_s=0.1, generation_s=0.2, is_gpu=True)
    fast = forecast(header, machine, records)
    assert fast.tokens_per_s == pytest.approx(20 * slow.tokens_per_s, rel=0.1)
    assert forecast(of_size(4), machine, records).tokens_per_s > 20
    note(records, header)  # it was switched off
    assert forecast(header, machine, records).tokens_per_s == pytest.approx(slow.tokens_per_s)


def test_what_was_erased_is_forgotten(header: GgufHeader, tmp_path: Path) -> None:
    path = tmp_path / "speeds.json"
    records = SpeedRecords(path)
    note(records, header)
    path.unlink()
    assert records.all() == ()
    records.keep("other", shape_of(of_size(2)), prompts=[(512, 9.0)], replies=[])
    assert [one.name for one in SpeedRecords(path).all()] == ["other"]


def test_figures_that_cannot_be_are_left_out(header: GgufHeader, tmp_path: Path) -> None:
    path = tmp_path / "speeds.json"
    note(SpeedRecords(path), header)
    kept = json.loads(path.read_bytes())
    for odd in (0, -5, 1e999):
        kept[0]["prompts"] = [{"tokens": 512, "speeds": [odd]}]
        path.write_text(json.dumps(kept).replace("Infinity", "1e999"))
        assert all(not one.prompts for one in SpeedRecords(path).all())


def test_two_processes_share_a_record(header: GgufHeader, tmp_path: Path) -> None:
    one, two = SpeedRecords(tmp_path / "speeds.json"), SpeedRecords(tmp_path / "speeds.json")
    note(one, header)
    two.keep("other", shape_of(of_size(2)), prompts=[(512, 9.0)], replies=[])
    assert len(one.all()) == len(two.all()) == 2


def test_the_machine_is_this_one() -> None:
    now = Machine.now(loaded_bytes=GB)
    assert 0 < now.free_bytes <= now.total_bytes + GB
    assert now.cores >= 1
    assert 1e9 < now.memory_bytes_per_s < 1e13
    assert memory_speed(1) > 0


def test_real_replies_are_noted_when_they_are_alone(
    starter_model: Path, header: GgufHeader, tmp_path: Path
) -> None:
    records = SpeedRecords(tmp_path / "speeds.json")
    watch = SpeedWatch(records)
    engine = Engine(log=None, nice=0, speeds=watch)
    engine.choose(starter_model)
    text = "The tenant pays the rent on the first day of every month. " * 12
    try:
        *_, finished = engine.generate(
            prompt=text, sampling=GREEDY, max_tokens=24, priority=Priority.SUMMARY, cancel=NEVER
        )
        assert isinstance(finished, Finished)
        [one] = records.all()
        speed = finished.prompt_tokens / finished.prompt_s
        assert [p.speed for p in one.prompts] == [pytest.approx(speed)]
        assert one.summary_tokens == (24,)
        assert one.shape.is_same(shape_of(header))
        with watch.watching():  # as a request of another engine
            list(engine.generate(prompt=text[5:], max_tokens=12, cancel=NEVER))
        stopped = threading.Event()
        stopped.set()
        list(engine.generate(prompt=text[9:], max_tokens=12, cancel=stopped))
        assert records.all() == (one,)
    finally:
        engine.close()
