"""Whether this computer runs on a battery, as far as it tells."""

import psutil


def has_battery() -> bool:
    """Whether there is a battery."""
    return _is_plugged() is not None


def is_on_battery() -> bool:
    """Whether a battery is what the computer runs on now."""
    return _is_plugged() is False


def _is_plugged() -> bool | None:
    """Return None without a battery, and where the system does not tell: psutil raises then."""
    try:
        battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    except OSError:  # a container or a sandbox without /sys
        return None
    return None if battery is None else bool(battery.power_plugged)
