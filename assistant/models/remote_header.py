"""Reads the header of a model file on a hub, without its weights and mostly without its vocabulary.

A header begins with what a model is: architecture, layers, widths, context. Then comes the
vocabulary, megabytes of it, and the list of tensors stands behind that. One request for the first
mebibyte tells nearly always enough: the list's sums (bytes, parameters) follow from the file's
length and the widths within a few per cent, and such a header says that it `is_estimated`.
"""

import threading

from assistant.gguf import GgufHeader
from assistant.models.hub import Hub, RemoteFile


def remote_header(
    hub: Hub,
    file: RemoteFile,
    *,
    whole_bytes: int = 0,
    cancel: threading.Event,
) -> GgufHeader:
    """Read the header of a file on `hub` by a small request, more only if it tells too little.

    Args:
        hub: where it is.
        file: the file; of a model cut into parts the first.
        whole_bytes: of all parts together; the file's own length if it is whole.
        cancel: stops it.

    Raises:
        DownloadError: the hub does not give it.
        ModelError: it is no model, or its header is damaged.
        StoppedError: `cancel` was set.
    """
    raise NotImplementedError
