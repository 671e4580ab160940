"""How far a download is, and how fast it goes."""

import time
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

PROGRESS_EVERY_S = 0.1
_SPEED_OVER_S = 3.0


class DownloadStage(StrEnum):
    """What a download does at the moment."""

    ASKING = "asking"  # the hub, what it has
    CHECKING = "checking"  # what an earlier run left
    FETCHING = "fetching"
    WAITING = "waiting"  # before it tries again


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadProgress:
    """How far a download is.

    Attributes:
        done_bytes: what is here.
        total_bytes: the whole model, in however many files; 0 as long as the hub has not told.
        bytes_per_s: how fast it comes, smoothed over some seconds; 0 if nothing does.
        resumed_bytes: what an earlier run left and this one need not fetch.
        fetched_bytes: what came in this run, also what was thrown away.
        stage: what it does at the moment.
        has_changed: the file is another one on the hub than when the download began, so that
            it began again.
        restarts: how often it began again because the bytes were wrong.
        wait_s: for `WAITING`, how long.
    """

    done_bytes: int = 0
    total_bytes: int = 0
    bytes_per_s: float = 0.0
    resumed_bytes: int = 0
    fetched_bytes: int = 0
    stage: DownloadStage = DownloadStage.ASKING
    has_changed: bool = False
    restarts: int = 0
    wait_s: float = 0.0

    @property
    def seconds_left(self) -> float | None:
        """How long it will still take at this speed; None if nobody can say."""
        if not self.bytes_per_s or not self.total_bytes:
            return None
        return (self.total_bytes - self.done_bytes) / self.bytes_per_s


class Speed:
    """Bytes a second, as a mean that forgets what was more than some seconds ago."""

    def __init__(self) -> None:
        self.bytes_per_s = 0.0
        self._began = self._last = time.monotonic()
        self._pending = 0

    def add(self, count: int) -> bool:
        """Note that `count` bytes came now; return whether it is time to show it."""
        self._pending += count
        now = time.monotonic()
        elapsed = now - self._last
        if elapsed < PROGRESS_EVERY_S:
            return False
        # At first the mean is over all there is: one interval tells more than the zero before.
        share = min(1.0, elapsed / min(_SPEED_OVER_S, now - self._began))
        self.bytes_per_s += share * (self._pending / elapsed - self.bytes_per_s)
        self._last, self._pending = now, 0
        return True


class Tally:
    """What is told of a download while it goes on, over all of its files.

    Attributes:
        progress: what was told last.
    """

    def __init__(self) -> None:
        self.progress = DownloadProgress()
        self._speed = Speed()
        self._before_bytes = 0
        self._resumed_before_bytes = 0
        self._fetched_bytes = 0

    def show(
        self,
        *,
        stage: DownloadStage | None = None,
        done_bytes: int | None = None,
        resumed_bytes: int | None = None,
        **changes: Any,
    ) -> DownloadProgress:
        """Return what is to be told now; `done_bytes` and `resumed_bytes` are of this file."""
        if stage is not None:
            changes["stage"] = stage
        if done_bytes is not None:
            changes["done_bytes"] = self._before_bytes + done_bytes
        if resumed_bytes is not None:
            changes["resumed_bytes"] = self._resumed_before_bytes + resumed_bytes
        changes["fetched_bytes"] = self._fetched_bytes
        self.progress = replace(self.progress, **changes)
        return self.progress

    def begin_fetching(self) -> None:
        """Measure the speed from now on."""
        self._speed = Speed()

    def fetched(self, count: int) -> bool:
        """Note that `count` bytes came now; return whether it is time to show it."""
        self._fetched_bytes += count
        return self._speed.add(count)

    @property
    def bytes_per_s(self) -> float:
        """How fast they come."""
        return self._speed.bytes_per_s

    def skip(self, size_bytes: int) -> DownloadProgress:
        """Return what is to be told when a whole file is here already."""
        self.show(done_bytes=size_bytes, resumed_bytes=size_bytes)
        self.end_file(size_bytes)
        return self.progress

    def end_file(self, size_bytes: int) -> None:
        """Go on to the next file."""
        self._before_bytes += size_bytes
        self._resumed_before_bytes = self.progress.resumed_bytes
