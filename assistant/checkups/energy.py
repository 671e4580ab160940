"""What the system tells about energy without being asked twice: meters that are files (Linux).

A processor's own meter (RAPL) counts the whole package, and a battery gives for the screen and
all else, too: both are told as they are. Most systems let only their administrator read the
first; then nothing is told.
"""

import time
from dataclasses import dataclass
from pathlib import Path

from assistant.checkups.card import EnergySource

_POWERCAP = Path("/sys/class/powercap")
_BATTERIES = Path("/sys/class/power_supply")


@dataclass(frozen=True, slots=True)
class Spent:
    """Energy in joules, and who told it."""

    source: EnergySource
    joules: float


_NOTHING = Spent(EnergySource.NOT_TOLD, 0.0)


class EnergyMeter:
    """Measures from its making to `spent`.

    Args:
        powercap: folder of the processor's meters.
        batteries: folder of the power supplies.
    """

    def __init__(self, powercap: Path = _POWERCAP, batteries: Path = _BATTERIES) -> None:
        self._packages = _packages(powercap)
        self._batteries = batteries
        self._begun_s = time.monotonic()
        self._counts = {package: _count(package / "energy_uj") for package in self._packages}
        self._watts = _discharge_watts(batteries)

    @property
    def can_tell(self) -> bool:
        """Whether anybody tells."""
        return self._watts > 0 or any(count >= 0 for count in self._counts.values())

    def spent(self) -> Spent:
        """Return the energy since, if anybody tells."""
        joules = self._by_processor()
        if joules > 0:
            return Spent(EnergySource.PROCESSOR, joules)
        watts = _discharge_watts(self._batteries)
        if self._watts > 0 and watts > 0:
            seconds = time.monotonic() - self._begun_s
            return Spent(EnergySource.BATTERY, (self._watts + watts) / 2 * seconds)
        return _NOTHING

    def _by_processor(self) -> float:
        joules = 0.0
        for package, before in self._counts.items():
            now = _count(package / "energy_uj")
            if before < 0 or now < 0:
                return 0.0
            if now < before:  # the meter began anew
                now += max(0, _count(package / "max_energy_range_uj"))
            joules += max(0, now - before) / 1e6
        return joules


def _packages(powercap: Path) -> list[Path]:
    """Return the meters of whole processors: "intel-rapl:0", not its parts "intel-rapl:0:1"."""
    try:
        found = [path for path in powercap.iterdir() if path.name.count(":") == 1]
    except OSError:
        return []
    return [path for path in sorted(found) if _text(path / "name").startswith("package")]


def _discharge_watts(batteries: Path) -> float:
    """Return what the batteries give now, in watts; 0 while none is discharged."""
    try:
        found = sorted(batteries.iterdir())
    except OSError:
        return 0.0
    watts = 0.0
    for path in found:
        if _text(path / "status") != "Discharging":
            continue
        power = _count(path / "power_now")
        if power < 0:
            current, voltage = _count(path / "current_now"), _count(path / "voltage_now")
            power = current * voltage / 1e6 if current > 0 and voltage > 0 else 0
        watts += power / 1e6
    return watts


def _count(path: Path) -> float:
    """Return the number in a file, -1 if it cannot be read."""
    try:
        return float(_text(path))
    except ValueError:
        return -1.0


def _text(path: Path) -> str:
    try:
        return path.read_text().strip()
    except (OSError, UnicodeDecodeError):
        return ""
