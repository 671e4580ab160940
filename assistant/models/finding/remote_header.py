"""Reads the header of a model file on a hub, without its weights and mostly without its vocabulary.

A header begins with what a model is: architecture, layers, widths, context. Then comes the
vocabulary, megabytes of it, and the list of tensors stands behind that. One request for the first
mebibyte tells nearly always enough: what the list would say follows from the file's length and the
widths, within a few per cent, and such a header says that it `is_estimated`.
"""

import threading
from pathlib import Path, PurePosixPath

from assistant.errors import DownloadError, DownloadFault, ModelError, ModelFault
from assistant.gguf import GgufHeader, read_beginning
from assistant.models.hub.client import Hub, RemoteFile
from assistant.models.hub.errand import Patience, StoppedError, TransientError, WrongBytesError

_MEBIBYTE = 1024 * 1024
# The first mebibyte; the rest of most headers; the longest one there is a reason to read.
_STEPS = (_MEBIBYTE, 8 * _MEBIBYTE, 32 * _MEBIBYTE)
_REASON = "model header"
# A person waits for the page: a hub that asks for more patience is told of instead.
_PATIENCE = Patience(tries=3, first_wait_s=0.5, longest_wait_s=2.0, longest_asked_wait_s=4.0)


def remote_header(
    hub: Hub,
    file: RemoteFile,
    *,
    whole_bytes: int = 0,
    is_exact: bool = False,
    cancel: threading.Event,
    patience: Patience = _PATIENCE,
) -> GgufHeader:
    """Read the header of a file on `hub` by a small request, more only if it tells too little.

    Args:
        hub: where it is.
        file: the file; of a model cut into parts the first.
        whole_bytes: of all parts together; the file's own length if it is whole.
        is_exact: read on to the header's end, megabytes, for what stands behind the vocabulary:
            the list of tensors, the chat template. Of a model cut into parts this is an estimate
            all the same.
        cancel: stops it.
        patience: how failures that may pass are met.

    Raises:
        DownloadError: the hub does not give it, or not the file that it spoke of.
        ModelError: it is no model, or its header is damaged.
        NetworkClosed: "Never connect" is on.
        StoppedError: it was stopped.
    """
    reading = _Reading(hub, file, cancel, patience)
    path = Path(PurePosixPath(file.file).name)
    for size in _STEPS:
        content = reading.first(min(size, file.size_bytes))
        header = read_beginning(content, file.size_bytes, path, whole_bytes=whole_bytes)
        is_all = len(content) == file.size_bytes
        if header and (is_all or not is_exact or not _goes_on(header, len(content))):
            return header
        if is_all:
            break
    raise ModelError(path, ModelFault.DAMAGED, "header too long")


def _goes_on(header: GgufHeader, have_bytes: int) -> bool:
    """Whether the header's end has not been read."""
    return header.is_estimated and header.split_count == 1 and have_bytes < _STEPS[-1]


class _Reading:
    """The beginning of one file, as far as it was fetched."""

    def __init__(
        self, hub: Hub, file: RemoteFile, cancel: threading.Event, patience: Patience
    ) -> None:
        self._hub = hub
        self._file = file
        self._cancel = cancel
        self._patience = patience
        self._content = bytearray()

    def first(self, size: int) -> bytes:
        """Return the file's first `size` bytes, fetching those that are not here yet.

        Raises:
            DownloadError: they are not to be had.
            StoppedError: it was cancelled.
        """
        failures = 0
        while len(self._content) < size:
            try:
                self._fetch(size)
            except TransientError as error:
                failures += 1
                if failures >= self._patience.tries or error.error.fault is DownloadFault.OFFLINE:
                    raise error.error from error
                wait_s = self._patience.wait_s(failures, error.retry_after_s)
                if self._cancel.wait(wait_s):
                    raise StoppedError from error
            except WrongBytesError as error:
                raise self._changed() from error
        return bytes(self._content)

    def _fetch(self, size: int) -> None:
        """Ask once for what is missing, and take no byte more, whatever is sent."""
        have = len(self._content)
        source = self._hub.open(self._file, have, end=size, reason=_REASON, cancel=self._cancel)
        with source:
            if source.total_bytes not in {0, self._file.size_bytes}:
                raise self._changed()
            skipped = have - source.start  # a server without ranges begins at the beginning
            for chunk in source.chunks():
                wanted = chunk[skipped : skipped + size - len(self._content)]
                skipped = max(0, skipped - len(chunk))
                self._content += wanted
                if len(self._content) >= size:
                    return
        if len(self._content) < size:
            cut = DownloadError(self._file.repo, DownloadFault.CUT, self._file.file)
            raise TransientError(cut)

    def _changed(self) -> DownloadError:
        return DownloadError(self._file.repo, DownloadFault.CHANGED, self._file.file)
