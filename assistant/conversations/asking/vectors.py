"""Vectors of passages, from an embedding model that the person installed.

They are made once for a document and a model, kept with the document, and compared one by one:
a thousand pages are some four thousand vectors, which take a millisecond.
"""

import struct
import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from assistant.conversations.asking.answer import Preparing
from assistant.conversations.asking.passages import CUT_VERSION

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from assistant.conversations.asking.attached import Attached
    from assistant.engine.embedding import Embedder

_HEADER = struct.Struct("<II")  # rows and width; 16-bit floats follow
_AT_A_TIME = 64  # passages embedded before they are told of


class VectorShelf(Protocol):
    """Where vectors are kept: `storage.vectors.VectorStore`, or nothing in its place."""

    def get(self, document_id: int, model_key: str) -> bytes | None:
        """Return what was kept for a document."""

    def put(self, document_id: int, model_key: str, vectors: bytes) -> object:
        """Keep vectors with their document."""


class PassageVectors:
    """Makes, keeps and compares vectors with one embedding model.

    Args:
        embedder: with the model chosen.
        model_key: names that model and its file: vectors of another are never mixed with its own.
        shelf: keeps the vectors of stored documents; None keeps them for as long as this lives.
    """

    def __init__(
        self, embedder: "Embedder", model_key: str, shelf: VectorShelf | None = None
    ) -> None:
        self._embedder = embedder
        self._key = f"{model_key}#{CUT_VERSION}"
        self._shelf = shelf
        self._of_document: dict[int, NDArray[np.float32]] = {}

    def prepare(self, attached: "Attached", *, cancel: threading.Event) -> Iterator[Preparing]:
        """Make the vectors that are not kept yet; may be done before the first question.

        Raises:
            ModelError, ModelTooLarge, EngineDied, EngineClosed: as `Embedder.embed`.
        """
        index = attached.index
        wanted: dict[int, list[int]] = {}
        for at, piece in enumerate(index.pieces):
            document_id = attached.documents[piece.document].id
            wanted.setdefault(document_id, []).append(at)
        missing = {
            document_id: places
            for document_id, places in wanted.items()
            if self._known(document_id, len(places)) is None
        }
        total = sum(map(len, missing.values()))
        done = 0
        for document_id, places in missing.items():
            rows: list[NDArray[np.float32]] = []
            for begin in range(0, len(places), _AT_A_TIME):
                yield Preparing(done=done, total=total)
                texts = [index.searched(at) for at in places[begin : begin + _AT_A_TIME]]
                made = self._embed(texts, is_question=False, cancel=cancel)
                if made is None:
                    return
                rows.append(made)
                done += len(texts)
            self._keep(document_id, rows)
        if total:
            yield Preparing(done=total, total=total)

    def closeness(
        self, attached: "Attached", question: str, *, cancel: threading.Event
    ) -> "NDArray[np.float32] | None":
        """Return the cosine of each passage of `attached` with the question.

        Returns:
            One number a passage, in the order of the index; None if it was stopped, or if vectors
            are missing.
        """
        import numpy as np  # noqa: PLC0415 - the window starts without it

        counts = [0] * len(attached.documents)
        for piece in attached.index.pieces:
            counts[piece.document] += 1
        known = [
            self._known(one.id, count)
            for one, count in zip(attached.documents, counts, strict=True)
            if count
        ]
        tables = [table for table in known if table is not None]
        if len(tables) < len(known) or not tables:
            return None
        asked = self._embed([question], is_question=True, cancel=cancel)
        if asked is None or any(table.shape[1] != asked.shape[1] for table in tables):
            return None
        return np.concatenate([table @ asked[0] for table in tables])

    def forget(self, document_id: int) -> None:
        """Let go of a document that is removed: its number may soon be another one's."""
        self._of_document.pop(document_id, None)

    def _known(self, document_id: int, rows: int) -> "NDArray[np.float32] | None":
        known = self._of_document.get(document_id)
        if known is None and self._shelf is not None:
            known = _unpacked(self._shelf.get(document_id, self._key))
            if known is not None:
                self._of_document[document_id] = known
        return known if known is not None and len(known) == rows else None

    def _keep(self, document_id: int, rows: "Sequence[NDArray[np.float32]]") -> None:
        import numpy as np  # noqa: PLC0415 - the window starts without it

        vectors = np.concatenate(rows)
        self._of_document[document_id] = vectors
        if self._shelf is not None:
            content = _HEADER.pack(*vectors.shape) + vectors.astype(np.float16).tobytes()
            self._shelf.put(document_id, self._key, content)

    def _embed(
        self, texts: Sequence[str], *, is_question: bool, cancel: threading.Event
    ) -> "NDArray[np.float32] | None":
        from assistant.engine.embedding import Embeddings  # noqa: PLC0415 - slow to import
        from assistant.engine.embedding_prefixes import Purpose  # noqa: PLC0415

        purpose = Purpose.QUERY if is_question else Purpose.PASSAGE
        for event in self._embedder.embed(texts, purpose=purpose, cancel=cancel):
            if isinstance(event, Embeddings):
                return event.vectors
        return None


def _unpacked(content: bytes | None) -> "NDArray[np.float32] | None":
    """Return kept vectors; None for none, or for what is not as long as it says."""
    import numpy as np  # noqa: PLC0415 - the window starts without it

    if content is None or len(content) < _HEADER.size:
        return None
    rows, width = _HEADER.unpack_from(content)
    if rows * width * 2 != len(content) - _HEADER.size:
        return None
    values = np.frombuffer(content, np.float16, offset=_HEADER.size)
    return values.astype(np.float32).reshape(rows, width)
