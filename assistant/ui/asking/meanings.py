"""Passages found by meaning, too, where the person installed an embedding model."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from assistant.conversations.asking.answer import Preparing
from assistant.conversations.asking.attached import Attached
from assistant.conversations.asking.vectors import PassageVectors
from assistant.conversations.turns import Stores
from assistant.errors import AssistantError
from assistant.models.keeping.defaults import Task, pick
from assistant.models.keeping.installed import InstalledModel
from assistant.settings import SettingsFile
from assistant.storage.vectors import VectorStore
from assistant.ui.current_model import CurrentModel

if TYPE_CHECKING:
    from assistant.engine.embedding import Embedder

_REST_MS = 180_000  # after the last question its process is ended


class Meanings(QObject):
    """Makes vectors of passages with the embedding model that is installed, if one is.

    Args:
        current_model: which models are installed.
        settings: which of them the person chose for comparing texts.
        vectors: keeps what was made of stored documents.
        log: file that takes llama.cpp's messages.
        parent: owner.
    """

    _used = Signal()

    def __init__(
        self,
        current_model: CurrentModel,
        settings: SettingsFile,
        vectors: VectorStore,
        log: Path,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._current_model = current_model
        self._settings = settings
        self._store = vectors
        self._log = log
        self._embedder: Embedder | None = None
        self._is_closed = False
        self._made: dict[tuple[str, Stores | None], PassageVectors] = {}
        self._lock = threading.Lock()
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._unload)
        self._used.connect(self._rest.start)

    @property
    def model(self) -> InstalledModel | None:
        """The embedding model; None where there is none."""
        installed = self._current_model.installed()
        return pick(Task.EMBEDDINGS, self._settings.value, installed, lambda: None)

    def prepare(
        self, attached: Attached, stores: Stores, cancel: threading.Event
    ) -> Iterator[Preparing | PassageVectors]:
        """Make the vectors that are missing; the last value searches with them.

        Yields nothing where no embedding model is installed, or where it fails: words and letters
        find passages without it. Runs on a job's thread.
        """
        model = self.model
        if model is None:
            return
        vectors = self._vectors(model, stores)
        if vectors is None:
            return
        try:
            yield from vectors.prepare(attached, cancel=cancel)
        except AssistantError:
            return
        finally:
            self._used.emit()
        if not cancel.is_set():
            yield vectors

    def close(self) -> None:
        """End its process, because the window closes."""
        self._rest.stop()
        with self._lock:
            self._is_closed = True
            embedder = self._embedder
        if embedder is not None:
            embedder.close()

    def forget(self) -> None:
        """Let go of everything it read."""
        self._rest.stop()
        self._unload()

    def forget_document(self, document_id: int) -> None:
        """Let go of a document that left the library."""
        with self._lock:
            for (_, temporary), vectors in self._made.items():
                if temporary is None:
                    vectors.forget(document_id)

    def _vectors(self, model: InstalledModel, stores: Stores) -> PassageVectors | None:
        """Return what searches with `model`; a temporary chat has one of its own."""
        from assistant.engine.embedding import Embedder  # noqa: PLC0415 - brings numpy

        temporary = stores if stores.is_temporary else None
        with self._lock:
            if self._is_closed:
                return None
            if self._embedder is None:
                self._embedder = Embedder(log=self._log)
            self._embedder.choose(model.path)
            name = f"{model.name} {model.path.stat().st_size}"
            key = (name, temporary)
            if key not in self._made:
                self._made = {k: v for k, v in self._made.items() if k[1] is None and k[0] == name}
                shelf = None if temporary is not None else self._store
                self._made[key] = PassageVectors(self._embedder, name, shelf)
            return self._made[key]

    def _unload(self) -> None:
        with self._lock:
            self._made.clear()
            embedder = self._embedder
        if embedder is not None:
            threading.Thread(target=embedder.unload, name="embeddings", daemon=True).start()
