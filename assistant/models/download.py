"""Downloading a model: it can be cut, stopped or killed at any moment and goes on from there.

The hub is asked first which commit, length and sha256 the file has. Bytes go to a `.part` beside
their place; only when length and sum are those of the hub does it become a model.
"""

import threading
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from assistant.errors import CannotWrite, DownloadError, DownloadFault, NoSpace
from assistant.gguf import read_header
from assistant.models.errand import Patience, StoppedError, TransientError, WrongBytesError
from assistant.models.hub import Hub, RemoteFile
from assistant.models.installed import InstalledModel, describe
from assistant.models.names import is_safe, target_for
from assistant.models.part import MAGIC, BusyError, Part, PartNotes
from assistant.models.progress import (
    DownloadProgress,
    DownloadStage,
    Speed,
)
from assistant.models.record import ModelRecord, read_record, write_record

__all__ = [
    "DownloadEvent",
    "DownloadProgress",
    "DownloadStage",
    "Patience",
    "UnfinishedDownload",
    "download",
    "unfinished",
]

_DAMAGES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfinishedDownload:
    """A download that waits to be gone on with.

    Attributes:
        repo, file, revision, endpoint: as `download` and `Hub` take them.
        done_bytes: what is here.
        total_bytes: the whole file.
        path: the part.
    """

    repo: str
    file: str
    revision: str
    endpoint: str
    done_bytes: int
    total_bytes: int
    path: Path

    def discard(self) -> bool:
        """Throw away what is here; return False if a download is at work on it."""
        try:
            with Part(self.path.with_suffix("")) as part:
                part.discard()
        except BusyError:
            return False
        return True


DownloadEvent: TypeAlias = DownloadProgress | InstalledModel
_DEFAULT_PATIENCE = Patience()


def download(
    hub: Hub,
    repo: str,
    file: str,
    folder: Path,
    *,
    revision: str | None = None,
    sha256: str | None = None,
    target: Path | None = None,
    cancel: threading.Event,
    patience: Patience = _DEFAULT_PATIENCE,
    reserve_bytes: int = 200 * 1024 * 1024,
) -> Iterator[DownloadEvent]:
    """Download a model; the last value is the model.

    Calling it again goes on where it was cut, stopped or killed. A model that is here already
    is not fetched again. Returns early when cancelled; what came is kept.

    Args:
        hub: where it is.
        repo: "owner/name".
        file: a `.gguf` file in it.
        folder: where models are kept.
        revision: a branch, tag or commit; None for the newest.
        sha256: what the bytes must have where the hub itself names no sum.
        target: where the model is kept, such as beside an older revision of it; None for its
            usual place in `folder`.
        cancel: stops it.
        patience: how failures that may pass are met.
        reserve_bytes: what must stay free on the disk.

    Raises:
        DownloadError: see its faults.
        NoSpace: the disk is, or would be, full; what came is kept.
        CannotWrite: the folder cannot be written.
        ModelError: the file is what the hub has, but no usable model; it is kept.
    """
    if not is_safe(file):
        raise DownloadError(repo, DownloadFault.UNSAFE_NAME, file)
    try:
        with Part(target or target_for(folder, file, repo)) as part:
            yield from _Download(hub, part, cancel, patience, reserve_bytes).run(
                repo, file, revision, sha256
            )
    except BusyError:
        raise DownloadError(repo, DownloadFault.BUSY, file) from None
    except StoppedError:
        return


def unfinished(folder: Path) -> list[UnfinishedDownload]:
    """Return the downloads in `folder` that were begun, and that nobody works on now."""
    found = []
    for path in sorted(folder.glob("*.gguf.part")):
        try:
            with Part(path.with_suffix("")) as part:
                notes = part.notes()
                done_bytes = path.stat().st_size
        except (BusyError, OSError, CannotWrite, NoSpace):
            continue
        if notes is None:
            continue
        found.append(
            UnfinishedDownload(
                repo=notes.repo,
                file=notes.file,
                revision=notes.revision,
                endpoint=notes.endpoint,
                done_bytes=done_bytes,
                total_bytes=notes.size_bytes,
                path=path,
            )
        )
    return found


class _Download:
    """One run of a download."""

    def __init__(
        self,
        hub: Hub,
        part: Part,
        cancel: threading.Event,
        patience: Patience,
        reserve_bytes: int,
    ) -> None:
        self._hub = hub
        self._part = part
        self._cancel = cancel
        self._patience = patience
        self._reserve_bytes = reserve_bytes
        self._progress = DownloadProgress()

    def run(
        self, repo: str, file: str, revision: str | None, sha256: str | None
    ) -> Iterator[DownloadEvent]:
        """Yield progress, then the model."""
        yield self._progress
        facts = yield from self._ask(repo, file, revision)
        if sha256 and not facts.sha256:
            facts = replace(facts, sha256=sha256.lower())
        if facts.size_bytes < len(MAGIC):
            raise DownloadError(repo, DownloadFault.NOT_A_MODEL, file)
        self._show(total_bytes=facts.size_bytes)
        if _is_here(self._part.target, facts):
            self._part.discard()
            yield self._show(done_bytes=facts.size_bytes, resumed_bytes=facts.size_bytes)
        else:
            yield from self._take_up(facts)
            yield from self._fetch_sound(facts)
            self._install(facts)
        target = self._part.target
        yield describe(read_header(target), read_record(target))

    def _show(self, **changes: object) -> DownloadProgress:
        self._progress = replace(self._progress, **changes)  # type: ignore[arg-type]
        return self._progress

    def _ask(
        self, repo: str, file: str, revision: str | None
    ) -> Generator[DownloadProgress, None, RemoteFile]:
        """Ask the hub for the facts; being offline is not waited out, being asked to wait is."""
        failures = 0
        while True:
            try:
                return self._hub.file_facts(repo, file, revision, cancel=self._cancel)
            except TransientError as error:
                failures += 1
                if error.error.fault is DownloadFault.OFFLINE:
                    raise error.error from error
                yield from self._wait(error, failures)

    def _take_up(self, facts: RemoteFile) -> Iterator[DownloadProgress]:
        """Go on from what an earlier run left, if it is of the same file."""
        part = self._part
        notes = part.notes()
        is_same = notes is not None and _is_of(notes, facts)
        if not is_same or part.path.stat().st_size > facts.size_bytes:
            part.restart()
            self._show(has_changed=notes is not None and not is_same)
        part.refuse_if_full(facts.size_bytes, self._reserve_bytes)
        part.note(_notes_of(facts))
        for done in part.reread(self._cancel):
            yield self._show(stage=DownloadStage.CHECKING, done_bytes=done, resumed_bytes=done)
        if self._cancel.is_set():
            raise StoppedError
        yield self._show(stage=DownloadStage.FETCHING)

    def _fetch_sound(self, facts: RemoteFile) -> Iterator[DownloadProgress]:
        """Fetch until the bytes are those that the hub names, from the start once if need be."""
        while True:
            try:
                yield from self._fetch(facts)
                if facts.sha256 and self._part.sha256 != facts.sha256:
                    raise WrongBytesError
            except WrongBytesError:
                restarts = self._progress.restarts + 1
                if restarts == _DAMAGES:
                    self._part.discard()
                    fault = DownloadFault.DAMAGED
                    raise DownloadError(facts.repo, fault, facts.file) from None
                self._part.restart()
                yield self._show(restarts=restarts, done_bytes=0, resumed_bytes=0)
            else:
                return

    def _fetch(self, facts: RemoteFile) -> Iterator[DownloadProgress]:
        """Fetch what is missing, over as many connections as it takes."""
        part = self._part
        failures = 0
        while part.done_bytes < facts.size_bytes:
            before = part.done_bytes
            try:
                yield from self._fetch_once(facts)
            except TransientError as error:
                brought = part.done_bytes - before
                enough = self._patience.counts_as_progress_bytes
                failures = 1 if brought >= enough else failures + 1
                yield from self._wait(error, failures)

    def _fetch_once(self, facts: RemoteFile) -> Iterator[DownloadProgress]:
        part = self._part
        speed = Speed()
        with self._hub.open(facts, part.done_bytes, cancel=self._cancel) as body:
            if body.total_bytes not in {0, facts.size_bytes}:
                raise WrongBytesError
            if body.start != part.done_bytes:  # the server knows no ranges
                part.restart()
                self._show(resumed_bytes=0)
            yield self._show(stage=DownloadStage.FETCHING, done_bytes=part.done_bytes, wait_s=0.0)
            for chunk in body.chunks():
                part.write(chunk)
                self._refuse_other(facts)
                if speed.add(len(chunk)):
                    yield self._show(done_bytes=part.done_bytes, bytes_per_s=speed.bytes_per_s)
        if part.done_bytes < facts.size_bytes:
            raise TransientError(DownloadError(facts.repo, DownloadFault.CUT, facts.file))
        yield self._show(done_bytes=part.done_bytes, bytes_per_s=speed.bytes_per_s)

    def _refuse_other(self, facts: RemoteFile) -> None:
        """Stop as soon as the bytes cannot be those of the model."""
        if not MAGIC.startswith(self._part.head):
            self._part.discard()
            raise DownloadError(facts.repo, DownloadFault.NOT_A_MODEL, facts.file)
        if self._part.done_bytes > facts.size_bytes:
            raise WrongBytesError

    def _wait(self, failure: TransientError, failures: int) -> Iterator[DownloadProgress]:
        """Wait before the next try, or give up."""
        if failures >= self._patience.tries:
            failure.error.kept_bytes = self._part.done_bytes
            raise failure.error from failure
        wait_s = self._patience.wait_s(failures, failure.retry_after_s)
        done = self._part.done_bytes
        yield self._show(
            stage=DownloadStage.WAITING, wait_s=wait_s, bytes_per_s=0.0, done_bytes=done
        )
        if self._cancel.wait(wait_s):
            raise StoppedError

    def _install(self, facts: RemoteFile) -> None:
        """Make the part a model, with its record beside it."""
        part = self._part
        record = ModelRecord(
            size_bytes=facts.size_bytes,
            sha256=part.sha256,
            is_verified=bool(facts.sha256),
            repo=facts.repo,
            file=facts.file,
            revision=facts.revision,
            licence=facts.licence,
            endpoint=facts.endpoint,
            downloaded_at=datetime.now(UTC),
        )
        write_record(part.target, record)
        part.finish()


def _is_here(target: Path, facts: RemoteFile) -> bool:
    """Return whether the very bytes are here, as the record of an earlier download says."""
    record = read_record(target)
    if record is None or record.size_bytes != facts.size_bytes:
        return False
    if facts.sha256:
        return record.sha256 == facts.sha256
    return record.revision == facts.revision


def _notes_of(facts: RemoteFile) -> PartNotes:
    return PartNotes(
        repo=facts.repo,
        file=facts.file,
        revision=facts.revision,
        size_bytes=facts.size_bytes,
        sha256=facts.sha256,
        etag=facts.etag,
        endpoint=facts.endpoint,
    )


def _is_of(notes: PartNotes, facts: RemoteFile) -> bool:
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
