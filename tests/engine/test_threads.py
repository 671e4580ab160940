"""The engine takes the cores that it may have."""

import os
from pathlib import Path

import pytest

from assistant.engine import threads
from assistant.engine.threads import Threads, usable_cores


def test_takes_physical_cores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads.psutil, "cpu_count", lambda logical: 4)
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(8)), raising=False)
    assert usable_cores(tmp_path) == 4
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {3}, raising=False)
    assert usable_cores(tmp_path) == 1


@pytest.mark.parametrize(
    ("quota", "cores"), [("max 100000", 4), ("150000 100000", 2), ("1000 100000", 1), ("odd", 4)]
)
def test_a_container_may_allow_fewer(tmp_path, monkeypatch, quota, cores) -> None:
    monkeypatch.setattr(threads.psutil, "cpu_count", lambda logical: 4)
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(4)), raising=False)
    (tmp_path / "cpu.max").write_text(quota)
    assert usable_cores(tmp_path) == cores


class Machine:
    """Steps that take as long as `seconds_of` says for so many threads."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, others: float) -> None:
        self.now = 100.0
        self.others = others
        self.own = 0.0
        monkeypatch.setattr(threads.time, "perf_counter", lambda: self.now)
        monkeypatch.setattr(threads.time, "process_time", lambda: self.own)
        monkeypatch.setattr(threads.psutil, "cpu_count", lambda logical: 4)
        monkeypatch.setattr(threads.psutil, "cpu_times", self._times)

    def _times(self) -> object:
        return threads.psutil._pslinux.scputimes(*([self.now * self.others + self.own] + [0] * 9))

    def run(self, adviser: Threads, tokens: int, steps: int, speed_of) -> list[int]:
        """Compute steps at `speed_of(threads)` tokens a second; return the threads of each."""
        used = []
        for _ in range(steps):
            count = adviser.for_step(tokens)
            seconds = tokens / speed_of(count)
            self.now += seconds
            self.own += seconds * count
            adviser.note(tokens, count, seconds)
            used.append(count)
        return used


@pytest.mark.skipif(not hasattr(threads.psutil, "_pslinux"), reason="counts time as Linux does")
class TestThreads:
    """The number of threads follows what is measured to be fastest."""

    def test_all_of_them_while_nothing_else_runs(self, monkeypatch) -> None:
        machine = Machine(monkeypatch, others=0.1)
        assert set(machine.run(Threads(4), 1, 500, lambda n: 50 * n)) == {4}

    def test_fewer_beside_other_programs(self, monkeypatch) -> None:
        machine = Machine(monkeypatch, others=2.0)
        speeds = {1: 50, 2: 90, 3: 40, 4: 20}
        used = machine.run(Threads(4), 1, 2_000, speeds.__getitem__)
        assert used[-300:].count(2) > 250

    def test_prompts_and_replies_apart(self, monkeypatch) -> None:
        machine = Machine(monkeypatch, others=2.0)
        adviser = Threads(4)
        for _ in range(60):
            replies = machine.run(adviser, 1, 20, {1: 60, 2: 50, 3: 40, 4: 20}.__getitem__)
            prompts = machine.run(adviser, 128, 2, {1: 90, 2: 180, 3: 260, 4: 300}.__getitem__)
        assert replies.count(1) > 15
        assert max(prompts) >= 3

    def test_all_again_when_the_others_have_gone(self, monkeypatch) -> None:
        machine = Machine(monkeypatch, others=2.0)
        adviser = Threads(4)
        machine.run(adviser, 1, 500, {1: 60, 2: 50, 3: 40, 4: 20}.__getitem__)
        machine.others = 0.0
        machine.now += 1
        assert machine.run(adviser, 1, 500, lambda n: 50 * n)[-1] == 4

    def test_exactly_as_many_as_wished(self, monkeypatch) -> None:
        machine = Machine(monkeypatch, others=3.0)
        assert set(machine.run(Threads(3, adapts=False), 1, 100, lambda n: 10)) == {3}

    def test_one_fewer_on_battery(self, monkeypatch) -> None:
        machine = Machine(monkeypatch, others=0.0)
        battery = type("Battery", (), {"power_plugged": False})()
        monkeypatch.setattr(threads.psutil, "sensors_battery", lambda: battery, raising=False)
        assert set(machine.run(Threads(4, saves_battery=True), 1, 50, lambda n: 50)) == {3}

    def test_gives_way_on_battery_as_well(self, monkeypatch) -> None:
        machine = Machine(monkeypatch, others=1.0)
        battery = type("Battery", (), {"power_plugged": False})()
        monkeypatch.setattr(threads.psutil, "sensors_battery", lambda: battery, raising=False)
        adviser = Threads(4, saves_battery=True)
        speeds = {1: 50, 2: 90, 3: 40, 4: 200}
        used = machine.run(adviser, 1, 2_000, speeds.__getitem__)
        assert set(used) <= {1, 2, 3}
        assert used[-300:].count(2) > 250
        battery.power_plugged = True
        used = machine.run(adviser, 1, 8_000, {1: 50, 2: 90, 3: 120, 4: 200}.__getitem__)
        assert used[-300:].count(4) > 250
