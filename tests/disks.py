"""Disks that are full or read-only, for real: as root, modes and quotas would say nothing."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


def _mount(*arguments: str) -> None:
    mount = shutil.which("mount")
    if mount is None:
        pytest.skip("no mount command here")
    if subprocess.run([mount, *arguments], check=False, capture_output=True).returncode:
        pytest.skip("mounting is not permitted here")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mounts disks of a given size ("1m") in memory."""
    mounted: list[Path] = []

    def mount(size: str) -> Path:
        place = tmp_path / f"disk{len(mounted)}"
        place.mkdir()
        _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place))
        mounted.append(place)
        return place

    yield mount
    for place in mounted:
        subprocess.run(["umount", str(place)], check=True)


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Callable[[Path], Path]]:
    """Shows a folder once more, read-only: root ignores modes, so it takes a mount."""
    mounted: list[Path] = []

    def mount(folder: Path) -> Path:
        place = tmp_path / f"read-only{len(mounted)}"
        place.mkdir()
        _mount("--bind", str(folder), str(place))
        mounted.append(place)
        _mount("-o", "remount,bind,ro", str(place))
        return place

    yield mount
    for place in mounted:
        subprocess.run(["umount", str(place)], check=True)
