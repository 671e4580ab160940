"""Repairing an installed model: only its damaged blocks are fetched again.

The model's file is never changed in place: it may be loaded, and then its pages are the engine's
memory. A copy beside it is mended, proven by the whole file's sum, and takes its place in one
step; who has the old file open keeps it. A crash at any moment leaves the file as it was.
"""

import contextlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.errors import DownloadError, DownloadFault, ModelError, ModelFault
from assistant.gguf import read_header, whole_name
from assistant.models.downloading.file_download import FileDownload, notes_of
from assistant.models.downloading.verifying import ExpectedFile, expected_files
from assistant.models.files.blocks import BLOCK_BYTES
from assistant.models.files.part import BusyError, Extent, Part, refuse_if_full
from assistant.models.files.progress import DownloadProgress, DownloadStage, Tally
from assistant.models.files.record import ModelRecord, recorded
from assistant.models.hub.client import Hub, RemoteFile
from assistant.models.hub.errand import Patience, StoppedError
from assistant.models.keeping.model import InstalledModel

_DEFAULT_PATIENCE = Patience()
_RESERVE_BYTES = 200 * 1024 * 1024


def repair(
    hub: Hub,
    model: InstalledModel,
    damaged: Sequence[Extent],
    *,
    cancel: threading.Event,
    patience: Patience = _DEFAULT_PATIENCE,
    reserve_bytes: int = _RESERVE_BYTES,
) -> Iterator[DownloadProgress | InstalledModel]:
    """Fetch the damaged blocks of a model again; the last value is the model.

    Needs room for a copy of each damaged file, which is shared with it where the file system can
    do that. Returns early when cancelled; calling it again, or `download`, goes on from there.

    Args:
        hub: where the model came from.
        model: which one.
        damaged: what `verify` found.
        cancel: stops it.
        patience: how failures that may pass are met.
        reserve_bytes: what must stay free on the disk.

    Raises:
        ModelError: nobody knows where it came from.
        DownloadError: the hub has it no longer, or see its other faults.
        NoSpace, CannotWrite, ModelInUse: the copy cannot be made, or not take its place.
    """
    hub.refuse_if_closed()
    record = recorded(model.path)
    if record is None or not record.repo or not record.sha256 or not model.is_ours:
        raise ModelError(model.path, ModelFault.DAMAGED)
    mending = _Repair(hub, record, cancel, patience, reserve_bytes)
    try:
        yield from mending.run(_damaged_files(model.path, damaged))
    except BusyError:
        raise DownloadError(record.repo, DownloadFault.BUSY, record.file) from None
    except StoppedError:
        return
    yield replace(model, size_bytes=read_header(model.path).file_bytes)


def recorded_model(path: Path) -> InstalledModel | None:
    """Return a model as its record alone tells it, for a file whose header is damaged, too.

    None if it was not downloaded, or is a later file of a model that is cut into several.
    """
    record = recorded(path)
    if record is None or not record.repo:
        return None
    size = record.size_bytes + sum(part.size_bytes for part in record.parts)
    return InstalledModel(
        name=whole_name(path),
        path=path,
        size_bytes=size,
        parameters=0,
        quantization="",
        architecture="",
        context_tokens=0,
        has_chat_template=False,
        sha256=record.sha256,
        repo=record.repo,
        revision=record.revision,
        file=record.file,
        endpoint=record.endpoint,
        licence=record.licence,
        is_verified=record.is_verified,
    )


class _Repair:
    """One run of a repair."""

    def __init__(
        self,
        hub: Hub,
        record: ModelRecord,
        cancel: threading.Event,
        patience: Patience,
        reserve_bytes: int,
    ) -> None:
        self._hub = hub
        self._record = record
        self._cancel = cancel
        self._patience = patience
        self._reserve_bytes = reserve_bytes
        self._tally = Tally()

    def run(self, files: Sequence[ExpectedFile]) -> Iterator[DownloadProgress]:
        """Mend these files, one after the other."""
        total = sum(file.size_bytes for file in files)
        yield self._tally.show(stage=DownloadStage.CHECKING, total_bytes=total)
        for file in files:
            with Part(file.path) as part:
                yield from self._mend(file, part)

    def _mend(self, file: ExpectedFile, part: Part) -> Iterator[DownloadProgress]:
        facts = self._facts(file)
        notes = part.notes()
        if notes is None or notes.sha256 != facts.sha256:
            part.restart()
            if file.blocks:
                part.trust(file.blocks)
            part.note(notes_of(facts))
        yield from self._copy(file, part)
        fetching = FileDownload(
            self._hub,
            facts,
            part,
            self._tally,
            cancel=self._cancel,
            patience=self._patience,
            reserve_bytes=self._reserve_bytes,
            reason="model repair",
        )
        yield from fetching.run(notes_of(facts))
        part.finish()

    def _facts(self, file: ExpectedFile) -> RemoteFile:
        """Return what the hub said of a file when it came; the commit holds it for ever."""
        record = self._record
        others = {part.name: part.file for part in record.parts}
        return RemoteFile(
            repo=record.repo,
            file=others.get(file.path.name, record.file),
            revision=record.revision,
            size_bytes=file.size_bytes,
            sha256=file.sha256,
            etag="",
            licence=record.licence,
            endpoint=self._hub.endpoint,
        )

    def _copy(self, file: ExpectedFile, part: Part) -> Iterator[DownloadProgress]:
        """Make the part as long as the file should be, from what is there."""
        size = file.size_bytes
        if part.here_bytes() == 0:
            part.clone(file.path, size)
        done = part.here_bytes()
        refuse_if_full(file.path.parent, size - done + self._reserve_bytes)
        try:
            source = file.path.open("rb")
        except OSError:
            return  # it is gone: all of it is fetched
        with source:
            for start in range(done, size, BLOCK_BYTES):
                if self._cancel.is_set():
                    raise StoppedError
                length = min(BLOCK_BYTES, size - start)
                block = b""
                with contextlib.suppress(OSError):  # what the disk cannot read is damaged, too
                    source.seek(start)
                    block = source.read(length)
                part.copy_in(block.ljust(length, b"\0"))
                yield self._tally.show(done_bytes=start + length)


def _damaged_files(model_path: Path, damaged: Sequence[Extent]) -> list[ExpectedFile]:
    """Return the files of a model that have some of the damage."""
    found = []
    begin = 0
    for file in expected_files(model_path):
        end = begin + file.size_bytes
        if any(one[0] < end and one[1] > begin for one in damaged):
            found.append(file)
        begin = end
    return found
