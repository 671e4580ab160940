"""Downloading a model: it can be cut, stopped or killed at any moment and goes on from there.

The hub is asked first which commit, length and sha256 its files have. Bytes go to a `.part`
beside their place; only when length and sum of every file are those of the hub do they become a
model. A model that is cut into several files is one download, with one record.
"""

import hashlib
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from assistant.errors import DownloadError, DownloadFault, ModelError
from assistant.gguf import files_of, first_part_name, is_later_part, read_header
from assistant.models.downloading.file_download import FileDownload, is_of, notes_of
from assistant.models.downloading.unfinished import UnfinishedDownload, unfinished
from assistant.models.files.blocks import BLOCK_BYTES, BlockSums, read_blocks
from assistant.models.files.names import file_name, is_safe, target_for
from assistant.models.files.part import MAGIC, BusyError, Part, SetFile, refuse_if_full
from assistant.models.files.progress import DownloadProgress, DownloadStage, Tally
from assistant.models.files.record import ModelRecord, PartRecord, read_record, write_record
from assistant.models.hub.client import Hub, RemoteFile
from assistant.models.hub.errand import Patience, StoppedError, TransientError
from assistant.models.keeping.model import InstalledModel, describe

__all__ = [
    "DownloadEvent",
    "DownloadProgress",
    "DownloadStage",
    "Patience",
    "UnfinishedDownload",
    "download",
    "unfinished",
]

DownloadEvent: TypeAlias = DownloadProgress | InstalledModel
_DEFAULT_PATIENCE = Patience()
RESERVE_BYTES = 200 * 1024 * 1024


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
    reserve_bytes: int = RESERVE_BYTES,
) -> Iterator[DownloadEvent]:
    """Download a model; the last value is the model.

    Calling it again goes on where it was cut, stopped or killed. A model that is here already
    is not fetched again. Returns early when cancelled; what came is kept.

    Args:
        hub: where it is.
        repo: "owner/name".
        file: a `.gguf` file in it; of a model in several files any of them, it stands for all.
        folder: where models are kept.
        revision: a branch, tag or commit; None for the newest.
        sha256: what the bytes must have where the hub itself names no sum.
        target: where to keep it, in the place of its own name in `folder`.
        cancel: stops it.
        patience: how failures that may pass are met.
        reserve_bytes: what must stay free on the disk.

    Raises:
        DownloadError: see its faults.
        NetworkClosed: nothing was asked.
        NoSpace: the disk is, or would be, full; what came is kept.
        CannotWrite: the folder cannot be written.
        ModelError: the file is what the hub has, but no usable model; it is kept.
    """
    files = files_in_repo(file)
    if not all(_is_path(one) for one in files):
        raise DownloadError(repo, DownloadFault.UNSAFE_NAME, file)
    target = _first(target) if target else target_for(folder, files[0], repo)
    targets = files_of(target)
    if len(targets) != len(files) or not is_safe(target.name):
        raise DownloadError(repo, DownloadFault.UNSAFE_NAME, file)
    hub.refuse_if_closed()
    try:
        with ExitStack() as stack:
            parts = [stack.enter_context(Part(target)) for target in targets]
            run = _Download(hub, parts, cancel, patience, reserve_bytes)
            yield from run.run(repo, files, revision, sha256)
    except BusyError:
        raise DownloadError(repo, DownloadFault.BUSY, file) from None
    except StoppedError:
        return


def files_in_repo(file: str) -> tuple[str, ...]:
    """Return all files of the model that a repository keeps at `file`, by its name."""
    path = _first(Path(file_name(file)))
    inside = file[: len(file) - len(file_name(file))]
    return tuple(f"{inside}{one.name}" for one in files_of(path))


class _Download:
    """One run of a download."""

    def __init__(
        self,
        hub: Hub,
        parts: Sequence[Part],
        cancel: threading.Event,
        patience: Patience,
        reserve_bytes: int,
    ) -> None:
        self._hub = hub
        self._parts = parts
        self._cancel = cancel
        self._patience = patience
        self._reserve_bytes = reserve_bytes
        self._tally = Tally()

    def run(
        self, repo: str, files: Sequence[str], revision: str | None, sha256: str | None
    ) -> Iterator[DownloadEvent]:
        """Yield progress, then the model."""
        yield self._tally.progress
        facts = yield from self._ask(repo, files, revision)
        if sha256 and not facts[0].sha256:
            facts = (replace(facts[0], sha256=sha256.lower()), *facts[1:])
        for one in facts:
            if one.size_bytes < len(MAGIC):
                raise DownloadError(repo, DownloadFault.NOT_A_MODEL, one.file)
        total = sum(one.size_bytes for one in facts)
        self._tally.show(total_bytes=total)
        if self._is_here(facts):
            yield self._tally.show(done_bytes=total, resumed_bytes=total)
        else:
            yield from self._fetch(facts)
        target = self._parts[0].target
        yield describe(read_header(target), read_record(target))

    def _ask(
        self, repo: str, files: Sequence[str], revision: str | None
    ) -> Generator[DownloadProgress, None, tuple[RemoteFile, ...]]:
        """Ask the hub for the facts; being offline is not waited out, being asked to wait is."""
        failures = 0
        while True:
            try:
                return self._hub.files_facts(repo, files, revision, cancel=self._cancel)
            except TransientError as error:
                failures += 1
                is_offline = error.error.fault in {DownloadFault.OFFLINE, DownloadFault.PROXY}
                if is_offline or failures >= self._patience.tries:
                    error.error.kept_bytes = sum(part.here_bytes() for part in self._parts)
                    raise error.error from error
                wait_s = self._patience.wait_s(failures, error.retry_after_s)
                yield self._tally.show(stage=DownloadStage.WAITING, wait_s=wait_s)
                if self._cancel.wait(wait_s):
                    raise StoppedError from error

    def _fetch(self, facts: Sequence[RemoteFile]) -> Iterator[DownloadProgress]:
        """Fetch every file, then make them a model."""
        missing = sum(
            max(0, one.size_bytes - part.here_bytes())
            for one, part in zip(facts, self._parts, strict=True)
            if not _is_final(part, one)
        )
        refuse_if_full(self._parts[0].target.parent, missing + self._reserve_bytes)
        sums = []
        for one, part in zip(facts, self._parts, strict=True):
            if part is not self._parts[0] and _is_final(part, one):
                sums.append(read_blocks(part.target))
                yield self._tally.skip(one.size_bytes)
                continue
            yield from self._fetch_file(one, part, facts)
            sums.append(part.sums)
            part.rest()
        self._install(facts, sums)

    def _fetch_file(
        self, one: RemoteFile, part: Part, facts: Sequence[RemoteFile]
    ) -> Iterator[DownloadProgress]:
        is_first_of_set = part is self._parts[0] and len(facts) > 1
        files = tuple(SetFile(file=f.file, size_bytes=f.size_bytes) for f in facts)
        yield from FileDownload(
            self._hub,
            one,
            part,
            self._tally,
            cancel=self._cancel,
            patience=self._patience,
            reserve_bytes=self._reserve_bytes,
        ).run(notes_of(one, files if is_first_of_set else ()))

    def _install(self, facts: Sequence[RemoteFile], sums: "Sequence[BlockSums | None]") -> None:
        """Make the parts files, with a record beside them; the first makes them a model."""
        first, *others = zip(facts, self._parts, sums, strict=True)
        remote, part, known = first
        assert known is not None
        record = ModelRecord(
            size_bytes=remote.size_bytes,
            sha256=known.sha256,
            is_verified=all(one.sha256 for one in facts),
            repo=remote.repo,
            file=remote.file,
            revision=remote.revision,
            licence=remote.licence,
            endpoint=remote.endpoint,
            downloaded_at=datetime.now(UTC),
            parts=tuple(
                PartRecord(
                    name=other.target.name,
                    file=one.file,
                    size_bytes=one.size_bytes,
                    sha256=found.sha256 if found else one.sha256,
                )
                for one, other, found in others
            ),
        )
        write_record(part.target, record)
        for _, other, found in others:
            if other.path.exists():
                other.finish(found)
        part.finish(known)

    def _is_here(self, facts: Sequence[RemoteFile]) -> bool:
        """Return whether the very bytes are here, as the record of an earlier download says."""
        record = read_record(self._parts[0].target)
        if record is None or not _has(record, facts[0], facts):
            return False
        for part, one in zip(self._parts, facts, strict=True):
            notes = part.notes()
            if notes is not None and is_of(notes, one):
                return False  # a repair, or the last step of a download, that was cut short
            if not part.target.exists() or part.target.stat().st_size != one.size_bytes:
                return False
        if not _has_sound_header(self._parts[0].target):
            return False
        for part in self._parts:
            part.discard()
        return True


def _first(path: Path) -> Path:
    """Return the first file of the model that `path` is a file of, by its name."""
    return path.with_name(first_part_name(path, 0)) if is_later_part(path) else path


def _has_sound_header(model: Path) -> bool:
    """Return whether a header can be read, or is what came: then the hub's own is no better."""
    try:
        read_header(model)
    except ModelError:
        known = read_blocks(model)
        try:
            with model.open("rb") as file:
                first = hashlib.sha256(file.read(BLOCK_BYTES)).digest()
        except OSError:
            return True  # nobody may read it: another one in its place would not be asked for
        return known is not None and known.of(0) == first
    return True


def _has(record: ModelRecord, first: RemoteFile, facts: Sequence[RemoteFile]) -> bool:
    """Return whether a record is of these files."""
    recorded = [
        (record.size_bytes, record.sha256),
        *((p.size_bytes, p.sha256) for p in record.parts),
    ]
    if [size for size, _ in recorded] != [one.size_bytes for one in facts]:
        return False
    if not all(one.sha256 for one in facts):
        return record.revision == first.revision
    return [known for _, known in recorded] == [one.sha256 for one in facts]


def _is_final(part: Part, facts: RemoteFile) -> bool:
    """Return whether a file is in its place already: the last step of a download was cut short."""
    known = read_blocks(part.target) if not part.path.exists() and facts.sha256 else None
    return (
        known is not None
        and known.sha256 == facts.sha256
        and part.target.exists()
        and part.target.stat().st_size == facts.size_bytes
    )


def _is_path(file: str) -> bool:
    """Return whether a repository may keep a model file there."""
    *folders, name = file.split("/")
    return is_safe(name) and all(
        one and one not in {".", ".."} and one.isprintable() for one in folders
    )
