"""Downloading one file: what is missing is fetched, what is damaged is fetched again.

The bytes are right when their sum is the one that the hub names. If it is not, blocks that came
while nobody watched are fetched once more, then all of them: a block that differs from the one on
the disk takes its place, and as soon as the sum is right nothing more is fetched.
"""

import hashlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from assistant.errors import DownloadError, DownloadFault
from assistant.models.files.blocks import BLOCK_BYTES
from assistant.models.files.part import MAGIC, Extent, Part, PartNotes, SetFile
from assistant.models.files.progress import DownloadProgress, DownloadStage, Tally
from assistant.models.hub.client import Hub, RemoteFile
from assistant.models.hub.errand import Patience, StoppedError, TransientError, WrongBytesError

# How much may come between two looks at the disk's free space.
_LOOK_EVERY_BYTES = 64 * 1024 * 1024
_MOST_SUMS_WHILE_HEALING = 4
_DAMAGES = 2

Told: TypeAlias = Iterator[DownloadProgress]


class FileDownload:
    """One run of the download of one file.

    Args:
        hub: where it is.
        facts: which file, and what it must be.
        part: where its bytes go; its lock is held.
        tally: what is told on the way.
        cancel: stops it.
        patience: how failures that may pass are met.
        reserve_bytes: what must stay free on the disk.
        reason: what stands in the connection list.
    """

    def __init__(
        self,
        hub: Hub,
        facts: RemoteFile,
        part: Part,
        tally: Tally,
        *,
        cancel: threading.Event,
        patience: Patience,
        reserve_bytes: int,
        reason: str = "model download",
    ) -> None:
        self._hub = hub
        self._facts = facts
        self._part = part
        self._tally = tally
        self._cancel = cancel
        self._patience = patience
        self._reserve_bytes = reserve_bytes
        self._reason = reason
        self._damages = 0

    def run(self, notes: PartNotes) -> Told:
        """Make the part whole and right.

        Raises:
            DownloadError, NoSpace, CannotWrite: it is not; what is good of it is kept.
            StoppedError: it was cancelled.
        """
        yield from self._take_up(notes)
        yield from self._fetch_sound()
        yield self._tally.show(done_bytes=self._facts.size_bytes, bytes_per_s=0.0)
        self._tally.end_file(self._facts.size_bytes)

    def _take_up(self, notes: PartNotes) -> Told:
        """Go on from what an earlier run left, if it is of the same file."""
        part = self._part
        left = part.notes()
        is_same = left is not None and is_of(left, self._facts)
        if not is_same or part.here_bytes() > self._facts.size_bytes:
            part.restart()
            if left is not None and not is_same:
                self._tally.show(has_changed=True)
        part.note(notes)
        yield from self._reread(is_resumed=True)
        if part.damaged:
            yield from self._replace_damaged()
        yield self._tally.show(stage=DownloadStage.FETCHING)

    def _reread(self, *, is_resumed: bool = False) -> Told:
        for done in self._part.reread(self._cancel):
            resumed = done if is_resumed else None
            yield self._tally.show(
                stage=DownloadStage.CHECKING, done_bytes=done, resumed_bytes=resumed
            )
        if self._cancel.is_set():
            raise StoppedError

    def _replace_damaged(self) -> Told:
        """Fetch the blocks again that a disk or a power cut spoilt since they came."""
        part = self._part
        here = part.done_bytes
        spoilt = sum(end - start for start, end in part.damaged)
        self._tally.show(done_bytes=here - spoilt, resumed_bytes=here - spoilt)
        try:
            yield from self._fetch_again(list(part.damaged), lambda: not part.damaged)
        except WrongBytesError:
            self._count_damage()
            part.restart()

    def _fetch_sound(self) -> Told:
        """Fetch until the bytes are those that the hub names, beginning again once if need be."""
        while True:
            try:
                yield from self._fetch()
                if self._is_right():
                    return
                self._count_damage()
                yield self._tally.show(restarts=1, done_bytes=0, resumed_bytes=0)
                yield from self._heal()
                if self._is_right():
                    return
                self._count_damage()
            except WrongBytesError:
                # Not of this length, not from this place: nothing that came can be relied on.
                self._count_damage()
                self._part.restart()
                yield self._tally.show(restarts=1, done_bytes=0, resumed_bytes=0)

    def _is_right(self) -> bool:
        return not self._facts.sha256 or self._part.sha256 == self._facts.sha256

    def _count_damage(self) -> None:
        """Give up after the second."""
        self._damages += 1
        if self._damages == _DAMAGES:
            self._part.discard()
            raise self._error(DownloadFault.DAMAGED)

    def _fetch(self) -> Told:
        """Fetch what is missing, over as many connections as it takes."""
        part = self._part
        failures = 0
        while part.done_bytes < self._facts.size_bytes:
            before = part.done_bytes
            try:
                yield from self._fetch_once()
            except TransientError as error:
                enough = part.done_bytes - before >= self._patience.counts_as_progress_bytes
                failures = 1 if enough else failures + 1
                yield from self._wait(error, failures)

    def _fetch_once(self) -> Told:
        part, facts, tally = self._part, self._facts, self._tally
        look_at = part.done_bytes + _LOOK_EVERY_BYTES
        tally.begin_fetching()
        with self._hub.open(
            facts, part.done_bytes, reason=self._reason, cancel=self._cancel
        ) as body:
            if body.total_bytes not in {0, facts.size_bytes}:
                raise WrongBytesError
            if body.start != part.done_bytes:  # the server knows no ranges
                part.restart()
                tally.show(resumed_bytes=0)
            yield tally.show(stage=DownloadStage.FETCHING, done_bytes=part.done_bytes, wait_s=0.0)
            for chunk in body.chunks():
                part.write(chunk)
                self._refuse_other()
                if part.done_bytes >= look_at:
                    part.refuse_if_full(facts.size_bytes, self._reserve_bytes)
                    look_at = part.done_bytes + _LOOK_EVERY_BYTES
                if tally.fetched(len(chunk)):
                    yield tally.show(done_bytes=part.done_bytes, bytes_per_s=tally.bytes_per_s)
        if part.done_bytes < facts.size_bytes:
            raise TransientError(self._error(DownloadFault.CUT))
        yield tally.show(done_bytes=part.done_bytes, bytes_per_s=tally.bytes_per_s)

    def _refuse_other(self) -> None:
        """Stop as soon as the bytes cannot be those of the model."""
        if not MAGIC.startswith(self._part.head):
            self._part.discard()
            raise self._error(DownloadFault.NOT_A_MODEL)
        if self._part.done_bytes > self._facts.size_bytes:
            raise WrongBytesError

    def _heal(self) -> Told:
        """Fetch again what may be wrong, those blocks first that nobody summed as they came."""
        unproven = self._part.unproven
        for extents in (unproven, _others(unproven, self._facts.size_bytes)):
            yield from self._fetch_again(extents, self._is_right)
            if self._is_right():
                return

    def _fetch_again(self, extents: list[Extent], is_enough: Callable[[], bool]) -> Told:
        """Fetch extents again, or all of the file in one go from a server that knows no ranges."""
        try:
            yield from self._replace_differing(extents, is_enough)
        except _NoRangesError:
            yield from self._replace_differing([(0, self._facts.size_bytes)], is_enough)

    def _replace_differing(self, extents: list[Extent], is_enough: Callable[[], bool]) -> Told:
        """Fetch extents; a block that differs replaces the one on the disk.

        Each time one did, the file is summed up anew, for this may have been all that was wrong;
        but not without end.
        """
        part = self._part
        is_summed = True
        sums_left = _MOST_SUMS_WHILE_HEALING
        for start, end in extents:
            for event in self._blocks(start, end):
                if isinstance(event, DownloadProgress):
                    yield event
                elif hashlib.sha256(event.content).digest() != part.sum_of(event.number):
                    part.replace(event.start, event.content)
                    is_summed = False
                    if sums_left:
                        sums_left -= 1
                        is_summed = True
                        yield from self._reread()
                        if is_enough():
                            return
        if not is_summed:
            yield from self._reread()

    def _blocks(self, start: int, end: int) -> "Iterator[DownloadProgress | _Block]":
        """Fetch from one block's begin to another's end, over as many connections as it takes."""
        failures = 0
        at = start
        while at < end:
            before = at
            try:
                for event in self._blocks_once(at, end):
                    if isinstance(event, _Block):
                        at = event.start + len(event.content)
                    yield event
                if at < end:
                    raise TransientError(self._error(DownloadFault.CUT))
            except TransientError as error:
                enough = at - before >= self._patience.counts_as_progress_bytes
                failures = 1 if enough else failures + 1
                yield from self._wait(error, failures)

    def _blocks_once(self, start: int, end: int) -> "Iterator[DownloadProgress | _Block]":
        size, tally = self._facts.size_bytes, self._tally
        arrived = bytearray()
        tally.begin_fetching()
        with self._hub.open(
            self._facts,
            start,
            end=end if end < size else 0,
            reason=self._reason,
            cancel=self._cancel,
        ) as body:
            if body.total_bytes not in {0, size}:
                raise WrongBytesError
            if body.start != start:
                raise _NoRangesError
            for chunk in body.chunks():
                arrived += chunk
                if tally.fetched(len(chunk)):
                    yield tally.show(stage=DownloadStage.FETCHING, bytes_per_s=tally.bytes_per_s)
                while start < end and len(arrived) >= (length := _length(start, end)):
                    yield _Block(start, bytes(arrived[:length]))
                    del arrived[:length]
                    start += length
                if start >= end:
                    return

    def _wait(self, failure: TransientError, failures: int) -> Told:
        """Wait before the next try, or give up."""
        done = self._part.done_bytes
        if failures >= self._patience.tries:
            failure.error.kept_bytes = done
            raise failure.error from failure
        wait_s = self._patience.wait_s(failures, failure.retry_after_s)
        yield self._tally.show(
            stage=DownloadStage.WAITING, wait_s=wait_s, bytes_per_s=0.0, done_bytes=done
        )
        if self._cancel.wait(wait_s):
            raise StoppedError

    def _error(self, fault: DownloadFault) -> DownloadError:
        return DownloadError(self._facts.repo, fault, self._facts.file)


class _NoRangesError(Exception):
    """The server sends a file from its beginning, whatever was asked for."""


@dataclass(frozen=True, slots=True)
class _Block:
    """A block, or the first bytes of one, as it came."""

    start: int
    content: bytes

    @property
    def number(self) -> int:
        return self.start // BLOCK_BYTES


def notes_of(facts: RemoteFile, files: tuple[SetFile, ...] = ()) -> PartNotes:
    """Return what is to be noted of a file that arrives."""
    return PartNotes(
        repo=facts.repo,
        file=facts.file,
        revision=facts.revision,
        size_bytes=facts.size_bytes,
        sha256=facts.sha256,
        etag=facts.etag,
        endpoint=facts.endpoint,
        files=files,
    )


def is_of(notes: PartNotes, facts: RemoteFile) -> bool:
    """Return whether a part's bytes are of the file that the hub has now.

    Another commit may hold the same file; only the content counts.
    """
    if notes.size_bytes != facts.size_bytes:
        return False
    if notes.sha256 and facts.sha256:
        return notes.sha256 == facts.sha256
    return (notes.revision, notes.etag) == (facts.revision, facts.etag) or (
        bool(facts.etag) and notes.etag == facts.etag
    )


def _length(start: int, end: int) -> int:
    """Return how much of the block that begins at `start` lies before `end`."""
    return min(BLOCK_BYTES - start % BLOCK_BYTES, end - start)


def _others(extents: list[Extent], size_bytes: int) -> list[Extent]:
    """Return what of a file lies in none of `extents`, which are in order."""
    bounds = [0, *(bound for extent in extents for bound in extent), size_bytes]
    return [
        (start, end) for start, end in zip(bounds[::2], bounds[1::2], strict=True) if start < end
    ]
