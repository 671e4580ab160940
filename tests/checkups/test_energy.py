"""Energy as files of the kernel tell it; made here, for few machines let them be read."""

from pathlib import Path

import pytest

from assistant.checkups.busy import busy_machine
from assistant.checkups.card import EnergySource
from assistant.checkups.energy import EnergyMeter


def meter(folder: Path, name: str, count: int, kind: str = "package-0") -> Path:
    path = folder / name
    path.mkdir(parents=True, exist_ok=True)
    (path / "name").write_text(f"{kind}\n")
    (path / "energy_uj").write_text(f"{count}\n")
    (path / "max_energy_range_uj").write_text("1000000000\n")
    return path / "energy_uj"


def test_whole_processors_are_added_and_their_parts_are_not(tmp_path: Path) -> None:
    one = meter(tmp_path, "intel-rapl:0", 5_000_000)
    two = meter(tmp_path, "intel-rapl:1", 1_000_000, "package-1")
    part = meter(tmp_path, "intel-rapl:0:0", 0, "core")
    other = meter(tmp_path, "intel-rapl:2", 0, "psys")
    watched = EnergyMeter(tmp_path, tmp_path / "none")
    assert watched.can_tell
    one.write_text("9000000")
    two.write_text("3500000")
    part.write_text("99000000")
    other.write_text("99000000")
    spent = watched.spent()
    assert spent.source is EnergySource.PROCESSOR
    assert spent.joules == pytest.approx(6.5)


def test_a_meter_that_begins_anew_is_followed(tmp_path: Path) -> None:
    count = meter(tmp_path, "intel-rapl:0", 999_000_000)
    watched = EnergyMeter(tmp_path, tmp_path / "none")
    count.write_text("2000000")
    assert watched.spent().joules == pytest.approx(3.0)


def test_nothing_is_told_where_nothing_can_be_read(tmp_path: Path) -> None:
    assert not EnergyMeter(tmp_path / "a", tmp_path / "b").can_tell
    assert EnergyMeter(tmp_path / "a", tmp_path / "b").spent().source is EnergySource.NOT_TOLD
    count = meter(tmp_path / "c", "intel-rapl:0", 1)
    count.unlink()
    assert EnergyMeter(tmp_path / "c", tmp_path).spent().source is EnergySource.NOT_TOLD
    (tmp_path / "c" / "intel-rapl:0" / "energy_uj").write_text("no number")
    assert EnergyMeter(tmp_path / "c", tmp_path).spent().source is EnergySource.NOT_TOLD


def test_a_battery_tells_while_it_is_discharged(tmp_path: Path) -> None:
    battery = tmp_path / "BAT0"
    battery.mkdir()
    (battery / "status").write_text("Discharging\n")
    (battery / "current_now").write_text("1000000")
    (battery / "voltage_now").write_text("12000000")
    watched = EnergyMeter(tmp_path / "none", tmp_path)
    watched._begun_s -= 10
    spent = watched.spent()
    assert spent.source is EnergySource.BATTERY
    assert spent.joules == pytest.approx(120, rel=0.02)
    (battery / "status").write_text("Charging\n")
    assert EnergyMeter(tmp_path / "none", tmp_path).spent().source is EnergySource.NOT_TOLD


def test_this_machine_is_asked_without_harm() -> None:
    assert EnergyMeter().spent().joules >= 0


def test_busy_processes_compute_and_end() -> None:
    import psutil

    before = set(psutil.Process().children(recursive=True))
    with busy_machine(1):
        made = set(psutil.Process().children(recursive=True)) - before
        spinning = [child for child in made if child.cpu_percent(interval=0.5) > 20]
        assert len(spinning) == 1
    assert not any(child.is_running() for child in spinning)
